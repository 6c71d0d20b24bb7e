import type { Attestation } from "../../model/attestation.ts";
import type { Comparison, Denial } from "../../model/codes.ts";
import type { RevocationQuestion } from "../../model/notary.ts";
import type { TrustRoot } from "../../model/trust.ts";
import type { Host } from "../../plugin.ts";
import type { NotaryTrust } from "../../verify/notary/trust.ts";
import type { HeldKey } from "../../verify/verifier.ts";

/** Who is expected to have signed, and what that rests on. */
export interface ExpectedSigner {
  readonly roots: readonly TrustRoot[];
  readonly keys: readonly HeldKey[];
  /** In what an attestation is not by the expected signer; empty: it is. */
  readonly compare: (attestation: Attestation) => readonly Comparison[];
  /** What must vouch, for people to read; absent: the policy says it. */
  readonly asks?: string;
  /** What an envelope of the Notary Project may hold under. */
  readonly notary?: readonly NotaryTrust[];
  /** Another signer is told, and passed over: then nothing is verified. */
  readonly isAudit?: boolean;
  /** Why a policy takes it back; absent: no policy is asked. */
  readonly revoked?: (attestation: Attestation) => readonly Denial[];
}

/** What the expectation is made from. */
export interface ExpectationSources {
  readonly cwd: string;
  readonly host: Pick<Host, "read" | "now">;
  /** The built-in root, as it is held here. */
  publicGood(): Promise<TrustRoot>;
  /** An authority, whether it has taken a certificate back; a text says why it does not answer. */
  revocation?(question: RevocationQuestion): Promise<Buffer | string>;
  /** A signer of the project's policy. @throws SafeInstallError there is none of that name */
  signerNamed(name: string, version: string | null): Promise<ExpectedSigner>;
}
