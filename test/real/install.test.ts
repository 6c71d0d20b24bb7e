import { layRepository } from "../support/repository.ts";
import { safeInstall } from "../support/cli.ts";
import { CORPUS, corpusText, hasCorpus, REAL_PACKAGES, type RealPackage } from "../support/corpus.ts";
import { temporaryFolder } from "../support/folder.ts";
import { execa } from "execa";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";

/** Real packages, from npm's configured registry. */
const ARGS = ["install", "express", "vite", "typescript", "sigstore@5.0.0", "tuf-js@1.0.0"];
const PINNED = REAL_PACKAGES.filter(
  ({ name, version }) => (name === "sigstore" && version === "5.0.0") || (name === "tuf-js" && version === "1.0.0"),
);

type Lock = {
  readonly packages: Readonly<
    Record<string, { readonly name?: string; readonly version?: string; readonly integrity?: string }>
  >;
};

/** What plain npm resolves: the bytes that a person has looked at and records. */
let lock: Lock;
let plain: string;

beforeEach(async () => {
  if (!hasCorpus) return;
  plain = join(temporaryFolder(), "project");
  mkdirSync(plain);
  writeFileSync(join(plain, "package.json"), MANIFEST);
  const args = [...ARGS, "--package-lock-only", "--ignore-scripts"];
  await execa("npm", args, { cwd: plain });
  lock = JSON.parse(readFileSync(join(plain, "package-lock.json"), "utf8")) as Lock;
});

/** This machine's own way to the registry: its npm configuration and proxies. */
const HERE = {
  ...Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  ),
  npm_config_userconfig: process.env["npm_config_userconfig"] ?? join(homedir(), ".npmrc"),
};

const MANIFEST = "{}\n";

function hexOf(name: string, version: string): string {
  const found = Object.entries(lock.packages).find(
    ([location, entry]) => location.endsWith(`node_modules/${name}`) && entry.version === version,
  );
  return Buffer.from(found?.[1].integrity?.replace("sha512-", "") ?? "", "base64").toString("hex");
}

function recorded(): Readonly<Record<string, readonly string[]>> {
  const entries = Object.entries(lock.packages).filter(([location]) => location !== "");
  return Object.fromEntries(
    entries.map(([location, { name: alias, version = "", integrity = "" }]) => {
      const name = alias ?? location.slice(location.lastIndexOf("node_modules/") + "node_modules/".length);
      const hex = Buffer.from(integrity.replace("sha512-", ""), "base64").toString("hex");
      return [`pkg:npm/${name.replace("@", "%40")}@${version}`, [`sha512:${hex}`]];
    }),
  );
}

/** Only the two that the corpus attests are pinned; their bundles lie in a folder of the project. */
function project(change: (one: RealPackage) => Readonly<Record<string, string>> = ({ signer }) => signer): string {
  const folder = join(temporaryFolder(), "project");
  mkdirSync(join(folder, ".signing", "bundles"), { recursive: true });
  layRepository(folder);
  writeFileSync(join(folder, "package.json"), MANIFEST);
  for (const { name, version, answer } of PINNED) {
    const { attestations } = JSON.parse(corpusText(answer)) as { attestations: { bundle: unknown }[] };
    const lines = attestations.map(({ bundle }) => JSON.stringify(bundle)).join("\n");
    writeFileSync(join(folder, ".signing", "bundles", `sha512-${hexOf(name, version)}.sigstore.jsonl`), `${lines}\n`);
  }
  const policy = {
    version: 1,
    signers: Object.fromEntries(PINNED.map((one) => [one.name, { githubActions: change(one) }])),
    sources: { npm: [{ directory: ".signing/bundles" }] },
    rules: [
      { packages: ["npm:sigstore"], signedBy: ["sigstore"] },
      { packages: ["npm:tuf-js"], versions: "1.0.0", signedBy: ["tuf-js"] },
      { packages: ["npm:tuf-js"], versions: ">1.0.0", unsigned: "recorded" },
      { packages: ["npm:*"], unsigned: "recorded" },
    ],
    recorded: { file: ".signing-recorded.json", reason: "known bytes of a test", expires: "2100-01-01" },
  };
  writeFileSync(join(folder, ".signing-policy.json"), JSON.stringify(policy));
  writeFileSync(join(folder, ".signing-recorded.json"), JSON.stringify({ version: 1, packages: recorded() }));
  return folder;
}

describe.skipIf(!hasCorpus)(`npm install of real packages, bundles from ${CORPUS}`, () => {
  it("lands what plain npm would, from the bytes that were proven", async () => {
    const cwd = project();
    const { exit, stderr } = await safeInstall(["npm", ...ARGS, "--ignore-scripts"], {
      cwd,
      home: temporaryFolder(),
      env: HERE,
    });
    expect({ exit, stderr }).toMatchObject({
      exit: 0,
      stderr: expect.stringContaining("2 publisher verified"),
    });
    for (const file of ["package.json", "package-lock.json"])
      expect(readFileSync(join(cwd, file), "utf8")).toBe(readFileSync(join(plain, file), "utf8"));
    expect(existsSync(join(cwd, "node_modules", "express", "package.json"))).toBe(true);
  });

  it("nothing lands when one is expected from elsewhere", async () => {
    const cwd = project((one) => (one.name === "tuf-js" ? { ...one.signer, repository: "acme/other" } : one.signer));
    const { exit, stderr } = await safeInstall(["npm", ...ARGS, "--ignore-scripts"], {
      cwd,
      home: temporaryFolder(),
      env: HERE,
    });
    expect({ exit, stderr }).toMatchObject({ exit: 65, stderr: expect.stringContaining("UNTRUSTED_SIGNER") });
    expect(readFileSync(join(cwd, "package.json"), "utf8")).toBe(MANIFEST);
    expect(existsSync(join(cwd, "package-lock.json"))).toBe(false);
    expect(existsSync(join(cwd, "node_modules"))).toBe(false);
  });
});
