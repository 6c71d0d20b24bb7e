import { type Index, makeWheel, startIndex } from "../support/pypi.ts";
import { hasPip, PIPS } from "../support/pypi/pythons.ts";
import { publishSigned } from "../support/pypi/signed.ts";
import { setStage, type StageOptions } from "../support/pypi/stage.ts";
import { createInstance, type Instance } from "../support/sigstore.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

let instance: Instance;
let index: Index;

beforeAll(async () => {
  instance = await createInstance();
  index = await startIndex();
  await publishSigned(index, instance, makeWheel({ name: "widget", version: "1.0.0", requires: ["gadget>=1"] }));
  await publishSigned(index, instance, makeWheel({ name: "gadget", version: "1.2.0" }));
});
afterAll(() => index.close());

const stage = (part: Partial<StageOptions> = {}) => setStage({ instance, pinned: ["widget", "gadget"], ...part });

describe.skipIf(!hasPip).each(PIPS)("safe-install pip install, pip $version", (pip) => {
  it("installs what is proven, with its dependencies, and ends with pip's code", async () => {
    const { environment, ...here } = stage({ pip });
    const { exit, stderr, stdout } = await here.pip("install", "--index-url", index.url, "widget");
    expect(exit, `${stderr}${stdout}`).toBe(0);
    expect(stderr).toContain("2 packages");
    expect(environment.installed()).toEqual(["gadget==1.2.0", "widget==1.0.0"]);
  });
});
