/** Signers that are told by certificates of authorities which no Sigstore instance has. */
import * as v from "valibot";
import { list, literal, relativePath } from "./texts.ts";

const Fingerprint = v.pipe(v.string(), v.regex(/^sha256:[0-9a-f]{64}$/, "expected sha256:HEX in lower case"));

/** By the certificate, or by whose it is and who issued it: which keys go together is checked after parsing. */
export const NugetSignature = v.strictObject({
  kind: v.picklist(["author", "repository"]),
  fingerprints: v.exactOptional(list(Fingerprint, "SHA-256 of the signing certificate, any of them")),
  subject: v.exactOptional(
    literal("What its subject must have (RFC 4514), such as CN=Contoso, O=Contoso; with issuer"),
  ),
  issuer: v.exactOptional(
    v.strictObject({
      subject: v.exactOptional(literal("What the subject of the issuing authority must have")),
      fingerprints: list(
        Fingerprint,
        "SHA-256 of the issuing authority's certificate, or of one above it, any of them",
      ),
    }),
  ),
  policies: v.exactOptional(
    list(
      v.pipe(v.string(), v.regex(/^\d+(?:\.\d+)+$/, "expected an OID in dots")),
      "Certificate policies or purposes that the certificate must have, all of them",
    ),
  ),
});

const Identity = v.pipe(
  v.string(),
  v.regex(/^x509\.subject: ?\S/, 'expected "x509.subject: C=US, O=Contoso, CN=release"; "*" cannot be written'),
  v.maxLength(1000),
  v.description("Attributes that the subject of the signing certificate must have (RFC 4514), whatever else it has"),
);

/** Names as in the Notary Project's trust policy. */
export const Notary = v.strictObject({
  trustStore: list(
    relativePath("Certificates of authorities, or of the signer itself, PEM or DER"),
    "One of them must be in the signature's chain",
  ),
  type: v.exactOptional(
    v.pipe(
      v.picklist(["ca", "signingAuthority"]),
      v.description(
        "Whom the trust store names: ca when absent; signingAuthority: a service that vouches for the time",
      ),
    ),
  ),
  tsa: v.exactOptional(
    list(relativePath("Root certificates, PEM or DER"), "Authorities for timestamps: with them a timestamp is needed"),
  ),
  identities: v.exactOptional(list(Identity, "Any of these; may be absent where the trust store is the signer itself")),
  level: v.exactOptional(
    v.pipe(
      v.picklist(["strict", "permissive", "audit"]),
      v.description(
        "strict when absent; permissive passes over time, expiry and revocation; audit in audit mode alone",
      ),
    ),
  ),
  timestamp: v.exactOptional(
    v.pipe(
      v.picklist(["always", "afterCertExpiry"]),
      v.description("With tsa: when a timestamp is needed; always when absent"),
    ),
  ),
});
