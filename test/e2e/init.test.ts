import { runAt } from "../support/author.ts";
import { npmStage } from "../support/npm-stage.ts";
import { type Locked, type ProjectFiles, writeProject } from "../support/project.ts";
import { startRegistry } from "../support/registry.ts";
import { publishSigned, subjectOf } from "../support/signed.ts";
import { emailIdentity, githubIdentity, gitlabIdentity } from "../support/sigstore.ts";
import type { GitHub } from "../support/sigstore/identity.ts";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";

const stage = npmStage(async () => {}, { curve: "P-256" });

const run = (...args: string[]) => runAt(stage.project, stage.home, args);
const init = (...args: string[]) => run("init", "--trusted-root", "test=trust/root.json", ...args);
const readJson = (name: string) =>
  JSON.parse(readFileSync(join(stage.project, name), "utf8")) as Policy & { packages: Record<string, string[]> };

interface Policy {
  readonly mode?: string;
  readonly $schema?: string;
  readonly signers?: Record<
    string,
    { githubActions?: Record<string, unknown>; certificate?: unknown; gitlab?: unknown; trust?: string }
  >;
  readonly rules?: { packages: string[]; signedBy?: string[]; unsigned?: string; versions?: string }[];
}

function prepare(locked: readonly Locked[], files: ProjectFiles = {}): void {
  writeProject(stage.project, stage.registry, {
    ...files,
    locked,
    files: { "trust/root.json": stage.instance.trustedRoot, ...files.files },
  });
}

let count = 0;
/** A package of its own name, signed by the pipeline described; unsigned where there is none. */
async function publish(
  name: string,
  version: string,
  by?: Partial<GitHub>,
  manifest: Record<string, unknown> = {},
): Promise<Locked> {
  if (by === undefined) stage.registry.publish({ name, version, manifest });
  else {
    const of = {
      repository: `acme/${name}`,
      workflow: ".github/workflows/release.yml",
      ref: `refs/tags/v${version}`,
      run: String(++count),
      ...by,
    };
    await publishSigned(stage.registry, stage.instance, { name, version, manifest }, { identity: githubIdentity(of) });
  }
  return { name, version };
}

