/** What `trust show` warns about, and how long ahead. */
import { describeRoot } from "../../../src/commands/trust/described.ts";
import type { TrustRoot } from "../../../src/model/trust.ts";
import { createInstance } from "../../support/sigstore.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { testHost } from "../../support/npm-session.ts";
import { rootOf } from "../../verify/judging.ts";
import { expect, it } from "vitest";

const END = new Date("2027-06-30T00:00:00Z");
const root: TrustRoot = {
  ...rootOf(await createInstance({ curve: "P-256", validFor: { start: new Date("2020-01-01T00:00:00Z"), end: END } })),
  name: "mine",
};

it.each([
  [61, []],
  [60, ["expires on 2027-06-30, in less than 60 days"]],
  [31, ["expires on 2027-06-30, in less than 60 days"]],
  [30, ["expires on 2027-06-30, in less than 30 days"]],
  [14, ["expires on 2027-06-30, in less than 14 days"]],
  [7, ["expires on 2027-06-30, in less than 7 days"]],
  [1, ["expires on 2027-06-30, in less than 7 days"]],
  [0, ["expired on 2027-06-30"]],
])("%i days ahead", async (days, said) => {
  const host = { ...testHost({ home: temporaryFolder() }), now: () => new Date(END.getTime() - days * 86_400_000) };
  const { warnings } = await describeRoot(root, host);
  expect(warnings).toEqual(said.map((text) => `trust root mine ${text}`));
});
