/** Evidence comes in a folder or a file from somebody who would like it to say something else. */
import { sharedFolder, temporaryFolder } from "../support/folder.ts";
import { digestIn, reportIn, undated, type Typed, typeIn } from "../support/exported.ts";
import { NAMESPACE, withoutNetwork } from "../support/namespace.ts";
import { makeZip, type ZipEntry } from "../support/nuget/zip.ts";
import { writeProject } from "../support/project.ts";
import { type Registry, startRegistry } from "../support/registry.ts";
import { createInstance, pipelineOf, policyFor, publishSigned, subjectOf } from "../support/signed.ts";
import type { Instance } from "../support/sigstore.ts";
import { hexOf } from "../support/tarball.ts";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const NAMES = ["widget", "sided", "hashed", "folded", "pinned"];
let [instance, evil]: Instance[] = [];
let registry: Registry;
let sides: Registry;
let asked = 0;

/** One with an attestation at the registry; one beside; one about a digest that the lock lacks; one in a folder; known bytes. */
beforeAll(async () => {
  [instance, evil] = await Promise.all(
    ["mine.test", "evil.test"].map((name) => createInstance({ name, curve: "P-256" })),
  );
  registry = await startRegistry();
  const bundles = new Map<string, unknown>();
  sides = await startRegistry({
    intercept: (request, response) => {
      asked += 1;
      const found = bundles.get(request.url ?? "");
      response.writeHead(found === undefined ? 404 : 200).end(JSON.stringify(found ?? {}));
      return true;
    },
  });
  for (const name of [...NAMES, "bare"]) registry.publish({ name, version: "1.0.0" });
  await publishSigned(registry, instance!, { name: "widget", version: "1.0.0" });
  const subjects = [subjectOf(registry, "sided", "1.0.0")];
  bundles.set("/sided", await instance!.attest({ identity: pipelineOf("sided", "1.0.0"), subjects }));
  const sha256 = hexOf(registry.tarballOf("hashed", "1.0.0").bytes, "sha256");
  const about = [{ name: "pkg:npm/hashed@1.0.0", digest: { sha256 } }];
  await publishSigned(registry, instance!, { name: "hashed", version: "1.0.0" }, { subjects: about });
});
afterAll(() => Promise.all([registry.close(), sides.close()]));

const shared = sharedFolder();

async function lay(names: readonly string[] = NAMES): Promise<string> {
  const project = mkdtempSync(join(shared, "project-"));
  const { bytes } = registry.tarballOf("folded", "1.0.0");
  const subjects = [subjectOf(registry, "folded", "1.0.0")];
  const folded = await instance!.attest({ identity: pipelineOf("folded", "1.0.0"), subjects });
  const signed = names.filter((name) => name !== "pinned");
  const policy = policyFor(signed, { sources: { npm: [{ directory: "bundles" }, { url: `${sides.origin}/{name}` }] } });
  const rules = [
    ...(policy["rules"] as readonly unknown[]),
    { packages: ["npm:pinned"], unsigned: "allow", reason: "known", expires: "2099-01-01" },
  ];
  writeProject(project, registry, {
    locked: names.map((name) => ({ name, version: "1.0.0" })),
    policy: { ...policy, rules },
    files: { "trust/root.json": instance!.trustedRoot, [`bundles/sha512-${hexOf(bytes)}.sigstore.json`]: folded },
  });
  return project;
}

const templates = new Map<string, Promise<{ readonly project: string; readonly run: Typed }>>();

async function exported(names: readonly string[] = NAMES) {
  const project = await lay(names);
  const run = await typeIn(project, ["evidence", "export", "out", "--report", "json=then.json"]);
  rmSync(join(project, "bundles"), { recursive: true });
  mkdirSync(join(project, "bundles"));
  return { project, run };
}

/** Exported, and carried to where nothing answers: no registry, no bundles, another folder and another home. */
async function carried(names?: readonly string[]) {
  const key = String(names);
  const made = templates.get(key) ?? exported(names);
  templates.set(key, made);
  const { project: template, run } = await made;
  const project = join(temporaryFolder(), "project");
  cpSync(template, project, { recursive: true });
  return { project, out: join(project, "out"), digest: digestIn(run.shown), ...run };
}

const again = (project: string, ...words: readonly string[]) =>
  typeIn(project, ["check", "--evidence", "out", "--offline", "--report", "json=now.json", ...words], {
    // Where nothing can be asked at all.
    env: { HTTP_PROXY: "http://127.0.0.1:9", HTTPS_PROXY: "http://127.0.0.1:9" },
  });

/** Two years on. */
const LATER = new Date(Date.now() + 730 * 86_400_000).toISOString();

