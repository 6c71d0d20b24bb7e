/** What a denial tells people to type is typed, as it is printed; `test/long/hints.test.ts` types every form that there is. */
import { safeInstall } from "../support/cli.ts";
import { commandsIn, hintsIn } from "../support/hints.ts";
import { npmStage } from "../support/npm-stage.ts";
import { writeProject } from "../support/project.ts";
import { type } from "../support/session.ts";
import { policyFor, publishSigned } from "../support/signed.ts";
import { githubIdentity } from "../support/sigstore.ts";
import { expect, it } from "vitest";

const stage = npmStage(async ({ registry, instance }) => {
  const repository = "mallory/gadget";
  const identity = githubIdentity({ repository, workflow: ".github/workflows/release.yml", ref: "refs/tags/v1.0.0" });
  await publishSigned(registry, instance, { name: "gadget", version: "1.0.0" }, { identity });
  for (const name of ["plain", "bare"]) registry.publish({ name, version: "1.0.0" });
});

it("the hints of packages that no lock names lead on, until they are let in", async () => {
  const { project: folder, home } = stage;
  writeProject(folder, stage.registry, {
    policy: policyFor(["gadget", "bare"]),
    files: { "trust/root.json": stage.instance.trustedRoot },
  });
  const denied = await safeInstall(["npm", "install", "gadget", "plain", "bare"], { cwd: folder, home });
  expect(denied).toMatchObject({ exit: 65, stderr: expect.stringContaining("UNTRUSTED_SIGNER") });
  const shown = hintsIn(denied.stderr)
    .flatMap(commandsIn)
    .map((one) => one.command);
  const install = "-- npm install gadget plain bare";
  const [explain, pin, except] = [
    `safe-install explain pkg:npm/gadget@1.0.0 ${install}`,
    `safe-install policy pin plain --write ${install}`,
    `safe-install policy except bare@1.0.0 --code NO_EVIDENCE --reason "..." --days 30 --write ${install}`,
  ];
  expect(shown).toEqual(expect.arrayContaining([explain, pin, except]));

  const [explained, pinned, excepted] = await type([explain, pin, except], { folder, home });
  expect(explained).toMatchObject({ exit: 65, printed: expect.stringContaining("npm:gadget@1.0.0 is denied") });
  const meant = `safe-install policy pin gadget --write ${install}`;
  expect(commandsIn(explained?.printed ?? "").map((one) => one.command)).toEqual([meant]);
  expect(pinned?.printed).toContain("✓ wrote .signing-recorded.json and .signing-policy.json");
  expect(excepted).toMatchObject({ exit: 0, printed: expect.stringContaining("✓ wrote .signing-policy.json") });
  const { exit, stderr } = await safeInstall(["npm", "install", "plain", "bare"], { cwd: folder, home });
  expect({ exit, stderr }).toMatchObject({ exit: 0 });
});
