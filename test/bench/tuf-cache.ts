import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DEFAULT_MIRROR_URL } from "@sigstore/tuf";

/**
 * Writes a TUF client's cache as a successful update leaves it (TUF specification 1.0.31), with our own trusted root as the target:
 * pacote verifies from it without a network.
 */
export function writeTufCache(folder: string, trustedRoot: unknown): void {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const repository = join(folder, encodeURIComponent(new URL(DEFAULT_MIRROR_URL).host));
  mkdirSync(join(repository, "targets"), { recursive: true });
  const target = Buffer.from(JSON.stringify(trustedRoot));
  const keyval = { public: publicKey.export({ format: "der", type: "spki" }).subarray(-32).toString("hex") };
  const key = { keytype: "ed25519", scheme: "ed25519", keyval };
  const keyid = sha256(Buffer.from(canonical(key)));
  const role = { keyids: [keyid], threshold: 1 };
  const roles = { root: role, timestamp: role, snapshot: role, targets: role };
  const common = { spec_version: "1.0.31", version: 1, expires: "2999-01-01T00:00:00Z" };
  const documents = {
    root: { ...common, _type: "root", consistent_snapshot: true, keys: { [keyid]: key }, roles },
    timestamp: { ...common, _type: "timestamp", meta: { "snapshot.json": { version: 1 } } },
    snapshot: { ...common, _type: "snapshot", meta: { "targets.json": { version: 1 } } },
    targets: {
      ...common,
      _type: "targets",
      targets: { "trusted_root.json": { length: target.length, hashes: { sha256: sha256(target) } } },
    },
  };
  for (const [name, signed] of Object.entries(documents)) {
    writeFileSync(join(repository, `${name}.json`), JSON.stringify(signedBy(privateKey, keyid, signed)));
  }
  writeFileSync(join(repository, "targets", "trusted_root.json"), target);
}

function signedBy(key: KeyObject, keyid: string, signed: unknown): unknown {
  return { signatures: [{ keyid, sig: sign(null, Buffer.from(canonical(signed)), key).toString("hex") }], signed };
}

/** OLPC canonical JSON, for what is written here: ASCII without control characters. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(",")}}`;
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
