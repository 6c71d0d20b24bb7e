import { ArtifactError, SafeInstallError } from "../../errors.ts";
import { loadPolicy } from "../../gate/ground.ts";
import type { Claims } from "../../model/claims.ts";
import type { Comparison } from "../../model/codes.ts";
import { PUBLIC_GOOD, type TrustRoot } from "../../model/trust.ts";
import type { Layer } from "../../policy/layer.ts";
import { matchRule } from "../../policy/match.ts";
import type { LoadedPolicy } from "../../project/policy-file.ts";
import { compareForeseen } from "../../policy/signers/foreseen.ts";
import { signerOf } from "../../policy/signers/signer.ts";
import type { FileRead } from "./files.ts";

/** The policy of those who will install it, where it is at hand. */
export interface PolicyAtHand {
  readonly layers: readonly Layer[];
  /** That its policies name. */
  readonly roots: readonly TrustRoot[];
  /** The id of the trust root under which the first signer that is expected signs; null: nobody is expected. */
  readonly rootId: string | null;
  /** What nothing could be compared with, for people. */
  readonly notes: readonly string[];
  /** @throws ArtifactError UNTRUSTED_SIGNER: a certificate with these claims is not one that is pinned for a file */
  require(claims: Claims, isWhole: boolean): void;
}

interface PolicyAsked {
  /** As it was typed; null: the policies that are found from here. */
  readonly policy: string | null;
  /** A signer of it; null: those that its rules name for each package. */
  readonly signer: string | null;
}

/** @returns null where there is no policy and none was named. @throws SafeInstallError kind "policy" */
export async function policyAtHand(
  asked: PolicyAsked,
  files: readonly FileRead[],
  cwd: string,
): Promise<PolicyAtHand | null> {
  const loaded = await layersAtHand(asked.policy, cwd);
  if (loaded === null && asked.signer !== null) throw noSuchSigner(asked.signer);
  if (loaded === null) return null;
  const { layers, roots } = loaded;
  const expected = files.flatMap((file) => expectedFor(file, asked.signer, layers));
  const [first] = expected;
  const signer = first === undefined ? null : signerOf(first.layer, first.names[0] ?? "");
  return {
    layers,
    roots,
    rootId: first === undefined || signer === null ? null : (first.layer.roots[signer.trust ?? PUBLIC_GOOD] ?? null),
    notes: files
      .filter((file) => !expected.some((one) => one.file === file))
      .map(({ file }) => `${file}: the policy pins nobody for it, and nothing was compared`),
    require: (claims, isWhole) => expected.forEach((one) => requireOne(one, claims, isWhole)),
  };
}

/** null: there is no policy here, and none was named. @throws SafeInstallError kind "policy" */
export async function layersAtHand(policy: string | null, cwd: string): Promise<LoadedPolicy | null> {
  return loadPolicy(cwd, policy, cwd).catch((error: unknown) => {
    if (error instanceof SafeInstallError && error.code === "NO_POLICY" && policy === null) return null;
    throw error;
  });
}

function noSuchSigner(name: string): SafeInstallError {
  return new SafeInstallError("policy", "NO_SUCH_SIGNER", `no policy at hand has a signer "${name}"`, {
    hint: "name one of its signers",
  });
}

interface Expected {
  readonly file: FileRead;
  readonly layer: Layer;
  /** Any of them. */
  readonly names: readonly string[];
}

/** Every policy that speaks of the package is asked: all must allow. */
function expectedFor(file: FileRead, signer: string | null, layers: readonly Layer[]): readonly Expected[] {
  if (signer !== null) {
    const layer = layers.findLast((one) => signerOf(one, signer) !== null);
    if (layer === undefined) throw noSuchSigner(signer);
    return [{ file, layer, names: [signer] }];
  }
  const { built } = file;
  if (built === null) return [];
  return layers.flatMap((layer) => {
    const match = matchRule(layer.policy, built.package);
    const names = match.kind === "rule" ? (match.rule.signedBy ?? []) : [];
    return names.length === 0 ? [] : [{ file, layer, names }];
  });
}

function requireOne({ file, layer, names }: Expected, claims: Claims, isWhole: boolean): void {
  const version = file.built?.package.version ?? null;
  const compared = names.map((name) => ({ name, details: compareForeseen(layer, name, { claims, isWhole, version }) }));
  const [nearest] = compared.toSorted((left, right) => left.details.length - right.details.length);
  if (nearest === undefined || nearest.details.length === 0) return;
  throw mismatch(file.file, nearest.name, layer.name, nearest.details);
}

function mismatch(file: string, name: string, policy: string, details: readonly Comparison[]): ArtifactError {
  return new ArtifactError({
    code: "UNTRUSTED_SIGNER",
    message: `${file}: whoever asks here is not the signer "${name}" that ${policy} pins; nothing was signed or logged`,
    details,
    hint: "sign where that pipeline runs, or let the policy change first",
  });
}