const indexOf = (out: string) => JSON.parse(readFileSync(join(out, "index.json"), "utf8"));
const put = (out: string, content: string): string => {
  const name = createHash("sha256").update(content).digest("hex");
  writeFileSync(join(out, "sha256", name), content);
  return name;
};

describe("an export", () => {
  it("is no judgement of a lock beside that nobody reads: in CI neither passes", async () => {
    const { project } = await carried(["widget"]);
    writeFileSync(join(project, "yarn.lock"), "");
    const inCi = { env: { CI: "true" } };
    for (const words of [
      ["check", "--evidence", "out", "--offline"],
      ["evidence", "export", "--archive", "more.zip"],
    ]) {
      const run = await typeIn(project, words, inCi);
      expect(run, run.shown).toMatchObject({ exit: 64, shown: expect.stringContaining("LOCK_NOT_JUDGED") });
    }
  });

  it.skipIf(NAMESPACE === null)(
    "is judged again years later, where there is no network: the same report, byte by byte but for its date",
    async () => {
      const { project, exit, shown } = await carried();
      expect(exit, shown).toBe(0);
      const words = ["check", "--evidence", "out", "--offline", "--at", LATER, "--report", "json=now.json"];
      const run = await withoutNetwork(words, project, join(temporaryFolder(), "somebody"));
      expect(run, run.stdout + run.stderr).toMatchObject({ exit: 0 });
      expect(reportIn(project, "now.json")).toBe(reportIn(project, "then.json"));
      const later = undated(project, "now.json");
      expect(later).toContain(`as of ${LATER}`);
      // Once more, elsewhere and today: nothing but the day, and how far others are from it, differs.
      const today = new Date(Date.now() + 1000).toISOString();
      expect((await again(project, "--at", today)).exit).toBe(0);
      expect(undated(project, "now.json").replace(`as of ${today}`, `as of ${LATER}`)).toBe(later);
    },
  );

  it("is asked of nobody again", async () => {
    const { project } = await carried();
    const before = registry.requests.length + asked;
    expect((await again(project, "--at", LATER)).exit).toBe(0);
    expect(registry.requests.length + asked).toBe(before);
  });

  it("of what is denied says the same, too: that a place had nothing is an answer", async () => {
    const { project, exit } = await carried(["widget", "bare"]);
    expect(exit).toBe(65);
    expect((await again(project)).exit).toBe(65);
    expect(reportIn(project, "now.json")).toBe(reportIn(project, "then.json"));
  });

  it("as one file says the same, and is taken apart nowhere", async () => {
    const project = await lay();
    const { exit, shown } = await typeIn(project, [
      "evidence",
      "export",
      "--archive",
      "out",
      "--report",
      "json=then.json",
    ]);
    expect(exit, shown).toBe(0);
    rmSync(join(project, "bundles"), { recursive: true });
    mkdirSync(join(project, "bundles"));
    const json = await typeIn(project, ["--json", "evidence", "export", "--archive", "empty", "package-lock.json"]);
    expect(JSON.parse(json.shown.slice(0, json.shown.lastIndexOf("}") + 1))).toMatchObject({
      command: "evidence export",
      exit: json.exit,
      evidence: "empty",
      digest: digestIn(json.shown),
      report: { command: "check", projects: [{ lockfile: "package-lock.json" }] },
    });
    const whole = await typeIn(project, ["evidence", "verify", "out", "--digest", digestIn(shown)]);
    expect(whole).toMatchObject({ exit: 0, shown: expect.stringContaining("is whole") });
    expect((await again(project, "--at", LATER, "--digest", digestIn(shown))).exit).toBe(0);
    expect(reportIn(project, "now.json")).toBe(reportIn(project, "then.json"));
  });

  it("without any one of its files says which is missing; one that was changed is named, too", async () => {
    const { project, out } = await carried(["widget", "hashed"]);
    const names = readdirSync(join(out, "sha256"));
    expect(names.length).toBeGreaterThan(2);
    for (const name of names) {
      const file = join(out, "sha256", name);
      const content = readFileSync(file);
      rmSync(file);
      expect(await typeIn(project, ["evidence", "verify", "out"])).toMatchObject({
        exit: 66,
        shown: expect.stringContaining(`${name}: it is missing`),
      });
      writeFileSync(file, Buffer.concat([content, Buffer.from(" ")]));
      expect(await typeIn(project, ["evidence", "verify", "out"])).toMatchObject({
        exit: 66,
        shown: expect.stringContaining(name),
      });
      writeFileSync(file, content);
    }
    rmSync(join(out, "sha256", names[0] ?? ""));
    expect((await again(project)).shown).toContain(`${names[0]}: it is missing`);
    rmSync(join(out, "index.json"));
    expect((await again(project)).shown).toContain("index.json: it is missing");
  });

  it("is not judged by what lies in it: a root, a key or a policy more changes nothing", async () => {
    const { project, out } = await carried(["widget", "bare"]);
    const open = {
      version: 1,
      rules: [{ packages: ["npm:*"], unsigned: "allow", reason: "r", expires: "2099-01-01" }],
    };
    for (const name of [
      ".signing-policy.json",
      "policy.json",
      "trust/root.json",
      "sha256/root.json",
      "keys/evil.pem",
    ]) {
      mkdirSync(join(out, name, ".."), { recursive: true });
      writeFileSync(join(out, name), JSON.stringify(name.includes("policy") ? open : evil!.trustedRoot));
    }
    expect((await again(project)).exit).toBe(65);
    expect(reportIn(project, "now.json")).toBe(reportIn(project, "then.json"));
  });

  it.each([
    ["its own policy", []],
    ["a policy in it that was named", ["--policy", ".signing-policy.json"]],
  ])("is not judged by %s, where it brings lock and policy along", async (_, words) => {
    const { project, out } = await carried(["widget"]);
    for (const name of [".npmrc", ".signing-policy.json", "package.json", "package-lock.json", "trust", "bundles"])
      cpSync(join(project, name), join(out, name), { recursive: true });
    const typed = ["check", "--evidence", ".", "--offline"];
    expect(await typeIn(out, [...typed, ...words])).toMatchObject({
      exit: 64,
      shown: expect.stringContaining("POLICY_JUDGED"),
    });
    const named = await typeIn(out, [...typed, "--policy", join(project, ".signing-policy.json")]);
    expect(named.exit, named.shown).toBe(0);
  });

  it("of another digest than the one that was given is refused", async () => {
    const { project, digest } = await carried(["widget"]);
    expect((await again(project, "--digest", digest)).exit).toBe(0);
    const other = `sha256:${"0".repeat(64)}`;
    expect(await again(project, "--digest", other)).toMatchObject({ exit: 66, shown: expect.stringContaining(digest) });
  });

  it("goes into an empty folder only, and is never given to a command that installs", async () => {
    const { project } = await carried(["widget"]);
    expect((await typeIn(project, ["evidence", "export", "out"])).exit).toBe(64);
    for (const words of [
      ["--evidence", "out"],
      ["--at", LATER],
      ["--evidence", "out", "--at", LATER],
    ])
      expect((await typeIn(project, [...words, "npm", "ci"])).exit).toBe(64);
    expect((await typeIn(project, ["check", "--at", LATER])).exit).toBe(64);
    for (const at of ["yesterday", "2028-13-01", "2028-11-30T12:00:00+02:00"])
      expect((await again(project, "--at", at)).exit).toBe(64);
  });
});

