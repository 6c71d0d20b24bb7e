import { segmentsOf, type VersionStanding } from "../../../src/author/propose/segments.ts";
import { parseRange } from "../../../src/ecosystems/index.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const of = (versions: Record<string, string | null>): VersionStanding[] =>
  Object.entries(versions).map(([version, signer]) => ({ version, signer }));

describe("segmentsOf", () => {
  it("one ground: no versions", () => {
    expect(segmentsOf("npm", of({ "1.0.0": "a", "2.0.0": "a" }))).toEqual([{ versions: null, signer: "a" }]);
  });

  it("npm: ranges that meet; the newest is open", () => {
    expect(segmentsOf("npm", of({ "2.0.0": "b", "1.0.0": null, "1.5.0": "a" }))).toEqual([
      { versions: "<1.5.0", signer: null },
      { versions: ">=1.5.0 <2.0.0", signer: "a" },
      { versions: ">=2.0.0", signer: "b" },
    ]);
  });

  it("elsewhere: each version by itself", () => {
    expect(segmentsOf("pypi", of({ "1.0": null, "2.0": "a" }))).toEqual([
      { versions: "==1.0", signer: null },
      { versions: "==2.0", signer: "a" },
    ]);
    expect(segmentsOf("nuget", of({ "1.0.0": null, "2.0.0": "a" }))[1]).toEqual({ versions: "[2.0.0]", signer: "a" });
  });

  it("each version, prereleases among them, is in exactly one segment: its own", () => {
    const version = fc.stringMatching(/^[0-3]\.[0-3]\.[0-3](-rc\.[0-3])?$/);
    const ground = fc.constantFrom("a", "b", null);
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(version, ground), { selector: ([text]) => text, minLength: 1 }), (all) => {
        const standings = all.map(([text, signer]) => ({ version: text, signer }));
        const segments = segmentsOf("npm", standings);
        for (const one of standings) {
          const speaking = segments.filter(({ versions }) => {
            const range = versions === null ? null : parseRange("npm", versions);
            return range === null || (typeof range !== "string" && range.includes(one.version));
          });
          expect(speaking.map(({ signer }) => signer)).toEqual([one.signer]);
        }
      }),
      { numRuns: 500 },
    );
  });
});
