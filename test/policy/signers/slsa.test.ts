import { CLAIM_OIDS, type Claims } from "../../../src/model/claims.ts";
import { buildLevelOf, compareSlsa } from "../../../src/policy/signers/slsa.ts";
import type { Rule } from "../../../src/policy/schema/index.ts";
import { attestation } from "../../support/attestation.ts";
import { corpusText, hasCorpus } from "../../support/corpus.ts";
import { codes, decided, layer, signedBy, WIDGET } from "../../support/policy.ts";
import { describe, expect, it } from "vitest";

const GENERATOR =
  "https://github.com/slsa-framework/slsa-github-generator/.github/workflows/generator_generic_slsa3.yml@refs/tags/v2.1.0";
const BRANCH = GENERATOR.replace("tags/v2.1.0", "heads/main");
const COPY = GENERATOR.replace("slsa-framework", "mallory");
const HOSTED = "https://github.com/actions/runner/github-hosted";
const by = (id: unknown, more: object = {}) => ({ runDetails: { builder: { id } }, ...more });
const claims = (more: Partial<Claims>): Claims => ({ ...WIDGET, ...more });
const made = (signer: Claims, predicate: unknown, predicateType = "https://slsa.dev/provenance/v1") =>
  attestation({ signer: { kind: "certificate", claims: signer }, predicate, predicateType });

/** v1, with these commits of the certificate's repository, and one of another. */
const took = (...commits: readonly string[]) =>
  by(HOSTED, {
    buildDefinition: {
      resolvedDependencies: [
        { uri: "git+https://github.com/actions/checkout@refs/tags/v5", digest: { gitCommit: "c".repeat(40) } },
        ...commits.map((one) => ({
          uri: `git+${WIDGET.sourceRepositoryURI}@refs/tags/v2.1.0`,
          digest: { gitCommit: one.repeat(40) },
        })),
      ],
    },
  });

describe("the build level", () => {
  it.each<[string, Claims, unknown, number]>([
    ["of a hosted workflow that signs for itself", WIDGET, by(HOSTED), 2],
    ["of a known builder at a release", claims({ buildSignerURI: GENERATOR }), by(GENERATOR), 3],
    ["of gitlab.com", claims({ issuer: "https://gitlab.com", runnerEnvironment: "gitlab-hosted" }), by("x"), 2],
    ["of a runner of one's own", claims({ runnerEnvironment: "self-hosted" }), by(HOSTED), 1],
    ["where the predicate says that it was one", WIDGET, by("https://github.com/actions/runner/self-hosted"), 1],
    ["of another platform", claims({ issuer: "https://agent.buildkite.com" }), by(HOSTED), 1],
    [
      "of a server of one's own",
      claims({ issuer: "https://gitlab.example", runnerEnvironment: "gitlab-hosted" }),
      by("x"),
      1,
    ],
    ["without a builder", WIDGET, {}, 0],
    ["with a builder that is no text", WIDGET, by({}), 0],
    ["of a known builder at a branch", claims({ buildSignerURI: BRANCH }), by(BRANCH), 2],
    ["of a known builder that names another", claims({ buildSignerURI: GENERATOR }), by(HOSTED), 2],
    ["that a workflow claims for itself", WIDGET, by(GENERATOR), 2],
    ["of a copy of a known builder", claims({ buildSignerURI: COPY }), by(COPY), 2],
    [
      "of a name that only begins alike",
      claims({ buildSignerURI: GENERATOR.replace(".yml", ".yml.yml") }),
      by(GENERATOR),
      2,
    ],
    [
      "of a reusable workflow that nobody knows",
      claims({ buildSignerURI: "https://github.com/acme/ci/.github/workflows/b.yml@refs/tags/v1.0.0" }),
      by(HOSTED),
      2,
    ],
  ])("%s", (_, signer, predicate, level) => expect(buildLevelOf(made(signer, predicate))).toBe(level));

  it("is none of a key's, and none of what is no provenance", () => {
    const key = { kind: "key", fingerprint: "sha256:1", usage: "policy" } as const;
    expect(buildLevelOf(attestation({ signer: key, predicate: by(HOSTED) }))).toBe(0);
    expect(buildLevelOf(made(WIDGET, by(HOSTED), "https://spdx.dev/Document"))).toBe(0);
  });

  it("is read from v0.2, too", () => {
    expect(buildLevelOf(made(WIDGET, { builder: { id: HOSTED } }, "https://slsa.dev/provenance/v0.2"))).toBe(2);
  });
});

