import { type Guard, inFile } from "./guard.ts";

const ends = inFile("src/project/ends.ts", "test/attack/ends.test.ts");

/** Where a repository ends: the policies above are asked, whatever is called `.git`. */
export const ENDS: readonly Guard[] = [
  ends({
    name: "a folder that git would not accept ends nothing",
    remove: '(await isGitFolder(place)) ? "own" : "doubtful"',
    put: '(await isGitFolder(place)) ? "own" : "own"',
    named: "an empty folder",
  }),
  ends({
    name: "a repository has a HEAD that names something",
    remove: "objects && refs && HEAD.test(",
    put: "objects && refs && /^/.test(",
    named: "whose HEAD is nothing",
  }),
  ends({
    name: "what a file names must be a repository",
    remove: "if (led === null || !(await isGitFolder(led)))",
    put: "if (led === null)",
    named: "a file that leads nowhere",
  }),
  ends({
    name: "a submodule is a part, whatever its name",
    remove: '=== null) return "part";',
    put: '=== null) return "own";',
    named: "a submodule that is named",
  }),
  ends({
    name: "a linked worktree is where its own repository says",
    remove: '(await leadsBack(led, place)) ? "own"',
    put: '(await leadsBack(led, place)) || led !== "" ? "own"',
    named: "copied to another folder",
  }),
  ends({
    name: "when in doubt the widest counts",
    remove: 'if (kind !== "none") widest = folder;',
    put: 'if (kind !== "none") widest ??= folder;',
    named: "the widest of them counts",
  }),
  ends({
    name: "what ends nothing is said",
    remove: 'if (kind === "doubtful") doubtful.push(folder);',
    put: 'if (kind === "doubtful" && folder === "") doubtful.push(folder);',
    named: "an empty folder",
  }),
  ends({
    name: "another owner's repository is not ours",
    remove: "if ((await stat(folder)).uid !== uid) break;",
    put: "if (Number.isNaN(uid)) break;",
    test: "test/project/policy-file.test.ts",
    named: "another owner's folder is not entered",
  }),
  ends({
    name: "no program comes from a neighbour's repository around us",
    remove: "const around = [nearest, repository]",
    put: "const around = [repository]",
    test: "test/project/ends.test.ts",
    named: "of any kind or owner",
  }),
];
