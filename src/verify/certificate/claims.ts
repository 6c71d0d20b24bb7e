import { type Certificate, OID, sequenceIn } from "./certificate.ts";
import { CLAIM_OIDS, type Claims, type ExtensionClaim } from "../../model/claims.ts";
import { children, contentOf, only } from "./der.ts";
import { fail } from "../fault.ts";

/** Fulcio's user name in an otherName: 1.3.6.1.4.1.57264.1.7. */
const USER_NAME = OID.fulcio(7);
const NAMES = Object.entries(CLAIM_OIDS) as readonly (readonly [ExtensionClaim, number])[];

/**
 * Who the certificate says asked for it. Texts are taken byte for byte; a claim that is not there is absent.
 * Certificates with none of .8 to .24 (Fulcio until 2023) fall back to .1 to .6. @throws Fault
 */
export function claimsOf(certificate: Certificate): Claims {
  const subjectAlternativeName = subjectAltName(certificate);
  const claims: Partial<Record<ExtensionClaim, string>> = {};
  for (const [name, arc] of NAMES) {
    const value = certificate.extensions.get(OID.fulcio(arc))?.value;
    if (value !== undefined) claims[name] = utf8(value, only(value, 0, value.length, 0x0c));
  }
  const issuer = rawText(certificate, 1);
  if (issuer !== undefined && claims.issuer !== undefined && issuer !== claims.issuer) {
    return fail("SIGNER_AMBIGUOUS", "the certificate names two different issuers of its identity");
  }
  return Object.keys(claims).length > 0
    ? { subjectAlternativeName, ...claims }
    : { subjectAlternativeName, ...firstGeneration(certificate, subjectAlternativeName) };
}

/** Exactly one name: a URI, an e-mail address or a Fulcio user name. */
function subjectAltName({ extensions }: Certificate): string {
  const extension = extensions.get(OID.subjectAltName);
  if (extension === undefined) return fail("SIGNER_AMBIGUOUS", "the certificate has no subject alternative name");
  const names = sequenceIn(extension);
  const [name] = names;
  if (name === undefined || names.length > 1) {
    return fail("SIGNER_AMBIGUOUS", "the certificate does not have exactly one subject alternative name");
  }
  const { value } = extension;
  if (name.tag === 0x86 || name.tag === 0x81) return ascii(contentOf(value, name));
  const [type, wrapped] = name.tag === 0xa0 ? children(value, name) : [];
  if (type !== undefined && wrapped?.tag === 0xa0 && contentOf(value, type).toString("hex") === USER_NAME) {
    return utf8(value, only(value, wrapped.content, wrapped.end, 0x0c));
  }
  return fail("SIGNER_AMBIGUOUS", "the certificate's subject alternative name is of a kind that is not known");
}

function firstGeneration(certificate: Certificate, san: string): Claims {
  const issuer = rawText(certificate, 1);
  const trigger = rawText(certificate, 2);
  const repository = rawText(certificate, 5);
  const ref = rawText(certificate, 6);
  return {
    ...(issuer === undefined ? {} : { issuer }),
    ...(trigger === undefined ? {} : { buildTrigger: trigger }),
    ...(ref === undefined ? {} : { sourceRepositoryRef: ref }),
    ...(repository === undefined
      ? {}
      : { sourceRepositoryURI: `https://github.com/${repository}`, buildSignerURI: san, buildConfigURI: san }),
  };
}

/** The first generation wrote texts without any DER around them. */
function rawText({ extensions }: Certificate, arc: number): string | undefined {
  const value = extensions.get(OID.fulcio(arc))?.value;
  return value === undefined ? undefined : decode(value);
}

function utf8(buffer: Buffer, one: Parameters<typeof contentOf>[1]): string {
  return decode(contentOf(buffer, one));
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return fail("CERTIFICATE_INVALID", "a claim of the certificate is not UTF-8");
  }
}

/** IA5String. */
function ascii(bytes: Buffer): string {
  if (bytes.length === 0 || bytes.some((byte) => byte < 0x20 || byte > 0x7e)) {
    return fail("CERTIFICATE_INVALID", "the certificate's subject alternative name is not printable ASCII");
  }
  return bytes.toString("latin1");
}
