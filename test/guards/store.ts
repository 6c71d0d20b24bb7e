/** What survives between runs: nothing rests on its being there. */
import { inFile } from "./guard.ts";

const TEST = "test/io/store/store.test.ts";
const store = inFile("src/io/store/store.ts", TEST);
const entry = inFile("src/io/store/entry.ts", TEST);
const prune = inFile("src/io/store/prune.ts", "test/io/store/prune.test.ts");
const kept = inFile("src/evidence/kept.ts", "test/io/cache.test.ts");

export const STORE = [
  store({
    name: "a copy in another cache is hashed again",
    remove: "if (holds(taken, sought.digests)) return taken;",
    put: 'if ("hex" in taken) return taken;',
    test: "test/plugins/npm/bytes/bytes.test.ts",
    named: "a copy that does not hold is no copy",
  }),
  store({
    name: "an entry is hashed again",
    remove: 'const isWhole = taken.hex["sha512"] === name;',
    put: "const isWhole = name !== null;",
    named: "is dropped and is no hit",
  }),
  store({
    name: "the index is not believed",
    remove: "if (isWhole && holds(taken, sought.digests)) {",
    put: "if (isWhole) {",
    named: "an index entry that leads to other bytes is not believed",
  }),
  store({
    name: "an index entry is a digest, never a path",
    remove: "return /^[0-9a-f]{128}$/.test(name) ? name : null;",
    put: "return name;",
    named: "names no path",
  }),
  store({
    name: "what is kept is a copy",
    remove: "linked ? disk.link(",
    put: "linked || file !== draft ? disk.link(",
    named: "gives copies",
  }),
  store({
    name: "without a digest nothing from elsewhere is believed",
    remove: "if (sought.digests.length === 0) return null;",
    put: "",
    named: "takes from another cache by digest only",
  }),
  entry({
    name: "an entry is a regular file, bounded and ours",
    remove: "return stats !== undefined && stats.isFile() && stats.size <= maxBytes && (anyOwner || isOurs(stats));",
    put: "return stats !== undefined;",
    test: "test/io/cache.test.ts",
    named: "a FIFO in an answer's place",
  }),
  entry({
    name: "an entry is bounded before it is read",
    remove: "stats.size <= maxBytes &&",
    put: "",
    test: "test/io/cache.test.ts",
    named: "a file of 700 MB",
  }),
  entry({
    name: "no link below the cache is followed to be read",
    remove: "return isOwnFolder(root) && foldersBetween(root, folder).every(isRealFolder);",
    put: "return isOwnFolder(root);",
    named: "a folder of the cache that is a link is not followed",
  }),
  entry({
    name: "no link below the cache is followed to be written",
    remove: 'if (!isRealFolder(one)) throw new Error("not our folder");',
    put: "",
    named: "a folder of the cache that is a link is not followed",
  }),
  kept({
    name: "an answer is asked for anew where that is wanted",
    remove: "const answer = fresh ? null :",
    put: "const answer =",
    test: "test/evidence/url.test.ts",
    named: "a fresh question asks again",
  }),
  kept({
    name: "an earlier run's answer is known as such",
    remove: "evidence.map((one) => ({ ...one, cached: true }))",
    put: "evidence",
    test: "test/plugins/npm/evidence/index.cached.test.ts",
    named: "an answer of an earlier run says so",
  }),
  kept({
    name: "an answer without bundles in the cache says nothing",
    remove: "return isWorthKeeping(evidence) ?",
    put: "return answer !== null ?",
    named: "says nothing without a bundle",
  }),
  prune({
    name: "pruning follows no link",
    remove: "if (lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return [];",
    put: "",
    named: "follows no link",
  }),
  prune({
    name: "pruning removes what has a name of ours only",
    remove: "if (!isWhole && !(stem !== name && whole.test(stem))) continue;",
    put: "",
    named: "leaves alone what has no name of ours",
  }),
  prune({
    name: "what another run is writing stays",
    remove: 'one.kind === "unfinished" ? LIMITS.cachePruneMs : olderThanMs',
    put: 'one.kind === "unfinished" ? 0 : olderThanMs',
    named: "not what another one is writing",
  }),
];
