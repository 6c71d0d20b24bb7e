/** What a clone, a tag, a cache or another user may do. */
import { type Guard, inFile } from "./guard.ts";

const program = inFile("src/io/program.ts", "test/io/run.test.ts");
const keys = inFile("plugins/npm/settings/project-npmrc.ts", "test/plugins/npm/settings/project-npmrc.test.ts");
const ref = inFile("src/project/ref.ts", "test/project/ref.test.ts");
const output = inFile("src/io/output.ts", "test/io/output.test.ts");
const here = inFile("src/project/detect.ts", "test/project/detect.test.ts");
const sarif = inFile("src/report/sarif.ts", "test/report/sarif.test.ts");
const remarks = inFile("src/author/remarks.ts", "test/author/remarks.test.ts");
const changed = inFile("src/gate/changed.ts", "test/gate/changed.test.ts");
const snapshot = inFile("src/project/snapshot.ts", "test/gate/changed.test.ts");
const targets = inFile("src/project/targets.ts", "test/project/targets.test.ts");
const repositoryConfig = inFile(
  "plugins/dotnet/feed/repository-config.ts",
  "test/plugins/dotnet/feed/repository-config.test.ts",
);
const left = inFile("src/project/left-behind.ts", "test/project/left-behind.test.ts");
const lint = inFile("src/author/lint/index.ts", "test/author/lint/loosening.test.ts");
const withHost = inFile("src/commands/with-host.ts", "test/commands/with-host.test.ts");

