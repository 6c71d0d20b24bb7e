import { NEAR } from "../../../../src/plugin.ts";
import { configuredOrigins } from "../../origin.ts";
import type { Copy, Staging } from "./staging.ts";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

/** What npm says where it wanted to start a program. */
export const GUARDED = "safe-install: no program is started before the judgement";

/**
 * Loaded by node before npm: while npm resolves, nothing is started, no archive is fetched but from a registry, and no answer
 * leads nearer. Resolving needs no program but git, and reading a git dependency may mean to prepare it, which needs neither a
 * git program nor the consent of `ignore-scripts`. An address that an unproven package names, or leads to, would be asked from
 * inside the user's network.
 * @param refusals where it writes down what was not fetched: whose it is, a blank, the address
 * @param archives what npm gets from a file of ours instead: address -> file
 * @returns its path
 */
export async function writeGuard(
  folder: string,
  refusals: string,
  archives: Copy["archives"],
  { npm, config, admitted }: Pick<Staging, "npm" | "config" | "admitted">,
): Promise<string> {
  const path = join(folder, "guard.cjs");
  const origins = [...configuredOrigins(config.flat), ...admitted.map((one) => new URL(one).origin)];
  const known = JSON.stringify([npm.entry, origins, refusals, [NEAR.machine, NEAR.private], archives]);
  const text = `const [entry, origins, refusals, near, archives] = ${known};\n${STARTS}${HOPS}${ARCHIVES}`;
  await writeFile(path, text, { mode: 0o600 });
  // Node looks for package.json upward before it loads anything: what lies in the system's temporary folder is anybody's.
  await writeFile(join(folder, "package.json"), "{}", { mode: 0o600 });
  return path;
}

const STARTS = `"use strict";
const children = require("node:child_process");
function refuse() {
  throw new Error(${JSON.stringify(GUARDED)});
}
for (const name of ["exec", "execFile", "execFileSync", "execSync", "fork", "spawn", "spawnSync"]) children[name] = refuse;
children.ChildProcess.prototype.spawn = refuse;

const { createRequire } = require("node:module");
const { appendFileSync } = require("node:fs");
const load = createRequire(entry);
function notFetched(whose, url) {
  appendFileSync(refusals, encodeURI(whose) + " " + url + "\\n");
  throw new Error("safe-install: " + url + " is not asked before the judgement");
}
`;

/**
 * The libraries by which npm 10 to 12 asks (make-fetch-happen 12 to 16) put each request of a chain through one function, the
 * redirects of it too. As near as the first place is the nearest that it leads to; from a public one also to a registry that is
 * known, as our own requests do. A name is judged by what is then connected to.
 */
const HOPS = `
const { AsyncLocalStorage } = require("node:async_hooks");
const dns = require("node:dns");
const { BlockList, isIP } = require("node:net");
const familyOf = (address) => (isIP(address) === 6 ? "ipv6" : "ipv4");
const lists = near.map((nets) => {
  const list = new BlockList();
  for (const one of nets) list.addSubnet(one.split("/")[0], Number(one.split("/")[1]), familyOf(one.split("/")[0]));
  return list;
});
const [PRIVATE, PUBLIC] = [1, 2];
function reachOf(address) {
  const number = address.split("%")[0];
  const at = lists.findIndex((list) => list.check(number, familyOf(number)));
  return at === -1 ? PUBLIC : at;
}
const { lookup } = dns;
async function reachOfHost(host) {
  if (isIP(host) !== 0) return reachOf(host);
  const found = await new Promise((resolve) => lookup(host, { all: true }, (error, all) => resolve(error ? [] : all)));
  return Math.min(PUBLIC, ...found.map(({ address }) => reachOf(address)));
}
const hostOf = ({ hostname }) => hostname.replace(/^\\[|\\]$/g, "");

const chains = new AsyncLocalStorage();
function wrapped(name, by) {
  const path = load.resolve(name);
  const inner = load(path);
  if (typeof inner !== "function") throw new Error("safe-install: this npm asks in a way that is not known");
  require.cache[path].exports = by(inner);
}
wrapped("make-fetch-happen/lib/remote.js", (remote) => async (request, options) => {
  const chain = chains.getStore();
  const place = new URL(request.url);
  if (chain.last === undefined) chain.reach = await reachOfHost(hostOf(place));
  else await judge(chain, place);
  chain.last = place;
  return remote(request, options);
});
wrapped("make-fetch-happen/lib/fetch.js", (fetch) => (request, options) => chains.run({}, () => fetch(request, options)));
async function judge(chain, place) {
  const { last, reach } = chain;
  chain.least = reach === PUBLIC && origins.includes(place.origin) ? PRIVATE : reach;
  chain.host = hostOf(place);
  if (last.protocol === "https:" && place.protocol !== "https:") notFetched(last.href, place.href);
  if ((await reachOfHost(chain.host)) < chain.least) notFetched(last.href, place.href);
}
dns.lookup = function (host, options, done) {
  const { least = 0, host: judged, last } = chains.getStore() ?? {};
  if (host !== judged || typeof options !== "object") return lookup.apply(this, arguments);
  return lookup(host, { ...options, all: true }, (error, all) => {
    if (error) return done(error);
    if (all.some(({ address }) => reachOf(address) < least)) return done(new Error("safe-install: " + last.host + " is too near"));
    return options.all ? done(null, all) : done(null, all[0].address, all[0].family);
  });
};
`;

/** pacote 15 to 22 (npm 10 to 12) fetches every archive, a hosted git repository's too, by one method of one class. */
const ARCHIVES = `
load("pacote");
const { prototype } = load("pacote/lib/remote.js");
const step = Symbol.for("pacote.Fetcher._tarballFromResolved");
const fetch = prototype[step];
if (typeof fetch !== "function") throw new Error("safe-install: this npm fetches archives in a way that is not known");
const { ReadStream } = load("fs-minipass");
prototype[step] = function () {
  const asked = this.spec.fetchSpec;
  if (Object.hasOwn(archives, asked)) return new ReadStream(archives[asked]);
  if (origins.includes(new URL(this.resolved).origin)) return fetch.call(this);
  notFetched(this.pkgid, new URL(this.resolved).href);
};
`;
