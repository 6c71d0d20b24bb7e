/** What is run without being installed, and what is installed for all projects. */
import { inFile } from "./guard.ts";

const ATTACK = "test/attack/npx.test.ts";
const GLOBAL = "test/e2e/npm-global.test.ts";
const global = inFile("plugins/npm/global/handoff.ts", GLOBAL);
const tool = inFile("plugins/npm/exec/tool.ts", ATTACK);
const NPMRC = "test/attack/npx-npmrc.test.ts";
const settings = inFile("plugins/npm/exec/project-settings.ts", NPMRC);

export const NPM_EXEC = [
  inFile(
    "plugins/npm/exec/stages.ts",
    ATTACK,
  )({
    name: "npx takes no command from disk by itself",
    remove: "await refuseOnDisk(execution);",
    put: "if ((await placeOnDisk(execution)) !== null) return yield* runOnDisk(execution);",
    named: "a command of the same name in the project",
  }),
  inFile(
    "plugins/npm/exec/on-disk.ts",
    ATTACK,
  )({
    name: "npx's own cache is out of reach where nothing is installed",
    remove: "    cache,\n",
    put: "",
    named: "what an earlier npx has left",
  }),
  inFile(
    "plugins/npm/exec/scratch.ts",
    ATTACK,
  )({
    name: "npm takes our own empty project for the project",
    remove: "if (config.prefix !== folder) throw notEmpty(config.prefix);",
    put: "",
    named: "a folder above the temporary one",
  }),
  settings({
    name: "a project's .npmrc does not say that what lies on disk is run",
    remove: ' && config.find("yes") !== "project"',
    put: "",
    named: "does not say that what lies on disk is run",
  }),
  settings({
    name: "a project's .npmrc does not say what is called",
    remove: 'if (config.find("call") !== "project") return;',
    put: 'if (config.find("call") !== "nobody") return;',
    named: "does not say what is called",
  }),
  settings({
    name: "a project's .npmrc brings no code into a proven tool",
    remove: 'meaningOf(key) === "runs" && config.find(key) === "project"',
    put: 'meaningOf(key) === "runs" && config.find(key) === "nobody"',
    named: "brings no code into node by node-options",
  }),
  inFile(
    "plugins/npm/config.ts",
    "test/plugins/npm/config.test.ts",
  )({
    name: "no environment travels in a header that a project's .npmrc names",
    remove: 'if (meaning === "sent") return',
    put: 'if (meaning === "runs") return',
    named: "a variable in a header",
  }),
  settings({
    name: "a project's .npmrc has no shell for a tool's install scripts",
    remove: 'meaningOf(key) !== "runs" && ',
    put: "",
    named: "has no shell and no program of its own",
  }),
  inFile(
    "plugins/npm/exec/scratch.ts",
    NPMRC,
  )({
    name: "a tool takes no packages from above the temporary folder",
    remove: "if ((await lstat(place).catch(() => null)) === null) continue;",
    put: "if (place !== null) continue;",
    named: "packages above the temporary folder",
  }),
  tool({
    name: "no shell of the project's .npmrc runs a call",
    remove: 'config.find("script-shell") === "project" ? null : ',
    put: "",
    named: "the project's .npmrc names no shell",
  }),
  tool({
    name: "the command is the package's own, not a dependency's",
    remove: "return first !== null && first === second ? linked : file;",
    put: "return first === null || second === null ? file : linked;",
    test: "test/e2e/npx.test.ts",
    named: "a command that a dependency has, too",
  }),
  global({
    name: "a global npm is offline",
    remove: 'offline: "true",',
    put: 'offline: "false",',
    named: "other bytes, another version and another dependency",
  }),
  global({
    name: "what lay in the global folder is kept until all of it is compared",
    remove: "...names.map((name) => join(root, globals.packages, name)), ",
    put: "",
    named: "a script that puts something beside it",
  }),
  global({
    name: "the global folder is compared with what was proven",
    code: "INSTALLED_MISMATCH",
    remove: "    compare,\n  };",
    put: "    compare: () => Promise.resolve(),\n  };",
    named: "a script that puts something beside it",
  }),
  inFile(
    "plugins/npm/global/stages.ts",
    GLOBAL,
  )({
    name: "npm does not replace itself at work",
    remove: "if (!isOwn(name, globals, npm.folder)) return;",
    put: "if (name !== null) return;",
    named: "npm itself, where it would be replaced",
  }),
];
