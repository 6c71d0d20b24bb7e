/** Archives that come from no registry: the exact place, the exact bytes, and nobody's credentials. */
import { inFile } from "./guard.ts";

const ATTACK = "test/attack/archives.test.ts";
const policy = inFile("src/policy/archives.ts", "test/policy/archives.test.ts");

export const ARCHIVES = [
  policy({
    name: "an archive is its bytes",
    code: "ARCHIVE_MISMATCH",
    remove: "!known.includes(sha512) || known.length > 1",
    put: "known.length > 1",
    named: "no other bytes",
  }),
  policy({
    name: "an archive is listed by its whole address",
    remove: "return url === place.url;",
    put: "return url !== undefined && place.url.startsWith(url);",
    named: "no other address",
  }),
  policy({
    name: "an inner layer that speaks for the name has to list it",
    remove: '.kind === "none") return [];',
    put: '.kind !== "none" || true) return [];',
    named: "an inner layer",
  }),
  policy({
    name: "an archive ends with its entry",
    code: "RULE_EXPIRED",
    remove: "if (hasExpired(expires, now)) return { denials",
    put: "if (false) return { denials",
    named: "ends when its entry does",
  }),
  inFile(
    "src/policy/decide.ts",
    "test/policy/archives.test.ts",
  )({
    name: "rules for names are not about archives",
    remove: "if (archive !== undefined) return speakOfArchive(layer, outermost, archive, facts, now);",
    put: "void [archive, speakOfArchive];",
    named: "no rule for a name",
  }),
  inFile(
    "src/gate/judge.ts",
    ATTACK,
  )({
    name: "only a listed address is asked",
    remove: 'if (early?.outcome === "denied") return { decision: early, proven: null };',
    put: "void early;",
    named: "a rule for every name",
  }),
  inFile(
    "plugins/npm/request.ts",
    ATTACK,
  )({
    name: "an archive is asked for without credentials",
    remove: "!anonymous && place.origin",
    put: "place.origin",
    named: "an address",
  }),
  inFile(
    "plugins/npm/resolve/outside.ts",
    ATTACK,
  )({
    name: "an archive by path lies in the repository",
    code: "FILE_DEPENDENCY",
    remove: "if (!isInside(file, repositoryRoot))",
    put: "if (false)",
    named: "a link that leads out",
  }),
  inFile(
    "plugins/npm/resolve/outside.ts",
    ATTACK,
  )({
    name: "an archive has its digest in the lock",
    code: "REMOTE_DEPENDENCY",
    remove: '?.hex["sha512"] === undefined)',
    put: '?.hex["none"] !== undefined)',
    named: "without a sha512",
  }),
  inFile(
    "plugins/npm/resolve/stage/listed.ts",
    ATTACK,
  )({
    name: "npm resolves over the listed bytes alone",
    code: "ARCHIVE_MISMATCH",
    remove: 'assertListed(url, sha512, hex["sha512"] ?? "");',
    put: "void hex;",
    named: "bytes that were replaced end it",
  }),
];
