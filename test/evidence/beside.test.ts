/** A bundle beside the file itself. */
import { askBeside } from "../../src/evidence/beside.ts";
import type { Host } from "../../src/plugin.ts";
import { expect, it } from "vitest";

const read: Host["read"] = async (path) => (path === "/feed/a b.whl.sigstore.json" ? Buffer.from('{"a":1}') : null);

function beside(file: string, status: number) {
  const asked: string[] = [];
  const get = async (url: string) => (asked.push(url), { status, body: Buffer.from('{"a":1}') });
  return { asked, answer: askBeside(file, get, { read }) };
}

it("goes by the file's name, before its query; no message holds the query", async () => {
  const { asked, answer } = beside("https://npm.example/w/-/w-1.0.0.tgz?sig=s3cret", 200);
  expect(await answer).toEqual([
    { source: "beside", location: "https://npm.example/w/-/w-1.0.0.tgz.sigstore.json", bundle: { a: 1 } },
  ]);
  expect(asked).toEqual(["https://npm.example/w/-/w-1.0.0.tgz.sigstore.json?sig=s3cret"]);
});

it.each([400, 404, 410])("%i means that there is none", async (status) =>
  expect(await beside("https://npm.example/w.tgz", status).answer).toEqual([]),
);

it.each([401, 403, 500])("%i means that it could not be found out", async (status) =>
  expect(beside("https://npm.example/w.tgz?sig=s3cret", status).answer).rejects.toMatchObject({
    name: "SourceUnavailable",
    location: "https://npm.example/w.tgz.sigstore.json",
    reason: `answered ${status}`,
  }),
);

it("in a folder of files it is read, not asked for", async () => {
  const { asked, answer } = beside("file:///feed/a%20b.whl", 500);
  expect(await answer).toMatchObject([{ location: "/feed/a b.whl.sigstore.json" }]);
  expect(asked).toEqual([]);
});

it("what is no address has nothing beside it", async () => {
  const { asked, answer } = beside("w.tgz", 200);
  expect([await answer, asked]).toEqual([[], []]);
});
