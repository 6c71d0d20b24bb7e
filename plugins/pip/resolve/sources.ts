/** What an index has only as source: it would have to be built, and is left alone. */
import {
  comparePythonVersions,
  type Denial,
  normalName,
  type NotGated,
  parsePythonVersion,
  pythonRange,
  type Unbound,
} from "../../../src/plugin.ts";
import { packageRef, parseDistribution } from "../distribution.ts";
import { type Chosen, unique, withoutSecrets } from "../report.ts";
import { type IndexPage, lastSegment } from "../simple.ts";
import type { Said } from "./said.ts";

/** What ended a resolution: code of a source distribution that would have run, or a requirement that nothing fits. */
interface Ended {
  readonly refused: readonly { readonly name: string | null; readonly url: string | null }[];
  readonly failure: { readonly message: string } | null;
}

/** Those of which only a source distribution is what was asked for. Where no version fits, there is none. */
export function onlySources({ refused, failure }: Ended, pages: readonly IndexPage[]): readonly Unbound[] {
  const builds = refused.filter(({ name, url }) => name !== null || url !== null);
  if (builds.length > 0) {
    return unique(builds.map(({ name, url }) => JSON.stringify([name, url]))).map((key) => {
      const [name, url] = JSON.parse(key) as [string | null, string | null];
      const file = url !== null && URL.canParse(url) ? lastSegment(new URL(url)) : null;
      return sourceOnly(name ?? withoutSecrets(url ?? ""), file);
    });
  }
  const [, wanted = "", specifier = ""] = WANTED.exec(failure?.message ?? "") ?? [];
  if (wanted === "") return [];
  const fits = fitting([specifier]);
  const releases = releasesIn(pages).get(normalName("pypi", wanted)) ?? [];
  const newest = releases.toSorted(newestFirst).find(({ version, files }) => files.some(isSource) && fits(version));
  return newest === undefined ? [] : [sourceOnly(wanted, newest.files.find(isSource) ?? null)];
}

/** pip's `DistributionNotFound`, of one requirement. */
const WANTED = /No matching distribution found for ([A-Za-z0-9._-]+)(?:\[[^\]]*\])?\s*([^\s;]*)/;

function sourceOnly(name: string, filename: string | null): Unbound {
  const version = filename === null ? null : (parseDistribution(filename)?.version ?? null);
  const denial: Denial = {
    code: "SOURCE_DISTRIBUTION",
    message: `${name} would have to be built from source: that runs its code, and nothing binds what comes out`,
    details: filename === null ? [] : [{ name: "file", expected: "a wheel", found: filename }],
    hint: "build the wheel in your own pipeline, sign it there, and serve it from your index",
  };
  return { package: version === null ? null : packageRef(name, version), location: name, denial };
}

/**
 * Newer releases that would have been taken if there were a wheel of them.
 * @param lines requirements and constraints as the user states them
 * @param said what each chosen wheel asks for
 */
export function passedOver(
  chosen: readonly Chosen[],
  pages: readonly IndexPage[],
  lines: readonly string[],
  said: readonly Said[],
): readonly NotGated[] {
  const releases = releasesIn(pages);
  const asked = specifiersIn([...lines, ...said.flatMap(({ requires }) => requires)]);
  return chosen.flatMap(({ package: { name, version } }): readonly NotGated[] => {
    const newer = (releases.get(name) ?? []).filter((one) => isNewer(one.version, version));
    if (newer.length === 0) return [];
    const fits = fitting(asked.get(name) ?? []);
    const newest = newer.toSorted(newestFirst).find((one) => fits(one.version) && one.files.every(isSource));
    if (newest === undefined) return [];
    const detail = `of ${newest.version} there is only a source distribution, and those are not built: ${version} in its place`;
    return [{ kind: "passed-over", name: `${name}@${newest.version}`, detail }];
  });
}

/** What requirements (PEP 508) say of versions, by normal name. */
function specifiersIn(lines: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const line of lines) {
    const [, own = "", stated = ""] = /^\s*([A-Za-z0-9._-]+)\s*(?:\[[^\]]*\])?\s*\(?([^;)@]*)/.exec(line) ?? [];
    const name = normalName("pypi", own);
    found.set(name, [...(found.get(name) ?? []), stated.split(" --")[0]?.trim() ?? ""]);
  }
  return found;
}

/** Pre-releases only where somebody names one; what cannot be read fits nothing. */
function fitting(specifiers: readonly string[]): (version: string) => boolean {
  const stated = specifiers.filter((one) => one !== "");
  const ranges = (stated.length === 0 ? [">=0"] : stated).map(pythonRange);
  return (version) => ranges.every((one) => typeof one !== "string" && one.includes(version));
}

interface File {
  readonly filename: string;
}

interface Release {
  readonly version: string;
  readonly files: readonly string[];
}

/** By normal name. Each file is read once: pages are long, and there are many. */
function releasesIn(pages: readonly IndexPage[]): ReadonlyMap<string, readonly Release[]> {
  const found = new Map<string, Map<string, string[]>>();
  for (const { filename } of pages.flatMap(({ files }): readonly File[] => files)) {
    const parsed = parseDistribution(filename);
    if (parsed === null) continue;
    const own = found.get(parsed.name) ?? new Map<string, string[]>();
    found.set(parsed.name, own);
    own.set(parsed.version, [...(own.get(parsed.version) ?? []), filename]);
  }
  const listed = (own: ReadonlyMap<string, string[]>) => [...own].map(([version, files]) => ({ version, files }));
  return new Map([...found].map(([name, own]) => [name, listed(own)]));
}

function newestFirst(one: Release, other: Release): number {
  return isNewer(one.version, other.version) ? -1 : 1;
}

function isNewer(version: string, than: string): boolean {
  const [one, other] = [parsePythonVersion(version), parsePythonVersion(than)];
  return one !== null && other !== null && comparePythonVersions(one, other) > 0;
}

function isSource(filename: string): boolean {
  return parseDistribution(filename)?.kind === "sdist";
}