type Forged = Readonly<Record<"answers" | "bytes" | "policies", readonly object[]>>;

describe("a forged export", () => {
  it.each([
    ["another pipeline's bundle", "mallory", () => instance!],
    ["a bundle of another instance", "widget", () => evil!],
  ])("%s is no more than it is elsewhere", async (_, name, by) => {
    const { project, out } = await carried(["widget"]);
    const index = indexOf(out);
    const subjects = [subjectOf(registry, "widget", "1.0.0")];
    const bundle = put(out, JSON.stringify(await by().attest({ identity: pipelineOf(name, "1.0.0"), subjects })));
    index.answers[0].evidence[0].bundle = bundle;
    writeFileSync(join(out, "index.json"), JSON.stringify(index));
    // What else there is to ask was never asked.
    expect([65, 69]).toContain((await again(project)).exit);
  });

  it("another package's bytes under a digest of the right ones are none", async () => {
    const { project, out } = await carried(["hashed"]);
    const index = indexOf(out);
    const wrong = Buffer.from("not that package");
    const file = createHash("sha256").update(wrong).digest("hex");
    writeFileSync(join(out, "sha256", file), wrong);
    index.bytes = index.bytes.map((one: object) => ({ ...one, file }));
    writeFileSync(join(out, "index.json"), JSON.stringify(index));
    expect((await again(project)).exit).toBeGreaterThan(64);
  });

  it("an answer that was left out is not one that had nothing", async () => {
    const { project, out } = await carried(["widget"]);
    const index = { ...indexOf(out), answers: [] };
    writeFileSync(join(out, "index.json"), JSON.stringify(index));
    const run = await again(project);
    expect(run).toMatchObject({ exit: 69, shown: expect.stringContaining("EVIDENCE_UNAVAILABLE") });
  });

  it.each<readonly [string, (index: Forged) => unknown]>([
    ["no JSON", () => "{"],
    ["another version", (index) => ({ ...index, version: 2 })],
    ["a member that nobody knows", (index) => ({ ...index, anchors: [] })],
    ["a file outside", (index) => ({ ...index, trust: "../../trust/root.json" })],
    [
      "a denial of no code",
      (index) => ({
        ...index,
        answers: [{ ...index.answers[0], fault: { code: "ALLOWED", message: "", details: [] } }],
      }),
    ],
    ["two answers to one question", (index) => ({ ...index, answers: [...index.answers, ...index.answers] })],
    ["one file a thousand times", (index) => ({ ...index, bytes: Array.from({ length: 1000 }, () => index.bytes[0]) })],
    ["a time that says more", (index) => ({ ...index, exported: `${LATER}\n\u001b[32mverified` })],
    [
      "a digest that says more",
      (index) => ({ ...index, policies: [{ ...index.policies[0], digest: "\u001b[32mverified" }] }),
    ],
  ])("%s for an index is none", async (_, forge) => {
    const { project, out } = await carried(["hashed"]);
    const forged: unknown = forge(indexOf(out));
    writeFileSync(join(out, "index.json"), typeof forged === "string" ? forged : JSON.stringify(forged));
    expect(await again(project)).toMatchObject({ exit: 66, shown: expect.stringContaining("EVIDENCE_DAMAGED") });
  });
});

