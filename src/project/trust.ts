import { createHash } from "node:crypto";
import { SafeInstallError } from "../errors.ts";
import { parseJson } from "../json.ts";
import { LIMITS } from "../limits.ts";
import { PUBLIC_GOOD, type Thresholds, type TrustRoot } from "../model/trust.ts";
import { REGISTRY_KEYS, registryKeysIn } from "../trust/registry-keys.ts";
import { publicGoodSeed, TRUSTED_ROOT } from "../trust/repository.ts";
import type { HeldKey } from "../verify/trust/held-key.ts";
import { readTrustedRoot } from "../verify/trust/trusted-root.ts";

/** The trust root of Sigstore's public-good instance, as it came with this program: needs no network. */
export function publicGoodRoot(): TrustRoot {
  const json = parseJson(seeded((name) => name === TRUSTED_ROOT).toString("utf8"));
  return { id: PUBLIC_GOOD, name: PUBLIC_GOOD, json, thresholds: { tlog: 1, sct: 1, timestamps: 1 } };
}

/** The default npm registry's keys, as they came with this program. */
export function registryKeys(): readonly HeldKey[] {
  return registryKeysIn(seeded((name) => REGISTRY_KEYS.test(name)));
}

function seeded(named: (target: string) => boolean): Buffer {
  const found = Object.entries(publicGoodSeed().targets).find(([name]) => named(name));
  if (found === undefined) throw new Error("the embedded trust root is missing");
  return found[1];
}

/**
 * Reads a trust root file: `trusted_root.json`, a ClientTrustConfig that holds one, or JSON Lines of them
 * (each line is an instance of its own). The id is a digest of content and thresholds.
 * @throws SafeInstallError kind "policy"
 */
export function loadTrustRoot(bytes: Buffer, name: string, thresholds: Thresholds): TrustRoot {
  if (bytes.length > LIMITS.trustedRootBytes) invalid(name, "larger than any trust root");
  requireThresholds(thresholds, name);
  const instances = documents(bytes, name).map(trustedRootIn);
  for (const instance of instances) readTrustedRoot(instance, name);
  const { tlog, sct, timestamps } = thresholds;
  const id = createHash("sha256").update(`${tlog}/${sct}/${timestamps}\n`).update(bytes).digest("hex");
  return { id: `sha256:${id}`, name, json: instances.length === 1 ? instances[0] : instances, thresholds };
}

function requireThresholds(thresholds: Thresholds, name: string): void {
  for (const [what, count] of Object.entries(thresholds)) {
    if (!Number.isInteger(count) || count < 0 || count > LIMITS.tlogEntries)
      invalid(name, `the threshold ${what} is not a small count`);
  }
}

/** One JSON text, or one on each line. */
function documents(bytes: Buffer, name: string): readonly unknown[] {
  const text = bytes.toString("utf8");
  try {
    return [parseJson(text)];
  } catch (whole) {
    const lines = text.split("\n").filter((line) => line.trim() !== "");
    if (lines.length < 2 || !lines.every((line) => line.trimStart().startsWith("{")))
      return invalid(name, reason(whole));
    try {
      return lines.map(parseJson);
    } catch (error) {
      return invalid(name, reason(error));
    }
  }
}

/** ClientTrustConfig (protobuf-specs) carries a trusted root beside a signing configuration. */
function trustedRootIn(json: unknown): unknown {
  const config = json as { readonly mediaType?: unknown; readonly trustedRoot?: unknown } | null;
  const isConfig =
    typeof config?.mediaType === "string" &&
    config.mediaType.startsWith("application/vnd.dev.sigstore.clienttrustconfig");
  return isConfig ? config.trustedRoot : json;
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function invalid(name: string, why: string): never {
  throw new SafeInstallError("policy", "TRUST_ROOT_INVALID", `trust root ${name}: ${why}`);
}
