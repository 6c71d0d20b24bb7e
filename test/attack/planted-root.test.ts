/** A cloned repository brings a trust root of its own, and names another project's mirror, or a built-in one's, for it. */
import { type Registry, startRegistry } from "../support/registry.ts";
import { createInstance, publishSigned } from "../support/signed.ts";
import type { Instance } from "../support/sigstore.ts";
import { age, trustWorld } from "../support/trust-world.ts";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";

let registry: Registry;
let [mine, evil]: Instance[] = [];

beforeAll(async () => {
  registry = await startRegistry();
  [mine, evil] = await Promise.all(["mine.test", "evil.test"].map((name) => createInstance({ name, curve: "P-256" })));
  await publishSigned(registry, evil!, { name: "widget", version: "1.0.0" });
});
afterAll(() => registry.close());

it("what it was served there never counts in the other project, whichever runs first", async () => {
  const [project, clone] = [await trustWorld(registry, mine), await trustWorld(registry, evil)];
  const { home, mirror } = project;
  const policy = join(clone.project, ".signing-policy.json");
  writeFileSync(policy, readFileSync(policy, "utf8").replace(clone.mirror.mirror, mirror.mirror));
  // For once the network is the attacker's: the clone's root is served from my mirror's address.
  for (const [path, bytes] of clone.mirror.files) mirror.instead.set(path, bytes);
  expect((await clone.run(["check"], { home })).exit).toBe(0);
  mirror.instead.clear();
  expect((await project.run(["check"], { home })).exit).toBe(65);
  age(home, 2, true);
  expect((await clone.run(["check"], { home })).exit).toBe(0);
  expect((await project.run(["check"], { home })).exit).toBe(65);
  expect((await project.run(["check"], { home, refreshes: false })).exit).toBe(65);
});

it.each(["public-good", "github"])("the built-in root %s has no other first root in a policy", async (name) => {
  const { project, run } = await trustWorld(registry, evil);
  const policy = join(project, ".signing-policy.json");
  writeFileSync(policy, readFileSync(policy, "utf8").replaceAll('"test"', `"${name}"`));
  const { exit, stderr } = await run(["check"], { refreshes: false });
  expect([exit, stderr]).toEqual([78, expect.stringContaining(name)]);
});
