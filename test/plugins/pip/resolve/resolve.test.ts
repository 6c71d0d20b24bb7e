import { resolve, type ResolveRequest } from "../../../../plugins/pip/resolve/resolve.ts";
import { LIMITS } from "../../../../src/plugin.ts";
import { type Asked, fakePython } from "../../../support/pypi/fake-python.ts";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const REQUEST: ResolveRequest = {
  args: ["install", "widget"],
  lines: ["widget"],
  constraints: ["other<2"],
  named: ["widget"],
};
const URL = "https://i.example/widget-1.0-py3-none-any.whl";
const PAGE = "https://i.example/simple/widget/";
const NOTHING = {
  status: 0,
  failure: null,
  refused: [],
  pages: [],
  files: [],
  present: [],
  said: {},
  conflict: [],
  direct: [],
};

/** pip's answers, one after the other; what it has chosen is in its report. */
function pip(answers: readonly object[], options: { readonly offline?: boolean } = {}) {
  const seen: { readonly requirements: string; readonly constraints: string }[] = [];
  const answer = ({ job }: Asked, at: number) => {
    const text = (name: string) => readFileSync(String(job[name]), "utf8");
    seen.push({ requirements: text("requirements"), constraints: text("constraints") });
    const {
      install = [],
      pages = [],
      ...rest
    } = (answers[at] ?? answers.at(-1) ?? {}) as {
      readonly install?: readonly object[];
      readonly pages?: readonly { readonly url: string; readonly type: string; readonly text: string }[];
    };
    writeFileSync(String(job["report"]), JSON.stringify({ version: "1", install }));
    const written = pages.map(({ url, type, text: content }, n) => {
      const file = join(String(job["pages"]), String(n));
      writeFileSync(file, content);
      return { url, type, file };
    });
    return { answer: { ...NOTHING, ...rest, pages: written } };
  };
  const made = fakePython(answer, options);
  const run = (part: Partial<ResolveRequest> = {}) => resolve({ ...REQUEST, ...part }, made.python);
  const jobs = () => made.asked.map(({ job }) => job);
  return { ...made, run, jobs, seen };
}

const item = (name: string, version: string, url: string) => ({
  metadata: { name, version },
  is_direct: false,
  download_info: { url, archive_info: { hashes: { sha256: "a".repeat(64) } } },
});

describe("pip is asked what it would choose", () => {
  it("and chooses, from pages that are remembered", async () => {
    const pages = [{ url: PAGE, type: "text/html", text: `<a href="${URL}">x</a>` }];
    const files = [{ url: URL, file: "/private/w.whl" }];
    const present = [{ name: "there", version: "1", said: {} }];
    const { run } = pip([{ install: [item("widget", "1.0", URL)], pages, files, present, said: { [URL]: "words" } }]);
    expect(await run()).toMatchObject({
      chosen: [{ package: { name: "widget", version: "1.0" }, url: URL, fetched: { file: "/private/w.whl" } }],
      unbound: [],
      pages: [{ url: PAGE, files: [{ url: URL }] }],
      present,
      said: { [URL]: "words" },
    });
  });

  it("is told all that counts, in files", async () => {
    const { run, jobs, seen } = pip([{}]);
    await run({
      lines: ["widget", "gadget"],
      known: { a: { version: "1", filename: "f" } },
      folders: [{ name: "own", version: null }],
    });
    expect(seen).toEqual([{ requirements: "widget\ngadget\n", constraints: "other<2\n" }]);
    expect(jobs()[0]).toMatchObject({
      args: ["install", "widget"],
      named: ["widget"],
      known: { a: { version: "1", filename: "f" } },
      folders: [{ name: "own", version: null }],
      build: false,
      requireHashes: false,
      quiet: 1,
      maxBytes: LIMITS.artifactBytes,
      kept: [],
      wheels: expect.stringMatching(/wheels$/) as string,
    });
    expect(jobs()[0]).not.toHaveProperty("findLinks");
    await run({ build: true, requireHashes: true });
    expect(jobs()[1]).toMatchObject({ build: true, requireHashes: true, known: {}, folders: [] });
  });

  it("from the proven bytes alone, the second time: quietly, and without any network", async () => {
    const { run, jobs } = pip([{}]);
    await run({ findLinks: "/proven" });
    expect(jobs()[0]).toMatchObject({ findLinks: "/proven", offline: true, quiet: 3, kept: [] });
    expect(jobs()[0]).not.toHaveProperty("wheels");
  });

  it("for the sake of the report: quietly, and nothing is fetched", async () => {
    const { run, jobs } = pip([{}]);
    await run({ looks: true });
    expect(jobs()[0]).toMatchObject({ quiet: 3, offline: false });
    expect(jobs()[0]).not.toHaveProperty("wheels");
  });

  it("nothing where nothing is asked for", async () => {
    const { run, asked } = pip([]);
    expect(await run({ lines: [] })).toEqual({ chosen: [], unbound: [], pages: [], present: [], said: {} });
    expect(asked).toEqual([]);
  });
});

