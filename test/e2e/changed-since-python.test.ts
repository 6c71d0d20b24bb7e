/** `--changed-since`, `--staged` and `--policy-from` for Python's locks: what git has of them is enough to judge them. */
import { commitAll, git } from "../support/git.ts";
import { type Index, makeWheel, sha256, startIndex } from "../support/pypi.ts";
import { hasPip } from "../support/pypi/pythons.ts";
import { policyFor, publishSigned } from "../support/pypi/signed.ts";
import { type Stage, setStage } from "../support/pypi/stage.ts";
import { createInstance, type Instance } from "../support/sigstore.ts";
import { rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

let instance: Instance;
let index: Index;
let here: Stage;

const WHEELS = ["one", "two", "three"].map((name) => makeWheel({ name, version: "1.0.0" }));
const hashOf = (name: string) => sha256(WHEELS.find(({ filename }) => filename.startsWith(name))?.bytes ?? Buffer.of());
const line = (name: string) => `${name}==1.0.0 --hash=sha256:${hashOf(name)}\n`;

beforeAll(async () => {
  instance = await createInstance();
  index = await startIndex();
  for (const wheel of WHEELS) await publishSigned(index, instance, wheel);
});
afterAll(() => index.close());

interface Report {
  readonly projects: readonly {
    readonly packages: readonly { readonly purl: string; readonly outcome: string }[];
    readonly notGated: readonly { readonly kind: string; readonly name: string }[];
    readonly notes: readonly string[];
  }[];
}

async function check(...args: readonly string[]) {
  const path = [join(here.environment.folder, "bin"), process.env["PATH"]].join(delimiter);
  const env = { PATH: path, PIP_INDEX_URL: index.url };
  const { exit, stdout, stderr } = await here.run(["check", "--report", "json", ...args], env);
  const { projects } = (stdout === "" ? { projects: [] } : JSON.parse(stdout)) as Report;
  const { packages = [], notGated = [], notes = [] } = projects[0] ?? {};
  const judged = packages.map(({ purl }) => purl.slice("pkg:pypi/".length)).toSorted();
  const unchanged = notGated.filter(({ kind }) => kind === "unchanged").map(({ name }) => name);
  return { exit, stderr, judged, unchanged: unchanged.toSorted(), notes: notes.join() };
}

beforeEach(() => {
  here = setStage({ instance, pinned: ["one", "two"] });
  rmSync(join(here.project, ".git"), { recursive: true });
});

describe.skipIf(!hasPip)("a Python lock and git", () => {
  it("requirements with files that they include, also in folders of other names: only what changed", async () => {
    here.write("requirements.txt", `-r deps/base.txt\n-c limits.txt\n${line("one")}`);
    here.write("deps/base.txt", "--requirement=more.txt\n");
    here.write("deps/more.txt", line("two"));
    here.write("limits.txt", "one<2\n");
    commitAll(here.project);
    expect(await check("--changed-since", "HEAD")).toMatchObject({
      exit: 0,
      judged: [],
      notes: expect.stringMatching(/^compared with HEAD \([0-9a-f]{40}\)$/),
    });
    here.write("deps/more.txt", `${line("two")}${line("three")}`);
    expect(await check("--changed-since", "HEAD")).toMatchObject({
      exit: 65,
      judged: ["three@1.0.0"],
      unchanged: ["one@1.0.0", "two@1.0.0"],
    });
  });

  it.each([
    [
      "Pipfile.lock",
      (names: readonly string[]) =>
        JSON.stringify({
          _meta: { "pipfile-spec": 6 },
          default: Object.fromEntries(
            names.map((name) => [name, { hashes: [`sha256:${hashOf(name)}`], version: "==1.0.0" }]),
          ),
          develop: {},
        }),
    ],
    [
      "pylock.toml",
      (names: readonly string[]) =>
        `lock-version = "1.0"\n${names
          .map((name) => {
            const url = `${index.origin}/files/${name}-1.0.0-py3-none-any.whl`;
            return `[[packages]]\nname = "${name}"\nversion = "1.0.0"\nwheels = [{ url = "${url}", hashes = { sha256 = "${hashOf(name)}" } }]\n`;
          })
          .join("")}`,
    ],
  ])("%s: what is staged, and only what changed", async (name, lock) => {
    here.write(name, lock(["one"]));
    commitAll(here.project);
    here.write(name, lock(["one", "three"]));
    expect(await check("--staged")).toMatchObject({ exit: 0, judged: ["one@1.0.0"] });
    git(here.project, "add", name);
    expect(await check("--staged")).toMatchObject({ exit: 65, judged: ["one@1.0.0", "three@1.0.0"] });
    expect(await check("--staged", "--changed-since", "HEAD")).toMatchObject({ exit: 65, judged: ["three@1.0.0"] });
    here.write(name, lock(["one"]));
    expect(await check("--changed-since", "HEAD")).toMatchObject({ exit: 0, judged: [], unchanged: ["one@1.0.0"] });
  });

  it("a change cannot approve its own package", async () => {
    here.write("requirements.txt", line("one"));
    commitAll(here.project);
    here.write("requirements.txt", `${line("one")}${line("three")}`);
    here.write(".signing-policy.json", policyFor(["one", "three"]));
    expect((await check()).exit).toBe(0);
    expect(await check("--policy-from", "HEAD")).toMatchObject({ exit: 65, judged: ["one@1.0.0", "three@1.0.0"] });
    const everything = await check("--changed-since", "HEAD");
    expect(everything).toMatchObject({ judged: ["one@1.0.0", "three@1.0.0"] });
    expect(everything.notes).toContain("everything is judged");
  });
});
