/** What an export of evidence holds is data: each file is what its name says, and nothing in it is an anchor. */
import { inFile } from "./guard.ts";

const ATTACK = "test/attack/exported.test.ts";
const pack = inFile("src/exported/pack.ts", ATTACK);
const write = inFile("src/exported/write.ts", "test/exported/write.test.ts");
const replaying = inFile("src/exported/replaying.ts", ATTACK);
const again = inFile("src/commands/evidence/again.ts", ATTACK);

export const EXPORTED = [
  pack({
    name: "exported: each file is what its name says",
    remove: "if (found[0] !== file)",
    put: 'if (found[0] === "")',
    named: "one that was changed is named, too",
  }),
  pack({
    name: "exported: each file is looked at when it is opened",
    remove:
      "for (const file of filesOf(index)) size += await whole(file, (content) => [hashOf(content), content.length]);",
    put: "void filesOf;",
    named: "without any one of its files",
  }),
  pack({
    name: "exported: an archive has no other names",
    remove: "if (!NAME.test(entry.name))",
    put: 'if (entry.name === "")',
    named: "a name that leads out",
  }),
  pack({
    name: "exported: an archive has a name once",
    remove: "if (found.has(entry.name))",
    put: 'if (found.has(""))',
    named: "two of one name",
  }),
  write({
    name: "exported: what no archive can hold is not begun",
    remove: "if (files.length <= ZIP_MOST.entries && length <= ZIP_MOST.bytes) return;",
    put: "if (files.length <= ZIP_MOST.entries || length <= ZIP_MOST.bytes) return;",
    named: "than an archive holds is refused before anything is written",
  }),
  replaying({
    name: "exported: what was not asked is not known",
    remove: 'if (answer === undefined) throw new SourceUnavailable(source.kind, "not in the exported evidence");',
    put: "if (answer === undefined) return [];",
    named: "an answer that was left out",
  }),
  again({
    name: "exported: no policy that came along judges",
    remove:
      "await refuseJudged([resolve(runtime.cwd, again.evidence)], { bounds, options, cwd: runtime.cwd }, NOT_FROM_IT);",
    put: "void [refuseJudged, resolve, NOT_FROM_IT];",
    named: "is not judged by its own policy",
  }),
  again({
    name: "exported: a digest that was given is compared",
    remove: "again.digest !== null && again.digest !== pack.digest",
    put: "again.digest === pack.index.tool",
    named: "of another digest than the one that was given",
  }),
];
