/**
 * What `npm audit signatures` does for attestations, without its request to Sigstore's TUF mirror (which no loopback run can answer):
 * pacote's own verification of every package of the lock, 20 at a time, with the full packument. Words: registry, npm cache, TUF cache.
 */
import { readFileSync } from "node:fs";
import process from "node:process";
import pMap from "p-map";
import pacote from "pacote";

const [registry = "", cache = "", tufCache = ""] = process.argv.slice(2);
const lock = JSON.parse(readFileSync("package-lock.json", "utf8")) as {
  readonly packages: Readonly<Record<string, { readonly version: string }>>;
};
const specs = Object.entries(lock.packages)
  .filter(([place]) => place !== "")
  .map(([place, { version }]) => `${place.replace("node_modules/", "")}@${version}`);
const options = { registry, cache, tufCache, fullMetadata: true, verifyAttestations: true };
const manifests = await pMap(specs, (spec) => pacote.manifest(spec, options), { concurrency: 20 });
const verified = manifests.filter((manifest) => "_attestationBundles" in manifest).length;
console.log(`${verified} of ${specs.length} verified`);
process.exitCode = verified === specs.length ? 0 : 1;
