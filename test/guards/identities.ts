/** Which rule speaks, and whether a certificate is the signer that it names. */
import { inFile } from "./guard.ts";

const MATCH = "test/policy/match.test.ts";
const SIGNER = "test/policy/signers/signer.comparison.test.ts";
const match = inFile("src/policy/match.ts", MATCH);
const pattern = inFile("src/policy/signers/pattern.ts", MATCH);
const signer = inFile("src/policy/signers/signer.ts", SIGNER);
const expand = inFile("src/policy/signers/expand.ts", SIGNER);

export const IDENTITIES = [
  match({
    name: "the most specific pattern decides",
    remove: ".find((found) => found !== undefined);",
    put: ".findLast((found) => found !== undefined);",
    named: "a wider rule never decides where a narrower pattern matches the name",
  }),
  match({
    name: "an index of another policy does not count",
    remove: "known?.policy === policy ? known : indexRules(policy)",
    put: "known ?? indexRules(policy)",
    named: "an index answers as the rules do",
  }),
  inFile(
    "src/ecosystems/npm.ts",
    MATCH,
  )({
    name: "npm names are compared with their case",
    remove: "normalName: (name) => name,",
    put: "normalName: (name) => name.toLowerCase(),",
    named: "for npm:Widget@1.0.0",
  }),
  pattern({
    name: "a pattern is anchored at its end",
    remove: "return reached.has(text.length);",
    put: "return true;",
    named: "agree with an anchored expression",
  }),
  pattern({
    name: "a pattern is anchored at its beginning",
    remove: "= new Set([0]);",
    put: "= new Set(Array.from(text, (_, at) => at));",
    named: "agree with an anchored expression",
  }),
  signer({
    name: "a signer is bound to its trust root",
    code: "UNTRUSTED_SIGNER",
    remove: "...compareRoot(layer, signer.trust ?? PUBLIC_GOOD, attestation),",
    put: "",
    named: "is bound to its trust root",
  }),
  inFile(
    "src/policy/signers/signer.ts",
    "test/e2e/public-key.test.ts",
  )({
    name: "only a key that the policy's signer names",
    code: "UNTRUSTED_SIGNER",
    remove: "if (own.some(({ id }) => signer.held?.includes(id) === true)) return [];",
    put: "if (signer.usage === POLICY_KEYS) return [];",
    named: "another signer's key",
  }),
  inFile(
    "src/policy/signers/signer.ts",
    "test/e2e/public-key.test.ts",
  )({
    name: "a key counts with the logs that its signer asks for",
    code: "UNTRUSTED_SIGNER",
    remove: "if (own.some(({ id }) => signer.held?.includes(id) === true)) return [];",
    put: "if (own.some(({ fingerprint }) => fingerprint === signer.fingerprint)) return [];",
    named: "the same key under a signer that asks for a log",
  }),
  inFile(
    "src/verify/trust/held-key.ts",
    "test/verify/trust/held-key.test.ts",
  )({
    name: "a weak or foreign kind of key is refused",
    remove: "if (signs(key) !== null) return inOneSpelling(key);",
    put: 'if (signs(key) !== null || key.type === "public") return inOneSpelling(key);',
    named: "is refused",
  }),
  inFile(
    "src/verify/trust/held-key.ts",
    "test/verify/trust/held-key.test.ts",
  )({
    name: "a key in two spellings is one key",
    remove: "return inOneSpelling(key);",
    put: "return key;",
    named: "one key in two spellings",
  }),
  inFile(
    "src/project/policy-keys.ts",
    "test/e2e/public-key.test.ts",
  )({
    name: "a key rests on a log unless its signer says otherwise",
    code: "LOG_INVALID",
    remove: "publicKey?.tlog ?? 1",
    put: "publicKey?.tlog ?? 0",
    named: "without a word about logs",
  }),
  expand({
    name: "{version} is the package's own",
    code: "UNTRUSTED_SIGNER",
    remove: 'piece.replaceAll("{version}", () => version ?? "")',
    put: 'piece.replaceAll("{version}", () => "2.1.0")',
    test: "test/policy/decide.test.ts",
    named: "{version} is the package's",
  }),
  expand({
    name: "{version} is literal",
    remove: "piecesOf(text).flatMap((piece) => filled(piece, version))",
    put: 'piecesOf(text.replaceAll("{version}", () => version ?? ""))',
    named: "a version is literal",
  }),
  inFile(
    "src/policy/signers/pattern.ts",
    "test/policy/signers/pattern.padded.test.ts",
  )({
    name: "{version:padded} pads release numbers alone",
    code: "UNTRUSTED_SIGNER",
    remove: "(?![\\d!])",
    put: "",
    named: "v01!2.0",
  }),
  expand({
    name: "where no version is known, {version} matches nothing",
    remove: "anyOf: unknown ? [] : [",
    put: "anyOf: [",
    test: "test/policy/signers/signer.placeholder.test.ts",
    named: "matches nothing where no version is known",
  }),
  expand({
    name: "a shorthand pins the issuer",
    remove: 'exactly("issuer", "issuer", GITHUB_ACTIONS)',
    put: 'exactly("issuer", "issuer", "", GITHUB_ACTIONS)',
    named: "an enterprise's issuer",
  }),
];
