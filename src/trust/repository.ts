import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { GITHUB, PUBLIC_GOOD, type TrustRoot, type TufSource } from "../model/trust.ts";
import { githubSeed } from "./github-seed.ts";

/** A repository of The Update Framework that serves a trust root, and what we hold of it from the beginning. */
export interface TrustRepository extends TufSource {
  /** For messages: a policy's name for the root, or the built-in one's. */
  readonly name: string;
  /** Tells chains apart: a digest of the initial root and the mirror's address. One mirror under two roots is two repositories. */
  readonly key: string;
  /** What came with this program, by target: counts until something was fetched. */
  readonly seed: Readonly<Record<string, Buffer>>;
  /** Targets that are taken where the repository has them; `TRUSTED_ROOT` it must have. */
  readonly further: readonly string[];
}

export const TRUSTED_ROOT = "trusted_root.json";

/** The built-in roots, each with the mirror that an operator may name instead: the chain stays the built-in one. */
export function builtInRepository(name: string, mirrors: Readonly<Record<string, string>>): TrustRepository {
  const { mirror, root, targets } = name === GITHUB ? githubSeed() : publicGoodSeed();
  const keys = Object.keys(targets).filter((target) => target !== TRUSTED_ROOT);
  return repositoryOf({ mirror: mirrors[name] ?? mirror, root }, name, targets, keys);
}

/** A repository that a policy names: its first root is the policy's file. */
export function repositoryOf(
  { mirror, root }: TufSource,
  name: string,
  seed: TrustRepository["seed"] = {},
  further: readonly string[] = [],
): TrustRepository {
  const address = mirror.replace(/\/+$/, "");
  const digest = createHash("sha256").update(root).digest("hex");
  const key = createHash("sha256").update(`${digest}\n${address}`).digest("hex");
  return { mirror: address, root, name, key, seed, further };
}

/** Where a root is refreshed from; null: it is a file that stays as it is. */
export function sourceOf(root: TrustRoot, mirrors: Readonly<Record<string, string>>): TrustRepository | null {
  if (root.tuf === undefined) return null;
  return root.tuf === "built-in" ? builtInRepository(root.name, mirrors) : repositoryOf(root.tuf, root.name);
}

export function isBuiltIn(name: string): boolean {
  return name === PUBLIC_GOOD || name === GITHUB;
}

interface Seed extends TufSource {
  readonly targets: Readonly<Record<string, Buffer>>;
}

/** The first-use root and targets that `@sigstore/tuf` ships: `{mirror: {"root.json": base64, targets: {name: base64}}}`. */
export function publicGoodSeed(): Seed {
  const seeds = createRequire(import.meta.url)("@sigstore/tuf/seeds.json") as Readonly<
    Record<string, { readonly "root.json": string; readonly targets: Readonly<Record<string, string>> }>
  >;
  const [found] = Object.entries(seeds);
  if (found === undefined) throw new Error("the embedded trust root is missing");
  const [mirror, { "root.json": root, targets }] = found;
  const decoded = Object.entries(targets).map(([name, text]) => [decodeURIComponent(name), bytes(text)] as const);
  return { mirror, root: bytes(root), targets: Object.fromEntries(decoded) };
}

function bytes(base64: string): Buffer {
  return Buffer.from(base64, "base64");
}
