/** Who may have signed: certificates and keys. */
import { inFile } from "./guard.ts";

const TEST = "test/verify/verifier.attack.test.ts";
const profile = inFile("src/verify/attest.ts", TEST);
const claims = inFile("src/verify/certificate/claims.ts", TEST);
const verifier = inFile("src/verify/verifier.ts", TEST);
const library = inFile("src/verify/library.ts", TEST);
const anchor = inFile("src/verify/trust/anchor.ts", TEST);

export const CERTIFICATES = [
  verifier({
    name: "chain, signature, log and time are verified",
    code: "SIGNATURE_INVALID",
    remove: "anchor.library.verify(entityOf(bundle, signer, content, counted));",
    put: "",
    named: "key-hint-forgery",
  }),
  library({
    name: "certificate timestamps, as many as the root asks for",
    code: "CERTIFICATE_INVALID",
    remove: "ctlogThreshold: thresholds.sct,",
    put: "ctlogThreshold: 0,",
    named: "no-SCT",
  }),
  library({
    name: "a key is valid at every vouched time",
    code: "KEY_INVALID",
    remove: "validFor: (at: Date) => start <= at && (end === null || at <= end) };",
    put: "validFor: () => start !== end };",
    named: "a key outside its validity",
  }),
  inFile(
    "src/verify/content.ts",
    TEST,
  )({
    name: "the signature covers the payload's type",
    code: "SIGNATURE_INVALID",
    remove: "return verify(digest, bytes, key, signature);",
    put: "return bytes.length > 0;",
    named: "key-hint-forgery",
  }),
  inFile(
    "src/verify/content.ts",
    TEST,
  )({
    name: "a signature over a given digest",
    code: "SIGNATURE_INVALID",
    remove: "return curves()[name].verify(",
    put: "return true || curves()[name].verify(",
    named: "a forged signature over a digest",
  }),
  inFile(
    "src/verify/certificate/library-certificate.ts",
    TEST,
  )({
    name: "a certificate is signed by its issuer",
    code: "CERTIFICATE_INVALID",
    remove: "return verify(how.hash, tbs, how.by(key), signature);",
    put: "return signature.length > 0;",
    named: "that it did not sign",
  }),
  inFile(
    "src/verify/certificate/library-certificate.ts",
    TEST,
  )({
    name: "a certificate is signed by its issuer, checked beside this thread",
    remove: "resolve(error === null && holds)",
    put: "resolve(error === null)",
    named: "checked beside this thread",
  }),
  profile({
    name: "a signer is no authority",
    code: "CERTIFICATE_INVALID",
    remove: "refuseAuthority(certificate);",
    put: "",
    named: "leaf-is-CA",
  }),
  profile({
    name: "a signer's certificate is for signing code",
    code: "CERTIFICATE_INVALID",
    remove: "requireCodeSigning(certificate);",
    put: "",
    named: "no-codeSigning-EKU",
  }),
  profile({
    name: "a signer's key usage is digital signature",
    code: "CERTIFICATE_INVALID",
    remove: "requireDigitalSignature(certificate);",
    put: "",
    named: "key usage",
  }),
  profile({
    name: "no critical extension that is not known",
    code: "CERTIFICATE_INVALID",
    remove: "refuseUnknownCritical(certificate);",
    put: "",
    named: "an unknown critical extension",
  }),
  claims({
    name: "exactly one subject alternative name",
    code: "SIGNER_AMBIGUOUS",
    remove: "if (name === undefined || names.length > 1) {",
    put: "if (name === undefined) {",
    named: "two-SANs",
  }),
  claims({
    name: "the first generation counts only without the second",
    remove: "return Object.keys(claims).length > 0",
    put: "return Object.keys(claims).length > 9",
    test: "test/verify/certificate/claims.test.ts",
    named: "one claim of the second generation, and nothing falls back",
  }),
  inFile(
    "src/verify/certificate/der.ts",
    TEST,
  )({
    name: "no bytes behind a certificate",
    code: "CERTIFICATE_INVALID",
    remove: "return one.tag === tag && one.end === to ?",
    put: "return one.tag === tag ?",
    named: "deep-DER-trailing-bytes",
  }),
  anchor({
    name: "a key counts with the logs of its own root",
    remove: "roots === null || (root !== null && roots.includes(root))",
    put: "root !== roots",
    named: "a key whose log is of one root only",
  }),
];
