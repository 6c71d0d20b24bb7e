import { withPinHints } from "../../../src/author/words/pin-hints.ts";
import type { ProjectReport } from "../../../src/model/report.ts";
import { decided, layer } from "../../support/policy.ts";
import { expect, it } from "vitest";

const RECORDED = { file: "r.json", reason: "r", expires: "2027-05-01" };
const typed = { command: ["npm", "install", "left-pad@^1"], policy: null };

it.each([
  ["no rule", layer({ rules: [] })],
  [
    "not recorded",
    layer({ recorded: RECORDED, rules: [{ packages: ["npm:*"], unsigned: "recorded" }] }, { recordedPackages: {} }),
  ],
])("%s: the hint names the command that was typed, in the report and in each layer", (_, policy) => {
  const decision = decided("npm:left-pad@1.3.0", policy);
  expect(decision.denials[0]?.hint).toContain("safe-install policy pin left-pad --write,");
  const { decisions } = withPinHints({ decisions: [decision] } as unknown as ProjectReport, typed);
  const hints = decisions.flatMap(({ denials, layers }) => [
    ...denials,
    ...layers.flatMap((one) => (one.outcome === "allowed" ? [] : one.denials)),
  ]);
  expect(hints).toHaveLength(2);
  for (const { hint } of hints)
    expect(hint).toContain("safe-install policy pin left-pad --write -- npm install left-pad@^1,");
});

it.each([
  [
    "UNTRUSTED_SIGNER",
    "safe-install explain pkg:npm/left-pad@1.3.0",
    "safe-install explain pkg:npm/left-pad@1.3.0 -- npm install left-pad@^1",
  ],
  [
    "NO_EVIDENCE",
    'after review: safe-install policy except left-pad@1.3.0 --code NO_EVIDENCE --reason "..." --days 30 --write',
    'after review: safe-install policy except left-pad@1.3.0 --code NO_EVIDENCE --reason "..." --days 30 --write -- npm install left-pad@^1',
  ],
] as const)("%s: so does that of any other command of ours", (code, before, after) => {
  const decision = decided("npm:left-pad@1.3.0", layer({ rules: [] }));
  const denials = [{ code, message: "m", details: [], hint: before }];
  const [hinted] = withPinHints({ decisions: [{ ...decision, denials }] } as unknown as ProjectReport, typed).decisions;
  expect(hinted?.denials[0]?.hint).toBe(after);
});

it("another hint stays, and so does what is allowed", () => {
  const denied = decided("npm:left-pad@1.3.0", layer({ rules: [{ packages: ["npm:left-pad"], unsigned: "deny" }] }));
  expect(withPinHints({ decisions: [denied] } as unknown as ProjectReport, typed).decisions).toEqual([denied]);
});
