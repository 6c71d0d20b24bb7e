import { takeFile, takeKept } from "../../../../plugins/pip/bytes/kept.ts";
import { digestOf } from "../../../../src/plugin.ts";
import { putInto, temporaryFolder } from "../../../support/folder.ts";
import { fakePython } from "../../../support/pypi/fake-python.ts";
import { sha256 } from "../../../support/pypi.ts";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

const BYTES = Buffer.from("a wheel");
const URL = "https://i.example/w.whl";

/** What pip answers to who asks for it again, and what an earlier run has kept. */
async function lay(status: number | null, kept: boolean) {
  const made = fakePython(({ job }) => {
    const asks = job["asks"] as readonly { readonly file: string }[];
    if (status === null) return { answer: { answers: [{ failure: "down" }] } };
    return { answer: { answers: asks.map(({ file }) => (writeFileSync(file, "fetched"), { status })) } };
  });
  if (kept) {
    const folder = temporaryFolder();
    putInto(folder, "w.whl", BYTES.toString());
    const sha512 = createHash("sha512").update(BYTES).digest("hex");
    const digests = [digestOf("sha256", sha256(BYTES)), digestOf("sha512", sha512)].filter((one) => one !== null);
    await made.python.host.store.keep(join(folder, "w.whl"), { digests });
  }
  return made;
}
const take = (one: object, { python }: Awaited<ReturnType<typeof lay>>) =>
  takeKept([{ url: URL, ...one }], ["install"], python);

describe("what an earlier run has kept", () => {
  it("stands for what was not fetched", async () => {
    const laid = await lay(200, true);
    const [found] = await take({ kept: sha256(BYTES) }, laid);
    expect(found).toEqual({ url: URL, file: expect.stringMatching(/\.whl$/) as string });
    expect(readFileSync(found?.file ?? "", "utf8")).toBe("a wheel");
    expect(dirname(found?.file ?? "")).toBe(laid.python.folder);
    expect(laid.asked).toEqual([]);
  });

  it.each(["a".repeat(64), "no digest"])(
    "where it is not there any more (%s), it is fetched after all",
    async (kept) => {
      const laid = await lay(200, true);
      const [found] = await take({ kept }, laid);
      expect(readFileSync(found?.file ?? "", "utf8")).toBe("fetched");
      expect(laid.asked[0]?.job["args"]).toEqual(["install"]);
    },
  );

  it("or says why not", async () => {
    expect(await take({ kept: "x" }, await lay(404, false))).toEqual([{ url: URL, failure: "answered 404" }]);
    expect(await take({ kept: "x" }, await lay(null, false))).toEqual([
      { url: URL, failure: expect.stringContaining("down") as string },
    ]);
  });

  it("what was fetched, or could not be, is what it is", async () => {
    const laid = await lay(200, true);
    for (const one of [{ file: "/private/w.whl" }, { failure: "answered 500" }])
      expect(await take(one, laid)).toEqual([{ url: URL, ...one }]);
    expect(laid.asked).toEqual([]);
  });

  it("is known by every digest, and none of none", async () => {
    const { python } = await lay(200, true);
    const digest = digestOf("sha256", sha256(BYTES))!;
    expect(await takeFile([digest], python)).toMatch(/\.whl$/);
    expect(await takeFile([digestOf("sha256", "b".repeat(64))!], python)).toBeNull();
  });
});
