/** What people read, at 80 columns of a terminal: whole screens, from data that no day and no machine changes. */
import { draft } from "../../src/author/draft.ts";
import { explainLayer } from "../../src/author/explain.ts";
import type { Foundation } from "../../src/author/foundation.ts";
import { lint } from "../../src/author/lint/index.ts";
import type { Survey } from "../../src/author/survey.ts";
import { differenceText } from "../../src/author/words/change.ts";
import { exceptionList } from "../../src/author/words/exceptions.ts";
import { explanation } from "../../src/author/words/explanation.ts";
import { proposal } from "../../src/author/words/proposal.ts";
import { changes } from "../../src/commands/policy/pin.ts";
import { lintText } from "../../src/commands/policy/lint.ts";
import { SafeInstallError } from "../../src/errors.ts";
import type { Decision } from "../../src/model/decision.ts";
import { describeError } from "../../src/report/error.ts";
import { pretty } from "../../src/report/pretty.ts";
import { forScreen } from "../../src/report/text.ts";
import type { Runtime } from "../../src/runtime.ts";
import { decided, facts, layer, NOW, ref, SHA512, signedBy, WIDGET } from "../support/policy.ts";
import { allowed, sampleReport } from "../support/report.ts";
import { expect, it } from "vitest";

const plain = (_: string, text: string) => text;
const TERMINAL = { isTTY: true, columns: 80 } as const;

const SIGNERS = {
  acme: {
    githubActions: { repository: "acme/widget", workflow: ".github/workflows/release.yml", ref: "refs/tags/v*" },
  },
};
const POLICY = layer({ signers: SIGNERS, rules: [{ packages: ["npm:@acme/*"], signedBy: ["acme"] }] });
const ELSEWHERE = {
  ...WIDGET,
  sourceRepositoryURI: "https://github.com/acme-platform-engineering/internal-playground-of-somebody",
  buildConfigURI:
    "https://github.com/acme-platform-engineering/internal-playground-of-somebody/.github/workflows/nightly-build.yml@refs/heads/main",
};

function judged(): readonly Decision[] {
  return [
    decided("npm:@acme/widget@2.1.0", POLICY, [signedBy(ELSEWHERE)]),
    decided("npm:@acme/a-package-with-a-rather-long-name@10.20.30-beta.4", POLICY),
    decided("npm:left-pad@1.3.0", POLICY),
  ];
}

const names = (count: number) => Array.from({ length: count }, (_, at) => `package-of-some-length-${at}`);

function denials(): string {
  const notes = ["the exception for pkg:npm/old@1.0.0 expires in 7 days, and nobody has said who looks after it since"];
  return pretty(sampleReport({ decisions: judged(), unbound: [], notes }), plain, 80);
}

function check(): string {
  const kinds = ["signed", "baseline", "recorded", "archive", "unsigned"] as const;
  const decisions = names(10).map((name, at): Decision => {
    const one = allowed(name);
    const ground = { kind: kinds[at % 5] ?? "signed", signers: ["widget"] };
    return { ...one, layers: one.layers.map((said) => ({ ...said, ground }) as typeof said) };
  });
  const notGated = names(7).map((name) => ({ kind: "other-platform", name: `node_modules/${name}` }) as const);
  const report = sampleReport({ decisions, unbound: [], notGated, notes: [], outcome: "allowed", exit: 0 });
  return pretty({ ...report, command: "check" }, plain, 80);
}

function init(): string {
  const foundation: Foundation = {
    layers: [],
    roots: [],
    keys: [],
    notary: [],
    files: new Map(),
    repositoryRoot: "/r",
    file: "/r/.signing-policy.json",
    shown: ".signing-policy.json",
    text: null,
    schema: null,
    policy: { version: 1 },
    recordedFile: ".signing-recorded.json",
    recorded: new Map(),
    baseline: [],
  };
  const survey: Survey = {
    facts: [
      facts("npm:@acme/widget@2.1.0", { verdicts: [signedBy(WIDGET)] }),
      ...names(6).map((name) => facts(`npm:${name}@1.0.0`)),
    ],
    unbound: [],
    lockfiles: ["package-lock.json"],
    repositories: new Map(),
    isWhole: true,
    wouldRun: [],
    earlier: new Map(),
    silent: [
      "https://mirror.example had no attestation or signature of what the policy asks for, of any of 6 packages",
    ],
  };
  const drafted = draft(foundation, survey, { named: null, mode: "enforce", now: NOW });
  return `${proposal(drafted, plain, 80)}\n${changes(drafted, plain)}`;
}

