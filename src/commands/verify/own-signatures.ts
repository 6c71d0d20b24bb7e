import { SafeInstallError } from "../../errors.ts";
import { LIMITS } from "../../limits.ts";
import type { Attestation } from "../../model/attestation.ts";
import type { Evidence } from "../../model/evidence.ts";
import { signatureReader } from "../../plugins.ts";
import type { createVerifier } from "../../verify/verifier.ts";
import type { VerifyArguments } from "./arguments.ts";
import { digestsOf } from "./expected.ts";
import type { ExpectationSources, ExpectedSigner } from "./expectation.ts";
import { required } from "./required.ts";

/** A package whose signatures lie in itself, with who is expected to have made one of them. */
export interface OwnSignatures {
  readonly evidence: readonly Evidence[];
  readonly expected: ExpectedSigner;
  readonly verifies: (
    verifier: ReturnType<typeof createVerifier>,
    one: Evidence,
  ) => ReturnType<ReturnType<typeof createVerifier>["verify"]>;
}

/** Without a signer of the policy nobody is expected: then it is told who signed, and that is all. @throws SafeInstallError usage */
export async function ownSignatures(asked: VerifyArguments, io: ExpectationSources): Promise<OwnSignatures> {
  const { artifact, by } = asked;
  const signaturesIn = await signatureReader();
  const { content, evidence } = signaturesIn(await required(artifact, LIMITS.artifactBytes, io), artifact);
  const subject = { names: [], digests: digestsOf(content), bytes: content };
  return { evidence, expected: await expectedOf(by, io), verifies: (verifier, one) => verifier.verify(one, subject) };
}

async function expectedOf(by: VerifyArguments["by"], io: ExpectationSources): Promise<ExpectedSigner> {
  if (by.kind === "signer") return io.signerNamed(by.name, by.version);
  if (by.kind === "anybody") return { roots: [], keys: [], compare: () => [] };
  throw new SafeInstallError("usage", "USAGE", "a package's own signatures are compared with --signer NAME alone", {
    hint: "safe-install help verify",
  });
}

/** What is said of a signature that holds. */
export function signatureRows({ signer, signedAt }: Attestation): readonly (readonly [string, string])[] {
  if (signer.kind !== "key" || signer.certificate === undefined || signer.notary !== undefined) return [];
  return [
    ["signature", signer.usage.replace("nuget:", "NuGet's, of the ")],
    ["certificate", signer.fingerprint],
    ["subject", signer.certificate.subject],
    ["issuer", signer.certificate.issuer],
    ["timestamp", signedAt?.toISOString() ?? "none"],
  ];
}

export const NOBODY_EXPECTED =
  "nobody in particular was expected: --signer NAME compares with the policy. Which authority issued a certificate is not looked at here: dotnet nuget verify does";
