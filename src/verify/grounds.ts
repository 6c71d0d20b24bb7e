import type { KeyObject } from "node:crypto";
import { addressed, fitting, hinted, ofPolicies } from "./trust/anchor.ts";
import type { Bundle } from "./bundle/bundle.ts";
import { type NamedSigner, keyIn } from "./certificate/signer.ts";
import { type SignedContent, signedContent } from "./content.ts";
import { fail } from "./fault.ts";
import type { Bound } from "./library.ts";
import type { Subject } from "../model/subject.ts";

interface Grounds {
  readonly content: SignedContent;
  readonly candidates: readonly Bound[];
}

/** What a bundle may stand on; null: it is nobody's that is known here. */
export function groundsOf(
  bundle: Bundle,
  signer: NamedSigner,
  subject: Subject,
  anchors: readonly Bound[],
): Grounds | "needs-bytes" | null {
  if (signer.kind === "key") return groundsOfKey(bundle, signer.hint, subject, anchors);
  const candidates = addressed(anchors, signer.certificate);
  if (candidates.length === 0) return null;
  const content = signedContent(bundle, subject, () => [keyIn(signer.certificate)]);
  return content === null ? "needs-bytes" : { content, candidates };
}

/** A hint is no promise: the likely keys are tried first, and the signature says whose it is. */
function groundsOfKey(
  bundle: Bundle,
  hint: string,
  subject: Subject,
  anchors: readonly Bound[],
): Grounds | "needs-bytes" | null {
  const vouched = bundle.entries.length + bundle.timestamps.length > 0;
  const named = hinted(anchors, hint);
  let claimed: Grounds | null = null;
  for (const tried of [named, ofPolicies(anchors)]) {
    if (tried.length === 0) continue;
    const content = signedContent(bundle, subject, () => tried.flatMap(publicKeyOf));
    if (content === null) return "needs-bytes";
    const candidates = tried.filter((one) => publicKeyOf(one).some((key) => content.verifySignature(key)));
    if (candidates.length > 0) return { content, candidates: fitting(candidates, vouched) };
    refuseDeprecated(content, tried.flatMap(publicKeyOf));
    if (tried === named) claimed = { content, candidates: fitting(named, vouched) };
  }
  return claimed;
}

/** @throws Fault one of the keys made it, in an algorithm that is not taken */
export function refuseDeprecated(content: SignedContent, keys: readonly KeyObject[]): void {
  for (const key of keys) {
    const name = content.deprecated(key);
    if (name !== null) fail("SIGNATURE_INVALID", `signed in ${name}, which is deprecated and not taken: sign again`);
  }
}

function publicKeyOf({ key }: Bound): readonly KeyObject[] {
  return key === null ? [] : [key.publicKey];
}
