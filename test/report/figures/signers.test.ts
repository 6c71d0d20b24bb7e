import { toJson } from "../../../src/report/json.ts";
import { looksAt } from "../../../src/report/figures/looks.ts";
import { richReport } from "../../support/rich-report.ts";
import { describe, expect, it } from "vitest";

const signers = () => {
  const report = toJson(richReport(), { version: "1", now: new Date(0) });
  return report.projects[0]?.summary.signers ?? [];
};

describe("who signs what", () => {
  it("one workflow is one signer from whatever ref it signed; those with most packages first", () => {
    expect(
      signers().map(({ signer, repository, refs, packages }) => [signer, repository, refs, packages.length]),
    ).toEqual([
      [
        "https://github.com/octo-org/monorepo/.github/workflows/release.yml",
        "https://github.com/octo-org/monorepo",
        ["refs/tags/v1.0.0"],
        98,
      ],
      [
        "https://github.com/webkit-tools/monorepo/.github/workflows/release.yml",
        "https://github.com/webkit-tools/monorepo",
        ["refs/tags/v1.0.0"],
        63,
      ],
      [
        "https://github.com/acme/widgets/.github/workflows/release.yml",
        "https://github.com/acme/widgets",
        ["refs/tags/v1.0.0"],
        41,
      ],
      [expect.stringMatching(/^sha256:[0-9a-f]{64} \(npm:signatures of https:\/\/npm\.example\/\)$/), null, [], 6],
    ]);
  });

  it("marks what deserves a second look", () => {
    expect(signers().map(({ looks }) => looks)).toEqual([
      [],
      ["built on a self-hosted runner: somebody's own machine"],
      [],
      [],
    ]);
  });

  it.each([
    [{ triggers: ["pull_request_target", "push"] }, 1],
    [{ triggers: [], subject: "kim@acme.example" }, 1],
    [{ triggers: [], subject: "https://github.com/a/b@refs/tags/v1" }, 0],
    [{ triggers: ["push"], runner: "github-hosted" }, 0],
  ])("%j: %i", (looked, count) => expect(looksAt(looked)).toHaveLength(count));
});
