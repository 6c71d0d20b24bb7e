import { makeWheel, startIndex } from "../support/pypi.ts";
import { hasPip } from "../support/pypi/pythons.ts";
import { publishSigned } from "../support/pypi/signed.ts";
import { setStage } from "../support/pypi/stage.ts";
import { createInstance } from "../support/sigstore.ts";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

test.skipIf(!hasPip)("a denied pip install prints the line that lets it in", async () => {
  const instance = await createInstance();
  const index = await startIndex();
  try {
    await publishSigned(index, instance, makeWheel({ name: "widget", version: "1.0.0", requires: ["gadget>=1"] }));
    await publishSigned(index, instance, makeWheel({ name: "gadget", version: "1.2.0" }));
    const { run, pip, environment, project } = setStage({
      instance,
      pinned: ["other"],
      env: { PIP_INDEX_URL: index.url },
    });
    const denied = await pip("install", "widget>=1");
    expect({ exit: denied.exit, stderr: denied.stderr }).toMatchObject({ exit: 65 });
    const line = /^to write it: safe-install (.*)$/m.exec(denied.stderr)?.[1] ?? "";
    expect(line).toBe(`policy pin --write -- ${environment.pip} install 'widget>=1'`);
    const words = line.split(" ").map((word) => word.replaceAll("'", ""));
    const pinned = await run(words);
    expect(pinned).toMatchObject({ exit: 0, stdout: expect.stringContaining("wrote .signing-policy.json") });
    expect(readFileSync(join(project, ".signing-policy.json"), "utf8")).toContain("pypi:gadget");
    expect(await pip("install", "widget>=1")).toMatchObject({ exit: 0 });
    expect(environment.installed()).toEqual(["gadget==1.2.0", "widget==1.0.0"]);
  } finally {
    await index.close();
  }
});
