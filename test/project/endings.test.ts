import { endingsOfMaterial } from "../../src/project/endings.ts";
import { loadTrustRoot, publicGoodRoot, registryKeys } from "../../src/project/trust.ts";
import { expiryWarnings } from "../../src/policy/expiry.ts";
import { lint } from "../../src/author/lint/index.ts";
import { formatPath } from "../../src/policy/read/problem.ts";
import { endOfKeys, endOfRoot } from "../../src/project/endings.ts";
import type { TrustRoot } from "../../src/model/trust.ts";
import { layer, NOW } from "../support/policy.ts";
import { createInstance } from "../support/sigstore.ts";
import { describe, expect, it } from "vitest";

type Json = Record<string, { validFor?: object; publicKey?: { validFor?: object } }[]>;

const instance = await createInstance();
const THRESHOLDS = { tlog: 1, sct: 1, timestamps: 1 };
const STARTS = "2020-01-01T00:00:00Z";
const until = (end: string) => ({ start: STARTS, end });

function rootWith(change: (json: Json) => void, thresholds = THRESHOLDS) {
  const json = JSON.parse(JSON.stringify(instance.trustedRoot)) as Json;
  change(json);
  return loadTrustRoot(Buffer.from(JSON.stringify(json)), "contoso", thresholds);
}
const day = (date: Date | null) => date?.toISOString().slice(0, 10) ?? null;

describe("a trust root ends", () => {
  const authority = (end: string) => (json: Json) => void (json["certificateAuthorities"]![0]!.validFor = until(end));
  const logs = (end: string) => (json: Json) => {
    for (const log of json["tlogs"]!) log.publicKey!.validFor = until(end);
  };
  const stamps = (end: string) => (json: Json) => void (json["timestampAuthorities"]![0]!.validFor = until(end));

  it("with the certificates of its authority, where nothing ends sooner", () => {
    expect(day(endOfRoot(rootWith(() => {})))).toBe("2045-01-01");
  });

  it("with the first kind of its parts that has no further instance", () => {
    expect(day(endOfRoot(rootWith(authority("2027-01-01T00:00:00Z"))))).toBe("2027-01-01");
    expect(day(endOfRoot(rootWith(logs("2026-12-31T00:00:00Z"))))).toBe("2026-12-31");
  });

  it("not with an instance that has a successor", () => {
    const root = rootWith((json) => {
      const [log] = json["tlogs"] as [Json["tlogs"][number]];
      json["tlogs"] = [{ ...log, publicKey: { ...log.publicKey, validFor: until("2022-01-01T00:00:00Z") } }, log];
    });
    expect(day(endOfRoot(root))).toBe("2045-01-01");
  });

  it("with its clock where no log is asked for, and not where one is", () => {
    expect(day(endOfRoot(rootWith(stamps("2027-01-01T00:00:00Z"), { ...THRESHOLDS, tlog: 0 })))).toBe("2027-01-01");
    expect(day(endOfRoot(rootWith(stamps("2027-01-01T00:00:00Z"))))).toBe("2045-01-01");
    expect(day(endOfRoot(rootWith(logs("2026-12-31T00:00:00Z"), { ...THRESHOLDS, tlog: 0 })))).toBe("2045-01-01");
  });

  it("whatever becomes of a kind that is not asked for", () => {
    const ended = rootWith((json) => {
      for (const log of json["ctlogs"]!) log.publicKey!.validFor = until("2026-12-31T00:00:00Z");
    });
    expect(day(endOfRoot(ended))).toBe("2026-12-31");
    expect(day(endOfRoot({ ...ended, thresholds: { ...THRESHOLDS, sct: 0 } }))).toBe("2045-01-01");
  });

  it("whatever it has none of", () => {
    const bare = rootWith((json) => void (json["timestampAuthorities"] = []), { ...THRESHOLDS, tlog: 0 });
    expect(day(endOfRoot(bare))).toBe("2045-01-01");
  });

  it("as the last of its instances does, and the embedded one names its end or none", () => {
    const lines = ["2027-01-01T00:00:00Z", "2028-01-01T00:00:00Z"].map((end) => {
      const json = JSON.parse(JSON.stringify(instance.trustedRoot)) as Json;
      json["certificateAuthorities"]![0]!.validFor = until(end);
      return JSON.stringify(json);
    });
    expect(day(endOfRoot(loadTrustRoot(Buffer.from(lines.join("\n")), "both", THRESHOLDS)))).toBe("2028-01-01");
    expect(endOfRoot(publicGoodRoot())).toBeInstanceOf(Date);
    expect(endOfKeys(registryKeys())).toBeNull();
    expect(endOfKeys([])).toBeNull();
  });
});