function diff(): string {
  const of = (name: string, before: string, after: string, kind: "allows" | "forbids") => ({
    kind,
    package: ref(`npm:${name}@1.0.0`),
    before,
    after,
  });
  return differenceText(
    {
      revision: "refs/remotes/origin/main (1f2e3d4)",
      found: [
        ...names(5).map((name) => of(name, "denied (NO_RULE)", "exactly these bytes are recorded", "allows")),
        of(
          "@acme/widget",
          "signed by acme, with SLSA provenance of the repository acme/widget",
          "denied (UNTRUSTED_SIGNER): signed, but not by any of those that the new rule names for this package",
          "forbids",
        ),
      ],
      said: [
        '.signing-policy.json: signer acme.githubActions.ref: "refs/tags/v*" becomes "refs/tags/v{version}" for all',
      ],
      packages: 900,
    },
    plain,
    80,
  );
}

function linted(): string {
  const risky = layer({
    signers: { acme: { githubActions: { repository: "acme/widget" } }, unused: SIGNERS.acme },
    rules: [{ packages: ["npm:*"], unsigned: "allow", reason: "roll-out", expires: "2099-01-01" }],
  });
  const found = lint(risky, null, NOW, []).map((finding) => ({
    layer: ".signing-policy.json",
    finding: { ...finding, line: 1, column: 1 },
  }));
  return lintText(found, true)(plain, 80);
}

function explained(): string {
  const about = facts("npm:@acme/widget@2.1.0", { verdicts: [signedBy(ELSEWHERE)] });
  const decision = decided("npm:@acme/widget@2.1.0", POLICY, about.verdicts);
  return explanation(
    { decision, facts: about, explanations: [explainLayer(POLICY, about)] },
    { command: ["npm", "install", "@acme/widget", "and-more", "packages-that", "were-typed"], policy: null },
    plain,
    80,
  );
}

function errors(): string {
  const runtime = {
    env: { NO_COLOR: "1" },
    signal: new AbortController().signal,
    stderr: { ...TERMINAL, write: () => {} },
  };
  return [
    new SafeInstallError(
      "usage",
      "NO_LOCKFILE",
      "there is nothing to judge in /home/me/a/folder/of/mine: no lockfile, no project",
      {
        hint: "go to the folder of the lockfile; for what is not locked yet: safe-install init -- npm install NAME, or safe-install init -- pip install NAME",
      },
    ),
    new SafeInstallError("policy", "NO_POLICY", "there is no .signing-policy.json to pin to", {
      hint: "safe-install init",
    }),
    new SafeInstallError("unavailable", "GIT_FAILED", "git: something that it said"),
  ]
    .map((error) => describeError(error, runtime as unknown as Runtime))
    .join("\n");
}

function exceptions(): string {
  const one = { package: "pkg:npm/left-pad@1.3.0", excuses: ["NO_EVIDENCE"], policy: ".signing-policy.json" } as const;
  const figure = { approvedBy: "security@acme.example", since: "2026-11-01", ageDays: 20, uses: 1 };
  const reason = "urgent: the release of the shop waits for it, and the author has promised provenance for next week";
  return exceptionList([{ ...one, ...figure, expires: "2026-12-01", daysLeft: 10, reason }], plain, 80);
}

const SCREENS = { denials, check, init, diff, linted, explained, errors, exceptions } as const;

it.each(Object.entries(SCREENS))("%s", (_, screen) => {
  expect(forScreen(screen(), TERMINAL)).toMatchSnapshot();
});

it.each(Object.entries(SCREENS))("%s: no word is broken, and no line is longer, but what is one piece", (_, screen) => {
  const raw = screen();
  const shown = forScreen(raw, TERMINAL);
  expect(shown.split(/\s+/)).toEqual(raw.split(/\s+/));
  const long = shown.split("\n").filter((line) => line.length > TERMINAL.columns);
  // A command of ours stays whole, and what would not fit on a line of its own either is not moved there.
  const last = long.map((line) =>
    line.replace(/safe-install .*$/, (command) => command.replaceAll(" ", "_")).split(" "),
  );
  expect(last.filter((words) => (words.at(-1) ?? "").length < TERMINAL.columns - 40)).toEqual([]);
  expect(shown).not.toMatch(/[^+ -] $/m);
});

it("where nobody sits, a line stays a line", () => {
  expect(SHA512).toHaveLength(135);
  const raw = `${"word ".repeat(40)}\n`;
  expect(forScreen(raw, { isTTY: false, columns: 80 })).toBe(raw);
  expect(forScreen(raw, TERMINAL).split("\n").length).toBeGreaterThan(2);
});
