/** A registry's own signature as a baseline: real ones through the built program, minted ones where keys can be given. */
import { findGround } from "../../src/gate/ground.ts";
import { judgeArtifact } from "../../src/gate/judge.ts";
import { heldKey } from "../../src/verify/trust/held-key.ts";
import { runAt } from "../support/author.ts";
import { safeInstall } from "../support/cli.ts";
import { corpusText, hasCorpus } from "../support/corpus.ts";
import { temporaryFolder } from "../support/folder.ts";
import { openPart, testHost } from "../support/npm-session.ts";
import { writeProject } from "../support/project.ts";
import { type Registry, type RegistryPackage, startRegistry } from "../support/registry.ts";
import { makeTarball, sriOf } from "../support/tarball.ts";
import { generateKeyPairSync, sign } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";

let home: string;
let project: string;

beforeEach(() => {
  home = temporaryFolder();
  project = join(temporaryFolder(), "project");
});

async function serve(packages: readonly RegistryPackage[]): Promise<Registry> {
  const registry = await startRegistry({ packages });
  onTestFinished(() => registry.close());
  return registry;
}

function policyFor(registry: string, more: object = {}) {
  const rules = [{ packages: ["npm:*"], baseline: ["npmjs"] }];
  return { version: 1, signers: { npmjs: { npmRegistry: registry } }, rules, ...more };
}

