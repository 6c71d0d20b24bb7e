import type { TrustRoot } from "../../model/trust.ts";
import type { AuditedSignature } from "../audit.ts";
import { bundleOf, bytesToSign } from "../content.ts";
import type { FileToSign, Sealed, Signatory } from "../sign.ts";
import type { CertifiedKey } from "./certificate.ts";
import type { SigstoreInstance } from "./instance.ts";
import type { Clock } from "./window.ts";
import { witnessed } from "./witnesses.ts";

interface KeylessMeans {
  readonly instance: SigstoreInstance;
  readonly root: TrustRoot;
  readonly clock: Clock;
  readonly caller: AuditedSignature["caller"];
  /** Once, at the first file: the token and the certificate live for minutes. @throws SafeInstallError */
  readonly certified: () => Promise<CertifiedKey>;
}

/** An identity: a certificate for a key that nobody keeps, and whoever saw the signature made. */
export function keylessSignatory({ instance, root, clock, caller, certified }: KeylessMeans): Signatory {
  let begun: Promise<CertifiedKey> | null = null;
  const seal = async ({ content }: FileToSign): Promise<Sealed> => {
    begun ??= certified();
    const key = await begun;
    const signature = key.sign(bytesToSign(content));
    const proof = await witnessed(content, signature, key, instance, clock);
    const logIndexes = proof.entries.map((one) => (one as { readonly logIndex?: string }).logIndex ?? "0");
    return {
      bundle: bundleOf(content, signature, { signer: { certificate: key.certificate }, ...proof }, "sha256"),
      about: { certificate: key.fingerprint, logIndexes },
    };
  };
  return { caller, by: { authority: instance.authority }, seal, roots: [root], keys: [] };
}
