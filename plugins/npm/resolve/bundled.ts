import { deny, leave, type Sorted } from "./edges.ts";

type Carrier = Extract<Sorted, { readonly kind: "gated" | "notGated" }>;

/** What a package is said to bring along is only as good as that package: it must itself be proven. */
export function placeBundled(sorted: readonly Sorted[]): readonly Sorted[] {
  const carriers = new Map(sorted.flatMap(asCarrier));
  const carried = new Map<string, string[]>();
  const placed = sorted.map((one): Sorted => {
    if (one.kind !== "bundled") return one;
    const { location } = one.node;
    const at = around(location, carriers);
    const carrier = carriers.get(at);
    if (carrier?.kind === "notGated") return leave(one.node, carrier.notGated.kind, `with ${at}`);
    if (carrier === undefined) return deny(one.node, "LOCK_UNSUPPORTED", "bundled with a package that is not proven");
    const inside = carried.get(at) ?? [];
    inside.push(location.slice(at.length + 1));
    carried.set(at, inside);
    return leave(one.node, "bundled", `as the lock says; compared with the archive of ${at} once it is here`);
  });
  return placed.map((one) => {
    const carries = one.kind === "gated" ? carried.get(one.place.location) : undefined;
    return one.kind === "gated" && carries !== undefined ? { ...one, place: { ...one.place, carries } } : one;
  });
}

function asCarrier(one: Sorted): readonly (readonly [string, Carrier])[] {
  if (one.kind === "gated") return [[one.place.location, one]];
  return one.kind === "notGated" ? [[one.notGated.name, one]] : [];
}

function around(location: string, carriers: ReadonlyMap<string, Carrier>): string {
  let folder = location;
  do folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/node_modules/")));
  while (folder !== "" && !carriers.has(folder));
  return folder;
}
