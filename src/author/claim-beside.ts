/** One claim that a signer asks for, beside what the evidence says. */
export interface ClaimBeside {
  /** The policy's word, and the certificate's. */
  readonly key: string;
  readonly claim: string;
  readonly expected: string;
  readonly found: string;
  readonly holds: boolean;
}
