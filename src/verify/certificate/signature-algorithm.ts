import { constants, type KeyObject, type VerifyKeyObjectInput } from "node:crypto";
import { dotted } from "./names.ts";

/** How an issuer signed a certificate, as Node's `verify` takes it. */
export interface SignedWith {
  /** null: the bytes themselves. */
  readonly hash: string | null;
  readonly by: (key: KeyObject) => KeyObject | VerifyKeyObjectInput;
}

/** RSASSA-PSS: what counts of it is in the parameters (RFC 4055 section 3.1). */
export const PSS = "2a864886f70d01010a";

/** By the hex of the OID's content octets; of PSS by those of the whole AlgorithmIdentifier. */
const ALGORITHMS: Readonly<Record<string, SignedWith>> = {
  "2a8648ce3d040302": plain("sha256"),
  "2a8648ce3d040303": plain("sha384"),
  "2a8648ce3d040304": plain("sha512"),
  "2a864886f70d01010b": plain("sha256"),
  "2a864886f70d01010c": plain("sha384"),
  "2a864886f70d01010d": plain("sha512"),
  "2b6570": plain(null),
  ...pss("sha256", "01", 32),
  ...pss("sha384", "02", 48),
  ...pss("sha512", "03", 64),
};

/** null: in no algorithm that counts. */
export function signedWith(algorithm: string): SignedWith | null {
  return Object.hasOwn(ALGORITHMS, algorithm) ? (ALGORITHMS[algorithm] ?? null) : null;
}

/** For messages: `1.2.840.113549.1.1.5`, and of PSS that its parameters are the reason. */
export function algorithmText(algorithm: string): string {
  if (algorithm.includes(PSS)) return "RSASSA-PSS with parameters other than one SHA-2 and a salt of its length";
  return dotted(algorithm);
}

function plain(hash: string | null): SignedWith {
  return { hash, by: (key) => key };
}

/** One hash for the message and for the mask, a salt as long as it (RFC 8017 section 9.1); its NULL written or left out (RFC 4055 section 2.1). */
function pss(hash: string, arc: string, saltLength: number): Record<string, SignedWith> {
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  const signed: SignedWith = { hash, by: (key) => ({ key, padding, saltLength }) };
  const forms = ["0500", ""].map((none) => {
    const digest = der("30", `06096086480165030402${arc}${none}`);
    const mask = der("30", `06092a864886f70d010108${digest}`);
    const salt = `0201${saltLength.toString(16)}`;
    return `0609${PSS}${der("30", der("a0", digest) + der("a1", mask) + der("a2", salt))}`;
  });
  return Object.fromEntries(forms.map((form) => [form, signed]));
}

function der(tag: string, content: string): string {
  return tag + (content.length / 2).toString(16).padStart(2, "0") + content;
}
