import { layRepository } from "../support/repository.ts";
import { safeInstall } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { type Registry, startRegistry } from "../support/registry.ts";
import { createInstance, policyFor, publishSigned } from "../support/signed.ts";
import { hexOf } from "../support/tarball.ts";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

/** What one more dependency costs in a project whose other packages were proven before. */

const SIGNED = Array.from({ length: 10 }, (_, at) => `signed-${at}`);
const PLAIN = Array.from({ length: 10 }, (_, at) => `plain-${at}`);

let registry: Registry;
let trustedRoot: unknown;

beforeAll(async () => {
  registry = await startRegistry({ packages: [...PLAIN, "brought"].map((name) => ({ name, version: "1.0.0" })) });
  const instance = await createInstance({ curve: "P-256" });
  ({ trustedRoot } = instance);
  for (const name of SIGNED) await publishSigned(registry, instance, { name, version: "1.0.0" });
  await publishSigned(registry, instance, { name: "signed-0", version: "2.0.0" });
  await publishSigned(registry, instance, { name: "fresh", version: "1.0.0", dependencies: { brought: "^1.0.0" } });
});
afterAll(() => registry.close());

function prepare(): string {
  const project = join(temporaryFolder(), "project");
  mkdirSync(join(project, "trust"), { recursive: true });
  layRepository(project);
  const write = (path: string, content: unknown) => writeFileSync(join(project, path), JSON.stringify(content));
  writeFileSync(join(project, ".npmrc"), `registry=${registry.url}\n`);
  write("trust/root.json", trustedRoot);
  const dependencies = Object.fromEntries([...SIGNED, ...PLAIN].map((name) => [name, "^1.0.0"]));
  write("package.json", { name: "project", version: "1.0.0", dependencies });
  const policy = policyFor([...SIGNED, "fresh"]) as { rules: object[] };
  const recorded = { file: ".signing-recorded.json", reason: "known", expires: "2100-01-01" };
  write(".signing-policy.json", {
    ...policy,
    rules: [...policy.rules, { packages: ["npm:*"], unsigned: "recorded" }],
    recorded,
  });
  const digest = (name: string) => `sha512:${hexOf(registry.tarballOf(name, "1.0.0").bytes)}`;
  const packages = [...PLAIN, "brought"].map((name) => [`pkg:npm/${name}@1.0.0`, [digest(name)]]);
  write(".signing-recorded.json", { version: 1, packages: Object.fromEntries(packages) });
  return project;
}

/** What was asked of the registry while one command ran, sorted by what it is. */
async function asked(words: readonly string[], project: string, home: string) {
  const before = registry.requests.length;
  const { exit, stderr } = await safeInstall(["npm", ...words], { cwd: project, home });
  expect({ exit, stderr }).toMatchObject({ exit: 0 });
  const urls = registry.requests.slice(before).map(({ url }) => url);
  const evidence = urls.filter((url) => url.includes("/attestations/"));
  const archives = urls.filter((url) => url.endsWith(".tgz"));
  const metadata = urls.filter((url) => !evidence.includes(url) && !archives.includes(url));
  const named = (all: readonly string[]) => all.map((url) => basename(url, ".tgz")).toSorted(byText);
  return { metadata: named(metadata), evidence: named(evidence), archives: named(archives), judged: summary(stderr) };
}

const byText = (left: string, right: string) => (left < right ? -1 : Number(left > right));
const summary = (stderr: string) => /(\d+) packages?/.exec(stderr)?.[1];

test("only new and changed packages are asked for; everything is judged", async () => {
  const [project, home] = [prepare(), temporaryFolder()];
  const first = await asked(["install"], project, home);
  expect(first).toMatchObject({ judged: "20" });
  expect([first.metadata.length, first.evidence.length, first.archives.length]).toEqual([20, 10, 20]);

  expect(await asked(["install", "fresh"], project, home)).toEqual({
    metadata: ["brought", "fresh"],
    evidence: ["fresh@1.0.0"],
    archives: ["brought-1.0.0", "fresh-1.0.0"],
    judged: "22",
  });
  expect(await asked(["install", "signed-0@2.0.0"], project, home)).toEqual({
    metadata: ["signed-0"],
    evidence: ["signed-0@2.0.0"],
    archives: ["signed-0-2.0.0"],
    judged: "22",
  });
  expect(await asked(["uninstall", "fresh"], project, home)).toEqual({
    metadata: [],
    evidence: [],
    archives: [],
    judged: "20",
  });
});

test("on another machine node_modules does not count: all bytes are fetched, and no more than that", async () => {
  const [project, home] = [prepare(), temporaryFolder()];
  await asked(["install"], project, home);
  const changed = join(project, "node_modules/plain-1/index.js");
  const real = readFileSync(changed, "utf8");
  writeFileSync(changed, "changed on disk\n");
  const elsewhere = temporaryFolder();
  const { metadata, evidence, archives } = await asked(["install", "fresh"], project, elsewhere);
  expect(metadata).toEqual(["brought", "fresh"]);
  expect([evidence.length, archives.length]).toEqual([11, 22]);
  expect(readFileSync(changed, "utf8")).toBe(real);
});
