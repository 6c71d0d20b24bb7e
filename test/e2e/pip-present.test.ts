import { type Index, makeWheel, startIndex } from "../support/pypi.ts";
import { hasPip, NEWEST_PIP } from "../support/pypi/pythons.ts";
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
  index.publish(makeWheel({ name: "leaf", version: "1.0" }));
  index.publish(makeWheel({ name: "mid", version: "1.0", requires: ["leaf", "pip", "deep"] }));
  index.publish(makeWheel({ name: "deep", version: "1.0" }));
  index.publish(makeWheel({ name: "other", version: "1.0", requires: ["leaf<2"] }));
});
afterAll(() => index.close());

const unsigned = (...packages: readonly string[]) => ({
  version: 1,
  rules: [{ packages, unsigned: "allow", reason: "t", expires: "2099-01-01" }],
});

// On 5e65d5c leaf became 2.0 unasked, and pip itself would have been replaced.
describe.skipIf(!hasPip)("packages that are installed already", () => {
  it("stay where they fit and are not named; what is named is judged; what does not go together is said", async () => {
    const here = setStage({ instance, env: { PIP_INDEX_URL: index.url }, policy: unsigned("pypi:*") });
    const wasRequested = (info: string) => existsSync(join(here.environment.sitePackages, info, "REQUESTED"));
    expect((await here.plain("install", "other")).exit).toBe(0);
    index.publish(makeWheel({ name: "leaf", version: "2.0" }));

    const report = join(here.home, "report.json");
    const { exit, stderr } = await here.pip("install", "--report", report, "mid");
    expect(exit, stderr).toBe(0);
    expect(here.environment.installed()).toEqual(["deep==1.0", "leaf==1.0", "mid==1.0", "other==1.0"]);
    expect(stderr).toContain(
      `not judged: 2 run or left as it lies on disk, not proven again: leaf@1.0, pip@${NEWEST_PIP?.version}`,
    );
    const items = JSON.parse(readFileSync(report, "utf8")).install as {
      metadata: { name: string };
      requested: boolean;
    }[];
    expect(items.map((one) => [one.metadata.name, one.requested])).toEqual(
      expect.arrayContaining([
        ["mid", true],
        ["deep", false],
      ]),
    );
    expect([wasRequested("mid-1.0.dist-info"), wasRequested("deep-1.0.dist-info")]).toEqual([true, false]);

    here.write(".signing-policy.json", unsigned("pypi:mid"));
    const denied = await here.pip("install", "leaf");
    expect(denied.exit, denied.stderr).toBe(65);
    expect(denied.stderr).toContain("pypi:leaf@1.0 ");

    here.write(".signing-policy.json", unsigned("pypi:*"));
    const upgraded = await here.pip("install", "--upgrade", "leaf");
    expect(upgraded.exit, upgraded.stderr).toBe(0);
    expect(here.environment.installed()).toContain("leaf==2.0");
    expect(upgraded.stderr).toMatch(/other 1\.0 requires leaf<2, but you have leaf 2\.0/);
  });
});
