/** An envelope of the Notary Project: whole, understood, over these bytes, by a chain that may sign, in time, not revoked, and the signer's own. */
import { inFile } from "./guard.ts";

const headers = inFile("src/verify/notary/headers.ts", "test/verify/notary/headers.test.ts");
const chain = inFile("src/verify/notary/chain.ts", "test/verify/notary/chain.test.ts");
const payload = inFile("src/verify/notary/payload.ts", "test/verify/notary/payload.test.ts");
const timestamp = inFile("src/verify/notary/timestamp.ts", "test/verify/notary/timestamp.test.ts");
const hold = inFile("src/verify/notary/hold.ts", "test/verify/notary/timestamp.test.ts");
const revocation = "test/verify/notary/revocation/index.test.ts";
const crl = inFile("src/verify/notary/revocation/crl.ts", revocation);
const ocsp = inFile("src/verify/notary/revocation/ocsp.ts", revocation);
const standing = inFile("src/policy/signers/standing.ts", "test/policy/signers/standing.test.ts");
const stores = inFile("src/project/named/trust-stores.ts", "test/project/named/trust-stores.test.ts");

export const NOTARY = [
  headers({
    name: "notary: a critical header is understood",
    code: "BUNDLE_MALFORMED",
    remove: 'if (typeof name !== "string" || !UNDERSTOOD.includes(name))',
    put: 'if (typeof name !== "string")',
    named: "a critical header that nobody knows",
  }),
  headers({
    name: "notary: no plugin is passed over",
    code: "BUNDLE_MALFORMED",
    remove: "if (named.has(PLUGIN))",
    put: "if (false)",
    named: "a verification plugin",
  }),
  inFile(
    "src/verify/notary/algorithm.ts",
    "test/verify/notary/headers.test.ts",
  )({
    name: "notary: a signature is in the algorithm of its key",
    code: "SIGNATURE_INVALID",
    remove: "if (own !== algorithm)",
    put: "if (false)",
    named: "is refused",
  }),
  payload({
    name: "notary: the signature is over these bytes",
    code: "SUBJECT_MISMATCH",
    remove: "if (hex !== digest.hex)",
    put: "if (false)",
    named: "is over the bytes, whatever is known of them",
  }),
  payload({
    name: "notary: the signature is over so many bytes",
    code: "SUBJECT_MISMATCH",
    remove: "if (size !== bytes.length)",
    put: "if (false)",
    named: "does not hold with another size",
  }),
  chain({
    name: "notary: each certificate is issued by the next",
    code: "CERTIFICATE_INVALID",
    remove: "if (issuer !== undefined && !isIssuedBy(certificate, issuer))",
    put: "if (false)",
    named: "by a stranger of the same names",
  }),
  chain({
    name: "notary: who issues is an authority",
    code: "CERTIFICATE_INVALID",
    remove: "if (at > 0) requireAuthority(certificate, at - 1, purpose);",
    put: "",
    named: "as CA:FALSE",
  }),
  chain({
    name: "notary: a leaf for servers signs no artifact",
    code: "CERTIFICATE_INVALID",
    remove: "if (purposes.some((one) => EXCLUDED.includes(one)))",
    put: "if (false)",
    named: "server authentication too",
  }),
  timestamp({
    name: "notary: the timestamp is over this signature",
    code: "TIME_INVALID",
    remove: "if (!createHash(digest).update(signature).digest().equals(imprint))",
    put: "if (imprint.length === 0)",
    named: "does not hold over another signature",
  }),
  timestamp({
    name: "notary: a unit stamps times and does nothing else",
    code: "TIME_INVALID",
    remove: "if (purposes?.length !== 1 || purposes[0] !== PURPOSE.timeStamping)",
    put: "if (purposes === undefined)",
    named: "a unit with a purpose beside it",
  }),
  hold({
    name: "notary: the certificates were valid at the timestamp's time",
    code: "TIME_INVALID",
    remove: 'requireValid(chain, stamp.from, stamp.to, "at the time of the timestamp");',
    put: "",
    named: "says when, as exactly as the authority can",
  }),
  inFile(
    "src/verify/notary/hold.ts",
    "test/verify/notary/headers.test.ts",
  )({
    name: "notary: what has expired does not hold",
    code: "TIME_INVALID",
    remove: "if (headers.expiry !== null && headers.expiry < now)",
    put: "if (false)",
    named: "has expired",
  }),
  inFile(
    "src/verify/notary/hold.ts",
    revocation,
  )({
    name: "notary: a revoked certificate does not sign",
    code: "CERTIFICATE_REVOKED",
    remove: 'if ("revoked" in status) fail("CERTIFICATE_REVOKED", status.revoked);',
    put: "",
    named: "does not have the certificate",
  }),
  inFile(
    "src/verify/notary/hold.ts",
    revocation,
  )({
    name: "notary: what nobody answers is not good",
    code: "REVOCATION_NOT_CHECKED",
    remove: 'if ("unknown" in status) fail("REVOCATION_NOT_CHECKED", `revocation not checked: ${status.unknown}`);',
    put: "",
    named: "says nothing where there is none",
  }),
  crl({
    name: "notary: a list is signed by the authority",
    code: "REVOCATION_NOT_CHECKED",
    remove: "|| !isSignedBy(signed, issuer)",
    put: "",
    named: "signed by another key",
  }),
  ocsp({
    name: "notary: an answer is signed by the authority",
    code: "REVOCATION_NOT_CHECKED",
    remove: "if (!responders.some((one) => isSignedBy(signed, one)))",
    put: "if (false)",
    named: "is the authority's own, or of one that it lets answer",
  }),
  crl({
    name: "notary: a list of another address says nothing",
    code: "REVOCATION_NOT_CHECKED",
    remove: "return namesIn(value, one).includes(url);",
    put: "return namesIn(value, one).some((name) => name.includes(url));",
    named: "of an address that begins alike",
  }),
  inFile(
    "src/verify/notary/revocation/index.ts",
    revocation,
  )({
    name: "notary: an authority that cannot be asked has not said that it is good",
    code: "REVOCATION_NOT_CHECKED",
    remove: "if (ocsp.length === 0 && crl.length === 0) return { good: true };",
    put: "if (responder === undefined && list === undefined) return { good: true };",
    named: "in a directory alone",
  }),
  inFile(
    "src/verify/notary/hold.ts",
    revocation,
  )({
    name: "notary: nobody is asked at an address that nobody vouches for",
    remove: "chain.slice(0, chain.indexOf(anchor) + 2)",
    put: "chain",
    named: "whatever stands above them",
  }),
  standing({
    name: "notary: the time is of the signer's own trust",
    code: "TOO_NEW",
    remove: "signedAt: held?.signedAt ?? null",
    put: "signedAt",
    named: "is the signer's own authority's",
  }),
  standing({
    name: "notary: one authority is one hand",
    code: "COUNT_NOT_MET",
    remove: "anchors: held?.authorities ?? []",
    put: "anchors: []",
    named: "are one where one authority could have made both",
  }),
  inFile(
    "src/policy/signers/notary.ts",
    "test/policy/signers/standing.test.ts",
  )({
    name: "notary: a revoked signer is revoked whatever its level passes",
    code: "REVOKED",
    remove: "return signer.notary.anchoredBy.includes(trust)",
    put: "return signer.notary.heldBy.some((one) => one.trust === trust)",
    named: "under another one's lower level alone",
  }),
  stores({
    name: "notary: an authority's certificate alone is no signer",
    remove: "if (is.identities === undefined) requireLeaves(place, name, anchors);",
    put: "",
    named: "never whatever an authority issues",
  }),
  inFile(
    "src/policy/signers/notary.ts",
    "test/author/notary-claims.test.ts",
  )({
    name: "notary: an envelope holds under the signer's own trust",
    code: "UNTRUSTED_SIGNER",
    remove: "if (trust === undefined || !signer.notary.heldBy.some((one) => one.trust === trust))",
    put: "if (false)",
    named: "what holds under another signer's trust",
  }),
  inFile(
    "src/policy/signers/nuget.ts",
    "test/verify/nuget/authorities.test.ts",
  )({
    name: "nuget: a subject counts under its authority alone",
    code: "UNTRUSTED_SIGNER",
    remove: "issuer.fingerprints.some((one) => found.includes(one))",
    put: "issuer.fingerprints.length > 0",
    named: "who writes the same names into certificates of his own",
  }),
  inFile(
    "src/verify/nuget/authorities.ts",
    "test/verify/nuget/authorities.test.ts",
  )({
    name: "nuget: an authority is one that may issue",
    code: "UNTRUSTED_SIGNER",
    remove: "requireIssued(chain, PURPOSE.codeSigning);",
    put: "",
    named: "names no authority that may not issue",
  }),
  inFile(
    "src/policy/consistency/notary.ts",
    "test/project/named/trust-stores.test.ts",
  )({
    name: "notary: a level is no weaker than its rule",
    remove: 'if ((rule.mode ?? policy.mode ?? "enforce") === "audit") return [];',
    put: "return [];",
    named: "the level audit goes with a rule in audit mode alone",
  }),
];
