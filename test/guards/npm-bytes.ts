/** The bytes of a package, and the hand-off to npm. */
import { inFile } from "./guard.ts";

const ATTACK = "test/attack/npm.test.ts";
const HANDOFF = "test/e2e/npm-handoff.test.ts";
const MANIFEST = "test/plugins/npm/bytes/manifest.test.ts";
const OPTIONS = "test/plugins/npm/options.test.ts";
const bytes = inFile("plugins/npm/bytes/bytes.ts", ATTACK);
const manifest = inFile("plugins/npm/bytes/manifest.ts", MANIFEST);
const archive = inFile("plugins/npm/bytes/archive.ts", "test/plugins/npm/bytes/archive.test.ts");
const download = inFile("plugins/npm/bytes/download.ts", HANDOFF);
const evidence = inFile("plugins/npm/evidence/index.ts", "test/plugins/npm/evidence/index.test.ts");
const installer = inFile("plugins/npm/installer.ts", "test/plugins/npm/installer.test.ts");
const options = inFile("plugins/npm/options.ts", OPTIONS);

const thin = inFile("src/json-thin.ts", "test/json-thin.test.ts");

const kept = inFile("plugins/npm/bytes/bytes.ts", "test/plugins/npm/bytes/bytes.test.ts");

export const NPM_BYTES = [
  kept({
    name: "what is kept without a digest is kept for its own address",
    remove: "${withoutCredentials(url)} ",
    put: "",
    named: "without a sha512, what an earlier run was given",
  }),
  kept({
    name: "what is kept without a digest is said to be no more",
    remove: "{ ...bytes, isKept: true }",
    put: "bytes",
    named: "without a sha512, what an earlier run was given",
  }),
  thin({
    name: "what is read of a packument is bounded",
    remove: "if (size > maxBytes) throw",
    put: "if (size < 0) throw",
    named: "more than is read of any",
  }),
  thin({
    name: "brackets in what is left out of a packument belong together",
    remove: "if (own.inner.pop() !== byte) throw",
    put: "if (own.inner.pop() === undefined) throw",
    named: "no JSON stays none",
  }),
  inFile(
    "plugins/npm/request.ts",
    "test/plugins/npm/evidence/registry-signatures.test.ts",
  )({
    name: "a packument is not held as a whole",
    remove: "receive: () => (thin = thinJson(asked.sought, LIMITS.evidenceBytes)).take,",
    put: "receive: () => (thin = thinJson(true, LIMITS.evidenceBytes)).take,",
    named: "costs nothing",
  }),
  bytes({
    name: "the bytes hash to what the lock states",
    code: "INTEGRITY_MISMATCH",
    remove: "compareStated(locked, hex);",
    put: "",
    named: "other bytes than the lock states",
  }),
  bytes({
    name: "also a weak digest of the lock must hold",
    code: "INTEGRITY_MISMATCH",
    remove: "if (found === expected) continue;",
    put: 'if (found === expected || algorithm !== "sha512") continue;',
    named: "sha1 of other bytes",
  }),
  bytes({
    name: "the package inside the archive is compared",
    code: "PACKAGE_MISMATCH",
    remove: "await inspectArchive(few ?? file, locked.package, claimedFiles(locked));",
    put: "{ runsScripts: false };",
    named: "the digest and the address of another package",
  }),
  inFile(
    "plugins/npm/bytes/hashed.ts",
    "test/plugins/npm/bytes/bytes.test.ts",
  )({
    name: "an archive is bounded while it is fetched",
    code: "ARCHIVE_INVALID",
    remove: "if (size > LIMITS.artifactBytes) throw",
    put: "if (size < 0) throw",
    named: "larger than the bound",
  }),
  manifest({
    name: "the name inside the archive",
    code: "PACKAGE_MISMATCH",
    remove: 'compare("name", ref.name, name);',
    put: "",
    named: "another name",
  }),
  manifest({
    name: "the version inside the archive",
    code: "PACKAGE_MISMATCH",
    remove: 'compare(\n    "version",',
    put: 'void [].concat(\n    "version",',
    named: "another version",
  }),
  manifest({
    name: "exactly one package.json, however it is spelt",
    code: "PACKAGE_MISMATCH",
    remove: "if (manifest === undefined || manifests.length > 1)",
    put: "if (manifest === undefined)",
    named: "a second in capitals",
  }),
  archive({
    name: "a member's size is bounded",
    test: MANIFEST,
    code: "ARCHIVE_INVALID",
    remove: "if (unpacked > LIMITS.unpackedBytes) parser",
    put: "if (unpacked < 0) parser",
    named: "a member that says it is larger than the bounds",
  }),
  archive({
    name: "a manifest's size is bounded",
    test: MANIFEST,
    code: "ARCHIVE_INVALID",
    remove: 'if (path === "package.json" && entry.size > LIMITS.manifestBytes)',
    put: 'if (path === "")',
    named: "a manifest that is too large",
  }),
  archive({
    name: "an archive's members are counted",
    code: "ARCHIVE_INVALID",
    remove: "if (members > LIMITS.archiveMembers)",
    put: "if (members < 0)",
    named: "members",
  }),
  archive({
    name: "a member's path is bounded",
    code: "ARCHIVE_INVALID",
    remove: "if (Math.max(path.length, linkpath.length) <= LIMITS.pathLength)",
    put: "if (path.length >= 0)",
    named: "a path",
  }),
  archive({
    name: "what members say of themselves is bounded",
    code: "ARCHIVE_INVALID",
    remove: 'parser.on("meta", onDescribed);',
    put: "void onDescribed;",
    named: "headers in sum",
  }),
  download({
    name: "offline fetches nothing",
    code: "ARTIFACT_UNAVAILABLE",
    remove: "if (host.offline) throw unavailable(",
    put: "if (url === null) throw unavailable(",
    named: "npm's cache by digest first, then ours",
  }),
  evidence({
    name: "offline asks no registry for evidence",
    code: "EVIDENCE_UNAVAILABLE",
    remove: "if (host.offline) throw new SourceUnavailable(",
    put: "if (url === null) throw new SourceUnavailable(",
    named: "offline and not in the cache",
  }),
  evidence({
    name: "an answer that is no list is evidence that does not hold",
    code: "BUNDLE_MALFORMED",
    remove: 'const isList = /"attestations"\\s*:/.test(text);',
    put: "const isList = true;",
    named: 'an answer that is none is evidence that does not hold: {"mediaType":"x"}',
  }),
  evidence({
    name: "credentials of an address are shown nowhere",
    remove: "const location = withoutCredentials(url);",
    put: "const location = url;",
    named: "credentials in a registry's address are shown nowhere",
  }),
  evidence({
    name: "an answer is bounded",
    remove: ", maxBytes: LIMITS.evidenceBytes }",
    put: " }",
    named: "an answer larger than the bound",
  }),
  inFile(
    "plugins/npm/request.ts",
    "test/plugins/npm/evidence/index.test.ts",
  )({
    name: "credentials go to their own registry only",
    remove: "const own = authorization === null ? headers : { ...headers, authorization };",
    put: 'const own = { ...headers, authorization: authorization ?? "Basic dTpw" };',
    named: "another registry, without the credentials of the first",
  }),
  installer({
    name: "our own node runs npm's file",
    remove: "return { file: process.execPath, args: [npm.entry, ...args], cwd, env };",
    put: 'return { file: "npm", args: [...args], cwd, env };',
    test: ATTACK,
    named: "npm on PATH inside the project is not npm",
  }),
  options({
    name: "settings that would undo the hand-off are refused",
    remove: "if (refused === undefined) return;",
    put: "if (refused !== null) return;",
    named: "on the command line",
  }),
  options({
    name: "each of our settings must be the effective one",
    remove: 'if (config.find(key) !== "cli" || String(config.get(key)) !== value) throw undone(key);',
    put: "",
    named: "an option that swallows one of ours",
  }),
];