describe.skipIf(!hasCorpus)("real registry signatures", () => {
  interface Real {
    readonly name: string;
    readonly version: string;
    readonly integrity: string;
    readonly time: string;
    readonly signatures: { readonly keyid: string; readonly sig: string }[];
  }
  const all = () => JSON.parse(corpusText("npm/registry-signatures.json")) as readonly Real[];
  const newest = () => ["which", "tinyglobby", "@nuxt/kit"].map((name) => all().find((one) => one.name === name)!);
  const published = (real: Real): RegistryPackage => ({ ...real, published: real.time });

  async function check(registry: Registry, locked: readonly Real[], policy: unknown) {
    writeProject(project, registry, { locked: locked.map(({ name, version }) => ({ name, version })), policy });
    const { exit, stdout } = await safeInstall(["check", "--report", "json"], { cwd: project, home });
    const [one] = (
      JSON.parse(stdout) as { projects: { packages: { ground: string; denials: { code: string }[] }[] }[] }
    ).projects;
    const packages = one?.packages ?? [];
    return {
      exit,
      grounds: packages.map(({ ground }) => ground),
      codes: packages.flatMap(({ denials }) => denials.map(({ code }) => code)),
    };
  }

  it("let packages in: one request a name, and none of the next run", async () => {
    const registry = await serve(newest().map(published));
    const policy = policyFor(registry.origin);
    expect(await check(registry, newest(), policy)).toMatchObject({ exit: 0, grounds: Array(3).fill("baseline") });
    const asked = registry.requests.map(({ url }) => url).toSorted();
    expect(asked).toEqual(["/@nuxt%2fkit", "/tinyglobby", "/which"]);
    expect((await check(registry, newest(), policy)).exit).toBe(0);
    expect(registry.requests).toHaveLength(3);
  });

  it("over other bytes than the lock's do not hold", async () => {
    const [real] = newest() as [Real];
    const registry = await serve([{ ...published(real), integrity: sriOf(Buffer.from("others")) }]);
    expect(await check(registry, [real], policyFor(registry.origin))).toMatchObject({
      exit: 66,
      codes: ["SIGNATURE_INVALID"],
    });
    const honest = await serve([published(real)]);
    const entry = { integrity: sriOf(Buffer.from("others")) };
    const { name, version } = real;
    writeProject(project, honest, { locked: [{ name, version, entry }], policy: policyFor(honest.origin) });
    const { exit, stdout } = await safeInstall(["check"], { cwd: project, home });
    expect({ exit, stdout }).toEqual({ exit: 66, stdout: expect.stringContaining("SUBJECT_MISMATCH") });
  });

  it("from another registry than the policy's, or without one, are denied", async () => {
    const [real] = newest() as [Real];
    const registry = await serve([published(real)]);
    expect(await check(registry, [real], policyFor("https://npm.example"))).toMatchObject({
      exit: 65,
      codes: ["UNTRUSTED_SIGNER"],
    });
    const stripped = await serve([{ name: real.name, version: real.version, integrity: real.integrity }]);
    expect(await check(stripped, [real], policyFor(stripped.origin))).toMatchObject({
      exit: 65,
      codes: ["NO_EVIDENCE"],
    });
  });

  it("are not asked for where no rule has a baseline", async () => {
    const [real] = newest() as [Real];
    const registry = await serve([published(real)]);
    const signers = { widget: { githubActions: { repository: "acme/widget" } } };
    const rules = [{ packages: ["npm:*"], signedBy: ["widget"] }];
    expect((await check(registry, [real], { version: 1, signers, rules })).codes).toEqual(["NO_EVIDENCE"]);
    expect(registry.requests.map(({ url }) => url)).toEqual([`/-/npm/v1/attestations/${real.name}@${real.version}`]);
  });

  describe("and init", () => {
    const files = () => {
      const read = (name: string) => JSON.parse(readFileSync(join(project, name), "utf8"));
      const recorded = existsSync(join(project, ".signing-recorded.json")) ? read(".signing-recorded.json") : null;
      return { policy: read(".signing-policy.json"), recorded: Object.keys(recorded?.packages ?? {}) };
    };
    const at = (...args: string[]) => safeInstall(args, { cwd: project, home });
    const lock = (registry: Registry, names: readonly { name: string; version: string }[]) =>
      writeProject(project, registry, { locked: names.map(({ name, version }) => ({ name, version })) });

    it("a baseline for what the registry signed, by name; the rest by digest; and it stays so", async () => {
      const [one, two] = newest() as [Real, Real];
      const plain = { name: "plain", version: "1.0.0" };
      const registry = await serve([published(one), published(two), plain]);
      lock(registry, [one, two, plain]);
      const { exit, stdout } = await at("init");
      expect({ exit, stdout }).toEqual({ exit: 0, stdout: expect.stringContaining("by its own signature") });
      const name = registry.url.slice("http://".length, -1).replace(":", "-");
      expect(files()).toMatchObject({
        policy: {
          signers: { [name]: { npmRegistry: registry.url } },
          rules: [
            { packages: [`npm:${two.name}`, `npm:${one.name}`], baseline: [name] },
            { packages: ["npm:*"], unsigned: "recorded" },
          ],
        },
        recorded: ["pkg:npm/plain@1.0.0"],
      });
      const [policy] = [files()];
      expect((await at("check")).exit).toBe(0);
      expect(await at("policy", "lint")).toMatchObject({ exit: 0, stdout: expect.stringContaining("✓ clean") });
      expect(await at("init")).toMatchObject({ exit: 0, stdout: expect.stringContaining("nothing to change") });
      const pin = await at("policy", "pin", "--write");
      expect(pin).toMatchObject({ exit: 0, stdout: expect.stringContaining("nothing to change") });
      expect(files()).toEqual(policy);
    });

    it("a bot records what it knows by digest, also where the registry vouches for the new version", async () => {
      const [old, next] = all().filter(({ name }) => name === "@nuxt/kit") as [Real, Real];
      const registry = await serve([old, published(next)]);
      const recorded = { file: "recorded.json", reason: "a test", expires: "2099-01-01" };
      const rules = [
        { packages: ["npm:which"], baseline: ["npmjs"] },
        { packages: ["npm:*"], unsigned: "recorded" },
      ];
      const sha512 = (one: Real) => `sha512:${Buffer.from(one.integrity.slice(7), "base64").toString("hex")}`;
      const packages = { [`pkg:npm/%40nuxt/kit@${old.version}`]: [sha512(old)] };
      writeProject(project, registry, {
        locked: [{ name: next.name, version: next.version }],
        policy: policyFor(registry.url, { rules, recorded }),
        files: { "recorded.json": JSON.stringify({ version: 1, packages }) },
      });
      const before = readFileSync(join(project, ".signing-policy.json"), "utf8");
      expect((await runAt(project, home, ["policy", "pin", "--known", "--write"])).exit).toBe(0);
      expect(readFileSync(join(project, ".signing-policy.json"), "utf8")).toBe(before);
      expect(readFileSync(join(project, "recorded.json"), "utf8")).toContain(sha512(next));
    });

    it("a new version of such a name comes in, a new name waits for policy pin, and gets its baseline there", async () => {
      const versions = all().filter(({ name }) => name === "@nuxt/kit");
      const [old, next] = versions as [Real, Real];
      const which = newest()[0] as Real;
      const registry = await serve([published(old), published(next), published(which)]);
      lock(registry, [old]);
      expect((await at("init")).exit).toBe(0);
      const policy = files();
      lock(registry, [next]);
      expect((await at("check")).exit).toBe(0);
      lock(registry, [next, which]);
      const { exit, stdout } = await at("check");
      expect({ exit, stdout }).toEqual({ exit: 65, stdout: expect.stringContaining("NO_RULE") });
      expect((await at("policy", "pin", "--write")).exit).toBe(0);
      const { rules } = files().policy as { rules: { packages: string[] }[] };
      expect(rules.map(({ packages }) => packages)).toEqual([["npm:@nuxt/kit", "npm:which"]]);
      expect(files().recorded).toEqual(policy.recorded);
    });

    it("--record: every one by its digest, and later runs keep to that", async () => {
      const [one, two] = newest() as [Real, Real];
      const registry = await serve([published(one), published(two)]);
      lock(registry, [one]);
      expect((await at("init", "--record")).exit).toBe(0);
      expect(files().policy).toMatchObject({ rules: [{ packages: ["npm:*"], unsigned: "recorded" }] });
      lock(registry, [one, two]);
      expect((await at("policy", "pin", "--write")).exit).toBe(0);
      expect(files().recorded).toHaveLength(2);
      expect(files().policy).not.toHaveProperty("signers");
    });
  });

  it("are told about by explain", async () => {
    const [real] = newest() as [Real];
    const registry = await serve([published(real)]);
    await check(registry, [real], policyFor(registry.origin));
    const { exit, stdout } = await safeInstall(["explain", real.name], { cwd: project, home });
    expect(exit).toBe(0);
    expect(stdout).toContain("registry signature of npmjs");
    expect(stdout).toContain("holds: a registry's signature");
  });
});