describe("a rule with slsa", () => {
  const rule = (slsa: object) => ({ packages: ["npm:widget"], signedBy: ["widget"], slsa }) as unknown as Rule;
  const names = (slsa: object, one: ReturnType<typeof made>) => compareSlsa(rule(slsa), one).map(({ name }) => name);
  const generated = made(claims({ buildSignerURI: GENERATOR }), by(GENERATOR));
  const path = GENERATOR.split("@")[0] ?? "";

  it("asks for the level and the builder", () => {
    expect(names({ buildLevel: 3, builders: "known" }, generated)).toEqual([]);
    expect(names({ buildLevel: 3 }, made(WIDGET, by(GENERATOR)))).toEqual(["buildLevel"]);
    expect(names({ buildLevel: 2, builders: "known" }, made(WIDGET, by(HOSTED)))).toEqual(["builder"]);
    expect(names({ buildLevel: 2, builders: [path] }, generated)).toEqual([]);
    expect(
      names({ buildLevel: 2, builders: ["https://github.com/acme/ci/.github/workflows/b.yml"] }, generated),
    ).toEqual(["builder"]);
  });

  it.each([
    [
      "repository",
      by(HOSTED, {
        buildDefinition: { externalParameters: { workflow: { repository: "https://github.com/mallory/x" } } },
      }),
    ],
    [
      "repository",
      {
        builder: { id: HOSTED },
        invocation: { configSource: { uri: "git+https://github.com/mallory/x@refs/heads/main" } },
      },
    ],
    ["commit", { builder: { id: HOSTED }, invocation: { configSource: { digest: { sha1: "b".repeat(40) } } } }],
    ["commit", took("b")],
  ])("is not met where the predicate names another %s than the certificate", (name, predicate) => {
    const signer = claims({ sourceRepositoryDigest: "a".repeat(40) });
    expect(names({ buildLevel: 1 }, made(signer, predicate))).toEqual([name]);
  });

  it("is met where one of the commits that it took of its repository is the certificate's", () => {
    const signer = claims({ sourceRepositoryDigest: "a".repeat(40) });
    expect(names({ buildLevel: 1 }, made(signer, took("b", "a")))).toEqual([]);
    expect(names({ buildLevel: 1 }, made(signer, took()))).toEqual([]);
  });

  it("decides: met by the level, denied below it, and never by a signature alone", () => {
    const policy = (slsa: object) =>
      layer({
        signers: {
          widget: {
            githubActions: {
              repository: "acme/widget",
              workflow: ".github/workflows/release.yml",
              ref: "refs/tags/v{version}",
            },
          },
        },
        rules: [{ packages: ["npm:widget"], signedBy: ["widget"], slsa }],
      });
    const verdict = signedBy(WIDGET, { predicate: by(HOSTED) });
    expect(decided("npm:widget@2.1.0", policy({ buildLevel: 2 }), [verdict]).outcome).toBe("allowed");
    expect(codes(decided("npm:widget@2.1.0", policy({ buildLevel: 3 }), [verdict]))).toEqual(["PROVENANCE_MISMATCH"]);
    const message = signedBy(WIDGET, { predicateType: null, predicate: undefined });
    expect(codes(decided("npm:widget@2.1.0", policy({ buildLevel: 1 }), [message]))).toEqual(["NO_EVIDENCE"]);
  });
});

interface Manifest {
  readonly files: readonly {
    readonly path: string;
    readonly bundles?: readonly { readonly signer?: { readonly extensions?: Readonly<Record<string, string>> } }[];
  }[];
}

interface Answer {
  readonly attestations?: readonly {
    readonly predicateType: string;
    readonly bundle: { readonly dsseEnvelope: { readonly payload: string } };
  }[];
}

describe.skipIf(!hasCorpus)("real provenance", () => {
  it("of npm packages reaches the level that its certificate supports, contradicts nothing, and none reaches more", () => {
    const { files } = JSON.parse(corpusText("manifest.json")) as Manifest;
    const levels = files
      .filter(({ path }) => /^npm\/(?!negative).*attestations\.json$/.test(path))
      .flatMap(({ path, bundles = [] }) => {
        const extensions = bundles
          .map(({ signer }) => signer?.extensions)
          .find((one) => one?.["buildSignerURI"] !== undefined);
        const { attestations = [] } = JSON.parse(corpusText(path)) as Answer;
        const found = attestations.find(({ predicateType }) =>
          predicateType.startsWith("https://slsa.dev/provenance/"),
        );
        if (extensions === undefined || found === undefined) return [];
        const known = Object.entries(extensions).filter(([name]) => Object.hasOwn(CLAIM_OIDS, name));
        const { predicate, predicateType } = JSON.parse(
          Buffer.from(found.bundle.dsseEnvelope.payload, "base64").toString("utf8"),
        ) as { readonly predicate: unknown; readonly predicateType: string };
        const one = made(Object.fromEntries(known), predicate, predicateType);
        const rule = { packages: ["npm:x"], slsa: { buildLevel: 1 } } as unknown as Rule;
        return [{ path, level: buildLevelOf(one), wrong: compareSlsa(rule, one) }];
      });
    expect(levels.length).toBeGreaterThan(4);
    expect(levels.filter(({ wrong }) => wrong.length > 0)).toEqual([]);
    const third = levels.filter(({ level }) => level === 3).map(({ path }) => path);
    expect(third.every((path) => path.includes("provenance-npm-test"))).toBe(true);
    expect(third.length).toBeGreaterThan(0);
    expect(new Set(levels.map(({ level }) => level))).toEqual(new Set([2, 3]));
  });
});
