import { createHash } from "node:crypto";
import { loadTrustRoot } from "../../src/project/trust.ts";
import { type Digest, digestOf } from "../../src/model/digest.ts";
import type { TrustRoot } from "../../src/model/trust.ts";
import type { Verdict } from "../../src/model/verdict.ts";
import type { HeldKey } from "../../src/verify/trust/held-key.ts";
import { type Subject, createVerifier } from "../../src/verify/verifier.ts";
import { type Instance, githubIdentity } from "../support/sigstore.ts";

export const identity = githubIdentity({
  repository: "acme/widget",
  workflow: ".github/workflows/release.yml",
  ref: "refs/tags/v1.0.0",
});

export const bytes = Buffer.from("the widget's tarball");
export const name = "pkg:npm/%40acme/widget@1.0.0";
const hex = (algorithm: string) => createHash(algorithm).update(bytes).digest("hex");
export const sha512: Digest = digestOf("sha512", hex("sha512"))!;
export const sha256: Digest = digestOf("sha256", hex("sha256"))!;
export const subjects = [{ name, digest: { sha512: sha512.hex } }];
/** As the gate knows an artifact from a lock: by name and sha512. */
export const locked: Subject = { names: [name], digests: [sha512], bytes: null };

export function rootOf(instance: Instance, thresholds = { tlog: 1, sct: 1, timestamps: 1 }): TrustRoot {
  return loadTrustRoot(Buffer.from(JSON.stringify(instance.trustedRoot)), "test", thresholds);
}

export interface Judging {
  readonly roots: readonly TrustRoot[];
  readonly keys?: readonly HeldKey[];
  readonly subject?: Subject;
  readonly now?: Date;
  readonly statedPredicateType?: string;
}

export function judged(
  bundle: unknown,
  { roots, keys, subject = locked, statedPredicateType, now = new Date() }: Judging,
): Verdict | { status: "needs-bytes" } {
  const evidence = {
    source: "file",
    location: "test",
    bundle,
    ...(statedPredicateType === undefined ? {} : { statedPredicateType }),
  };
  const verifier = createVerifier(roots, keys ?? [], now);
  const verdict = verifier.verify(evidence, subject);
  pairs.push({ verdict, beside: verifier.verifyBeside(evidence, subject) });
  return verdict;
}

type Judged = ReturnType<ReturnType<typeof createVerifier>["verify"]>;
const pairs: { readonly verdict: Judged; readonly beside: Promise<Judged> }[] = [];

/** Every verdict of `judged` so far, and what the same verifier says where it works beside this thread. */
export function besides(): Promise<readonly { readonly verdict: Judged; readonly beside: Judged }[]> {
  return Promise.all(pairs.map(async ({ verdict, beside }) => ({ verdict, beside: await beside })));
}

/** "verified", "foreign", "needs-bytes", or the code of what does not hold. */
export function outcome(bundle: unknown, judging: Judging): string {
  const verdict = judged(bundle, judging);
  return verdict.status === "broken" ? verdict.code : verdict.status;
}

type Json = Record<string, unknown>;

/** A copy with one place changed: `edited(bundle, (b) => { b.x.y = 1 })`. */
// oxlint-disable-next-line typescript/no-explicit-any
export function edited(bundle: unknown, edit: (copy: any) => void): Json {
  const copy = structuredClone(bundle) as Json;
  edit(copy);
  return copy;
}
