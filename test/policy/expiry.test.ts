import { endingsOf } from "../../src/policy/expiry.ts";
import { SHA512, layer } from "../support/policy.ts";
import { expect, it } from "vitest";

it("everything that a policy gives an end to, with its place", () => {
  const one = layer({
    rules: [
      { packages: ["npm:a"], unsigned: "deny" },
      { packages: ["npm:b"], unsigned: "allow", reason: "x", expires: "2027-01-01" },
    ],
    recorded: { file: "r.json", reason: "x", expires: "2027-02-01" },
    exceptions: [
      { package: "pkg:npm/a@1.0.0", digests: [SHA512], excuses: ["NO_EVIDENCE"], reason: "x", expires: "2027-03-01" },
    ],
  });
  expect(endingsOf(one)).toEqual([
    { what: "rules[1] npm:b", path: ["rules", 1, "expires"], ends: new Date("2027-01-01") },
    { what: "exceptions[0] pkg:npm/a@1.0.0", path: ["exceptions", 0, "expires"], ends: new Date("2027-03-01") },
    { what: "recorded r.json", path: ["recorded", "expires"], ends: new Date("2027-02-01") },
  ]);
  expect(endingsOf(layer({}))).toEqual([]);
});
