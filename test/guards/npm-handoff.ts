/** What happens between the judgement and the end of npm. */
import { inFile } from "./guard.ts";

const ATTACK = "test/attack/npm.test.ts";
const TEST = "test/e2e/npm-handoff.test.ts";
const handoff = inFile("plugins/npm/handoff/handoff.ts", TEST);
const offline = inFile("plugins/npm/handoff/offline.ts", TEST);
const settings = inFile("plugins/npm/handoff/settings.ts", TEST);
const part = inFile("plugins/npm/part.ts", "test/plugins/npm/handoff/handoff.test.ts");
const installed = inFile("plugins/npm/handoff/compare.ts", "test/plugins/npm/handoff/compare.test.ts");
const cache = inFile("plugins/npm/handoff/cache.ts", "test/plugins/npm/handoff/cache.test.ts");
const args = inFile("plugins/npm/args.ts", "test/plugins/npm/args.test.ts");

export const NPM_HANDOFF = [
  offline({
    name: "npm is offline",
    remove: 'offline: "true",',
    put: 'offline: "false",',
    named: "where a proven package is not at hand, npm finds nothing in its place",
  }),
  offline({
    name: "npm's cache is a private one with proven bytes only",
    remove: "    cache,\n",
    put: "",
    test: ATTACK,
    named: "other bytes for the installer than for the verifier",
  }),
  settings({
    name: "npm takes nothing remote where registries have all",
    remove: 'if (!packages.some((one) => isRemote(one, registries, version))) return "none";',
    put: "",
    test: "test/plugins/npm/handoff/settings.test.ts",
    named: "is nothing where all comes from the project's registries",
  }),
  settings({
    name: "what npm itself is told to refuse as remote stays refused",
    remove: 'if (isChosen) return String(config.get("allow-remote"));',
    put: "",
    test: "test/plugins/npm/handoff/settings.test.ts",
    named: "is not what npm itself is told to refuse",
  }),
  settings({
    name: "our flags come last, but before --",
    remove: "const cut = end < 0 ? args.length : end;",
    put: "const cut = args.length;",
    test: "test/plugins/npm/options.test.ts",
    named: "words after -- stay behind ours",
  }),
  handoff({
    name: "what npm will get is parsed once more",
    remove: "assertEffective(effective, settings, config.prefix);",
    put: "",
    test: "test/plugins/npm/options.test.ts",
    named: "an option that swallows one of ours",
  }),
  handoff({
    name: "the lockfile is the judged one before npm starts",
    code: "LOCK_CHANGED",
    remove: "await (landing === null ? assertUnchanged(lock, host) : landing.assertReady());",
    put: "",
    named: "when the lock changes after it was judged: npm is not even started",
  }),
  handoff({
    name: "the lockfile is the judged one after npm ended",
    code: "LOCK_CHANGED",
    remove: "await assertUnchanged(lock, host);\n      if (code === 0)",
    put: "if (code === 0)",
    named: "when a script of a package changes the lock",
  }),
  handoff({
    name: "the installed tree is compared with what was proven",
    code: "INSTALLED_MISMATCH",
    remove: "compare: () => assertInstalled(prepared(ready).expected, host),",
    put: "compare: () => Promise.resolve(),",
    named: "puts another package on disk",
  }),
  handoff({
    name: "the old node_modules wait aside",
    remove: "replaces: [...folders, ",
    put: "replaces: [",
    named: "when a postinstall fails: node_modules come back byte for byte",
  }),
  handoff({
    file: "src/io/transaction/transaction.ts",
    name: "the old node_modules come back when a check fails",
    remove: "await putBack(written, error, options);\n    throw error;",
    put: "throw error;",
    named: "when a script of a package changes the lock",
  }),
  part({
    name: "only packages of this project are handed off",
    remove: "if (locked === undefined || bytes === undefined)",
    put: "if (locked === null || bytes === null)",
    named: "a package that was not obtained",
  }),
  part({
    name: "all packages of the part are handed off, or none",
    remove: "if (missing !== undefined) throw",
    put: "if (missing === null) throw",
    named: "less than all of the part",
  }),
  inFile(
    "plugins/npm/handoff/cache.ts",
    ATTACK,
  )({
    name: "the cache is filled with the bytes that were hashed",
    remove: "await link(bytes.file, path).catch(() => copyFile(bytes.file, path));",
    put: "",
    named: "other bytes for the installer than for the verifier",
  }),
  cache({
    name: "a version that is asked for and not proven has no bytes",
    remove: "return [version, { name, version, dist: { tarball } }] as const;",
    put: "const [one] = packages;\n    return [version, { name, version, dist: { tarball, ...(one && { integrity: integrityOf(one) }) } }] as const;",
    named: "has no bytes",
  }),
  cache({
    name: "a tag means the version that the lock has",
    remove: "proven.some(([own]) => own === locked) ? locked : last",
    put: "proven.some(([own]) => own === locked) ? last : last",
    named: "a tag means the version",
  }),
  cache({
    name: "a tag means no version that is not proven",
    remove: "proven.some(([own]) => own === locked) ? locked : last",
    put: "locked ?? last",
    named: "is no answer to a tag",
  }),
  installed({
    name: "nothing that was not proven is installed",
    code: "INSTALLED_MISMATCH",
    remove: "return [`${location} was not proven`];",
    put: "return [];",
    named: "a package that was not proven",
  }),
  installed({
    name: "the installed version is the proven one",
    code: "INSTALLED_MISMATCH",
    remove: "if (entry.version !== version) differences",
    put: "if (entry === null) differences",
    named: "another version",
  }),
  installed({
    name: "the installed digest is the proven one",
    code: "INSTALLED_MISMATCH",
    remove: "if (other !== undefined && other !== hex) differences",
    put: "if (other === null) differences",
    named: "another digest",
  }),
  installed({
    name: "the installed name is the proven one",
    code: "INSTALLED_MISMATCH",
    remove: "if (found !== name && !(isAlias && entry.name === undefined))",
    put: "if (found === null)",
    named: "another name",
  }),
  installed({
    name: "a link is no package",
    code: "INSTALLED_MISMATCH",
    remove: "if (entry.link === true) differences",
    put: "if (entry === null) differences",
    named: "a link in its place",
  }),
  installed({
    name: "what is needed is installed",
    code: "INSTALLED_MISMATCH",
    remove: "    ...missing(installed, expected),\n",
    put: "",
    named: "a package that is missing",
  }),
  installed({
    name: "what npm leaves out is found further up",
    code: "INSTALLED_MISMATCH",
    remove: "  return installed.has(`node_modules/${name}`) ? `node_modules/${name}`",
    put: "  return name !== '' ? `node_modules/${name}`",
    named: "asks for and does not find",
  }),
  installed({
    name: "what nobody asks for is not left out",
    code: "INSTALLED_MISMATCH",
    remove: "askers.length > 0 && ",
    put: "",
    named: "a package that nobody asks for",
  }),
  installed({
    name: "everybody who asks for what npm leaves out finds it",
    code: "INSTALLED_MISMATCH",
    remove: "there.every((asker)",
    put: "there.some((asker)",
    named: "one finds above and another does not",
  }),
  installed({
    name: "what is found further up is what they ask for",
    code: "INSTALLED_MISMATCH",
    remove: "asker.fits.includes(foundFrom(asker, folderName(location), installed))",
    put: "foundFrom(asker, folderName(location), installed) !== ''",
    named: "above it a version that nobody asks for",
  }),
  installed({
    name: "the nearest one further up is what is found",
    code: "INSTALLED_MISMATCH",
    remove: "    if (installed.has(place)) return place;",
    put: "    if (installed.has(place) && name === '') return place;",
    named: "nearer than what fits one that does not",
  }),
  installed({
    name: "folders that npm does not know of are found",
    code: "INSTALLED_MISMATCH",
    remove: "    ...(await unexpectedFolders(installed, expected)),\n",
    put: "",
    named: "a folder that nobody named",
  }),
  installed({
    name: "only what a proven package carries may lie inside it",
    code: "INSTALLED_MISMATCH",
    remove: "if (isCarried(location, known)) return [];",
    put: "if (isCarried(location, known) || left.size === 0) return [];",
    named: "says that it is bundled, and lies in no proven package",
  }),
  args({
    name: "an unknown subcommand is refused",
    remove: "if (!PASSED.has(command)) return refuseUnknown(command);",
    put: "",
    named: "no word passes or is gated but those of the tables",
  }),
  args({
    name: "subcommands that install are refused",
    remove: "if (installs !== null) return refuseInstalling(command, installs);",
    put: "",
    named: "npm audit fix",
  }),
  args({
    name: "an option never hides the subcommand",
    remove: "if (swallowed !== null) return refuseAmbiguous(swallowed);",
    put: "",
    named: "npm --loglevel install ls",
  }),
  inFile(
    "plugins/npm/words.ts",
    "test/plugins/npm/words.test.ts",
  )({
    name: "a line with options is read by npm's own parser",
    remove: 'word.startsWith("-") && word !== "-"',
    put: 'word.startsWith("--")',
    named: "as npm's own parser reads it",
  }),
];