export const CLONES: readonly Guard[] = [
  inFile(
    "src/bin.ts",
    "test/e2e/compiled-code.test.ts",
  )({
    name: "no compiled code is kept where another user may put his own",
    remove: 'const { run } = await import("./cli.ts");',
    put: '(await import("node:module")).enableCompileCache();\nconst { run } = await import("./cli.ts");',
    named: "no built file speaks of a compile cache",
  }),
  program({
    name: "no installer takes compiled code from a shared folder",
    remove: '{ ...env, NODE_DISABLE_COMPILE_CACHE: "1" } : env;',
    put: "env : env;",
    named: "an installer",
  }),
  keys({
    name: "no key of a project's .npmrc is expanded",
    remove: "EXPANSION.test(key) ? EXPANDED : leakOf(key, value, known)",
    put: "leakOf(key, value, known)",
    named: "is refused wherever the variable stands in it",
  }),
  keys({
    name: "a project's keys are judged as npm read them",
    remove: "for (const key of config.turned) throw",
    put: "for (const key of [] as string[]) throw",
    named: "is judged as npm's own library read it, too",
  }),
  ref({
    name: "a revision is one ref",
    remove: "if (meant.length > 1) throw ambiguous(typed, meant);",
    put: "",
    named: "two answers are none",
  }),
  ref({
    name: "a full ref is itself",
    remove: 'if (name.startsWith("refs/") && !found.includes(name)) return null;',
    put: "",
    named: "spelled in full, it is itself",
  }),
  changed({
    name: "what a revision holds as no plain file is not compared with",
    remove: "refuseLeftOut(before, where.cwd, opened.plugin.table);",
    put: "",
    named: "converts is not what anybody saw",
  }),
  snapshot({
    name: "what a checkout converts is left out",
    remove: 'for (const path of converted) leftOut.set(path, "converted by a git attribute");',
    put: "",
    named: "converts is not what anybody saw",
  }),
  targets({
    name: "every staged lock is judged",
    remove: "  for (const path of staged) {",
    put: "  for (const path of staged.slice(staged.length)) {",
    named: "each of every installer is judged",
  }),
  targets({
    name: "locks are looked for in the index",
    remove: "index === undefined ? folder : inSnapshot(index, folder)",
    put: "folder",
    named: "each of every installer is judged",
  }),
  here({
    name: "a lock that lost its hashes is judged",
    remove: "bare.filter((name) => bareBefore.includes(name))",
    put: "[...new Set([...bareBefore, ...bare])]",
    test: "test/project/targets.test.ts",
    named: "those that lost them are a lock still",
  }),
  repositoryConfig({
    name: "a repository's NuGet.config is spelled as every version reads it",
    remove: "      strangeShape(root) ??\n",
    put: "",
    named: "an item that no version knows",
  }),
  repositoryConfig({
    name: "items are known in any letters",
    remove: 'filter((item) => kindOf(item) === "add")',
    put: 'filter((item) => item.name === "add")',
    named: "an item in other letters",
  }),
  changed({
    name: "a policy outside of the repository is compared with nothing",
    remove: "root === null || isInside(place, root)",
    put: "root === null || place !== root",
    named: "a policy outside of the repository has no earlier version",
  }),
  here({
    name: "a lock in other letters is named",
    remove: "UNREAD.test(name) || isOtherSpelling(name)",
    put: "UNREAD.test(name)",
    named: "where letters do not count is named: Package-Lock.json",
  }),
  inFile(
    "plugins/dotnet/resolve/lock-path.ts",
    "test/plugins/dotnet/resolve/lock-path.test.ts",
  )({
    name: "a lock that no project goes by is not judged for one",
    remove: "&& !isBeside(element.text)",
    put: "&& false",
    named: "is not judged by the lock beside it",
  }),
  changed({
    name: "a file under another name is no unchanged one",
    remove: "JSON.stringify([purl, subjectNames, ...digests",
    put: "JSON.stringify([purl, ...digests",
    named: "a file under another name is another one",
  }),
  left({
    name: "a policy that a copy of its folder passes by is named",
    remove: "if (locks.includes(project)) return [];",
    put: "return [];",
    named: "a copy of its folder",
  }),
  left({
    name: "a link to another folder does not leave a policy behind",
    remove: "if (led !== null && isInside(project, led)) return LINKED;",
    put: "",
    named: "a folder that became a link to another one",
  }),
  left({
    name: "the locks behind a link are not its folder's",
    remove: "(led === null && (await areThere(under, before, change)))",
    put: "(await areThere(under, before, change))",
    named: "a folder that became a link to another one",
  }),
  left({
    name: "a renamed folder does not leave its policy behind",
    remove: "return locked.includes(project) ? null : LEFT;",
    put: "return null;",
    named: "a renamed folder does not leave its policy behind",
  }),
  left({
    name: "a project around a folder does not take it from its policy",
    remove: "if (isInside(cwd, folder) && isInside(folder, project)) return TYPED;",
    put: "",
    named: "where the command was typed below it",
  }),
  left({
    name: "a lock around a folder does not take it from its policy",
    remove: "if (isInside(folder, project) && (await holds(folder, isManifest, change))) return TAKEN_IN;",
    put: "",
    named: "where its folder gave its lock up",
  }),
  left({
    name: "which locks there are is asked of the index, where it is judged",
    remove: "if (index === undefined) return holdsThere(folder, isOne);",
    put: "if (index !== null) return holdsThere(folder, isOne);",
    named: "gave its lock up in the index",
  }),
  left({
    name: "a link of the index is one",
    remove: "isInside(folder, join(index.root, path))) ? project : null;",
    put: "isInside(folder, join(index.root, path))) ? null : null;",
    named: "where only the index has a link",
  }),
  targets({
    name: "a staged lock among installed packages is named",
    remove: "[...unread, ...vendored]",
    put: "unread",
    named: "locks of packages that somebody committed",
  }),
  targets({
    name: "a commit that takes a lock away is not one that touches none",
    remove: "return gone.every((path) => !isInside(join(index.root, path), cwd));",
    put: "return gone.length >= 0;",
    named: "where no lock lies, and a commit touches none below",
  }),
  targets({
    name: "a commit that changes a lock is not one that touches none",
    remove: "stagedBelow(cwd, sought).length > 0) return false;",
    put: "stagedBelow(cwd, sought).length > 9) return false;",
    named: "where no lock lies, and a commit touches none below",
  }),
  targets({
    name: "a folder that is spelt otherwise than its repository is not one that nothing lies in",
    remove: "if (!isInside(cwd, index.root)) return false;",
    put: "",
    named: "a folder that is spelt by another way",
  }),
  inFile(
    "src/io/host.ts",
    "test/e2e/local-copy.test.ts",
  )({
    name: "what starts the installer is loaded before our own files may be moved",
    remove: "await loadAhead(paths.root);",
    put: 'await loadAhead("/nowhere");',
    named: "installs although its own files are moved",
  }),
  here({
    name: "a lock in a folder of its own name is one of the folder above",
    remove: "return [...names, ...deeper.flat()",
    put: "return [...names, ...deeper.flat().slice(0, 0)",
    named: "every lock of a folder is judged",
  }),
  inFile(
    "src/author/propose/standing.ts",
    "test/author/propose/plan.test.ts",
  )({
    name: "a new version that another repository signed is not pinned in passing",
    remove: 'comesFrom(builtFrom(sighting), earlier) ? "version" : "moved"',
    put: 'comesFrom(builtFrom(sighting), earlier) ? "version" : "version"',
    named: "where a recorded one says that it comes from there",
  }),
  lint({
    name: "lint says what loosens",
    remove: "    ...looseFindings(layer, now),\n",
    put: "",
    named: "all-scripts",
  }),
  output({
    name: "our output follows no link",
    remove: "for (const step of steps) {",
    put: "for (const step of steps.slice(0, 0)) {",
    named: "is not followed",
  }),
  output({
    name: "nor one on the way to it",
    remove: "isInside(path, ground) ? stepsTo(path, ground) :",
    put: "",
    named: "a folder on the way that is a link is not followed",
  }),
  here({
    name: "a lock beside another is judged, too",
    remove: "own.length > 0 ? own : locks.toSorted();",
    put: "own.length > 0 ? own : locks.toSorted().slice(0, 1);",
    named: "every lock of a folder is judged",
  }),
  here({
    name: "a lock that nobody reads is named",
    remove: "names.filter(isUnread).toSorted();",
    put: "names.filter((name) => name === UNREAD.source);",
    named: "what nobody here reads is named",
  }),
  sarif({
    name: "no message is a link",
    remove: 'replaceAll(/[\\\\[\\]]/g, "\\\\$&")',
    put: 'replaceAll(/[\\\\]/g, "\\\\$&")',
    named: "a message is text",
  }),
  withHost({
    name: "what an installer said is escaped",
    remove: ".map(printable)",
    put: "",
    named: "says what others said in visible signs",
  }),
  remarks({
    name: "a member of a policy that nobody gave words is compared, too",
    remove: "      return changes(member, old, fresh);",
    put: "      return [];",
    named: ".scripts",
  }),
  remarks({
    name: "and the content of what a policy names",
    remove: "return [...ofLayers, ...fileChanges(before, after)];",
    put: "return ofLayers;",
    named: "a key under its old name",
  }),
];
