/** A registry's own signature: what it is over, by whom, and what it may admit. */
import { inFile } from "./guard.ts";

const signature = inFile("src/verify/registry-signature.ts", "test/verify/registry-signature.test.ts");
const POLICY = "test/policy/decide.baseline.test.ts";
const npm = inFile(
  "plugins/npm/evidence/registry-signatures.ts",
  "test/plugins/npm/evidence/registry-signatures.test.ts",
);

export const BASELINES = [
  signature({
    name: "the registry's signature verifies",
    code: "SIGNATURE_INVALID",
    remove: 'if (!verify("sha256", message, key, signature))',
    put: 'if (!verify("sha256", message, key, signature) && message.length === 0)',
    named: "over another version than it states does not verify",
  }),
  signature({
    name: "it is about this package and version",
    code: "SUBJECT_MISMATCH",
    remove: "if (!subject.names.includes(purl)) {",
    put: "if (subject.names.length > 1) {",
    named: "about another version than the lock's is broken",
  }),
  signature({
    name: "it is over exactly the judged bytes",
    code: "SUBJECT_MISMATCH",
    remove: 'if (outcome === "different") {',
    put: 'if (outcome !== "different" && known.length > 99) {',
    named: "about another bytes than the lock's is broken",
  }),
  signature({
    name: "its integrity is one sha512",
    code: "STATEMENT_INVALID",
    remove: 'if (integrity !== `sha512-${bytes.toString("base64")}`) return null;',
    put: "",
    named: "over an integrity of options binds nothing",
  }),
  inFile(
    "src/policy/signers/signer.ts",
    POLICY,
  )({
    name: "only the registry that the policy names",
    code: "UNTRUSTED_SIGNER",
    remove: "return isBelow(found, registry) ? [] :",
    put: "return isBelow(found, registry) || found !== registry ? [] :",
    named: "npmjs from https://npm.example.evil/ counts",
  }),
  inFile(
    "src/policy/wanted.ts",
    "test/policy/layer.test.ts",
  )({
    name: "no packument unless a rule has a baseline",
    remove: "const baseline = rules.some((rule) => rule.baseline !== undefined);",
    put: "const baseline = rules.length > 0;",
    named: "wants statements: true, the registry's signature: false",
  }),
  npm({
    name: "one request a name and run",
    remove: "underWay.set(url, work);",
    put: "",
    named: "costs one request a name",
  }),
  npm({
    name: "a failure is not none",
    code: "EVIDENCE_UNAVAILABLE",
    remove: "if (meansNone((error as { statusCode?: number }).statusCode ?? 0)) return null;",
    put: "if (error !== null) return null;",
    named: "a failure could not find out",
  }),
];
