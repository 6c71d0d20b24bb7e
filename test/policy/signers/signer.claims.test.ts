import { CLAIM_OIDS, type ClaimName } from "../../../src/model/claims.ts";
import { matchSigner } from "../../../src/policy/signers/signer.ts";
import { attestation } from "../../support/attestation.ts";
import { layer } from "../../support/policy.ts";
import { describe, expect, it } from "vitest";

const NAMES: readonly ClaimName[] = ["subjectAlternativeName", ...(Object.keys(CLAIM_OIDS) as ClaimName[])];
const CLAIMS = Object.fromEntries(NAMES.map((name) => [name, `https://claims.example/${name}`]));

const compare = (signer: object, claims: object) =>
  matchSigner(
    layer({ signers: { widget: signer } }),
    "widget",
    attestation({ signer: { kind: "certificate", claims } }),
    null,
  ).map(({ name }) => name);

describe("every claim that a policy can pin", () => {
  it.each(NAMES)("certificate.%s: whole, with its case, and there", (name) => {
    const signer = { certificate: CLAIMS };
    expect(compare(signer, CLAIMS)).toEqual([]);
    for (const other of [`${CLAIMS[name]}/`, CLAIMS[name]?.toUpperCase(), CLAIMS[name]?.slice(0, -1), "", undefined]) {
      expect(compare(signer, { ...CLAIMS, [name]: other })).toEqual([name]);
    }
  });

  it.each([
    ["environment", "deploymentEnvironment", "release"],
    ["runner", "runnerEnvironment", "gitlab-hosted"],
    ["trigger", "buildTrigger", "push"],
    ["projectId", "sourceRepositoryIdentifier", "1"],
    ["namespaceId", "sourceRepositoryOwnerIdentifier", "2"],
  ])("gitlab.%s is %s", (key, claim, value) => {
    const claims = { issuer: "https://gitlab.com", sourceRepositoryURI: "https://gitlab.com/group/project" };
    const signer = { gitlab: { project: "group/project", [key]: value } };
    expect(compare(signer, { ...claims, [claim]: value })).toEqual([]);
    expect(compare(signer, { ...claims, [claim]: `${value}x` })).toEqual([key]);
    expect(compare(signer, claims)).toEqual([key]);
  });
});
