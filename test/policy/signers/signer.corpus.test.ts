import { ASKABLE } from "../../../src/plugins.ts";
import { CLAIM_OIDS, type Claims } from "../../../src/model/claims.ts";
import { expandSigner } from "../../../src/policy/signers/expand.ts";
import { parsePolicy } from "../../../src/policy/read/parse.ts";
import { matchSigner } from "../../../src/policy/signers/signer.ts";
import { attestation } from "../../support/attestation.ts";
import { corpusText, hasCorpus } from "../../support/corpus.ts";
import { layer } from "../../support/policy.ts";
import { describe, expect, it } from "vitest";

interface Manifest {
  readonly files: readonly {
    readonly path: string;
    readonly bundles?: readonly {
      readonly signer?: {
        readonly subjectAlternativeName?: string;
        readonly extensions?: Readonly<Record<string, string>>;
      };
    }[];
  }[];
}

/** The claims of every certificate of the corpus that says who its source is, each once. */
function certificates(): readonly (readonly [string, Claims])[] {
  const { files } = JSON.parse(corpusText("manifest.json")) as Manifest;
  const all = files.flatMap(({ path, bundles = [] }) =>
    bundles.flatMap(({ signer }) => {
      const found = Object.entries(signer?.extensions ?? {}).filter(([name]) => Object.hasOwn(CLAIM_OIDS, name));
      const claims = { ...Object.fromEntries(found), subjectAlternativeName: signer?.subjectAlternativeName } as Claims;
      return claims.sourceRepositoryURI === undefined ? [] : [[path, claims] as const];
    }),
  );
  return [...new Map(all.map((one) => [JSON.stringify(one[1]), one])).values()];
}

/** The shorthand that pins what a certificate says. */
function shorthand(claims: Claims): object | null {
  const { issuer, sourceRepositoryURI = "", sourceRepositoryRef = "", buildConfigURI = "" } = claims;
  const path = (before: string) => buildConfigURI.slice(before.length, -`@${sourceRepositoryRef}`.length);
  if (issuer === "https://gitlab.com") {
    const project = sourceRepositoryURI.slice("https://gitlab.com/".length);
    return { gitlab: { project, configPath: path(`${sourceRepositoryURI}//`), ref: sourceRepositoryRef } };
  }
  if (issuer !== "https://token.actions.githubusercontent.com") return null;
  const repository = sourceRepositoryURI.slice("https://github.com/".length);
  const signerWorkflow = claims.buildSignerURI?.slice("https://github.com/".length);
  return {
    githubActions: {
      repository,
      workflow: path(`${sourceRepositoryURI}/`),
      ref: sourceRepositoryRef,
      ...(claims.buildTrigger === undefined ? {} : { trigger: claims.buildTrigger }),
      ...(claims.runnerEnvironment === undefined ? {} : { runner: claims.runnerEnvironment }),
      ...(claims.sourceRepositoryIdentifier === undefined ? {} : { repositoryId: claims.sourceRepositoryIdentifier }),
      ...(signerWorkflow === undefined ? {} : { signerWorkflow }),
    },
  };
}

const real = hasCorpus ? certificates() : [];
const signed = (claims: Claims) => attestation({ signer: { kind: "certificate", claims } });

describe.skipIf(!hasCorpus)("signers against real certificates", () => {
  it("there are some of both hosts", () => {
    const kinds = real.map(([, claims]) => Object.keys(shorthand(claims) ?? {})[0]);
    expect(kinds.filter((kind) => kind === "githubActions").length).toBeGreaterThan(5);
    expect(kinds).toContain("gitlab");
  });

  it.each(real)("%s: its own shorthand matches, one claim changed does not", (_, claims) => {
    const is = shorthand(claims);
    if (is === null) return;
    const one = layer({ signers: { widget: is } });
    expect(matchSigner(one, "widget", signed(claims), "1.0.0")).toEqual([]);
    for (const { claim } of expandSigner(one.policy.signers?.["widget"] ?? {}, { version: "1.0.0" })) {
      expect(matchSigner(one, "widget", signed({ ...claims, [claim]: `${claims[claim]}x` }), "1.0.0")).not.toEqual([]);
      const { [claim]: _, ...without } = claims;
      expect(matchSigner(one, "widget", signed(without), "1.0.0")).not.toEqual([]);
    }
  });

  it.each(real)("%s: so does the whole certificate, spelt out", (_, claims) => {
    const { issuer, ...rest } = claims;
    const text = JSON.stringify({ version: 1, signers: { exact: { certificate: { issuer, ...rest } } } });
    expect(() => parsePolicy(text, "p.json", ASKABLE)).not.toThrow();
    const exact = layer({ signers: { exact: { certificate: { issuer, ...rest } } } });
    expect(matchSigner(exact, "exact", signed(claims), null)).toEqual([]);
  });

  it("the enterprise's issuer is not the common one", () => {
    const [, enterprise] = real.find(([path]) => path.includes("custom-issuer")) ?? [];
    const one = layer({ signers: { common: { githubActions: { repository: "too-legit/attest" } } } });
    expect(matchSigner(one, "common", signed(enterprise ?? {}), null).map(({ name }) => name)).toEqual(["issuer"]);
  });
});
