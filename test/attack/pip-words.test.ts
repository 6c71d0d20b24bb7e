import { type Index, makeWheel, startIndex } from "../support/pypi.ts";
import { hasPip } from "../support/pypi/pythons.ts";
import { publishSigned } from "../support/pypi/signed.ts";
import { setStage, type StageOptions } from "../support/pypi/stage.ts";
import { createInstance, type Instance } from "../support/sigstore.ts";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";

let instance: Instance;
let index: Index;
let thief: Index;

beforeAll(async () => {
  instance = await createInstance();
  index = await startIndex();
  thief = await startIndex();
  await publishSigned(index, instance, makeWheel({ name: "plain", version: "1.0.0" }));
});
afterAll(() => Promise.all([index.close(), thief.close()]));

const stage = (part: Partial<StageOptions> = {}) =>
  setStage({ instance, pinned: ["plain"], env: { PIP_INDEX_URL: index.url, SECRET: "s3cret" }, ...part });

/** Lines that are no dependency: options of a requirements file, places outside of every index, variables of ours. */
const LINES: readonly (readonly [string, number])[] = [
  ["--index-url URL/simple/", 64],
  ["--extra-index-url URL/simple/", 64],
  ["--find-links URL/simple/plain/", 64],
  ["-r URL/more.txt", 64],
  ["plain --config-settings=x=y", 64],
  ["plain\n--extra-index-url URL/simple/", 64],
  ["plain \\", 64],
  ["plain @ URL/files/${SECRET}/plain-1.0.0-py3-none-any.whl", 66],
  ["plain @ URL/files/plain-1.0.0-py3-none-any.whl", 66],
  ["plain @ git+URL/plain.git", 66],
];

const spelled = (line: string) => JSON.stringify(line.replaceAll("URL", thief.origin));

describe.skipIf(!hasPip)("what a clone says of itself", () => {
  const cases = LINES.flatMap(([line, exit], at) =>
    [...(at % 3 === 1 ? ["build requirements"] : []), "dependencies"].map((where) => ({ line, exit, where })),
  );

  it.each(cases)("$line is none of a project's $where", async ({ line, exit, where }) => {
    const before = thief.requests.length;
    const here = stage();
    const [own, build] = where === "dependencies" ? [spelled(line), ""] : ["", spelled(line)];
    here.write(
      "pyproject.toml",
      `[project]\nname = "mine"\nversion = "1"\ndependencies = [${own}]\n[build-system]\nrequires = [${build}]\n`,
    );
    const found = await here.pip("install", "-e", ".");
    expect(found.exit, found.stderr).toBe(exit);
    expect(thief.requests.slice(before)).toEqual([]);
    expect(found.stdout + found.stderr).not.toContain("s3cret");
  });
});

describe.skipIf(!hasPip)("what an index says in pip's own messages", () => {
  it("cannot speak to the terminal or to a CI system", async () => {
    const filename = "yanked-1.0.0-py3-none-any.whl";
    const yanked = "\u001b]0;evil\u0007 ##vso[task.setvariable variable=PATH]x\n::stop-commands::x";
    const liar = await startIndex({
      intercept: (request, response) => {
        if (request.url !== "/simple/yanked/") return false;
        const files = [{ filename, url: `/files/${filename}`, hashes: {}, yanked }];
        response.setHeader("content-type", "application/vnd.pypi.simple.v1+json");
        response.end(JSON.stringify({ meta: { "api-version": "1.0" }, name: "yanked", files }));
        return true;
      },
    });
    onTestFinished(() => liar.close());
    liar.publish(makeWheel({ name: "yanked", version: "1.0.0" }));
    const { exit, stderr, stdout } = await stage().pip("install", "-i", liar.url, "yanked==1.0.0");
    expect(exit, stderr).toBe(65);
    expect(stdout + stderr).toContain("Reason for being yanked");
    for (const sign of ["\u001b", "\u0007", "##vso[", "\n::"]) expect(stdout + stderr).not.toContain(sign);
  });
});

describe.skipIf(!hasPip)("a requirements file", () => {
  it("that asks for hashes of everything gets them", async () => {
    const here = stage();
    here.write("requirements.txt", "--require-hashes\nplain==1.0.0\n");
    const { exit, stderr } = await here.pip("install", "-r", "requirements.txt");
    expect({ exit, stderr }).toMatchObject({ exit: 69, stderr: expect.stringContaining("--hash") });
    expect(here.environment.installed()).toEqual([]);
  });
});
