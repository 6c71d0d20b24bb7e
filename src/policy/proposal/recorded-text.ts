import { compareText } from "./sighting.ts";
import type { RecordedPackages } from "./plan.ts";

/** The recorded file: one line for each version, in the order of its purl, so that a change is a small diff. */
export function recordedText(packages: RecordedPackages): string {
  const lines = [...packages]
    .toSorted(([left], [right]) => compareText(left, right))
    .map(([purl, digests]) => `    ${JSON.stringify(purl)}: [${digests.map((one) => JSON.stringify(one)).join(", ")}]`);
  const body = lines.length === 0 ? "" : `\n${lines.join(",\n")}\n  `;
  return `{\n  "version": 1,\n  "packages": {${body}}\n}\n`;
}