describe("a hostile archive", () => {
  const entry = (name: string, data: string | Buffer = "{}", more: Partial<ZipEntry> = {}): ZipEntry => ({
    name,
    data: Buffer.from(data),
    method: 0,
    ...more,
  });
  const HEX = "a".repeat(64);
  // Good by itself: what is wrong is the archive.
  const INDEX = JSON.stringify({
    version: 1,
    tool: "",
    exported: "2026-11-30T12:00:00.000Z",
    policies: [],
    answers: [],
    kept: [],
    bytes: [],
    trust: null,
  });
  const index = entry("index.json", INDEX);

  it.each<readonly [string, Buffer]>([
    ["no zip", Buffer.from("PK no zip at all")],
    ["cut short", makeZip([index]).subarray(0, 40)],
    ["something in front", Buffer.concat([Buffer.from("#!/bin/sh\n"), makeZip([index])])],
    ["something behind", Buffer.concat([makeZip([index]), Buffer.from("x")])],
    ["a name that leads out", makeZip([index, entry("../../.bashrc")])],
    ["an absolute name", makeZip([index, entry("/etc/passwd")])],
    ["a name that no export has", makeZip([index, entry(".signing-policy.json")])],
    ["two of one name", makeZip([index, entry("index.json", `${INDEX} `)])],
    [
      "a packed entry, which may unpack to anything",
      makeZip([entry("index.json", INDEX.padEnd(1_000_000), { method: 8 })]),
    ],
    ["no index", makeZip([entry(`sha256/${HEX}`)])],
    ["an index that is none", makeZip([entry("index.json", "[]")])],
    ["a folder for a file", makeZip([index, entry("sha256/")])],
  ])("%s is refused, and nothing of it written", async (_, bytes) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "x.zip"), bytes);
    expect(await typeIn(folder, ["evidence", "verify", "x.zip"])).toMatchObject({
      exit: 66,
      shown: expect.stringContaining("EVIDENCE_DAMAGED"),
    });
    expect(readdirSync(folder)).toEqual(["x.zip"]);
  });

  it.each(["index.json", "sha256"])(
    "a link in the place of %s that leads out of a folder is not followed",
    async (name) => {
      const { out } = await carried(["widget"]);
      const elsewhere = join(temporaryFolder(), "secret");
      cpSync(join(out, name), elsewhere, { recursive: true });
      rmSync(join(out, name), { recursive: true });
      symlinkSync(elsewhere, join(out, name));
      expect(await typeIn(join(out, ".."), ["evidence", "verify", "out"])).toMatchObject({
        exit: 66,
        shown: expect.stringContaining("leads out of the export"),
      });
    },
  );

  it("what is no file, or a link to a folder of evidence elsewhere, is read as what it is", async () => {
    const { project, out } = await carried(["widget"]);
    const elsewhere = join(temporaryFolder(), "copy");
    cpSync(out, elsewhere, { recursive: true });
    symlinkSync(elsewhere, join(project, "led"));
    expect((await typeIn(project, ["evidence", "verify", "led"])).exit).toBe(66);
    expect((await typeIn(project, ["evidence", "verify", "none"])).exit).toBe(64);
  });
});
