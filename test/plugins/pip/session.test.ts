import { openPipSession } from "../../../plugins/pip/session.ts";
import { SourceUnavailable } from "../../../src/plugin.ts";
import { fakePython } from "../../support/pypi/fake-python.ts";
import { writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const OPTIONS = { accept: "text/html", maxBytes: 9 };
interface Ask {
  readonly url: string;
  readonly accept: string;
  readonly maxBytes: number;
  readonly file: string;
}
const asksIn = (job: Readonly<Record<string, unknown>>) => job["asks"] as readonly Ask[];

/** pip answers each address with its own text. */
const echo = () =>
  fakePython(({ job }) => ({
    answer: {
      answers: asksIn(job).map(({ url, file }) => (writeFileSync(file, url), { status: 200, type: "text/html" })),
    },
  }));

describe("pip's own session", () => {
  it("asks for what comes together in one run, with the user's words", async () => {
    const { python, asked } = echo();
    const session = openPipSession(python, ["install", "--proxy", "x"]);
    const urls = ["https://a.example/1", "https://b.example/2"];
    const found = await Promise.all(urls.map((url) => session.get(url, OPTIONS)));
    expect(found.map(({ status, type, body }) => [status, type, body.toString()])).toEqual(
      urls.map((url) => [200, "text/html", url]),
    );
    expect(asked).toHaveLength(1);
    expect(asked[0]?.job["args"]).toEqual(["install", "--proxy", "x"]);
    expect(asksIn(asked[0]?.job ?? {})).toMatchObject(urls.map((url) => ({ url, ...OPTIONS })));
    await session.get("https://a.example/3", OPTIONS);
    expect(asked).toHaveLength(2);
  });

  it("is still there after it has failed", async () => {
    let fails = true;
    const { python } = fakePython(({ job }) => {
      if (fails) throw new TypeError("cannot be started");
      return { answer: { answers: asksIn(job).map(({ file }) => (writeFileSync(file, ""), { status: 204 })) } };
    });
    const session = openPipSession(python, []);
    const both = await Promise.allSettled(["https://a/", "https://b/"].map((url) => session.get(url, OPTIONS)));
    expect(both.map((one) => one.status === "rejected" && String(one.reason))).toEqual([
      "TypeError: cannot be started",
      "TypeError: cannot be started",
    ]);
    fails = false;
    expect(await session.get("https://a/", OPTIONS)).toMatchObject({ status: 204, type: "" });
  });

  it.each<[string, unknown, string]>([
    ["why not", { answers: [{ failure: "ConnectionError" }] }, "ConnectionError"],
    ["nothing of it", { answers: [{}] }, "no answer"],
    ["less than was asked", { answers: [] }, "pip gave no answer"],
    ["nothing at all", {}, "pip gave no answer"],
  ])("says %s", async (_, answer, reason) => {
    const { python } = fakePython(() => ({ answer }));
    const asked = openPipSession(python, []).get("https://a.example/", OPTIONS);
    await expect(asked).rejects.toMatchObject({ location: "https://a.example/", reason });
    await expect(asked).rejects.toBeInstanceOf(SourceUnavailable);
  });

  it("without an answer at all, nothing is known", async () => {
    const { python } = fakePython(() => ({ code: 1 }));
    await expect(openPipSession(python, []).get("https://a/", OPTIONS)).rejects.toMatchObject({
      reason: "pip gave no answer",
    });
  });

  it("is asked for nothing that it must not fetch", async () => {
    const { python, asked } = echo();
    const reason = async (url: string, other = python) =>
      openPipSession(other, [])
        .get(url, OPTIONS)
        .catch((error: unknown) => (error as SourceUnavailable).reason);
    expect(await reason("http://a.example/")).toContain("neither https nor loopback");
    expect(await reason("file:///etc/passwd")).toContain("neither https nor loopback");
    expect(await reason("https://a.example/", { ...python, file: null })).toContain("only pip's credentials");
    expect(await reason("https://a.example/", fakePython(() => ({}), { offline: true }).python)).toBe("offline");
    expect(asked).toEqual([]);
  });
});
