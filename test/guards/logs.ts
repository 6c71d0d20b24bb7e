/** Who vouches for a signature: logs and timestamp authorities. */
import { inFile } from "./guard.ts";

const TEST = "test/verify/verifier.attack.test.ts";
const vouching = inFile("src/verify/vouching.ts", TEST);
const entry = inFile("src/verify/bundle/log-entry.ts", TEST);
const body = inFile("src/verify/bundle/entry-body.ts", "test/verify/bundle/entry-body.test.ts");
const times = inFile("src/verify/times.ts", TEST);
const root = inFile("src/verify/trust/trusted-root.ts", TEST);

export const LOGS = [
  vouching({
    name: "the log entry names this certificate",
    code: "LOG_MISMATCH",
    remove: "if (kind !== signer.kind || !der.equals(expected))",
    put: "if (der === null)",
    named: "entry-same-sig-other-cert: dsse in Rekor v1",
  }),
  vouching({
    name: "the log entry records this signature",
    code: "LOG_MISMATCH",
    remove: "if (!recorded.signature.equals(content.signature))",
    put: "if (content === null)",
    test: "test/verify/vouching.test.ts",
    named: "the log entry records another signature",
  }),
  vouching({
    name: "logs are counted, not entries",
    code: "LOG_INVALID",
    remove: "return new Set(names).size;",
    put: "return names.length;",
    named: "duplicate-entries-threshold",
  }),
  vouching({
    name: "a log must vouch",
    code: "LOG_INVALID",
    remove: 'if (different(entries.map(({ logId }) => logId.keyId.toString("hex"))) < tlog) {',
    put: "if (entries === null) {",
    named: "duplicate-entries-threshold",
  }),
  vouching({
    name: "a certificate needs a vouched time",
    code: "TIME_INVALID",
    remove: "Math.max(1, timestamps)",
    put: "timestamps",
    named: "no-trusted-time",
  }),
  vouching({
    name: "as many times as the root asks for",
    code: "TIME_INVALID",
    remove: "if (different(times.map(({ by }) => by)) < least) {",
    put: "if (times.length < least) {",
    named: "times are counted by who vouches for them",
  }),
  vouching({
    name: "a log's key is valid at the entry's time",
    code: "LOG_INVALID",
    remove: "at.every(({ time }) => validFor.start <= time && time <= validFor.end)",
    put: "at.every(() => validFor !== null)",
    named: "log-key-expired-proof-only",
  }),
  vouching({
    name: "a checkpoint is signed in the log's own name",
    code: "LOG_INVALID",
    remove: "if (entry.inclusionProof !== undefined && !valid.some((log) => signedInName(entry, log))) {",
    put: "if (valid === null) {",
    named: "checkpoint-name-regex: rekor",
  }),
  vouching({
    name: "a key with an end needs a vouched time",
    code: "KEY_INVALID",
    remove: "if (times.length === 0 && (start !== undefined || end !== undefined)) {",
    put: "if (times === null) {",
    named: "without log and time only where the key asks for none",
  }),
  entry({
    name: "the stated root is the signed checkpoint's",
    code: "LOG_INVALID",
    remove: "if (!read.rootHash.equals(read.signed.rootHash) || read.treeSize !== read.signed.size) {",
    put: "if (read.signed === null) {",
    named: "the stated root is another than the signed checkpoint's",
  }),
  entry({
    name: "new bundles carry an inclusion proof",
    code: "BUNDLE_MALFORMED",
    remove: 'if (version !== "0.1" && entry.inclusionProof === undefined)',
    put: "if (version === null)",
    named: "no-proof-v02",
  }),
  entry({
    name: "old bundles carry an inclusion promise",
    code: "BUNDLE_MALFORMED",
    remove: 'if (version === "0.1" && entry.inclusionPromise === undefined)',
    put: "if (version === null)",
    named: "no-proof-v02",
  }),
  body({
    name: "the entry is of the kind stated beside it",
    code: "LOG_MISMATCH",
    remove: 'if (at(entry, "kind") !== kind || at(entry, "apiVersion") !== version) {',
    put: "if (entry === null) {",
    named: "an entry of another kind than stated",
  }),
  body({
    name: "the entry records exactly one signature",
    code: "LOG_MISMATCH",
    remove: "if (!Array.isArray(signatures) || signatures.length !== 1) {",
    put: "if (!Array.isArray(signatures)) {",
    named: "an entry that records two signatures",
  }),
  times({
    name: "a log's time counts only with its promise",
    code: "TIME_INVALID",
    remove: "inclusionPromise !== undefined && integratedTime",
    put: "integratedTime",
    named: "integratedTime-without-promise",
  }),
  times({
    name: "a timestamp was granted",
    code: "TIME_INVALID",
    remove: "if (stamp.status !== 0n && stamp.status !== 1n) return",
    put: "if (stamp === null) return",
    named: "a timestamp that its authority did not grant",
  }),
  root({
    name: "a root's keys have a beginning",
    remove: "if (absent(start)) return wrong(",
    put: "if (absent(start)) return { start: new Date(0), end: END_OF_TIME }; if (start === 0) return wrong(",
    named: "trust-root-missing-validity-start",
  }),
  root({
    name: "a root vouches for something",
    remove: "if (Object.values(material).every((one) => one.length === 0)) wrong(",
    put: "if (material === null) wrong(",
    test: "test/project/trust.test.ts",
    named: "refused: nothing in it",
  }),
  inFile(
    "src/project/trust.ts",
    "test/project/trust.test.ts",
  )({
    name: "a root with other thresholds is another root",
    remove: ".update(`${tlog}/${sct}/${timestamps}\\n`)",
    put: "",
    named: "the id tells content and thresholds apart",
  }),
];
