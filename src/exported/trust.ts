import { loadPolicy } from "../gate/ground.ts";
import type { ClosableHost } from "../io/host.ts";
import { GITHUB, type TrustRoot } from "../model/trust.ts";
import { type CarriedRepository, decodeBundle, encodeBundle } from "../trust/bundle.ts";
import { takeCarried } from "../trust/carried.ts";
import { builtInRoot, PUBLIC_GOOD_ROOT } from "../trust/open.ts";
import { sourceOf, type TrustRepository } from "../trust/repository.ts";
import { heldOf } from "../trust/state.ts";
import { damaged, type Pack } from "./pack.ts";
import { folderOfLock } from "../plugins.ts";
import { resolve } from "node:path";

/** Whose policies name roots: where the command was typed, and where the locks lie that it names. */
export interface TrustPlaces {
  readonly policy: string | null;
  /** Absolute. */
  readonly cwd: string;
  /** As typed. */
  readonly lockfiles: readonly string[];
}

/** What is held of the roots that a judgement here stands on, as `trust pin` writes it; null: nothing but what came with the program. */
export async function heldTrust(places: TrustPlaces, host: ClosableHost): Promise<string | null> {
  const repositories: CarriedRepository[] = [];
  for (const source of await repositoriesAt(places, host)) {
    const held = await heldOf(source, host);
    if (held !== null) repositories.push({ name: source.name, mirror: source.mirror, held });
  }
  return repositories.length === 0 ? null : encodeBundle({ repositories });
}

/**
 * Takes the roots of an export as any carried file: by the chain of signatures from a root of this program or of the policy,
 * or because somebody gave the export's digest. @returns for the report, which of them do not count
 */
export async function takeTrust(
  pack: Pack,
  places: TrustPlaces & { readonly isVouched: boolean },
  host: ClosableHost,
): Promise<readonly string[]> {
  const { trust } = pack.index;
  if (trust === null) return [];
  const bundle = decodeBundle(await pack.read(trust));
  if (bundle === null) throw damaged(pack.nameOf(trust), "no bundle of trust roots");
  const notes: string[] = [];
  for (const repository of await repositoriesAt(places, host)) {
    const { name } = repository;
    const own = nearest(bundle.repositories, repository);
    if (own === undefined) continue;
    const taken = await takeCarried(repository, own, places.isVouched, host);
    if (!("held" in taken)) notes.push(`the trust root ${name} of the export does not count: ${taken.reason}`);
  }
  return notes;
}

/** Two policies may call two repositories the same; and one that came with the program may be served from elsewhere. */
function nearest(
  carried: readonly CarriedRepository[],
  { name, mirror }: TrustRepository,
): CarriedRepository | undefined {
  const served = carried.filter((one) => one.mirror === mirror);
  return served.find((one) => one.name === name) ?? served[0] ?? carried.find((one) => one.name === name);
}

async function repositoriesAt(
  { policy, cwd, lockfiles }: TrustPlaces,
  host: ClosableHost,
): Promise<readonly TrustRepository[]> {
  const folders = new Set([cwd, ...lockfiles.map((name) => folderOfLock(resolve(cwd, name)))]);
  const named: TrustRoot[] = [];
  for (const folder of folders) {
    // A policy that is wrong, or of another folder, is told about where it judges.
    const found = await loadPolicy(folder, policy, cwd).then(
      ({ roots }) => roots,
      () => [],
    );
    named.push(...found);
  }
  const all = [PUBLIC_GOOD_ROOT, builtInRoot(GITHUB), ...named];
  const sources = all.flatMap((root) => sourceOf(root, host.trust.settings.mirrors) ?? []);
  return [...new Map(sources.map((one) => [one.key, one])).values()];
}
