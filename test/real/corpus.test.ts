import { safeInstall } from "../support/cli.ts";
import { REAL_PACKAGES, type RealPackage, CORPUS, corpusText, hasCorpus } from "../support/corpus.ts";
import { temporaryFolder } from "../support/folder.ts";
import { writeProject } from "../support/project.ts";
import { type Registry, startRegistry } from "../support/registry.ts";
import { execa } from "execa";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

let registry: Registry;

/** The registry's own tarballs of the versions that the corpus attests, served from loopback with the corpus' answers. */
beforeAll(async () => {
  registry = await startRegistry();
  if (!hasCorpus) return;
  for (const one of REAL_PACKAGES) {
    const { name, version, answer } = one;
    registry.publish({
      name,
      version,
      tarball: await tarballOf(one),
      attestations: { status: 200, body: corpusText(answer) },
    });
  }
});
afterAll(() => registry.close());

async function tarballOf({ name, version, tarball }: RealPackage): Promise<Buffer> {
  if (tarball !== undefined) return readFileSync(join(CORPUS, tarball));
  const folder = mkdtempSync(join(tmpdir(), "safe-install-real-"));
  try {
    await execa("npm", ["pack", `${name}@${version}`, "--pack-destination", folder]);
    return readFileSync(join(folder, readdirSync(folder)[0] ?? ""));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** All of them in one project, each under an alias: four versions of one package are among them. */
function project(change: (one: RealPackage) => Readonly<Record<string, string>> = ({ signer }) => signer): string {
  const folder = join(temporaryFolder(), "project");
  const alias = ({ name, version }: RealPackage) => `${name.split("/").at(-1)}-${version.replaceAll(".", "-")}`;
  const version = ({ version }: RealPackage) => version;
  writeProject(folder, registry, {
    manifest: {
      dependencies: Object.fromEntries(REAL_PACKAGES.map((one) => [alias(one), `npm:${one.name}@${one.version}`])),
    },
    locked: REAL_PACKAGES.map((one) => ({
      name: one.name,
      version: version(one),
      at: `node_modules/${alias(one)}`,
      entry: { name: one.name },
    })),
    policy: {
      version: 1,
      signers: Object.fromEntries(REAL_PACKAGES.map((one) => [alias(one), { githubActions: change(one) }])),
      rules: [...new Set(REAL_PACKAGES.map(({ name }) => name))].map((name) => ({
        packages: [`npm:${name}`],
        signedBy: REAL_PACKAGES.filter((one) => one.name === name).map(alias),
      })),
    },
  });
  return folder;
}

describe.skipIf(!hasCorpus)("npm ci of real packages under their real pipelines", () => {
  it("installs all of them, from the bytes that were attested", async () => {
    const cwd = project();
    const { exit, stderr } = await safeInstall(["npm", "ci", "--ignore-scripts"], { cwd, home: temporaryFolder() });
    expect({ exit, stderr }).toMatchObject({
      exit: 0,
      stderr: expect.stringContaining("7 packages: 7 publisher verified"),
    });
    expect(existsSync(join(cwd, "node_modules", "nuxt-3-13-0", "package.json"))).toBe(true);
  });

  it.each(["nuxt", "tuf-js", "@laurentsimon/provenance-npm-test"])(
    "installs nothing when %s is expected from elsewhere",
    async (name) => {
      const cwd = project((one) => (one.name === name ? { ...one.signer, repository: "acme/other" } : one.signer));
      const { exit, stderr } = await safeInstall(["npm", "ci", "--ignore-scripts"], { cwd, home: temporaryFolder() });
      expect({ exit, stderr }).toMatchObject({ exit: 65, stderr: expect.stringContaining("UNTRUSTED_SIGNER") });
      expect(existsSync(join(cwd, "node_modules"))).toBe(false);
    },
  );
});
