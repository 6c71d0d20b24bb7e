import { ASKABLE } from "../../../src/plugins.ts";
import { checkPolicy } from "../../../src/policy/consistency/index.ts";
import { SHA512 } from "../../support/policy.ts";
import { parsePolicy } from "../../../src/policy/read/parse.ts";
import { PolicyFileError, formatPath } from "../../../src/policy/read/problem.ts";
import { describe, expect, it } from "vitest";

/** `path: message` of every problem of a file with this content. */
function problemsOf(policy: object): readonly string[] {
  try {
    parsePolicy(JSON.stringify({ version: 1, ...policy }), "p.json", ASKABLE);
    return [];
  } catch (error) {
    if (error instanceof PolicyFileError)
      return error.problems.map(({ path, message }) => `${formatPath(path)}: ${message}`);
    throw error;
  }
}

/** Of a policy that no shape would let through. */
const bent = (policy: object) => checkPolicy({ version: 1, ...policy }, ASKABLE).map(({ path }) => formatPath(path));
const rule = { packages: ["npm:@acme/*"], unsigned: "deny" };
const excepted = (more: object) => ({
  exceptions: [
    {
      package: "pkg:npm/a@1.0.0",
      digests: [SHA512],
      excuses: ["NO_EVIDENCE"],
      reason: "x",
      expires: "2027-01-01",
      ...more,
    },
  ],
});
const revoked = (more: object) => ({ revoked: [{ reason: "x", ...more }] });
const widget = { signers: { widget: { githubActions: { repository: "acme/widget" } } } };

describe("exceptions and revocations", () => {
  it.each<[object, readonly string[]]>([
    [excepted({}), []],
    [excepted({ since: "2026-02-30" }), ["exceptions[0].since: the calendar has no 2026-02-30"]],
    [excepted({ expires: "2026-02-30" }), ["exceptions[0].expires: the calendar has no 2026-02-30"]],
    [revoked({ package: "pkg:npm/a" }), []],
    [
      revoked({ package: "pkg:npm/@@" }),
      ["revoked[0].package: expected a package URL such as pkg:npm/%40acme/widget@2.1.0"],
    ],
    [revoked({ run: "https://a.example/1" }), []],
    [
      revoked({ run: "http://a.example/1" }),
      ["revoked[0].run: expected the build's https address, as in the certificate's runInvocationURI"],
    ],
    [
      revoked({ run: "https://" }),
      ["revoked[0].run: expected the build's https address, as in the certificate's runInvocationURI"],
    ],
    [
      {
        ...widget,
        ...revoked({ signer: "widget", signedFrom: "2026-01-01T00:00:00Z", signedUntil: "2026-01-01T00:00:00Z" }),
      },
      ["revoked[0].signedUntil: the window is empty: signedUntil must be after signedFrom"],
    ],
    [
      {
        ...widget,
        ...revoked({ signer: "widget", signedFrom: "2026-01-02T00:00:00Z", signedUntil: "2026-01-01T00:00:00Z" }),
      },
      ["revoked[0].signedUntil: the window is empty: signedUntil must be after signedFrom"],
    ],
    [
      {
        ...widget,
        ...revoked({ signer: "widget", signedFrom: "2026-01-02T00:00:00Z", signedUntil: "2026-01-03T00:00:00Z" }),
      },
      [],
    ],
    [
      {
        ...widget,
        ...revoked({ signer: "widget", signedFrom: "2026-02-30T00:00:00Z", signedUntil: "2026-01-01T00:00:00Z" }),
      },
      ["revoked[0].signedFrom: the calendar has no 2026-02-30T00:00:00Z"],
    ],
  ])("%j", (policy, expected) => {
    expect(problemsOf(policy)).toEqual(expected);
  });
});

describe("packages whose scripts run", () => {
  it.each(["all", "signed", "none"])("%s", (scripts) => {
    expect(problemsOf({ scripts })).toEqual([]);
  });

  it("each pattern is one of its ecosystem", () => {
    expect(problemsOf({ scripts: ["npm:esbuild", "npm:@acme*"] })).toEqual([
      "scripts[1]: would reach beyond one scope: write npm:@SCOPE/*",
    ]);
  });
});

describe("rules that speak alike", () => {
  const pair = (one: object, other: object) => ({
    rules: [
      { ...rule, ...one },
      { ...rule, ...other },
    ],
  });
  const alike = [
    "rules[1].packages[0]: rules[0] has the same pattern for the same versions: make their versions apart, or join the rules",
  ];

  it.each<[object, readonly string[]]>([
    [pair({}, {}), alike],
    [pair({ versions: "<2" }, {}), alike],
    [pair({}, { versions: "<2" }), alike],
    [pair({ versions: "<2" }, { versions: " <2 " }), alike],
    [pair({ versions: " <2" }, { versions: "<2" }), alike],
    [pair({ versions: "<2" }, { versions: "<3" }), alike],
    [pair({ versions: "<2" }, { versions: ">=2" }), []],
    [pair({}, { packages: ["npm:@acme/widget"] }), []],
    [{ rules: [{ ...rule, packages: ["npm:a", "npm:a"] }] }, ["rules[0].packages[1]: npm:a is named twice"]],
    [
      { rules: [{ ...rule, packages: ["npm:a", "npm:a"], versions: "<1" }] },
      ["rules[0].packages[1]: npm:a is named twice"],
    ],
    [
      {
        rules: [
          { ...rule, packages: ["npm:a"], versions: "<1" },
          { ...rule, packages: ["npm:a", "npm:a"], versions: ">=1" },
        ],
      },
      ["rules[1].packages[1]: npm:a is named twice"],
    ],
    [
      pair({ packages: ["pypi:a"], versions: "<2" }, { packages: ["pypi:a"], versions: "<2 " }),
      alike.map((one) => one),
    ],
  ])("%j", (policy, expected) => {
    expect(problemsOf(policy)).toEqual(expected);
  });

  it("what is no pattern overlaps with nothing", () => {
    const wrong = { ...rule, packages: ["npm:@acme*"] };
    expect(problemsOf({ rules: [wrong, wrong] }).map((one) => one.split(":")[0])).toEqual([
      "rules[0].packages[0]",
      "rules[1].packages[0]",
    ]);
  });
});

describe("names that are built in, and days", () => {
  it("public-good, and what the calendar does not have", () => {
    expect(bent({ trust: { "public-good": {} } })).toEqual(['trust["public-good"]']);
    expect(problemsOf({ recorded: { file: "r.json", reason: "x", expires: "2026-02-30" } })).toEqual([
      "recorded.expires: the calendar has no 2026-02-30",
    ]);
  });
});