describe("pip cannot be asked", () => {
  const answering = (answer: object | null, code = 1) =>
    resolve(REQUEST, fakePython(() => (answer === null ? { code } : { answer })).python);

  it.each([
    [null, "PIP_NOT_UNDERSTOOD", "it ended with code 1"],
    [{ kind: "unknown-pip", failure: "no resolver" }, "PIP_NOT_UNDERSTOOD", "no resolver"],
    [{ kind: "strange", failure: "a @ https://x" }, "PIP_REQUIREMENTS", "a @ https://x"],
  ])("%j", async (answer, code, message) => {
    await expect(answering(answer)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message) as string,
    });
  });
});

describe("why pip could not choose", () => {
  const DIRECT = { name: null, url: "https://user:secret@h.example/x.git", vcs: true };
  const fails = (part: object, more: readonly object[] = [{ status: 1, failure: { type: "X", message: "x" } }]) =>
    pip([{ status: 1, ...part }, ...more]);
  const source = (name: string) => ({ name, url: `https://i.example/${name}-1.0.tar.gz`, program: "python" });

  it("a package depends on another by its address", async () => {
    const { run } = fails({ direct: [DIRECT, { name: "named", url: "https://h.example/y.whl", vcs: false }] });
    expect(await run()).toMatchObject({
      chosen: [],
      unbound: [
        { package: null, location: "https://h.example/x.git", denial: { code: "GIT_DEPENDENCY" } },
        { location: "named", denial: { code: "REMOTE_DEPENDENCY" } },
      ],
    });
  });

  it("bytes that are not those that were stated", async () => {
    const failure = { type: "HashMismatch", message: "x", name: "widget", expected: ["sha256:a"], found: ["sha256:b"] };
    const { run, asked } = fails({ failure });
    expect(await run()).toMatchObject({ unbound: [{ location: "widget", denial: { code: "INTEGRITY_MISMATCH" } }] });
    expect(asked).toHaveLength(1);
  });

  it("only as source: pip goes on, so that all of that kind are known", async () => {
    const { run, jobs } = pip([
      { status: 1, refused: [source("one")] },
      { status: 1, refused: [source("two")] },
      { status: 1, failure: { type: "X", message: "x" } },
    ]);
    const { unbound } = await run({ folders: [{ name: "own", version: "1" }] });
    expect(unbound.map(({ package: ref }) => ref?.name)).toEqual(["one", "two"]);
    expect(jobs().map(({ quiet }) => quiet)).toEqual([1, 3, 3]);
    expect(jobs().map(({ folders }) => folders)).toMatchObject(
      [["own"], ["own", "one"], ["own", "one", "two"]].map((all) => all.map((name) => ({ name }))),
    );
  });

  it("and stops where it comes to the same again, or to another kind", async () => {
    const again = pip([{ status: 1, refused: [source("one")] }]);
    expect((await again.run()).unbound).toHaveLength(1);
    expect(again.asked).toHaveLength(2);
    const other = pip([
      { status: 1, refused: [source("one")] },
      { status: 1, direct: [DIRECT] },
    ]);
    expect((await other.run()).unbound).toHaveLength(1);
    expect(other.asked).toHaveLength(2);
  });

  it("not further than is worth it", async () => {
    let at = 0;
    const made = fakePython(({ job }) => {
      writeFileSync(String(job["report"]), "{}");
      return { answer: { ...NOTHING, status: 1, refused: [source(`s${at++}`)] } };
    });
    const { unbound } = await resolve(REQUEST, made.python);
    expect(unbound).toHaveLength(21);
  });

  it.each<[string, Partial<ResolveRequest>, boolean]>([
    ["from proven bytes", { findLinks: "/proven" }, false],
    ["when it only looks", { looks: true }, false],
    ["without the network", {}, true],
  ])("not %s", async (_, part, offline) => {
    const { run, asked } = pip([{ status: 1, refused: [source("one")] }], { offline });
    expect((await run(part)).unbound).toHaveLength(1);
    expect(asked).toHaveLength(1);
  });

  it("or in its own words", async () => {
    const { run, notices } = fails({ failure: { type: "X", message: "conflict" }, conflict: ["a needs b"] });
    await expect(run()).rejects.toMatchObject({ code: "RESOLUTION_FAILED" });
    expect(notices).toEqual(["a needs b"]);
  });
});

it("the private folder of a resolution is one of its own", async () => {
  const { run, jobs } = pip([{}]);
  await run();
  await run();
  const [first, second] = jobs().map(({ report }) => report);
  expect(first).not.toBe(second);
});
