import { ASKABLE } from "../../src/plugins.ts";
import { parsePolicy } from "../../src/policy/read/parse.ts";
import { decide } from "../../src/policy/decide.ts";
import type { Policy } from "../../src/policy/schema/index.ts";
import { runAt, surveyAt } from "../support/author.ts";
import { safeInstall } from "../support/cli.ts";
import { hasCorpus, REAL_PACKAGES } from "../support/corpus.ts";
import { sharedFolder } from "../support/folder.ts";
import { type Registry, startRegistry } from "../support/registry.ts";
import { createInstance } from "../support/signed.ts";
import type { Instance } from "../support/sigstore.ts";
import { type Entry, prepareStack, STACKS, type Stack, type StackProject } from "../support/stacks.ts";
import semver from "semver";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

let instance: Instance;
const registries: Registry[] = [];

beforeAll(async () => {
  instance = await createInstance({ curve: "P-256" });
});
afterAll(async () => {
  for (const registry of registries) await registry.close();
});

/** Every how manieth package that a change does not cover is decided upon after it. */
const OTHERS = 16;

interface Report {
  readonly outcome: string;
  readonly projects: readonly {
    readonly packages: readonly {
      readonly purl: string;
      readonly outcome: string;
      readonly denials: readonly { readonly code: string }[];
    }[];
  }[];
}

describe.each(STACKS)("%s: from nothing to a policy that holds", (stack: Stack) => {
  const cwd = sharedFolder();
  const home = sharedFolder();
  let project: StackProject;
  const policyFile = join(cwd, ".signing-policy.json");
  const recordedFile = join(cwd, ".signing-recorded.json");
  const read = () => ({ policy: readFileSync(policyFile, "utf8"), recorded: readFileSync(recordedFile, "utf8") });
  const check = async () => {
    const { exit, stdout } = await runAt(cwd, home, ["check", "--report", "json"]);
    const { projects } = JSON.parse(stdout) as Report;
    const denied = projects.flatMap(({ packages }) => packages).filter(({ outcome }) => outcome === "denied");
    return {
      exit,
      denied: denied.map(({ purl }) => purl).sort(),
      codes: [...new Set(denied.flatMap(({ denials }) => denials.map(({ code }) => code)))],
    };
  };

  beforeAll(async () => {
    const registry = await startRegistry();
    registries.push(registry);
    project = await prepareStack(stack, cwd, registry, instance);
    const { exit, stdout, stderr } = await safeInstall(["init", "--trusted-root", "test=trust/root.json"], {
      cwd,
      home,
      env: { npm_config_fetch_retries: "0" },
    });
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: "" });
    expect(stdout).toContain("wrote .signing-recorded.json and .signing-policy.json");
  });

  it("at least 80 % are without evidence, as in real life; each is recorded or under the registry's baseline, every other is pinned", () => {
    const { packages } = JSON.parse(read().recorded) as { packages: Record<string, string[]> };
    const recorded = Object.keys(packages).length;
    const published = project.published.length;
    expect(project.attested.length).toBeGreaterThan(project.entries.length / 6);
    expect(recorded + published).toBeGreaterThanOrEqual(project.entries.length * 0.8);
    expect(recorded + published + project.attested.length).toBe(project.entries.length);
  });

  it("then check passes", async () => {
    expect(await check()).toMatchObject({ exit: 0, denied: [] });
  });

  it("its own lint is clean", async () => {
    const { exit, stdout } = await runAt(cwd, home, ["policy", "lint"]);
    expect({ exit, stdout }).toMatchObject({ exit: 0, stdout: expect.stringContaining("✓ clean") });
  });

  it("a second init changes nothing, and policy pin has nothing to add", async () => {
    const before = read();
    const { exit, stdout } = await runAt(cwd, home, ["init"]);
    expect({ exit, stdout }).toMatchObject({ exit: 0, stdout: expect.stringContaining("nothing to change") });
    const pin = await runAt(cwd, home, ["policy", "pin", "--write"]);
    expect(pin).toMatchObject({ exit: 0, stdout: expect.stringContaining("nothing to change") });
    expect(read()).toEqual(before);
  });

  it.skipIf(!hasCorpus)("the real attestations of the corpus are pinned to their real pipelines", () => {
    const { signers = {}, rules = [] } = parsePolicy(read().policy, "policy", ASKABLE);
    for (const { name, signer } of REAL_PACKAGES) {
      const rule = rules.find(({ packages }) => packages.includes(`npm:${name}`));
      expect(signers[rule?.signedBy?.[0] ?? ""]?.githubActions).toMatchObject(signer);
    }
  });

  it("changing any single pinned claim denies exactly the packages that it covers", async () => {
    const { foundation, found } = await surveyAt(cwd, home);
    const [layer] = foundation.layers;
    if (layer === undefined) throw new Error("no layer");
    const now = new Date();
    let changed = 0;
    for (const { signer, policy } of everyChange(layer.policy)) {
      const covered = coveredBy(
        layer.policy,
        signer,
        found.facts.map(({ artifact }) => artifact.package),
      );
      // All that it covers; of the others a part, with each change another.
      const asked = found.facts.filter(
        ({ artifact }, at) => covered.includes(patternOf(artifact.package)) || at % OTHERS === changed % OTHERS,
      );
      const denied = asked.filter((facts) => decide([{ ...layer, policy }], facts, now).outcome === "denied");
      expect(denied.map(({ artifact }) => patternOf(artifact.package)).sort()).toEqual(covered);
      changed++;
    }
    expect(changed).toBeGreaterThan(OTHERS);
    expect(changed).toBeGreaterThan(Object.keys(layer.policy.signers ?? {}).length * 5);
  });

  it("the same through the program: one claim of one pin", async () => {
    const before = read().policy;
    const policy = JSON.parse(before) as Policy;
    const name = Object.keys(policy.signers ?? {}).find((one) => one.startsWith("npm-node-semver")) ?? "";
    writeFileSync(policyFile, before.replace('"npm/node-semver"', '"npm/node-semve"'));
    const { exit, denied, codes } = await check();
    writeFileSync(policyFile, before);
    const covered = coveredBy(
      policy,
      name,
      project.entries.map((one) => ({ ecosystem: "npm", ...one })),
    );
    expect({ exit, codes }).toEqual({ exit: 65, codes: ["UNTRUSTED_SIGNER"] });
    expect(denied.map((purl) => purl.replace("pkg:npm/", "npm:"))).toEqual(covered);
    expect(covered.length).toBeGreaterThan(0);
  });

  it.skipIf(!hasCorpus)("one byte changed in a package under the registry's baseline is refused", async () => {
    const lockFile = join(cwd, "package-lock.json");
    const before = readFileSync(lockFile, "utf8");
    const [{ name, version, integrity }] = project.published as [Entry];
    const digest = Buffer.from(integrity.slice(7), "base64");
    digest[0] = (digest[0] ?? 0) ^ 1;
    writeFileSync(lockFile, before.replaceAll(integrity, `sha512-${digest.toString("base64")}`));
    const result = await check();
    writeFileSync(lockFile, before);
    expect(result).toEqual({
      exit: 66,
      codes: ["SUBJECT_MISMATCH"],
      denied: [`pkg:npm/${name.replace("@", "%40")}@${version}`],
    });
  });

  it("one byte changed in a recorded package is refused", async () => {
    const lockFile = join(cwd, "package-lock.json");
    const before = readFileSync(lockFile, "utf8");
    const { packages } = JSON.parse(read().recorded) as { packages: Record<string, string[]> };
    const lock = JSON.parse(before) as {
      packages: Record<string, { version: string; integrity?: string; optional?: boolean }>;
    };
    const [location, entry] = Object.entries(lock.packages).find(
      ([at, one]) =>
        one.optional !== true &&
        one.integrity !== undefined &&
        packages[`pkg:npm/${at.slice(13).replace("@", "%40")}@${one.version}`] !== undefined,
    ) ?? ["", { version: "", integrity: "" }];
    const digest = Buffer.from((entry.integrity ?? "").slice(7), "base64");
    digest[0] = (digest[0] ?? 0) ^ 1;
    lock.packages[location] = { ...entry, integrity: `sha512-${digest.toString("base64")}` };
    writeFileSync(lockFile, JSON.stringify(lock));
    const result = await check();
    writeFileSync(lockFile, before);
    expect(result).toMatchObject({ exit: 66, codes: ["RECORDED_MISMATCH"] });
    expect(result.denied).toEqual([`pkg:npm/${location.slice(13).replace("@", "%40")}@${entry.version}`]);
  });
});

