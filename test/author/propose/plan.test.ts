import type { Claims } from "../../../src/model/claims.ts";
import { plan, type Base } from "../../../src/author/propose/plan.ts";
import { recordedText } from "../../../src/author/propose/edit.ts";
import { secondLooks } from "../../../src/author/propose/second-look.ts";
import { sightingsOf } from "../../../src/author/propose/sighting.ts";
import { standingOf } from "../../../src/author/propose/standing.ts";
import { parseRecorded } from "../../../src/policy/read/parse.ts";
import type { Facts } from "../../../src/model/facts.ts";
import { REGISTRY_SIGNATURES } from "../../../src/model/attestation.ts";
import type { Verdict } from "../../../src/model/verdict.ts";
import type { Layer } from "../../../src/policy/layer.ts";
import {
  BROKEN,
  facts,
  layer,
  NOW,
  OTHER_SHA512,
  SHA256,
  SHA512,
  signedBy,
  verified,
  WIDGET,
} from "../../support/policy.ts";
import { describe, expect, it } from "vitest";

const RECORD = { file: "r.json", reason: "r", expires: "2027-05-01" };
const EMPTY: Base = { policy: { version: 1 }, layer: null, recorded: new Map(), record: RECORD };
const signed = (text: string, claims: Claims = WIDGET) => facts(text, { verdicts: [signedBy(claims)] });
const { buildConfigURI: _, ...REST } = WIDGET;
const planned = (...all: readonly Facts[]) =>
  plan(
    sightingsOf(all, new Map()).map((one) => standingOf(one, [], NOW)),
    EMPTY,
    null,
  );

