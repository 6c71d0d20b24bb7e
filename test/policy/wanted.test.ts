import { wanted } from "../../src/policy/wanted.ts";
import { NOW, artifact, layer } from "../support/policy.ts";
import { describe, expect, it } from "vitest";

const GITHUB = { kind: "github" } as const;
const ACTIONS = "https://token.actions.githubusercontent.com";
const certificate = (sourceRepositoryURI: string) => ({
  certificate: { issuer: ACTIONS, sourceRepositoryURI },
});
const wants = (signers: object, names: readonly string[] = Object.keys(signers)) =>
  wanted(
    [layer({ signers, rules: [{ packages: ["npm:*"], signedBy: names }] }, { sources: { npm: [GITHUB] } })],
    artifact("npm:a@1.0.0"),
    NOW,
  );

describe("where GitHub's attestations are kept", () => {
  it.each<[string, object, readonly string[]]>([
    ["a signer's repository", { a: { githubActions: { repository: "acme/widget" } } }, ["acme/widget"]],
    ["a certificate's", { a: certificate("https://github.com/acme/widget") }, ["acme/widget"]],
    [
      "each once",
      { a: certificate("https://github.com/acme/widget"), b: { githubActions: { repository: "acme/widget" } } },
      ["acme/widget"],
    ],
    ["not elsewhere", { a: certificate("https://git.example/acme/widget") }, []],
    ["not in the middle", { a: certificate("https://git.example/https://github.com/acme/widget") }, []],
    ["not below", { a: certificate("https://github.com/acme/widget/more") }, []],
    [
      "not of a registry",
      { a: { nugetSignature: { kind: "author", fingerprints: [`sha256:${"a".repeat(64)}`] } } },
      [],
    ],
  ])("%s", (_, signers, repositories) => {
    expect(wants(signers).sources).toEqual([{ kind: "github", repositories }]);
  });
});

describe("the ecosystem's own signature", () => {
  const nuget = { nugetSignature: { kind: "author", fingerprints: [`sha256:${"a".repeat(64)}`] } };
  const widget = { githubActions: { repository: "acme/widget" } };

  it("is asked for where one of the signers is one", () => {
    expect(wants({ nuget }).signature).toBe(true);
    expect(wants({ widget, nuget }).signature).toBe(true);
    expect(wants({ widget, nuget }, ["widget"]).signature).toBe(false);
  });

  it("evidence is asked for where one of the layers does", () => {
    const deny = layer({ rules: [{ packages: ["npm:*"], unsigned: "deny" }] });
    const signed = layer({ signers: { widget }, rules: [{ packages: ["npm:*"], signedBy: ["widget"] }] });
    const nothing = layer({});
    expect(wanted([deny, nothing, signed], artifact("npm:a@1.0.0"), NOW)).toEqual({
      evidence: true,
      baseline: false,
      signature: false,
      sources: [],
    });
    expect(wanted([deny, nothing], artifact("npm:a@1.0.0"), NOW).evidence).toBe(false);
  });
});
