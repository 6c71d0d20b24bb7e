import { SafeInstallError } from "../../src/errors.ts";
import { hasExpired } from "../../src/policy/day.ts";
import { expiryWarnings } from "../../src/policy/expiry.ts";
import { modeOf, registriesOf, tighten } from "../../src/policy/layer.ts";
import { wanted } from "../../src/policy/wanted.ts";
import { NOW, artifact, layer } from "../support/policy.ts";
import { describe, expect, it } from "vitest";

const signers = {
  widget: { githubActions: { repository: "acme/widget" } },
  npmjs: { npmRegistry: "https://npm.example" },
};
const recorded = { file: "r.json", reason: "x", expires: "2027-12-31" };

describe("wanted", () => {
  const wants = (rule: object, name = "npm:@acme/widget@2.1.0") =>
    wanted([layer({ signers, recorded, rules: [{ packages: ["npm:@acme/*"], ...rule }] })], artifact(name), NOW);

  it.each([
    ["signedBy", { signedBy: ["widget"] }, true, false],
    ["baseline", { baseline: ["npmjs"] }, false, true],
    ["recorded", { unsigned: "recorded" }, false, false],
    ["allow", { unsigned: "allow", reason: "x", expires: "2027-01-01" }, false, false],
    ["deny", { unsigned: "deny" }, false, false],
    ["expired", { signedBy: ["widget"], expires: "2026-11-21" }, false, false],
    ["expired baseline", { baseline: ["npmjs"], expires: "2026-11-21" }, false, false],
    ["another version", { signedBy: ["widget"], versions: "<2" }, false, false],
    ["baseline of another version", { baseline: ["npmjs"], versions: "<2" }, false, false],
  ])("%s: %j wants statements: %s, the registry's signature: %s", (_, rule, evidence, baseline) => {
    expect(wants(rule)).toEqual({ evidence, baseline, signature: false, sources: [] });
  });

  it("no rule wants nothing", () => {
    expect(wants({ signedBy: ["widget"] }, "npm:other@1.0.0").evidence).toBe(false);
    expect(wants({ baseline: ["npmjs"] }, "npm:other@1.0.0").baseline).toBe(false);
  });

  it("one layer is enough, and sources are joined in order, each once", () => {
    const rule = { packages: ["npm:*"], signedBy: ["widget"] };
    const first = { kind: "attestations", url: "https://npm.example" } as const;
    const second = { kind: "directory", path: "/repository/bundles" } as const;
    const outer = layer(
      { recorded, rules: [{ packages: ["npm:*"], unsigned: "recorded" }] },
      { sources: { npm: [first], nuget: [second] } },
    );
    const inner = layer({ signers, rules: [rule] }, { sources: { npm: [second, first] } });
    expect(wanted([outer, inner], artifact("npm:a@1.0.0"), NOW)).toEqual({
      evidence: true,
      baseline: false,
      signature: false,
      sources: [first, second],
    });
    expect(wanted([outer], artifact("npm:a@1.0.0"), NOW)).toEqual({
      evidence: false,
      baseline: false,
      signature: false,
      sources: [],
    });
  });
});

describe("the command line", () => {
  const open = layer({ mode: "enforce", commandLine: { audit: true } });
  const closed = layer({}, { name: "closed" });
  const modes = (layers: readonly ReturnType<typeof layer>[]) => layers.map((one) => modeOf(one, null));

  it("tightens always", () => {
    const auditing = layer({ mode: "audit" });
    expect(modes(tighten([auditing], { enforce: true }))).toEqual(["enforce"]);
    expect(modeOf(tighten([auditing], { enforce: true })[0] ?? auditing, { packages: ["npm:*"], mode: "audit" })).toBe(
      "enforce",
    );
  });

  it("loosens only where every policy allows it", () => {
    expect(modes(tighten([open], { audit: true }))).toEqual(["audit"]);
    expect(() => tighten([open, closed], { audit: true })).toThrow("closed does not allow --audit");
    expect(() => tighten([layer({ commandLine: { audit: false } })], { audit: true })).toThrow(SafeInstallError);
  });

  it("leaves a rule's own enforce", () => {
    const [one = open] = tighten([open], { audit: true });
    expect(modeOf(one, { packages: ["npm:*"], mode: "enforce" })).toBe("enforce");
    expect(modeOf(one, { packages: ["npm:*"] })).toBe("audit");
  });

  it("says nothing: as the policies say", () => {
    expect(modes(tighten([open, closed, layer({ mode: "audit" })], {}))).toEqual(["enforce", "enforce", "audit"]);
  });
});

it("further origins are the outermost policy's", () => {
  const outer = layer({ registries: { npm: ["https://npm.example"] } });
  const inner = layer({ registries: { npm: ["https://elsewhere.example"], pypi: ["https://pypi.example"] } });
  expect(registriesOf([outer, inner], "npm")).toEqual(["https://npm.example"]);
  expect(registriesOf([outer, inner], "pypi")).toEqual([]);
});

describe("days", () => {
  it("an end is exclusive, at midnight UTC", () => {
    expect(hasExpired("2026-11-21", new Date("2026-11-20T23:59:59.999Z"))).toBe(false);
    expect(hasExpired("2026-11-21", new Date("2026-11-21T00:00:00.000Z"))).toBe(true);
    expect(hasExpired("2026-02-30", new Date("2020-01-01T00:00:00Z"))).toBe(true);
    expect(hasExpired(undefined, NOW)).toBe(false);
  });
});

describe("expiry", () => {
  const warnings = (expires: string) =>
    expiryWarnings(layer({ rules: [{ packages: ["npm:a"], unsigned: "allow", reason: "x", expires }] }), NOW);

  it.each([
    ["2026-11-21", "rules[0] npm:a expired on 2026-11-21"],
    ["2026-11-22", "rules[0] npm:a expires on 2026-11-22, in less than 7 days"],
    ["2026-11-28", "in less than 7 days"],
    ["2026-11-29", "in less than 14 days"],
    ["2026-12-05", "in less than 14 days"],
    ["2026-12-21", "in less than 30 days"],
    ["2027-01-20", "in less than 60 days"],
  ])("%s: %s", (expires, text) => {
    expect(warnings(expires)).toEqual([expect.stringContaining(text)]);
  });

  it("further away is not worth a line", () => {
    expect(warnings("2027-01-21")).toEqual([]);
  });

  it("names exceptions, recorded files and whatever else ends, the soonest first", () => {
    const one = layer({
      recorded: { ...recorded, expires: "2026-12-01" },
      exceptions: [
        {
          package: "pkg:npm/a@1.0.0",
          digests: [`sha256:${"a".repeat(64)}`],
          excuses: ["NO_EVIDENCE"],
          reason: "x",
          expires: "2026-11-25",
        },
      ],
    });
    const root = { what: "trust root contoso", ends: new Date("2026-11-30T00:00:00Z"), path: ["trust", "contoso"] };
    expect(expiryWarnings(one, NOW, [root]).map((line) => line.split(" expires")[0])).toEqual([
      ".signing-policy.json: exceptions[0] pkg:npm/a@1.0.0",
      ".signing-policy.json: trust root contoso",
      ".signing-policy.json: recorded r.json",
    ]);
  });
});