describe("safe-install init", () => {
  it("pins the issuer of an enterprise by its name, under which no other passes", async () => {
    const issuer = "https://token.actions.githubusercontent.com/acme";
    prepare([await publish("signed-e", "1.0.0", { issuer })]);
    expect((await init()).exit).toBe(0);
    expect(readJson(".signing-policy.json").signers).toMatchObject({
      "acme-signed-e": { githubActions: { repository: "acme/signed-e", enterprise: "acme" }, trust: "test" },
    });
    expect((await run("check")).exit).toBe(0);
    const policy = join(stage.project, ".signing-policy.json");
    writeFileSync(policy, readFileSync(policy, "utf8").replace('"enterprise": "acme"', '"enterprise": "acm"'));
    expect(await run("check")).toMatchObject({ exit: 65, stdout: expect.stringContaining("UNTRUSTED_SIGNER") });
  });

  it("says of a registry that passes no evidence on that it does not, once, and so does a denial", async () => {
    const names = ["bare-a", "bare-b", "bare-c"];
    prepare(await Promise.all(names.map((name) => publish(name, "1.0.0"))));
    const fact = /had no attestation or signature of what the policy\s+asks for, of any of 3\s+packages/g;
    const { stdout } = await init();
    expect(stdout.replaceAll(/\s+/g, " ").match(/had no attestation or signature/g)).toHaveLength(1);
    expect(stdout.replaceAll(/\s+/g, " ")).toMatch(new RegExp(fact.source.replaceAll("\\s+", " ")));
    const signers = { a: { githubActions: { repository: "acme/a" } } };
    writeFileSync(
      join(stage.project, ".signing-policy.json"),
      JSON.stringify({ version: 1, signers, rules: [{ packages: ["npm:*"], signedBy: ["a"] }] }),
    );
    const denied = await run("check");
    expect(denied.exit).toBe(65);
    const said = denied.stdout.replaceAll(/\s+/g, " ");
    expect(said.match(/had no attestation or signature .* of any of 3 packages: .* "sources"/g)).toHaveLength(1);
  });

  it("pins what is signed, records the rest, and check passes", async () => {
    prepare([await publish("signed-a", "1.0.0", {}), await publish("plain-a", "1.0.0")]);
    const { exit, stdout } = await init();
    expect({ exit, stdout }).toMatchObject({ exit: 0, stdout: expect.stringContaining("acme/signed-a") });
    const { signers, rules, mode, $schema } = readJson(".signing-policy.json");
    expect([mode, $schema]).toEqual(["enforce", undefined]);
    expect(signers).toEqual({
      "acme-signed-a": {
        githubActions: {
          repository: "acme/signed-a",
          workflow: ".github/workflows/release.yml",
          ref: "refs/tags/v{version}",
          runner: "github-hosted",
          trigger: "push",
          repositoryId: "123456",
          ownerId: "4242",
        },
        trust: "test",
      },
    });
    expect(rules).toEqual([
      { packages: ["npm:signed-a"], signedBy: ["acme-signed-a"] },
      { packages: ["npm:*"], unsigned: "recorded" },
    ]);
    expect(Object.keys(readJson(".signing-recorded.json").packages)).toEqual(["pkg:npm/plain-a@1.0.0"]);
    expect((await run("check")).exit).toBe(0);
  });

  it("gives an editor the schema where the project's own node_modules has it", async () => {
    const schema = "node_modules/safe-install/signing-policy.schema.json";
    prepare([await publish("plain-editor", "1.0.0")], { files: { [schema]: {} } });
    expect((await init()).exit).toBe(0);
    expect(readJson(".signing-policy.json").$schema).toBe(`./${schema}`);
  });

  describe("one entry without sha512 whose archive cannot be had, or is another", () => {
    const sha1Only = { integrity: "sha1-AAAAAAAAAAAAAAAAAAAAAAAAAAA=" };
    const absent = (name: string) => ({
      integrity: undefined,
      resolved: `${stage.registry.url}${name}/-/${name}-9.9.9.tgz`,
    });
    beforeEach(async () => {
      const locked = [await publish("stays-a", "1.0.0", {}), await publish("stays-b", "1.0.0")];
      const odd = [await publish("gone", "1.0.0"), await publish("swapped", "1.0.0")];
      const [gone, swapped] = odd.map((one, at) => ({ ...one, entry: at === 0 ? absent("gone") : sha1Only }));
      prepare([...locked, ...[gone, swapped].filter((one) => one !== undefined)]);
    });

    it.each([[[]], [["--record"]]])("init %j says so, and writes the rest", async (more) => {
      const { exit, stdout, stderr } = await init(...more);
      expect({ exit, stderr }).toEqual({ exit: 66, stderr: expect.not.stringContaining("bug of ours") });
      expect(stdout).toContain("Not pinned (2):");
      expect(stdout).toMatch(/gone@1\.0\.0 {2}unavailable.*\s+.*answered 404/);
      expect(stdout).toMatch(/swapped@1\.0\.0 {2}does not hold\s+INTEGRITY_MISMATCH/);
      expect(readJson(".signing-policy.json").rules).toContainEqual({
        packages: ["npm:stays-a"],
        signedBy: ["acme-stays-a"],
      });
      expect(Object.keys(readJson(".signing-recorded.json").packages)).toEqual(["pkg:npm/stays-b@1.0.0"]);
    });

    it("init writes a policy where that is all there is, and nothing where nobody was asked", async () => {
      prepare([{ ...(await publish("gone", "1.0.0")), entry: absent("gone") }]);
      expect(await init("--offline")).toMatchObject({ exit: 69, stdout: expect.stringContaining("wrote nothing") });
      const { exit, stdout } = await init();
      expect({ exit, stdout }).toEqual({ exit: 69, stdout: expect.stringContaining("Not pinned (1):") });
      expect(readJson(".signing-policy.json")).toMatchObject({ version: 1, mode: "enforce" });
    });

    it("policy pin and explain tell it, too", async () => {
      await init();
      const pinned = await run("policy", "pin");
      expect(pinned).toMatchObject({ exit: 66, stdout: expect.stringContaining("Not pinned (2):") });
      expect(await run("explain", "gone")).toMatchObject({ exit: 69, stdout: expect.stringContaining("answered 404") });
      expect(await run("explain", "swapped")).toMatchObject({
        exit: 66,
        stdout: expect.stringContaining("INTEGRITY_MISMATCH"),
      });
    });
  });

  it("a policy that records digests is not loosened: the registry's own signature is not even asked for", async () => {
    const asked = () => stage.registry.requests.filter(({ url }) => url === "/plain-y").length;
    prepare([await publish("plain-y", "1.0.0")]);
    expect((await init()).exit).toBe(0);
    const once = asked();
    expect(once).toBe(1);
    prepare([await publish("plain-y", "1.0.0"), await publish("plain-z", "1.0.0")]);
    expect((await run("policy", "pin", "--write")).exit).toBe(0);
    expect((await run("check")).exit).toBe(0);
    expect(asked()).toBe(once);
  });

  it("with --record no registry is asked for its signature", async () => {
    prepare([await publish("plain-r", "1.0.0")]);
    expect((await init("--record")).exit).toBe(0);
    expect(stage.registry.requests.filter(({ url }) => url === "/plain-r")).toEqual([]);
  });

  it("a registry that cannot be asked for its own signature costs a word, and its packages are recorded", async () => {
    const refusing = await startRegistry({
      packages: [{ name: "plain-q", version: "1.0.0" }],
      intercept: (request, response) => {
        if (request.url !== "/plain-q") return false;
        response.writeHead(503).end();
        return true;
      },
    });
    writeProject(stage.project, refusing, { locked: [{ name: "plain-q", version: "1.0.0" }] });
    const { exit, stderr } = await run("init");
    await refusing.close();
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: expect.stringContaining("could not be asked") });
    expect(Object.keys(readJson(".signing-recorded.json").packages)).toEqual(["pkg:npm/plain-q@1.0.0"]);
  });

  it("one signer for one pipeline of many packages, also where tags name the package", async () => {
    const mono = (name: string, version: string) =>
      publish(name, version, { repository: "acme/mono", ref: `refs/tags/${name}@${version}` });
    prepare([await mono("mono-a", "1.0.0"), await mono("mono-b", "2.3.4")]);
    expect((await init()).exit).toBe(0);
    const { signers = {}, rules } = readJson(".signing-policy.json");
    expect(Object.values(signers).map(({ githubActions }) => githubActions?.["ref"])).toEqual([
      "refs/tags/*@{version}",
    ]);
    expect(rules).toEqual([{ packages: ["npm:mono-a", "npm:mono-b"], signedBy: ["acme-mono"] }]);
    expect((await run("check")).exit).toBe(0);
  });

  it("an old version without evidence beside a new one with it: each on its own ground", async () => {
    const old = { ...(await publish("mixed", "1.0.0")), at: "node_modules/x/node_modules/mixed" };
    prepare([await publish("mixed", "2.0.0", {}), old]);
    expect((await init()).exit).toBe(0);
    expect(readJson(".signing-policy.json").rules).toEqual([
      { packages: ["npm:mixed"], versions: "<2.0.0", unsigned: "recorded" },
      { packages: ["npm:mixed"], versions: ">=2.0.0", signedBy: ["acme-mixed"] },
    ]);
    expect((await run("check")).exit).toBe(0);
    expect(await init()).toMatchObject({ exit: 0, stdout: expect.stringContaining("nothing to change") });
  });

  it("marks what deserves a second look", async () => {
    const repository = { type: "git", url: "https://github.com/elsewhere/other.git" };
    prepare([
      await publish("outside", "1.0.0", { trigger: "pull_request_target", ref: "refs/heads/main" }),
      await publish("own-machine", "1.0.0", { runner: "self-hosted" }),
      await publish("other-home", "1.0.0", {}, { repository }),
      await publish("banana", "1.0.0", { repository: "acme/fruit" }),
      await publish("fruit-salad", "1.0.0", { repository: "acme/fruit" }),
    ]);
    const mail = { name: "by-mail", version: "1.0.0" };
    await publishSigned(stage.registry, stage.instance, mail, { identity: emailIdentity("jane@example.com") });
    const lab = { name: "by-lab", version: "1.0.0" };
    await publishSigned(stage.registry, stage.instance, lab, {
      identity: gitlabIdentity({ project: "group/by-lab", ref: "refs/tags/v1.0.0" }),
    });
    const text = readFileSync(join(stage.project, "package-lock.json"), "utf8");
    const lock = JSON.parse(text) as { packages: Record<string, unknown> };
    for (const { name, version } of [mail, lab]) {
      const { integrity, resolved } = stage.registry.tarballOf(name, version);
      lock.packages[`node_modules/${name}`] = { version, resolved, integrity };
    }
    writeFileSync(join(stage.project, "package-lock.json"), JSON.stringify(lock));
    const { exit, stdout } = await init();
    expect(exit).toBe(0);
    expect(stdout).toMatch(/acme-outside\s+built on pull_request_target/);
    expect(stdout).toMatch(/acme-outside\s+only a branch is pinned/);
    expect(stdout).toMatch(/acme-own-machine\s+built on a self-hosted runner/);
    expect(stdout.replaceAll(/\s+/g, " ")).toContain(
      "npm:other-home@1.0.0 says that it comes from https://github.com/elsewhere/other.git, and was built from https://github.com/acme/other-home",
    );
    expect(stdout).toMatch(/acme-fruit\s+acme\/fruit signs packages of unrelated names: banana/);
    expect(stdout).toMatch(/jane-example.com\s+signed by a person \(jane@example.com\)/);
    expect((await run("check")).exit).toBe(0);
  });

  it("evidence that does not hold is never written, and says so", async () => {
    const fine = await publish("fine-b", "1.0.0", {});
    const moved = { name: "moved-b", version: "1.0.0" };
    await publishSigned(stage.registry, stage.instance, moved, {
      subjects: [subjectOf(stage.registry, fine.name, fine.version)],
    });
    prepare([fine, moved]);
    const { exit, stdout } = await init();
    expect(exit).toBe(66);
    expect(stdout).toMatch(/✗ npm:moved-b@1\.0\.0\s+does not hold/);
    expect(JSON.stringify([readJson(".signing-policy.json")])).not.toContain("moved-b");
  });

  it("a source that cannot be asked is not the same as no evidence: nothing is recorded", async () => {
    stage.registry.publish({ name: "down-b", version: "1.0.0", attestations: { status: 503 } });
    prepare([await publish("fine-c", "1.0.0", {}), { name: "down-b", version: "1.0.0" }]);
    const { exit, stdout } = await init();
    expect(exit).toBe(69);
    expect(stdout).toMatch(/✗ npm:down-b@1\.0\.0\s+unavailable/);
    expect(readJson(".signing-policy.json").rules).toEqual([{ packages: ["npm:fine-c"], signedBy: ["acme-fine-c"] }]);
  });

  it("optional packages of other platforms are recorded too: the policy is for all of the team", async () => {
    const other = { ...(await publish("only-elsewhere", "1.0.0")), entry: { optional: true, os: ["none"] } };
    prepare([await publish("fine-d", "1.0.0", {}), other]);
    expect((await init()).exit).toBe(0);
    expect(Object.keys(readJson(".signing-recorded.json").packages)).toEqual(["pkg:npm/only-elsewhere@1.0.0"]);
  });

  it("evidence under a root that nobody named is counted; naming the root pins it", async () => {
    prepare([await publish("foreign-a", "1.0.0", {})]);
    const { exit, stdout } = await run("init");
    expect({ exit, stdout }).toMatchObject({
      exit: 0,
      stdout: expect.stringContaining("1 of them carry evidence under a trust root that nobody named"),
    });
    expect((await init()).exit).toBe(0);
    expect(readJson(".signing-policy.json").signers).toHaveProperty("acme-foreign-a");
    expect(readJson(".signing-recorded.json").packages).toEqual({});
    expect((await run("check")).exit).toBe(0);
  });

  it("a pipeline's signed SBOM says nothing about who made the package: it is recorded", async () => {
    const only = { name: "sbom-only", version: "1.0.0" };
    await publishSigned(stage.registry, stage.instance, only, { predicateType: "https://spdx.dev/Document" });
    prepare([only]);
    expect((await init()).exit).toBe(0);
    expect(readJson(".signing-policy.json").signers).toBeUndefined();
    expect(Object.keys(readJson(".signing-recorded.json").packages)).toEqual(["pkg:npm/sbom-only@1.0.0"]);
  });

  it("two lockfiles that state different bytes for one version: neither is written", async () => {
    prepare([await publish("twice", "1.0.0"), await publish("fine-h", "1.0.0", {})]);
    const text = readFileSync(join(stage.project, "package-lock.json"), "utf8");
    const { integrity } = stage.registry.tarballOf("twice", "1.0.0");
    const other = `sha512-${Buffer.alloc(64, 1).toString("base64")}`;
    mkdirSync(join(stage.project, "sub"));
    writeFileSync(join(stage.project, "sub/package-lock.json"), text.replace(integrity, other));
    for (const name of ["package.json", ".npmrc"]) {
      writeFileSync(join(stage.project, "sub", name), readFileSync(join(stage.project, name)));
    }
    const { exit, stdout } = await init("package-lock.json", "sub/package-lock.json");
    expect(exit).toBe(66);
    expect(stdout).toContain("different bytes");
    expect(readJson(".signing-policy.json").rules).toEqual([{ packages: ["npm:fine-h"], signedBy: ["acme-fine-h"] }]);
  });

  it("--audit changes no policy that is there, and says so", async () => {
    prepare([await publish("plain-m", "1.0.0")]);
    await init();
    const { exit, stdout } = await init("--audit");
    expect({ exit, stdout }).toEqual({ exit: 0, stdout: expect.stringContaining('stays "enforce"') });
    expect(readJson(".signing-policy.json").mode).toBe("enforce");
  });

  it("--audit writes a policy that only reports at first", async () => {
    prepare([await publish("fine-e", "1.0.0", {})]);
    expect((await init("--audit")).exit).toBe(0);
    expect(readJson(".signing-policy.json").mode).toBe("audit");
  });

  it("what cannot be bound is named and stays outside", async () => {
    prepare([
      await publish("fine-f", "1.0.0", {}),
      {
        ...(await publish("forked", "1.0.0")),
        entry: {
          resolved: "git+ssh://git@example.com/a/b.git#0123456789012345678901234567890123456789",
          integrity: undefined,
        },
      },
    ]);
    const { exit, stdout } = await init();
    expect({ exit, stdout }).toMatchObject({ exit: 66, stdout: expect.stringContaining("GIT_DEPENDENCY") });
  });
});

