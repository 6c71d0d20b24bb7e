import { loadPolicy } from "../gate/ground.ts";
import type { ClosableHost } from "../io/host.ts";
import { GITHUB, type TrustRoot } from "../model/trust.ts";
import { type CarriedRepository, decodeBundle, encodeBundle } from "../trust/bundle.ts";
import { takeCarried } from "../trust/carried.ts";
import { builtInRoot, PUBLIC_GOOD_ROOT } from "../trust/open.ts";
import { sourceOf, type TrustRepository } from "../trust/repository.ts";
import { heldOf } from "../trust/state.ts";
import { damaged, type Pack } from "./pack.ts";

/** What is held of the roots that a judgement here stands on, as `trust pin` writes it; null: nothing but what came with the program. */
export async function heldTrust(policy: string | null, cwd: string, host: ClosableHost): Promise<string | null> {
  const repositories: CarriedRepository[] = [];
  for (const source of await repositoriesHere(policy, cwd, host)) {
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
  { policy, cwd, isVouched }: { readonly policy: string | null; readonly cwd: string; readonly isVouched: boolean },
  host: ClosableHost,
): Promise<readonly string[]> {
  const { trust } = pack.index;
  if (trust === null) return [];
  const bundle = decodeBundle(await pack.read(trust));
  if (bundle === null) throw damaged(pack.nameOf(trust), "no bundle of trust roots");
  const notes: string[] = [];
  for (const repository of await repositoriesHere(policy, cwd, host)) {
    const { name, mirror } = repository;
    const own = bundle.repositories.find((one) => one.name === name || one.mirror === mirror);
    if (own === undefined) continue;
    const taken = await takeCarried(repository, own, isVouched, host);
    if (!("held" in taken)) notes.push(`the trust root ${name} of the export does not count: ${taken.reason}`);
  }
  return notes;
}

async function repositoriesHere(
  policy: string | null,
  cwd: string,
  host: ClosableHost,
): Promise<readonly TrustRepository[]> {
  // A policy that is wrong, or of another folder, is told about where it judges.
  const named: readonly TrustRoot[] = await loadPolicy(cwd, policy, cwd).then(
    ({ roots }) => roots,
    () => [],
  );
  const all = [PUBLIC_GOOD_ROOT, builtInRoot(GITHUB), ...named];
  const sources = all.flatMap((root) => sourceOf(root, host.trust.settings.mirrors) ?? []);
  return [...new Map(sources.map((one) => [one.key, one])).values()];
}
