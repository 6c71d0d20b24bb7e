/** Build requirements that only the project's backend knows, and constraints of all of them. */
import { type Index, makeProject, makeWheel, startIndex } from "../support/pypi.ts";
import { hasPip } from "../support/pypi/pythons.ts";
import { setStage } from "../support/pypi/stage.ts";
import { createInstance, type Instance } from "../support/sigstore.ts";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

let instance: Instance;
let index: Index;

beforeAll(async () => {
  instance = await createInstance();
  index = await startIndex();
  for (const version of ["1.0", "2.0"]) index.publish(makeWheel({ name: "tool", version }));
  index.publish(makeWheel({ name: "late", version: "1.0" }));
});
afterAll(() => index.close());

const unsigned = (...packages: readonly string[]) => ({
  version: 1,
  rules: [{ packages, unsigned: "allow", reason: "t", expires: "2099-01-01" }],
});

describe.skipIf(!hasPip)("build requirements that a backend asks for", () => {
  // On 5e65d5c the build failed for want of `late`, and was made with tool 2.0.
  it("are asked for in a copy and without credentials, proven, and provided; who only looks never asks", async () => {
    const env = { PIP_INDEX_URL: index.url, PIP_CONSTRAINT: "bounds.txt", SECRET_TOKEN: "s3cret" };
    const here = setStage({ instance, env, policy: unsigned("pypi:tool") });
    const mark = join(here.home, "asked.txt");
    const { "backend.py": backend = "", ...files } = makeProject({
      name: "mine",
      version: "1.0.0",
      mark: join(here.home, "ran"),
      buildRequires: ["tool"],
    });
    const asking = `
def get_requires_for_build_wheel(config_settings=None):
    open(${JSON.stringify(mark)}, "a").write("%s %s %s\\n" % (os.getcwd(), os.environ.get("SECRET_TOKEN"), os.environ["HOME"]))
    return ["late"]
get_requires_for_build_editable = get_requires_for_build_wheel
`;
    const built = backend.replace('"WHO = 1\\n"', '"WHO = %r\\n" % [__import__("tool").WHO, __import__("late").WHO]');
    for (const [path, text] of Object.entries({
      ...files,
      "backend.py": `${built}${asking}`,
      "bounds.txt": "tool<2\n",
    }))
      here.write(path, text);
    const looked = await here.run(["policy", "pin", "--", here.environment.pip, "install", "."]);
    expect([0, 65], looked.stderr).toContain(looked.exit);
    expect(existsSync(mark)).toBe(false);

    const denied = await here.pip("install", ".");
    expect(denied.exit, denied.stderr).toBe(65);
    expect(denied.stderr).toContain("pypi:late@1.0 ");
    expect(here.environment.installed()).toEqual([]);
    const [copy, secret, home] = readFileSync(mark, "utf8").trim().split(" ");
    expect([copy?.startsWith(here.project), secret]).toEqual([false, "None"]);
    expect(home).toBe(join(copy ?? "", "..", "..", "home"));

    here.write(".signing-policy.json", unsigned("pypi:*"));
    const { exit, stderr, stdout } = await here.pip("install", ".");
    expect(exit, `${stderr}${stdout}`).toBe(0);
    const who = readFileSync(join(here.environment.sitePackages, "mine.py"), "utf8");
    expect(who).toBe("WHO = ['tool==1.0', 'late==1.0']\n");
  });
});
