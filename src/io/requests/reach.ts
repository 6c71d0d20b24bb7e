import { lookup, type LookupAddress } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";
import { NEAR, type Reach } from "./near.ts";

export type { Reach } from "./near.ts";

const [MACHINE, PRIVATE] = [listOf(NEAR.machine), listOf(NEAR.private)];

function listOf(all: readonly string[]): BlockList {
  const list = new BlockList();
  for (const one of all) {
    const [net = "", prefix = ""] = one.split("/");
    list.addSubnet(net, Number(prefix), familyOf(net));
  }
  return list;
}

/** @param address may name its interface (RFC 4007, section 11) */
export function reachOf(address: string): Reach {
  const [number = ""] = address.split("%");
  if (MACHINE.check(number, familyOf(number))) return "machine";
  return PRIVATE.check(number, familyOf(number)) ? "private" : "public";
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return isIP(address) === 6 ? "ipv6" : "ipv4";
}

/** Of the host that an address names by number; null: by a name. */
export function reachOfLiteral({ hostname }: URL): Reach | null {
  const address = hostname.replace(/^\[|\]$/g, "");
  return isIP(address) === 0 ? null : reachOf(address);
}

/** As far away as a redirect may lead at the least: from this machine to everywhere, from a private place not to this machine. */
function mayReach(target: Reach, least: Reach): boolean {
  return ORDER.indexOf(target) >= ORDER.indexOf(least);
}

const ORDER: readonly Reach[] = ["machine", "private", "public"];

/** @throws Error for a number that is too near. A name is judged when it is looked up, on what is then connected to. */
export function refuseNearer(place: URL, least: Reach): void {
  const reach = reachOfLiteral(place);
  if (reach !== null && !mayReach(reach, least)) throw new Error(tooNear(place.host, place.hostname));
}

/** Looks names up as ever, and refuses one that leads nearer than that: what is judged is what is connected to. */
export function lookupAtLeast(least: Reach): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses: readonly LookupAddress[]) => {
      const near = error === null ? addresses.find(({ address }) => !mayReach(reachOf(address), least)) : undefined;
      if (error !== null) return callback(error, "", 0);
      if (near !== undefined) return callback(new Error(tooNear(hostname, near.address)), "", 0);
      const [first] = addresses;
      return options.all === true
        ? callback(null, [...addresses])
        : callback(null, first?.address ?? "", first?.family ?? 0);
    });
  };
}

function tooNear(host: string, address: string): string {
  return `redirected to ${host}, which is ${address}: an address of this machine or of a private network`;
}
