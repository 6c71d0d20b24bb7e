import { isSameVersion, parseDistribution } from "../distribution.ts";
import type { Chosen } from "../report.ts";
import type { IndexPage } from "../simple.ts";

/** Says which other file of the same release has the provenance that the chosen one lacks. */
export function openMissing(
  pages: readonly IndexPage[],
  notice: (text: string) => void,
): (one: Pick<Chosen, "filename" | "url">) => void {
  return ({ filename, url }) => {
    const page = pages.find(({ files }) => files.some((file) => file.url === url));
    const beside = page?.files.find((one) => one.provenance !== null && isSameRelease(one.filename, filename));
    if (beside === undefined) return;
    notice(`safe-install: ${filename} has no provenance, but ${beside.filename} of the same release has`);
  };
}

function isSameRelease(one: string, other: string): boolean {
  const [left, right] = [parseDistribution(one), parseDistribution(other)];
  if (left === null || right === null) return false;
  return left.name === right.name && isSameVersion(left.version, right.version);
}