describe("plan", () => {
  it("the same whatever the order of the facts", () => {
    const all = [
      facts("npm:b@1.0.0"),
      signed("npm:widget@2.1.0"),
      facts("pypi:A_b@1"),
      facts("nuget:C@1"),
      facts("npm:a@1.0.0"),
    ];
    const forwards = planned(...all);
    const backwards = planned(...all.toReversed());
    expect(JSON.stringify(backwards.policy)).toBe(JSON.stringify(forwards.policy));
    expect(recordedText(backwards.recorded)).toBe(recordedText(forwards.recorded));
    expect(forwards.policy.rules).toEqual([
      { packages: ["npm:widget"], signedBy: ["acme-widget"] },
      { packages: ["npm:*"], unsigned: "recorded" },
      { packages: ["nuget:*"], unsigned: "recorded" },
      { packages: ["pypi:*"], unsigned: "recorded" },
    ]);
  });

  it("PyPI: all files of a version are recorded; elsewhere two digests are a contradiction", () => {
    const wheel = facts("pypi:a@1.0", { sha: [SHA256] });
    const sdist = facts("pypi:a@1.0", { sha: [SHA512, SHA256] });
    expect(planned(wheel, sdist).recorded).toEqual(new Map([["pkg:pypi/a@1.0", [SHA256, SHA512]]]));
    expect(planned(facts("npm:a@1.0.0"), facts("npm:a@1.0.0", { sha: [OTHER_SHA512] })).recorded).toEqual(new Map());
  });

  it("a version of which one file has no evidence is not pinned", () => {
    const { added, recorded } = planned(signed("pypi:widget@2.1.0"), facts("pypi:widget@2.1.0", { sha: [SHA256] }));
    expect(added.size).toBe(0);
    expect([...recorded.keys()]).toEqual(["pkg:pypi/widget@2.1.0"]);
  });

  it("tags with leading zeros: literal while one release is all there is, a form as soon as a second shows it", () => {
    const at = (version: string, tag: string) =>
      signed(`pypi:widget@${version}`, {
        ...REST,
        sourceRepositoryRef: `refs/tags/${tag}`,
      });
    const refs = (...all: readonly Facts[]) =>
      Object.values(planned(...all).policy.signers ?? {}).map(({ githubActions }) => githubActions?.ref);
    expect(refs(at("2024.10.3", "v2024.10.03"))).toEqual(["refs/tags/v2024.10.03"]);
    expect(refs(at("2024.10.3", "v2024.10.03"), at("2024.11.12", "v2024.11.12"))).toEqual([
      "refs/tags/v{version:padded}",
    ]);
    expect(refs(at("2024.10.13", "v2024.10.13"), at("2024.11.12", "v2024.11.12"))).toEqual(["refs/tags/v{version}"]);
  });

  it("a second release shows it to a policy that holds the first", () => {
    const ref = "refs/tags/v2024.10.03";
    const first = { ...REST, sourceRepositoryRef: ref };
    const one = planned(signed("pypi:widget@2024.10.3", first)).policy;
    const next = signed("pypi:widget@2024.11.12", { ...first, sourceRepositoryRef: "refs/tags/v2024.11.12" });
    const held = layer(one);
    const later = plan(
      sightingsOf([next], new Map()).map((each) => standingOf(each, [held], NOW)),
      { ...EMPTY, policy: one, layer: held },
      new Set(["pkg:pypi/widget@2024.11.12"]),
    ).policy;
    const forms = Object.values(later.signers ?? {}).map((signer) => signer.githubActions?.ref);
    expect(forms).toContain("refs/tags/v{version:padded}");
  });

  it("events that started builds of one pipeline are joined; other claims make another signer", () => {
    const release = { ...WIDGET, buildTrigger: "release" };
    const elsewhere = { ...WIDGET, sourceRepositoryIdentifier: "999" };
    const { policy } = planned(signed("npm:a@2.1.0"), signed("npm:b@2.1.0", release), signed("npm:c@2.1.0", elsewhere));
    expect(Object.values(policy.signers ?? {}).map(({ githubActions }) => githubActions?.trigger)).toEqual([
      ["push", "release"],
      "push",
    ]);
    expect(Object.keys(policy.signers ?? {})).toEqual(["acme-widget", "acme-widget-release"]);
  });

  it("a name in another spelling is the same package", () => {
    const policy = { recorded: RECORD, rules: [{ packages: ["pypi:Foo_Bar"], unsigned: "recorded" }] };
    const one = layer(policy, { recordedPackages: { "pkg:pypi/foo-bar@1.0": [SHA512] } });
    const [sighting] = sightingsOf([facts("pypi:foo.bar@1.1")], new Map());
    if (sighting === undefined) throw new Error("nothing seen");
    const standing = standingOf(sighting, [one], NOW);
    expect(standing.status).toBe("version");
    const base: Base = {
      policy: one.policy,
      layer: one,
      recorded: new Map([["pkg:pypi/foo-bar@1.0", [SHA512]]]),
      record: RECORD,
    };
    expect(plan([standing], base, null).policy.rules).toEqual(one.policy.rules);
  });

  it("what a rule enforces in a policy that audits stays enforced for the package that leaves it", () => {
    const wide = { packages: ["npm:*"], unsigned: "recorded", mode: "enforce" } as const;
    const again = (rules: readonly object[]) => {
      const one = layer(
        { mode: "audit", recorded: RECORD, rules },
        { recordedPackages: { "pkg:npm/widget@2.1.0": [SHA512] } },
      );
      const base: Base = { policy: one.policy, layer: one, recorded: new Map(), record: RECORD };
      const sightings = sightingsOf([signed("npm:widget@2.1.0")], new Map());
      return plan(
        sightings.map((sighting) => standingOf(sighting, [one], NOW)),
        base,
        null,
      ).policy.rules;
    };
    const pinned = { packages: ["npm:widget"], signedBy: ["acme-widget"], mode: "enforce" };
    expect(again([wide])).toEqual([pinned, wide]);
    expect(again([{ ...wide, packages: ["npm:widget"] }])).toEqual([pinned]);
    const { mode: _, ...lax } = wide;
    expect(again([lax])).toEqual([{ packages: ["npm:widget"], signedBy: ["acme-widget"] }, lax]);
  });

  it("the recorded file is read back as it was written", () => {
    const { recorded } = planned(facts("npm:@acme/b@1.0.0"), facts("npm:a@1.0.0"));
    const text = recordedText(recorded);
    expect([...parseRecorded(text, "r.json").digests]).toEqual([
      ["npm:@acme/b@1.0.0", [SHA512]],
      ["npm:a@1.0.0", [SHA512]],
    ]);
    expect(text.split("\n")).toHaveLength(recorded.size + 6);
  });
});

