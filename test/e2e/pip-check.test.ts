import { type Index, makeSdist, makeWheel, sha256, startIndex } from "../support/pypi.ts";
import { hasPip } from "../support/pypi/pythons.ts";
import { policyFor, publishSigned } from "../support/pypi/signed.ts";
import { type Stage, setStage, type StageOptions } from "../support/pypi/stage.ts";
import { createInstance, type Instance } from "../support/sigstore.ts";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";

let instance: Instance;
let index: Index;

const PURE = makeWheel({ name: "widget", version: "1.0.0" });
const LINUX = makeWheel({
  name: "native",
  version: "2.0.0",
  tag: "cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64",
});
const WINDOWS = makeWheel({ name: "native", version: "2.0.0", tag: "cp311-cp311-win_amd64" });
const SOURCE = makeSdist({ name: "native", version: "2.0.0", mark: "/nowhere" });
const FILES = [PURE, LINUX, WINDOWS, SOURCE];

beforeAll(async () => {
  instance = await createInstance();
  index = await startIndex();
  for (const file of FILES) await publishSigned(index, instance, file);
});
afterAll(() => index.close());

const stage = (part: Partial<StageOptions> = {}) =>
  setStage({ instance, pinned: ["widget", "native"], untouched: true, ...part });

const hash = ({ bytes }: { readonly bytes: Buffer }) => sha256(bytes);
const url = ({ filename }: { readonly filename: string }) => `${index.origin}/files/${filename}`;

const LOCKS: Readonly<Record<string, () => string>> = {
  "pylock.toml": () => `lock-version = "1.0"
created-by = "test"
[[packages]]
name = "widget"
version = "1.0.0"
wheels = [{ url = "${url(PURE)}", hashes = { sha256 = "${hash(PURE)}" } }]
[[packages]]
name = "native"
version = "2.0.0"
wheels = [
  { name = "${LINUX.filename}", url = "${url(LINUX)}", hashes = { sha256 = "${hash(LINUX)}" } },
  { name = "${WINDOWS.filename}", url = "${url(WINDOWS)}", hashes = { sha256 = "${hash(WINDOWS)}" } },
]
sdist = { name = "${SOURCE.filename}", url = "${url(SOURCE)}", hashes = { sha256 = "${hash(SOURCE)}" } }
[[packages.attestation-identities]]
kind = "GitHub"
repository = "mallory/native"
`,
  "uv.lock": () => `version = 1
revision = 2
requires-python = ">=3.10"
[[package]]
name = "me"
version = "0.1.0"
source = { editable = "." }
[[package]]
name = "widget"
version = "1.0.0"
source = { registry = "${index.origin}/simple" }
wheels = [{ url = "${url(PURE)}", hash = "sha256:${hash(PURE)}", size = 1 }]
[[package]]
name = "native"
version = "2.0.0"
source = { registry = "${index.origin}/simple" }
sdist = { url = "${url(SOURCE)}", hash = "sha256:${hash(SOURCE)}", size = 1 }
wheels = [
  { url = "${url(LINUX)}", hash = "sha256:${hash(LINUX)}", size = 1 },
  { url = "${url(WINDOWS)}", hash = "sha256:${hash(WINDOWS)}", size = 1 },
]
`,
  "poetry.lock": () => `[[package]]
name = "widget"
version = "1.0.0"
files = [{ file = "${PURE.filename}", hash = "sha256:${hash(PURE)}" }]
[[package]]
name = "native"
version = "2.0.0"
files = [
  { file = "${LINUX.filename}", hash = "sha256:${hash(LINUX)}" },
  { file = "${WINDOWS.filename}", hash = "sha256:${hash(WINDOWS)}" },
  { file = "${SOURCE.filename}", hash = "sha256:${hash(SOURCE)}" },
]
[metadata]
lock-version = "2.1"
python-versions = ">=3.10"
content-hash = "0"
`,
  "Pipfile.lock": () =>
    JSON.stringify({
      _meta: { "pipfile-spec": 6, sources: [{ name: "feed", url: `${index.origin}/simple`, verify_ssl: true }] },
      default: { widget: { hashes: [`sha256:${hash(PURE)}`], version: "==1.0.0", index: "feed" } },
      develop: { native: { hashes: [LINUX, WINDOWS, SOURCE].map((one) => `sha256:${hash(one)}`), version: "==2.0.0" } },
    }),
  "requirements.txt": () =>
    `widget==1.0.0 \\\n    --hash=sha256:${hash(PURE)}\nnative==2.0.0 ${[LINUX, WINDOWS, SOURCE].map((one) => `--hash=sha256:${hash(one)}`).join(" ")}\n`,
};

