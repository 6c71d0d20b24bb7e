import { SafeInstallError } from "../errors.ts";
import type { Ecosystem } from "../model/package.ts";
import type { Source } from "../model/wanted.ts";
import type { RuleIndex } from "./match.ts";
import type { Mode, Policy, Rule } from "./schema/index.ts";

/** One policy file that applies to a project. Layers come outermost first. */
export interface Layer {
  /** Path relative to the repository root, for messages. */
  readonly name: string;
  /** sha256 (hex) of the file's text. */
  readonly digest: string;
  readonly policy: Policy;
  /** Of that policy, so that matching a package does not read every rule. */
  readonly index?: RuleIndex;
  /** The policy's trust names to `TrustRoot.id`; always has "public-good". */
  readonly roots: Readonly<Record<string, string>>;
  /** The keys of each signer that names key files, by the signer's name. */
  readonly keys?: Readonly<Record<string, readonly SignerKey[]>>;
  /** What each signer of the Notary Project trusts, by the signer's name. */
  readonly notary?: Readonly<Record<string, SignerTrust>>;
  /** Content of the recorded file; null where the policy names none. */
  readonly recorded: RecordedDigests | null;
  /** The policy's sources in order, with absolute folders. */
  readonly sources: Readonly<Partial<Record<Ecosystem, readonly Source[]>>>;
  /** From the command line (see `tighten`); null: as the policy says. */
  readonly override: Mode | null;
}

/** Known bytes: exactly the digests that the recorded file holds for one version. */
export interface RecordedDigests {
  /** Digests (`sha512:HEX`) by `packageKey` of name and version. */
  readonly digests: ReadonlyMap<string, readonly string[]>;
}

/** A public key that a policy names; see `HeldKey`. */
export interface SignerKey {
  /** As the policy spells it. */
  readonly file: string;
  readonly id: string;
  readonly fingerprint: string;
}

/** The trust store that a policy's signer names; see `NotaryTrust`. */
export interface SignerTrust {
  readonly trust: string;
  readonly certificates: readonly TrustedCertificate[];
}

/** A certificate of a trust store. */
export interface TrustedCertificate {
  /** As the policy spells it. */
  readonly file: string;
  readonly type: "ca" | "signingAuthority" | "tsa";
  /** `sha256:HEX` over the DER. */
  readonly fingerprint: string;
  readonly subject: string;
  readonly isAuthority: boolean;
  /** Its last moment. */
  readonly notAfter: Date;
}

/** The mode of one rule, or of the layer where no rule speaks. */
export function modeOf(layer: Layer, rule: Rule | null): Mode {
  if (layer.override === "enforce") return "enforce";
  return rule?.mode ?? layer.override ?? layer.policy.mode ?? "enforce";
}

/**
 * The layers as the command line wants them: `--enforce` always, `--audit` only where every layer has `"commandLine": { "audit": true }`.
 * A rule's own `"mode": "enforce"` stays.
 * @throws SafeInstallError (usage, AUDIT_NOT_ALLOWED)
 */
export function tighten(
  layers: readonly Layer[],
  asked: { readonly audit?: boolean; readonly enforce?: boolean },
): readonly Layer[] {
  if (asked.enforce === true) return layers.map((layer) => ({ ...layer, override: "enforce" }));
  if (asked.audit !== true) return layers;
  const closed = layers.find((layer) => layer.policy.commandLine?.audit !== true);
  if (closed !== undefined) {
    throw new SafeInstallError("usage", "AUDIT_NOT_ALLOWED", `${closed.name} does not allow --audit`, {
      hint: 'its owner can allow it with "commandLine": { "audit": true }, or set "mode": "audit"',
    });
  }
  return layers.map((layer) => ({ ...layer, override: "audit" }));
}

/** Further origins that a lock may name: the outermost policy's, because an inner one never loosens. */
export function registriesOf(layers: readonly Layer[], ecosystem: Ecosystem): readonly string[] {
  return layers[0]?.policy.registries?.[ecosystem] ?? [];
}