describe("a registry's own signature", () => {
  const registry = "https://npm.example/";
  const published = (text: string, more: readonly Verdict[] = []) => {
    const signer = { kind: "key", fingerprint: "sha256:k", usage: REGISTRY_SIGNATURES, registry } as const;
    return facts(text, { verdicts: [verified({ signer, predicateType: null, roots: [] }), ...more] });
  };
  const BASELINE = {
    signers: { ours: { npmRegistry: registry } },
    rules: [{ packages: ["npm:a"], baseline: ["ours"] }],
  };
  const onTop = (one: Layer, named: readonly string[] | null, ...all: readonly Facts[]) =>
    plan(
      sightingsOf(all, new Map()).map((sighting) => standingOf(sighting, [one], NOW)),
      { policy: one.policy, layer: one, recorded: new Map(), record: RECORD },
      named === null ? null : new Set(named),
    );

  it("is a baseline for exactly these names; what has none is recorded", () => {
    const { policy, recorded } = planned(
      published("npm:b@1.0.0"),
      published("npm:@acme/a@1.0.0"),
      facts("npm:c@1.0.0"),
    );
    expect(policy.signers).toEqual({ "npm.example": { npmRegistry: registry } });
    expect(policy.rules).toEqual([
      { packages: ["npm:@acme/a", "npm:b"], baseline: ["npm.example"] },
      { packages: ["npm:*"], unsigned: "recorded" },
    ]);
    expect([...recorded.keys()]).toEqual(["pkg:npm/c@1.0.0"]);
  });

  it("never stands for whoever made it, and never hides that he could not be asked", () => {
    const maker = planned(published("npm:widget@2.1.0", [signedBy(WIDGET)]));
    expect(maker.policy.rules).toEqual([{ packages: ["npm:widget"], signedBy: ["acme-widget"] }]);
    const [one] = sightingsOf(
      [{ ...published("npm:a@1.0.0"), unavailable: [{ location: "https://npm.example/x", reason: "503" }] }],
      new Map(),
    );
    expect(one?.found.kind).toBe("unknown");
    expect(planned({ ...published("npm:a@1.0.0"), verdicts: [BROKEN] }).policy.rules).toBeUndefined();
  });

  it("versions that rest on different grounds are kept apart", () => {
    const { policy } = planned(
      facts("npm:a@1.0.0"),
      published("npm:a@2.0.0"),
      published("npm:a@2.1.0", [signedBy(WIDGET)]),
    );
    expect(policy.rules).toEqual([
      { packages: ["npm:a"], versions: "<2.0.0", unsigned: "recorded" },
      { packages: ["npm:a"], versions: ">=2.0.0 <2.1.0", baseline: ["npm.example"] },
      { packages: ["npm:a"], versions: ">=2.1.0", signedBy: ["acme-widget"] },
    ]);
  });

  it("a package under a baseline rule stays there, and a new one joins it", () => {
    const one = layer(BASELINE);
    const { policy, recorded, pinned } = onTop(one, null, published("npm:a@9.0.0"), published("npm:b@1.0.0"));
    expect(pinned).toHaveLength(1);
    expect(recorded.size).toBe(0);
    expect(policy).toEqual({ ...one.policy, rules: [{ packages: ["npm:a", "npm:b"], baseline: ["ours"] }] });
  });

  it("one that loses it is not recorded in passing; one that gains a maker is pinned to him", () => {
    const one = layer(BASELINE);
    const lost = onTop(one, null, facts("npm:a@9.0.0"));
    expect({ pinned: lost.pinned, policy: lost.policy }).toEqual({ pinned: [], policy: one.policy });
    const gained = onTop(one, null, published("npm:a@2.1.0", [signedBy(WIDGET)]));
    expect(gained.policy.rules).toEqual([{ packages: ["npm:a"], signedBy: ["acme-widget"] }]);
    expect(Object.keys(gained.policy.signers ?? {})).toEqual(["acme-widget"]);
  });
});

it("second looks are asked about what is new only, and about metadata always", () => {
  const main = {
    ...WIDGET,
    sourceRepositoryRef: "refs/heads/main",
    buildConfigURI: `${WIDGET.sourceRepositoryURI}/.github/workflows/release.yml@refs/heads/main`,
  };
  const one = planned(signed("npm:widget@2.1.0", main));
  expect(secondLooks(one).map(({ why }) => why)).toEqual([expect.stringContaining("only a branch")]);
  expect(secondLooks({ ...one, added: new Map() })).toEqual([]);
  const other = new Map([["pkg:npm/widget@2.1.0", "https://github.com/acme/other"]]);
  expect(secondLooks({ ...one, added: new Map() }, other)).toHaveLength(1);
});

it("a new version of a recorded name is pinned in passing where a recorded one says that it comes from there; and that is said", () => {
  const policy = { recorded: RECORD, rules: [{ packages: ["npm:*"], unsigned: "recorded" }] };
  const one = layer(policy, { recordedPackages: { "pkg:npm/widget@2.0.0": [SHA512] } });
  const base: Base = {
    policy: one.policy,
    layer: one,
    recorded: new Map([["pkg:npm/widget@2.0.0", [SHA512]]]),
    record: RECORD,
  };
  const [sighting] = sightingsOf([signed("npm:widget@2.1.0")], new Map());
  if (sighting === undefined) throw new Error("nothing seen");
  const from = (repository: string | null) => {
    const earlier = [{ version: "2.0.0", repository }];
    return standingOf(sighting, [one], NOW, new Map([["pkg:npm/widget@2.1.0", earlier]]));
  };
  const own = plan([from("git+https://github.com/acme/widget.git")], base, null);
  expect(own.policy.rules).toContainEqual({ packages: ["npm:widget"], signedBy: ["acme-widget"] });
  expect(secondLooks(own).map(({ why }) => why)).toEqual([
    expect.stringMatching(
      /built from https:\/\/github.com\/acme\/widget; 2\.0\.0, recorded so far, says .*widget\.git/,
    ),
  ]);
  for (const other of [from("https://github.com/acme/other"), from(null), standingOf(sighting, [one], NOW)]) {
    expect(other.status).toBe("moved");
    expect(plan([other], base, null)).toMatchObject({ pinned: [], policy: one.policy });
    expect(plan([other], base, new Set(["pkg:npm/widget@2.1.0"])).pinned).toHaveLength(1);
  }
});