describe("a registry whose key is given", () => {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const key = heldKey(Buffer.from(publicKey.export({ format: "pem", type: "spki" })), {
    usage: "npm:signatures",
    thresholds: { tlog: 0, sct: 0, timestamps: 0 },
    hints: ["SHA256:ours"],
  });

  function signed(name: string, version: string, of?: Buffer): RegistryPackage {
    const tarball = makeTarball({ name, version });
    const integrity = sriOf(of ?? tarball);
    const sig = sign("sha256", Buffer.from(`${name}@${version}:${integrity}`), privateKey).toString("base64");
    return { name, version, tarball, integrity, signatures: [{ keyid: "SHA256:ours", sig }] };
  }

  async function judgeAll(registry: Registry, keys = [key]) {
    const host = testHost({ home });
    const part = await openPart(project, { home });
    const asked = { project, ecosystem: "npm", purpose: "install", options: NO_OPTIONS } as const;
    const { judge } = await findGround(asked, host, project, keys);
    const judged = await Promise.all(part.artifacts.map((one) => judgeArtifact(one, part, judge)));
    const packuments = registry.requests.filter(({ url }) => !url.includes("/-/")).length;
    return { part, judged, packuments, outcomes: judged.map(({ decision }) => decision.outcome) };
  }
  const NO_OPTIONS = { policy: null, policyFrom: null, mode: null };

  it("lets exactly its packages in, and npm installs the bytes that it signed", async () => {
    const registry = await serve([signed("@acme/a", "1.0.0"), signed("b", "1.0.0")]);
    const locked = [
      { name: "@acme/a", version: "1.0.0" },
      { name: "b", version: "1.0.0" },
    ];
    writeProject(project, registry, { locked, policy: policyFor(registry.url) });
    const { part, judged, packuments, outcomes } = await judgeAll(registry);
    expect({ outcomes, packuments }).toEqual({ outcomes: ["allowed", "allowed"], packuments: 2 });
    const proven = judged.flatMap((one) => (one.proven === null ? [] : [one.proven]));
    expect(await part.install(proven)).toBe(0);
    expect((await judgeAll(registry, [])).outcomes).toEqual(["denied", "denied"]);
  });

  it("where the lock states only sha1, the bytes are what counts", async () => {
    const registry = await serve([signed("b", "1.0.0"), signed("c", "1.0.0", Buffer.from("others"))]);
    const sha1 = (name: string) => ({ integrity: sriOf(registry.tarballOf(name, "1.0.0").bytes, "sha1") });
    const locked = ["b", "c"].map((name) => ({ name, version: "1.0.0", entry: sha1(name) }));
    writeProject(project, registry, { locked, policy: policyFor(registry.url) });
    const { judged, outcomes } = await judgeAll(registry);
    expect(outcomes).toEqual(["allowed", "denied"]);
    expect(judged[1]?.decision.denials).toMatchObject([{ code: "SUBJECT_MISMATCH" }]);
  });
});