/** Every pin of every signer, each time with one claim of it nearly as before. */
function* everyChange(policy: Policy): Generator<{ signer: string; policy: Policy }> {
  for (const [name, signer] of Object.entries(policy.signers ?? {})) {
    const changed = (other: object) => ({
      signer: name,
      policy: { ...policy, signers: { ...policy.signers, [name]: other } } as Policy,
    });
    if (signer.npmRegistry !== undefined) yield changed({ npmRegistry: `${signer.npmRegistry}x` });
    for (const [kind, pins] of Object.entries(signer)) {
      if (typeof pins !== "object") continue;
      for (const [key, value] of Object.entries(pins as Record<string, string>))
        yield changed({ ...signer, [kind]: { ...(pins as object), [key]: otherThan(key, value) } });
    }
    const { trust, ...builtIn } = signer;
    if (trust !== undefined) yield changed(builtIn);
  }
}

function otherThan(key: string, value: string | readonly string[]): unknown {
  if (typeof value !== "string") return ["other"];
  if (key === "runner") return value === "self-hosted" ? "github-hosted" : "self-hosted";
  if (key === "ref") return value.replace(/.$/, (last) => (last === "}" ? "}x" : `${last}x`));
  if (key === "workflow") return value.replace(/\.ya?ml$/, "x.yml");
  if (key.endsWith("Id")) return `${value}1`;
  return `${value}x`;
}

/** What a rule that names the signer speaks for. */
function coveredBy(
  policy: Policy,
  signer: string,
  all: readonly { ecosystem: string; name: string; version: string }[],
): readonly string[] {
  const rules = (policy.rules ?? []).filter(({ signedBy, baseline }) => (signedBy ?? baseline)?.includes(signer));
  return all
    .filter((one) =>
      rules.some(
        ({ packages, versions }) =>
          packages.includes(`npm:${one.name}`) && (versions === undefined || semver.satisfies(one.version, versions)),
      ),
    )
    .map(patternOf)
    .sort();
}

function patternOf({ name, version }: { name: string; version: string }): string {
  return `npm:${name.replace("@", "%40")}@${version}`;
}
