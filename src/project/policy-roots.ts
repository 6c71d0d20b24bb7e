import { SafeInstallError } from "../errors.ts";
import { parseJson } from "../json.ts";
import { LIMITS } from "../limits.ts";
import { BUILT_IN, GITHUB, PUBLIC_GOOD, type Thresholds, type TrustRoot } from "../model/trust.ts";
import type { Layer } from "../policy/layer.ts";
import type { Policy, Signer, TrustEntry } from "../policy/schema/index.ts";
import { durationOf } from "../policy/signers/signed.ts";
import { builtInRoot } from "../trust/open.ts";
import { repositoryOf } from "../trust/repository.ts";
import { instancesOf } from "../verify/trust/anchor.ts";
import { readTrustedRoot } from "../verify/trust/trusted-root.ts";
import { type PolicyPlace, readNamed } from "./policy-names.ts";
import { createHash } from "node:crypto";

/** Reads a root's file. @throws SafeInstallError */
export type LoadTrustRoot = (bytes: Buffer, name: string, thresholds: Thresholds) => TrustRoot;

/** The roots that a policy names, and the built-in ones that its signers ask for; without public-good as it is. @throws SafeInstallError */
export async function readRoots(
  place: PolicyPlace,
  { trust = {}, signers = {} }: Policy,
  loadTrustRoot: LoadTrustRoot,
): Promise<readonly TrustRoot[]> {
  const asksGithub = Object.values(signers).some((signer) => signer.trust === GITHUB);
  const named = await Promise.all(
    Object.entries(trust).map(([name, entry]) => readRoot(place, name, entry, loadTrustRoot)),
  );
  return asksGithub && !Object.hasOwn(trust, GITHUB) ? [...named, builtInRoot(GITHUB)] : named;
}

async function readRoot(
  place: PolicyPlace,
  name: string,
  { trustedRoot, tuf, maxAge, tlog = 1, sct = 1, timestamps = 1 }: TrustEntry,
  loadTrustRoot: LoadTrustRoot,
): Promise<TrustRoot> {
  const maxAgeMs = maxAge === undefined ? undefined : durationOf(maxAge);
  if (Object.hasOwn(BUILT_IN, name)) return builtInRoot(name, maxAgeMs);
  const thresholds = { tlog, sct, timestamps };
  if (tuf !== undefined) return ofRepository(name, await initialRoot(place, tuf), thresholds, maxAgeMs);
  const content = await readNamed(place, trustedRoot ?? "", LIMITS.trustedRootBytes);
  return loadTrustRoot(content, name, thresholds);
}

async function initialRoot(place: PolicyPlace, { mirror, root }: NonNullable<TrustEntry["tuf"]>) {
  const bytes = await readNamed(place, root, LIMITS.trustedRootBytes);
  if (isTufRoot(bytes)) return { mirror, root: bytes };
  throw new SafeInstallError("policy", "TRUST_ROOT_INVALID", `${place.name} names ${root}: it is no root.json of TUF`, {
    hint: "a trusted_root.json goes under trustedRoot; tuf.root is the repository's own root, whoever serves it",
  });
}

function isTufRoot(bytes: Buffer): boolean {
  try {
    const { signed } = parseJson(bytes.toString("utf8")) as { readonly signed?: { readonly _type?: unknown } };
    return signed?._type === "root";
  } catch {
    return false;
  }
}

function ofRepository(
  name: string,
  tuf: { readonly mirror: string; readonly root: Buffer },
  thresholds: Thresholds,
  maxAgeMs: number | undefined,
): TrustRoot {
  const { key } = repositoryOf(tuf, name);
  const { tlog, sct, timestamps } = thresholds;
  const id = createHash("sha256")
    .update(JSON.stringify([key, tlog, sct, timestamps, maxAgeMs ?? null]))
    .digest("hex");
  return { id: `tuf:${id}`, name, json: null, thresholds, tuf, ...(maxAgeMs === undefined ? {} : { maxAgeMs }) };
}

/** A certificate lives for minutes: under a root that has neither log nor timestamps nothing could ever be proven. @throws SafeInstallError */
export function requireTimes(file: string, { signers = {} }: Policy, roots: readonly TrustRoot[]): void {
  const rootOf = ({ trust = PUBLIC_GOOD }: Signer) => roots.find(({ name }) => name === trust);
  const keyless = Object.entries(signers).filter(([, signer]) => isKeyless(signer));
  const asked = new Set(keyless.map(([, signer]) => rootOf(signer)));
  const timeless = [...asked].filter((root) => root !== undefined && root.json !== null && !hasTimes(root));
  for (const [signer, is] of keyless) {
    const root = rootOf(is);
    if (root === undefined || !timeless.includes(root)) continue;
    const message = `${file}: the signer "${signer}" signs with certificates, and nothing under its trust root "${root.name}" can say when: the root has no log that counts and no timestamp authority`;
    throw new SafeInstallError("policy", "TRUST_ROOT_INVALID", message, {
      hint: "take the instance's whole trusted_root.json, or let its log count: tlog 1",
    });
  }
}

/** The same of roots that are fetched, once they are there: `roots` as they were opened. @throws SafeInstallError */
export function requireOpenedTimes(layers: readonly Layer[], roots: readonly TrustRoot[]): void {
  for (const { name: file, policy, roots: ids } of layers) {
    const fetched = Object.entries(ids).flatMap(([name, id]) =>
      roots.filter((root) => root.id === id && typeof root.tuf === "object").map((root) => ({ ...root, name })),
    );
    requireTimes(file, policy, fetched);
  }
}

function isKeyless({ publicKey, npmRegistry, nugetSignature, notary }: Signer): boolean {
  return [publicKey, npmRegistry, nugetSignature, notary].every((kind) => kind === undefined);
}

function hasTimes({ json, name, thresholds }: TrustRoot): boolean {
  return instancesOf({ json }).some((one) => {
    const { tlogs, timestampAuthorities } = readTrustedRoot(one, name);
    return timestampAuthorities.length > 0 || (tlogs.length > 0 && thresholds.tlog > 0);
  });
}
