import { matchSigner } from "../../../src/policy/signers/signer.ts";
import { attestation } from "../../support/attestation.ts";
import { layer, WIDGET } from "../../support/policy.ts";
import { expect, it } from "vitest";

const one = layer({
  signers: { widget: { githubActions: { repository: "acme/widget", ref: "refs/tags/v{version}" } } },
});
const at = (ref: string) =>
  attestation({ signer: { kind: "certificate", claims: { ...WIDGET, sourceRepositoryRef: ref } } });

it("{version} matches nothing where no version is known", () => {
  for (const ref of ["refs/tags/v", "refs/tags/v1", "refs/tags/v{version}", "refs/tags/vnull"]) {
    expect(matchSigner(one, "widget", at(ref), null)).not.toEqual([]);
  }
  expect(matchSigner(one, "widget", at("refs/tags/v1.0.0"), "1.0.0")).toEqual([]);
});
