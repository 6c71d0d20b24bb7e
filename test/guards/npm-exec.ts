/** What is run without being installed, and what is installed for all projects. */
import { inFile } from "./guard.ts";

const ATTACK = "test/attack/npx.test.ts";
const GLOBAL = "test/e2e/npm-global.test.ts";
const global = inFile("plugins/npm/global/handoff.ts", GLOBAL);
const tool = inFile("plugins/npm/exec/tool.ts", ATTACK);
const NPMRC = "test/attack/npx-npmrc.test.ts";
const PASS = "test/attack/npm-pass.test.ts";
const pass = inFile("plugins/npm/passing.ts", PASS);
const settings = inFile("plugins/npm/exec/project-settings.ts", NPMRC);

export const NPM_EXEC = [
  inFile(
    "plugins/npm/locate.ts",
    GLOBAL,
  )({
    name: "what -g puts at --prefix is judged by the policy of where it was typed",
    remove: 'return (await loadConfig(npm, globally(task, ["location", "prefix"]), cwd, env)).prefix;',
    put: "return config.prefix;",
    named: "--prefix names where it goes",
  }),
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
    "plugins/npm/handoff/offline.ts",
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
    name: "a project's .npmrc names no package where npm itself runs",
    remove: 'if (isTyped || !config.dropped.includes("package")) return;',
    put: "if (isTyped || config !== null) return;",
    test: ATTACK,
    named: "no package and no command",
  }),
  settings({
    name: "a project's .npmrc does not say what is called",
    remove: 'if (!config.dropped.includes("call") || ',
    put: 'if (config.dropped.includes("call") || ',
    named: "does not say what is called",
  }),
  inFile(
    "plugins/npm/config.ts",
    NPMRC,
  )({
    name: "nothing of a project's .npmrc but registries is weighed for a tool",
    remove: "for (const key of dropped) delete layer[key];",
    put: "",
    named: "does not choose the package",
  }),
  inFile(
    "plugins/npm/handoff/shell.ts",
    NPMRC,
  )({
    name: "a command on disk sees nothing of a project's .npmrc",
    remove: ', "script-shell", ...config.dropped]',
    put: ', "script-shell"]',
    named: "brings no code into a command on disk",
  }),
  inFile(
    "plugins/npm/handoff/shell.ts",
    NPMRC,
  )({
    name: "the shell is found outside, not among the commands of dependencies",
    remove: "if (found !== null) return found.path;",
    put: "if (found !== null) return name;",
    named: "called sh is no shell",
  }),
  pass({
    name: "the project's .npmrc sends nothing where a command passes by the gate",
    remove: "if (await mayReadProject(words, cwd, host.env)) await refuseSettings",
    put: "if (words === args && cwd === npm.entry) await refuseSettings",
    named: "sends nothing of the user's environment",
  }),
  pass({
    name: "the project's .npmrc names no program where a command passes by the gate",
    remove: 'config.find(key) === "project");',
    put: 'config.find(key) === "nobody");',
    named: "starts no program that it names",
  }),
  inFile(
    "plugins/npm/args.ts",
    PASS,
  )({
    name: "npm rebuild runs no scripts past the gate",
    remove: "if (installs !== null) return refuseInstalling(command, installs);",
    put: 'if (installs !== null) return { kind: "pass" };',
    named: "do not run by npm rebuild",
  }),
  inFile(
    "plugins/npm/args.ts",
    PASS,
  )({
    name: "npm pack fetches nothing, and runs no dependency's scripts",
    remove: "PACKS.has(command) && !specs.every(isOwnFolder)",
    put: "PACKS.has(command) && specs.length > 9",
    named: "npm pack",
  }),
  inFile(
    "plugins/npm/args.ts",
    PASS,
  )({
    name: "npm cache add fetches nothing",
    remove: 'command === "cache" && first !== undefined && !CACHE_PASSED.has(first)',
    put: 'command === "cache" && first === ""',
    named: "npm cache add plain",
  }),
  inFile(
    "plugins/npm/settings/project-npmrc.ts",
    "test/plugins/npm/settings/project-npmrc.test.ts",
  )({
    name: "no environment travels in a header that a project's .npmrc names",
    remove: 'if (meaning === "sent") return',
    put: 'if (meaning === "runs") return',
    named: "a variable in a header",
  }),
  settings({
    name: "a tool's install scripts see nothing of a project's .npmrc but registries",
    remove: "countsForTools(key) && ",
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
    name: "the command is the package's own, not a dependency's",
    remove: "return first !== null && first === second ? linked : file;",
    put: "return first === null || second === null ? file : linked;",
    test: "test/e2e/npx.test.ts",
    named: "a command that a dependency has, too",
  }),
  inFile(
    "plugins/npm/handoff/offline.ts",
    GLOBAL,
  )({
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
  inFile(
    "plugins/npm/args.ts",
    "test/plugins/npm/args.test.ts",
  )({
    name: "what passes has to pass by every line's reading",
    remove: '(refusedReading(args, (other) => classifyAs(other).kind === "pass") ?? read)',
    put: "(refusedReading(args, () => true) ?? read)",
    named: "audit --allow-directory fix",
  }),
];
