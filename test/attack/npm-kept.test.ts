/** What an address gave once speaks for nobody: without a digest in the lock, kept bytes count where evidence names them. */
import { safeInstall } from "../support/cli.ts";
import { sharedFolder, temporaryFolder } from "../support/folder.ts";
import { writeProject } from "../support/project.ts";
import { type Registry, startRegistry } from "../support/registry.ts";
import { createInstance, policyFor, publishSigned } from "../support/signed.ts";
import { sriOf } from "../support/tarball.ts";
import { afterAll, expect, test } from "vitest";

const WIDGET = { name: "widget", version: "1.0.0" };
const GOOD = { ...WIDGET, files: { "index.js": "good" } };
const EVIL = { ...WIDGET, files: { "index.js": "evil" } };
const OPEN = {
  version: 1,
  rules: [{ packages: ["npm:widget"], unsigned: "allow", reason: "none signs it yet", expires: "2999-01-01" }],
};

const home = sharedFolder();
const instance = await createInstance();
const SIGNED = policyFor(["widget"]);
const [registry, other] = [await startRegistry(), await startRegistry()];
afterAll(() => Promise.all([registry.close(), other.close()]));

/** How a project whose lock has this integrity is judged, and how many archives were asked for. */
async function judged(from: Registry, policy: unknown, words: readonly string[] = [], integrity?: string) {
  const project = temporaryFolder();
  const locked = [{ ...WIDGET, entry: { integrity } }];
  writeProject(project, from, { locked, policy, files: { "trust/root.json": instance.trustedRoot } });
  const before = from.requests.length;
  const { exit, stdout, stderr } = await safeInstall(["check", ...words], { cwd: project, home });
  const archives = from.requests.slice(before).filter(({ url }) => url.endsWith(".tgz")).length;
  return { exit, archives, said: stdout + stderr };
}

test("what was let in unsigned, and another registry's package of that name, are not what a signer is believed for", async () => {
  registry.publish(EVIL);
  other.publish(EVIL);
  expect(await judged(other, OPEN)).toMatchObject({ exit: 0, archives: 1 });
  expect(await judged(registry, OPEN)).toMatchObject({ exit: 0, archives: 1 });
  // Nothing names those bytes: they are fetched at every run.
  expect(await judged(registry, OPEN)).toMatchObject({ exit: 0, archives: 1 });
  await publishSigned(registry, instance, GOOD);
  expect(await judged(registry, SIGNED)).toMatchObject({ exit: 0, archives: 1 });
  // What the signature names is kept from now on, for its own address alone.
  expect(await judged(registry, SIGNED)).toMatchObject({ exit: 0, archives: 0 });
  expect(await judged(registry, SIGNED, ["--offline"])).toMatchObject({ exit: 0, archives: 0 });
  expect(await judged(other, SIGNED)).toMatchObject({ exit: 65, archives: 1 });
});

test("nor does it hide that the registry has other bytes now: what lets it in without a signature sees those", async () => {
  await publishSigned(registry, instance, GOOD);
  const { integrity } = registry.tarballOf("widget", "1.0.0");
  const sha1 = sriOf(registry.tarballOf("widget", "1.0.0").bytes, "sha1");
  expect(await judged(registry, SIGNED, [], sha1)).toMatchObject({ exit: 0, archives: 1 });
  registry.publish(EVIL);
  const found = await judged(registry, OPEN, [], sha1);
  expect(found).toMatchObject({ exit: 66, archives: 1 });
  expect(found.said).toContain("INTEGRITY_MISMATCH");
  // With a sha512 in the lock the same copy is bound as ever.
  expect(await judged(registry, OPEN, [], integrity)).toMatchObject({ exit: 0, archives: 0 });
});