describe("safe-install policy pin", () => {
  async function started(): Promise<Locked[]> {
    const locked = [await publish("base", "1.0.0", {}), await publish("plain-p", "1.0.0")];
    prepare(locked);
    expect((await init()).exit).toBe(0);
    return locked;
  }
  const relock = (locked: readonly Locked[]) => {
    const policy = readFileSync(join(stage.project, ".signing-policy.json"), "utf8");
    prepare(locked);
    expect(readFileSync(join(stage.project, ".signing-policy.json"), "utf8")).toBe(policy);
  };

  it("shows new packages and versions as a diff, writes them only with --write, and touches nothing else of the file", async () => {
    const locked = await started();
    const file = join(stage.project, ".signing-policy.json");
    writeFileSync(file, readFileSync(file, "utf8").replaceAll("  ", "\t").replace('"enforce"', '"enforce" '));
    relock([
      ...locked,
      await publish("newcomer", "1.0.0", {}),
      { ...(await publish("plain-p", "1.1.0")), at: "node_modules/y/node_modules/plain-p" },
    ]);
    const before = readFileSync(file, "utf8");
    const shown = await run("policy", "pin");
    expect(shown.exit).toBe(0);
    expect(shown.stdout).toContain("nothing was written");
    expect(shown.stdout).toContain("npm:newcomer@1.0.0 (new)");
    expect(shown.stdout).toContain("npm:plain-p@1.1.0 (new version)");
    expect(shown.stdout).toContain('+     "pkg:npm/plain-p@1.1.0"');
    expect(readFileSync(file, "utf8")).toBe(before);
    expect((await run("check")).exit).toBe(65);
    expect((await run("policy", "pin", "--write")).exit).toBe(0);
    const after = readFileSync(file, "utf8");
    expect(
      before.split("\n").filter((line) => !after.split("\n").includes(line) && !after.split("\n").includes(`${line},`)),
    ).toEqual([]);
    expect(after).toContain('"enforce" ');
    expect((await run("check")).exit).toBe(0);
  });

  it("a package that changed its pipeline is shown as exactly that, and pinned only by name", async () => {
    const [, plain] = await started();
    if (plain === undefined) throw new Error("no package");
    relock([await publish("base", "1.1.0", { repository: "mallory/base" }), plain]);
    const before = readFileSync(join(stage.project, ".signing-policy.json"), "utf8");
    const passing = await run("policy", "pin", "--write");
    expect(passing.exit).toBe(65);
    expect(passing.stdout).toMatch(/✗ npm:base@1\.1\.0\s+changed\s+UNTRUSTED_SIGNER/);
    expect(passing.stdout).toContain("repository: expected acme/base, found mallory/base");
    expect(readFileSync(join(stage.project, ".signing-policy.json"), "utf8")).toBe(before);
    expect(await init()).toMatchObject({ exit: 65 });
    expect(readFileSync(join(stage.project, ".signing-policy.json"), "utf8")).toBe(before);
    expect((await run("policy", "pin", "base", "--write")).exit).toBe(0);
    const { rules, signers } = readJson(".signing-policy.json");
    expect(rules?.[0]).toEqual({ packages: ["npm:base"], signedBy: ["mallory-base"] });
    expect(Object.keys(signers ?? {})).toEqual(["mallory-base"]);
    expect((await run("check")).exit).toBe(0);
  });

  it("a package that lost its evidence is shown as lost, and recorded only by name", async () => {
    const [, plain] = await started();
    if (plain === undefined) throw new Error("no package");
    relock([await publish("base", "1.2.0"), plain]);
    const passing = await run("policy", "pin", "--write");
    expect(passing).toMatchObject({
      exit: 65,
      stdout: expect.stringMatching(/✗ npm:base@1\.2\.0\s+lost\s+NO_EVIDENCE/),
    });
    expect((await run("policy", "pin", "base@1.2.0", "--write")).exit).toBe(0);
    expect((await run("check")).exit).toBe(0);
  });

  it("a recorded package that gains evidence is pinned, and its record goes", async () => {
    const [base] = await started();
    if (base === undefined) throw new Error("no package");
    await publish("plain-p", "1.0.0", {});
    expect((await run("policy", "pin", "--write")).exit).toBe(0);
    expect(readJson(".signing-recorded.json").packages).toEqual({});
    expect(readJson(".signing-policy.json").rules?.map(({ packages }) => packages)).toContainEqual(["npm:plain-p"]);
    expect((await run("check")).exit).toBe(0);
  });

  it("other bytes under a recorded version are never pinned, also not by name", async () => {
    const [base] = await started();
    if (base === undefined) throw new Error("no package");
    stage.registry.publish({ name: "plain-p", version: "1.0.0", files: { "evil.js": "" } });
    relock([base, { name: "plain-p", version: "1.0.0" }]);
    const before = readFileSync(join(stage.project, ".signing-recorded.json"), "utf8");
    expect(await run("policy", "pin", "plain-p", "--write")).toMatchObject({
      exit: 66,
      stdout: expect.stringContaining("does not hold"),
    });
    expect(readFileSync(join(stage.project, ".signing-recorded.json"), "utf8")).toBe(before);
  });

  it("what could not be found out is not pinned by name either", async () => {
    const locked = await started();
    stage.registry.publish({ name: "down-p", version: "1.0.0", attestations: { status: 503 } });
    relock([...locked, { name: "down-p", version: "1.0.0" }]);
    const before = readFileSync(join(stage.project, ".signing-recorded.json"), "utf8");
    expect((await run("policy", "pin", "down-p", "--write")).exit).toBe(69);
    expect(readFileSync(join(stage.project, ".signing-recorded.json"), "utf8")).toBe(before);
  });

  it("a policy that only audits does not hide what changed", async () => {
    prepare([await publish("audited", "1.0.0", {})]);
    expect((await init("--audit")).exit).toBe(0);
    relock([await publish("audited", "1.1.0", { repository: "mallory/audited" })]);
    expect((await run("check")).exit).toBe(0);
    expect(await run("policy", "pin")).toMatchObject({
      exit: 65,
      stdout: expect.stringMatching(/audited@1\.1\.0\s+changed/),
    });
  });

  it("keeps what a rule asks for besides, when its signer changes by name", async () => {
    await started();
    const file = join(stage.project, ".signing-policy.json");
    const policy = readJson(".signing-policy.json") as { rules: object[] };
    policy.rules[0] = { ...policy.rules[0], minimumAge: "1m" };
    writeFileSync(file, JSON.stringify(policy, null, 2));
    const { rules = [] } = readJson(".signing-policy.json");
    expect(rules[0]).toHaveProperty("minimumAge");
    relock([await publish("base", "1.3.0", { repository: "acme/new-base" }), { name: "plain-p", version: "1.0.0" }]);
    await run("policy", "pin", "base", "--write");
    expect(readJson(".signing-policy.json").rules?.[0]).toEqual({
      packages: ["npm:base"],
      signedBy: ["acme-new-base"],
      minimumAge: "1m",
    });
  });

  it("a word that names nothing is usage, with the nearest name", async () => {
    await started();
    expect(await run("policy", "pin", "plain-q")).toMatchObject({
      exit: 64,
      stderr: expect.stringContaining('did you mean "plain-p"?'),
    });
  });

  it("a version that is not in the lock names nothing", async () => {
    await started();
    expect(await run("policy", "pin", "base@9.9.9", "--write")).toMatchObject({ exit: 64 });
    expect((await run("policy", "pin", "npm:base@1.0.0")).exit).toBe(0);
  });

  it("without a policy it points to init; without an action to its help", async () => {
    prepare([await publish("fine-g", "1.0.0", {})]);
    expect(await run("policy", "pin")).toMatchObject({
      exit: 78,
      stderr: expect.stringContaining("safe-install init"),
    });
    expect(await run("policy")).toMatchObject({
      exit: 64,
      stderr: expect.stringContaining("pin, except, test, diff or lint"),
    });
  });
});