interface Json {
  readonly outcome: string;
  readonly projects: readonly {
    readonly packages: readonly {
      readonly purl: string;
      readonly locations: readonly string[];
      readonly outcome: string;
      readonly denials: readonly { readonly code: string }[];
    }[];
    readonly notGated: unknown;
  }[];
}

const codesOf = (denials: readonly { readonly code: string }[]) => [...new Set(denials.map(({ code }) => code))];

async function check(here: Stage, ...files: readonly string[]) {
  const env = {
    PIP_INDEX_URL: index.url,
    PATH: `${join(here.environment.folder, "bin")}:${process.env["PATH"] ?? ""}`,
  };
  const { exit, stdout, stderr } = await here.run(
    ["check", "--report", "json", "--report", "pretty=report.txt", ...files],
    env,
  );
  const report = stdout.startsWith("{") ? (JSON.parse(stdout) as Json) : null;
  return { exit, stdout, stderr, report, packages: report?.projects[0]?.packages ?? [] };
}

describe.skipIf(!hasPip)("safe-install check", () => {
  it.each(Object.entries(LOCKS))(
    "%s: every file of every platform is judged, nothing is fetched",
    async (name, text) => {
      const here = stage();
      here.write(name, text());
      const before = index.requests.length;
      const { exit, packages, stdout, stderr } = await check(here);
      expect(exit, stdout + stderr).toBe(0);
      expect(packages.flatMap(({ locations }) => locations).sort()).toEqual(
        FILES.map(({ filename }) => filename).sort(),
      );
      expect(index.requests.slice(before).filter(({ url }) => url.includes("/files/"))).toEqual([]);
      expect(here.environment.installed()).toEqual([]);
    },
  );

  it("an index that passes no provenance on is one fact, with the way out", async () => {
    const mirror = await startIndex();
    onTestFinished(() => mirror.close());
    const wheels = ["bare", "naked"].map((name) => makeWheel({ name, version: "1.0.0" }));
    for (const wheel of wheels) mirror.publish(wheel);
    const here = stage({ pinned: ["bare", "naked"] });
    const packages = wheels.map(
      (wheel) => `[[package]]
name = "${wheel.filename.split("-")[0]}"
version = "1.0.0"
source = { registry = "${mirror.origin}/simple" }
wheels = [{ url = "${mirror.origin}/files/${wheel.filename}", hash = "sha256:${hash(wheel)}", size = 1 }]
`,
    );
    here.write("uv.lock", `version = 1\nrevision = 2\nrequires-python = ">=3.10"\n${packages.join("")}`);
    const { exit, stdout } = await here.run(["check"], { PATH: "/nowhere", PIP_INDEX_URL: mirror.url });
    const said = stdout.replaceAll(/\s+/g, " ");
    expect(exit, stdout).toBe(65);
    expect(said.match(/had no attestation or signature .* of any of 2 packages: .* "sources"/g)).toHaveLength(1);
    expect(said).toContain("✗ pypi:bare@1.0.0, pypi:naked@1.0.0 NO_EVIDENCE");
  });

  it("other places are asked as the user's pip is configured, never as a file of the project says", async () => {
    const seen: string[] = [];
    const proxy = createServer(({ url: asked = "" }, response) => {
      seen.push(asked);
      response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void proxy.close());
    const words = `[global]\nproxy = http://127.0.0.1:${(proxy.address() as AddressInfo).port}\n`;
    const place = `http://127.0.0.1:9/${hash(PURE)}.json`;
    const sources = { pypi: [{ url: "http://127.0.0.1:9/{sha256}.json" }] };
    const here = stage({ policy: policyFor(["widget"], { sources }) });
    here.write("pylock.toml", LOCKS["pylock.toml"]?.().split("[[packages]]").slice(0, 2).join("[[packages]]"));
    const run = (file: string, more = {}) =>
      here.run(["check"], {
        PATH: join(here.environment.folder, "bin"),
        PIP_CONFIG_FILE: file,
        PIP_INDEX_URL: index.url,
        ...more,
      });
    const own = join(here.home, "pip.conf");
    writeFileSync(own, words);
    expect((await run(own)).exit).toBe(65);
    expect(seen).toContain(place);
    seen.length = 0;
    // Without that proxy the index answers, and has what is asked for. pip takes an option's name with its dashes, too.
    for (const written of [words, words.replace("proxy", "--proxy")]) {
      here.write("pip.conf", written);
      expect([(await run(join(here.project, "pip.conf"))).exit, seen]).toEqual([0, []]);
    }
    // What is typed, or in the environment, stands above a file, whoever wrote that.
    const PIP_PROXY = words.split(" = ")[1]?.trim();
    expect((await run(join(here.project, "pip.conf"), { PIP_PROXY })).exit).toBe(65);
    expect(seen).toContain(place);
  });

  it("one wheel that another pipeline signed denies every lock", async () => {
    const here = stage({ pinned: ["widget"] });
    for (const [name, text] of Object.entries(LOCKS)) here.write(name, text());
    const policy = policyFor(["widget", "native"]) as { signers: Record<string, unknown> };
    policy.signers["native"] = policy.signers["widget"];
    here.write(".signing-policy.json", policy);
    const { exit, report, stdout } = await check(here, ...Object.keys(LOCKS));
    expect(exit, stdout).toBe(65);
    const signed = report?.projects.map(({ packages }) =>
      packages.map(({ purl, denials }) => [purl, codesOf(denials)]),
    );
    const denied = expect.arrayContaining([
      ["pkg:pypi/widget@1.0.0", []],
      ["pkg:pypi/native@2.0.0", ["UNTRUSTED_SIGNER"]],
    ]);
    expect(signed).toEqual(Object.keys(LOCKS).map(() => denied));
  });

  it("a hash that is not the evidence's denies every lock", async () => {
    const here = stage();
    for (const [name, text] of Object.entries(LOCKS)) here.write(name, text().replaceAll(hash(LINUX), "a".repeat(64)));
    const { exit, report, stdout } = await check(here, ...Object.keys(LOCKS));
    expect([65, 66], stdout).toContain(exit);
    expect(report?.projects.map(({ packages }) => packages.some(({ outcome }) => outcome !== "allowed"))).toEqual(
      Object.keys(LOCKS).map(() => true),
    );
  });

  it("locks that say all need no pip; requirements do; what is named is a lock by any name", async () => {
    const here = stage();
    here.write("uv.lock", LOCKS["uv.lock"]?.());
    const without = { PATH: "/nowhere", PIP_INDEX_URL: index.url };
    expect(await here.run(["check"], without)).toMatchObject({ exit: 0 });
    expect((await here.run(["check"], { PATH: "/nowhere" })).stdout).toContain("FOREIGN_REGISTRY");
    here.write("prod.txt", LOCKS["requirements.txt"]?.());
    const asked = await here.run(["check", "prod.txt"], without);
    expect(asked).toMatchObject({ exit: 127, stderr: expect.stringContaining("PIP_NOT_FOUND") });
    expect((await check(here, "prod.txt")).exit).toBe(0);
  });

  it("init writes nothing where nothing could be found out", async () => {
    const here = stage();
    rmSync(join(here.project, ".signing-policy.json"));
    here.write("uv.lock", LOCKS["uv.lock"]?.());
    const { exit, stdout } = await here.run(["init", "--offline"], { PATH: "/nowhere", PIP_INDEX_URL: index.url });
    expect(exit, stdout).toBe(69);
    expect(stdout).toContain("wrote nothing");
    expect(stdout).not.toContain("✓");
    expect(existsSync(join(here.project, ".signing-policy.json"))).toBe(false);
  });

  it("a lock named by path, from another folder", async () => {
    const here = stage();
    here.write("sub/requirements-dev.txt", LOCKS["requirements.txt"]?.());
    here.write("sub/pylock.dev.toml", LOCKS["pylock.toml"]?.());
    const { exit, stdout, stderr } = await check(here, "sub/requirements-dev.txt", "sub/pylock.dev.toml");
    expect(exit, stdout + stderr).toBe(0);
  });

  it.each([
    ["widget==1.0.0\n", "LOCK_UNSUPPORTED"],
    [`widget>=1.0.0 --hash=sha256:${"a".repeat(64)}\n`, "LOCK_UNSUPPORTED"],
    ["--index-url http://127.0.0.1:9/\n", "OPTION_REFUSED"],
    ["git+https://mallory.example/x.git#egg=x\n", "GIT_DEPENDENCY"],
  ])("a requirements file with %j is no lock", async (text, code) => {
    const here = stage();
    here.write("requirements.txt", text);
    const { exit, stdout } = await check(here);
    expect(exit, stdout).toBe(66);
    expect(stdout).toContain(code);
  });

  it("a lock cannot send us to an index that nobody configured", async () => {
    const other = await startIndex();
    onTestFinished(() => other.close());
    await publishSigned(other, instance, PURE);
    const here = stage();
    const lock = (LOCKS["uv.lock"]?.() ?? "").replaceAll(`${index.origin}/simple`, `${other.origin}/simple`);
    here.write("uv.lock", lock);
    const { exit, stdout } = await check(here);
    expect(exit).toBe(65);
    expect(stdout).toContain("FOREIGN_REGISTRY");
    expect(other.requests).toEqual([]);
    here.write(".signing-policy.json", policyFor(["widget", "native"], { registries: { pypi: [other.origin] } }));
    await Promise.all(FILES.map((file) => publishSigned(other, instance, file)));
    expect((await check(here)).exit).toBe(0);
  });

  it("dependencies from elsewhere are refused, each with its own code", async () => {
    const here = stage();
    here.write(
      "uv.lock",
      `version = 1
[[package]]
name = "a"
version = "1"
source = { git = "https://mallory.example/a.git#0" }
[[package]]
name = "b"
version = "1"
source = { url = "https://mallory.example/b.whl" }
[[package]]
name = "c"
version = "1"
source = { path = "c.whl" }
[[package]]
name = "d"
version = "1"
source = { directory = "../../outside" }
`,
    );
    const { exit, stdout } = await check(here);
    expect(exit).toBe(66);
    for (const code of ["GIT_DEPENDENCY", "REMOTE_DEPENDENCY", "FILE_DEPENDENCY"]) expect(stdout).toContain(code);
  });

  it("an index that cannot be asked is another thing than one without evidence", async () => {
    const down = await startIndex({
      intercept: (_, response) => {
        response.writeHead(503).end();
        return true;
      },
    });
    onTestFinished(() => down.close());
    const here = stage();
    for (const name of ["pylock.toml", "requirements.txt"]) {
      here.write(name, LOCKS[name]?.());
      const { exit } = await here.run(["check", name], {
        PIP_INDEX_URL: down.url,
        PATH: `${join(here.environment.folder, "bin")}:${process.env["PATH"] ?? ""}`,
      });
      expect(exit).toBe(69);
    }
  });

  it("a private index is asked with pip's credentials", async () => {
    const feed = await startIndex({ basic: { user: "ci", password: "s3cret" } });
    onTestFinished(() => feed.close());
    for (const file of FILES) await publishSigned(feed, instance, file);
    const here = stage();
    here.write("requirements.txt", LOCKS["requirements.txt"]?.());
    const { exit, stdout, stderr } = await here.run(["check"], {
      PIP_INDEX_URL: feed.urlWithCredentials,
      PATH: `${join(here.environment.folder, "bin")}:${process.env["PATH"] ?? ""}`,
    });
    expect(exit, stdout + stderr).toBe(0);
    expect(stdout + stderr).not.toContain("s3cret");
  });
});
