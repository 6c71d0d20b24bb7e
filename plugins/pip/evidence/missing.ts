import { isSameVersion, parseDistribution } from "../distribution.ts";
import type { Chosen } from "../report.ts";
import type { IndexPage } from "../simple.ts";

/**
 * Says why there may be none: each index that states no provenance at all, as most mirrors, once; and files of the same release
 * that have what the chosen one lacks.
 */
export function openMissing(
  pages: readonly IndexPage[],
  notice: (text: string) => void,
): (one: Pick<Chosen, "filename" | "url">) => void {
  const said = new Set<string>();
  const say = (text: string) => {
    if (!said.has(text)) notice(`safe-install: ${text}`);
    said.add(text);
  };
  return ({ filename, url }) => {
    const page = pages.find(({ files }) => files.some((file) => file.url === url));
    if (page === undefined) return;
    const { origin } = new URL(page.url);
    const all = pages.filter((one) => new URL(one.url).origin === origin).flatMap(({ files }) => files);
    if (all.every(({ provenance }) => provenance === null))
      return say(`${origin} states no provenance for any of the ${all.length} files that it lists; ${OTHERWISE}`);
    const beside = page.files.find((one) => one.provenance !== null && isSameRelease(one.filename, filename));
    if (beside !== undefined) say(`${filename} has no provenance, but ${beside.filename} of the same release has`);
  };
}

const OTHERWISE = 'a mirror may leave it out: "sources" in the policy names where else to ask';

function isSameRelease(one: string, other: string): boolean {
  const [left, right] = [parseDistribution(one), parseDistribution(other)];
  if (left === null || right === null) return false;
  return left.name === right.name && isSameVersion(left.version, right.version);
}