describe("the material that a policy stands on", () => {
  const root = rootWith((json) => void (json["certificateAuthorities"]![0]!.validFor = until("2026-12-01T00:00:00Z")));
  const policy = (signer: object) =>
    layer(
      { trust: { contoso: { trustedRoot: "r.json" } }, signers: { w: signer } },
      { roots: { "public-good": "public-good", contoso: root.id } },
    );
  const github = { repository: "acme/widget" };
  const keys = registryKeys().map((key) => ({ ...key, validFor: { end: new Date("2026-11-25T00:00:00Z") } }));
  const ofPolicy = (signer: object) => endingsOfMaterial(policy(signer), [root], keys);

  it("is warned about, in the report and by lint", () => {
    const one = policy({ githubActions: github, trust: "contoso" });
    const endings = endingsOfMaterial(one, [root], keys);
    expect(expiryWarnings(one, NOW, endings)).toEqual([
      ".signing-policy.json: trust root contoso expires on 2026-12-01, in less than 14 days",
    ]);
    const found = lint(one, null, NOW, endings).filter(({ rule }) => rule === "expires-soon");
    expect(found.map(({ level, path }) => `${level} ${formatPath(path)}`)).toEqual(["warning trust.contoso"]);
    const later = lint(one, null, new Date("2026-12-01T00:00:00Z"), endings);
    expect(later.map(({ level, rule }) => `${level} ${rule}`)).toContain("error expired");
  });

  it("is that of its signers, and no other", () => {
    expect(ofPolicy({ githubActions: github })).toEqual([]);
    expect(ofPolicy({ npmRegistry: "https://npm.example" }).map(({ what }) => what)).toEqual([
      "the npm registry's keys",
    ]);
  });

  it("says what would mend it: a refresh where there is one, else its operator; keys of other uses do not count", () => {
    const hintsOf = (of: TrustRoot) =>
      endingsOfMaterial(policy({ githubActions: github, trust: "contoso" }), [of], keys).map(({ hint }) => hint);
    expect(hintsOf(root)).toEqual(["ask its operator for the new trusted_root.json"]);
    expect(hintsOf({ ...root, tuf: "built-in" })).toEqual(["safe-install trust update"]);
    const others = keys.map((key) => ({ ...key, usage: "other", validFor: { end: new Date("2026-11-30T00:00:00Z") } }));
    const standing = policy({ npmRegistry: "https://npm.example" });
    expect(endingsOfMaterial(standing, [root], [...keys, ...(others as unknown as typeof keys)])).toEqual([
      {
        what: "the npm registry's keys",
        ends: new Date("2026-11-25T00:00:00Z"),
        path: ["signers", "w", "npmRegistry"],
        hint: "safe-install trust update",
      },
    ]);
  });

  it("is none where nobody stands on it, or it is not there", () => {
    const trust = { contoso: { trustedRoot: "r.json" } };
    const of = (roots: Readonly<Record<string, string>>, signers: object) =>
      endingsOfMaterial(layer({ trust, signers }, { roots }), [root], []).map(({ what }) => what);
    const used = { w: { githubActions: github, trust: "contoso" } };
    expect(of({ contoso: root.id }, used)).toEqual(["trust root contoso"]);
    expect(of({ contoso: root.id }, {})).toEqual([]);
    expect(of({ contoso: "another" }, used)).toEqual([]);
    expect(of({ contoso: root.id }, { w: { githubActions: github } })).toEqual([]);
    expect(endingsOfMaterial(layer({}, { roots: {} }), [], keys)).toEqual([]);
  });

  it("is under no trust root where a registry or a NuGet author signs", () => {
    const standing = (signer: object) =>
      endingsOfMaterial(layer({ signers: { w: signer } }, { roots: { "public-good": root.id } }), [root], []);
    const nuget = { kind: "author", fingerprints: [`sha256:${"a".repeat(64)}`] };
    for (const signer of [{ npmRegistry: "https://npm.example" }, { nugetSignature: nuget }])
      expect(standing(signer)).toEqual([]);
    expect(standing({ githubActions: github })).toMatchObject([
      { what: "trust root public-good", path: ["signers", "w"] },
    ]);
    expect(ofPolicy({ githubActions: github, trust: "contoso" })).toMatchObject([{ path: ["trust", "contoso"] }]);
  });
});
