/** A mirror that passes no evidence on is one fact about it, not one about each package. */
import type { Verdict } from "../../src/model/verdict.ts";
import { type AskedRegistry, silentRegistries } from "../../src/gate/silent.ts";
import { describe, expect, it } from "vitest";

const MIRROR = "https://mirror.example/npm/";
const bareOf = (name: string): AskedRegistry => ({
  purl: `pkg:npm/${name}@1.0.0`,
  registry: MIRROR,
  verdicts: [],
  unavailable: [],
  lacks: true,
});
const [bare, second, third] = ["a", "b", "c"].map(bareOf) as [AskedRegistry, AskedRegistry, AskedRegistry];
const from = (location: string): Verdict[] => [
  { status: "foreign", evidence: { source: "registry", location, bundle: null }, detail: "of nobody" },
];

describe("a registry that had nothing", () => {
  it("of any of several packages is said once, with their number and the way out", () => {
    expect(silentRegistries([bare, second, third, third]).map(({ said }) => said)).toEqual([
      expect.stringMatching(
        /^https:\/\/mirror\.example\/npm\/ had no attestation or signature .* of any of 3 packages.*"sources"/,
      ),
    ]);
    const [found] = silentRegistries([bare, second, third]);
    expect([...(found?.purls ?? [])]).toEqual([bare, second, third].map(({ purl }) => purl));
  });

  it("each, where there are two", () => {
    const other = { registry: "https://other.example/" };
    const asked = [bare, { ...bare, ...other }, second, { ...second, ...other }];
    expect(silentRegistries(asked)).toHaveLength(2);
  });

  it.each<[string, readonly AskedRegistry[]]>([
    ["a single package", [bare]],
    ["several files of one", [bare, bare, bare]],
    ["the public registry", [bare, second].map((one) => ({ ...one, registry: null }))],
    ["packages of which nobody asks for evidence", [bare, { ...second, lacks: false }]],
    ["a registry that could not be asked", [bare, { ...second, unavailable: [{ location: MIRROR, reason: "503" }] }]],
    [
      "a registry that has something of another",
      [bare, second, { ...third, verdicts: from(`${MIRROR}-/x`), lacks: false }],
    ],
  ])("is not said of %s", (_, asked) => expect(silentRegistries(asked)).toEqual([]));

  it("is said although another place had something", () => {
    const elsewhere = { ...third, verdicts: from("https://bundles.example/x"), lacks: false };
    expect(silentRegistries([bare, second, elsewhere])).toHaveLength(1);
  });
});
