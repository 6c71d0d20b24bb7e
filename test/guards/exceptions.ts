/** What a policy counts, records, excuses, revokes and lets be loosened. */
import { inFile } from "./guard.ts";

const TEST = "test/policy/decide.test.ts";
const count = inFile("src/policy/signers/count.ts", TEST);
const recorded = inFile("src/policy/recorded.ts", TEST);
const exceptions = inFile("src/policy/exceptions.ts", TEST);
const revoked = inFile("src/policy/revoked.ts", TEST);
const layer = inFile("src/policy/layer.ts", "test/policy/layer.test.ts");

export const EXCEPTIONS = [
  inFile(
    "src/commands/verify/verify.ts",
    "test/e2e/public-key.test.ts",
  )({
    name: "verify takes no signer that the policy has revoked",
    code: "REVOKED",
    remove: "if (taken !== undefined) return { denial: { ...taken, location } };",
    put: "",
    named: "verify --signer takes no key that the policy has revoked",
  }),
  revoked({
    name: "a revoked key is revoked under every name and threshold",
    code: "REVOKED",
    remove: "isByKeyOf(layer, signer, attestation) ||",
    put: "",
    test: "test/e2e/public-key.test.ts",
    named: "a stolen key is revoked under every name",
  }),
  count({
    name: "two signers with one key are one hand",
    code: "COUNT_NOT_MET",
    remove: "[attestation.leafKey, formatDigest(attestation.bundleDigest)]",
    put: "[formatDigest(attestation.bundleDigest)]",
    named: "two signers with one key is not enough",
  }),
  count({
    name: "two signers with one bundle are one hand",
    code: "COUNT_NOT_MET",
    remove: "[attestation.leafKey, formatDigest(attestation.bundleDigest)]",
    put: "[attestation.leafKey]",
    named: "two signers with one bundle is not enough",
  }),
  recorded({
    name: "a recorded version with other bytes does not hold",
    code: "RECORDED_MISMATCH",
    remove: "? [otherBytes(policy.recorded.file, known, comparable)]",
    put: "? []",
    named: "recorded: other bytes",
  }),
  recorded({
    name: "what is not recorded is denied",
    code: "NOT_RECORDED",
    remove: ": [notRecorded(policy.recorded.file, ref, found)]",
    put: ": []",
    named: "recorded: another version is not",
  }),
  recorded({
    name: "recorded digests expire",
    code: "RULE_EXPIRED",
    remove: " || hasExpired(policy.recorded.expires, now)",
    put: "",
    named: "recorded: expired today",
  }),
  exceptions({
    name: "an exception binds digests",
    remove: " && hasDigest(exception, facts);",
    put: ";",
    named: "do not excuse other bytes",
  }),
  exceptions({
    name: "an exception binds one version",
    remove: "=== packageKey(ecosystem, name, version)",
    put: "=== packageKey(ecosystem, name, purl.version)",
    named: "do not excuse another version",
  }),
  exceptions({
    name: "an exception expires",
    remove: "return !hasExpired(exception.expires, now) && ",
    put: "return ",
    named: "do not excuse yesterday",
  }),
  exceptions({
    name: "an exception excuses the codes it names",
    remove: " || !exception.excuses.includes(code)) return false;",
    put: ") return false;",
    named: "do not excuse another code",
  }),
  exceptions({
    name: "no exception excuses what may not be excused",
    remove: "if (!CODES[code].excusable || !exception",
    put: "if (!exception",
    named: "never excuse what may not be excused",
  }),
  revoked({
    name: "revoked counts for all layers",
    code: "REVOKED",
    remove: "return layers.flatMap((layer) =>",
    put: "return layers.slice(0, 1).flatMap((layer) =>",
    named: "counts for all layers",
  }),
  revoked({
    name: "a run is revoked with all its attempts",
    code: "REVOKED",
    remove: 'return run.replace(/\\/attempts\\/\\d+$/, "");',
    put: "return run;",
    named: "the run, all attempts",
  }),
  layer({
    name: "further origins are the outermost policy's",
    code: "FOREIGN_REGISTRY",
    remove: "return layers[0]?.policy",
    put: "return layers.at(-1)?.policy",
    named: "further origins are the outermost policy's",
  }),
];
