import { SourceUnavailable } from "../../src/errors.ts";
import type { Fetched } from "../../src/host.ts";
import type { ClosableHost } from "../../src/io/host.ts";
import { sayer, sayJudged, traced } from "../../src/report/trace.ts";
import { sampleReport } from "../support/report.ts";
import { expect, it, vi } from "vitest";

const SECRET = "s3cret";

function stage(fetch: () => Promise<Fetched>) {
  const lines: string[] = [];
  let clock = 0;
  const host = {
    fetch,
    request: fetch,
    run: async () => 0,
    converse: async () => {},
    guide: null,
  } as unknown as ClosableHost;
  return {
    lines,
    host: traced(
      host,
      (line) => void lines.push(line),
      () => (clock += 5),
    ),
  };
}
const URL_WITH_SECRETS = `https://user:${SECRET}@npm.example/a?token=${SECRET}`;
const asked = { maxBytes: 1, authorization: SECRET };

it("each request is told with what came of it, and no secret", async () => {
  const { host, lines } = stage(async () => ({ status: 404, body: Buffer.from("no") }));
  await host.fetch(URL_WITH_SECRETS, asked);
  await host.request(URL_WITH_SECRETS, {} as never);
  expect(lines).toEqual(Array(2).fill("GET https://npm.example/a  404, 2 bytes, in 5 ms"));
});

it("so is one that fails, whose error may hold the address", async () => {
  const { host, lines } = stage(() => Promise.reject(new SourceUnavailable(URL_WITH_SECRETS, "ECONNREFUSED")));
  await expect(host.fetch(URL_WITH_SECRETS, asked)).rejects.toThrow();
  const other = stage(() => Promise.reject(new TypeError(URL_WITH_SECRETS)));
  await expect(other.host.fetch(URL_WITH_SECRETS, asked)).rejects.toThrow();
  expect([...lines, ...other.lines]).toEqual([
    "GET https://npm.example/a  ECONNREFUSED, in 5 ms",
    "GET https://npm.example/a  TypeError, in 5 ms",
  ]);
});

it("a program is told by its name and first word", async () => {
  const { host, lines } = stage(() => Promise.reject(new Error("not asked")));
  const command = { file: "/usr/bin/npm", args: ["ci", `--//npm.example/:_authToken=${SECRET}`], cwd: "/", env: {} };
  expect(await host.run(command)).toBe(0);
  await host.converse({ ...command, args: [] }, () => true, 1);
  expect(lines).toEqual(["npm ci  ran for 5 ms", "npm  ran for 5 ms"]);
});

it("so is one that is led, once it has ended", async () => {
  const lines: string[] = [];
  const guided = { ended: Promise.resolve(0) };
  const host = { guide: () => guided } as unknown as ClosableHost;
  const { guide } = traced(
    host,
    (line) => void lines.push(line),
    () => 0,
  );
  expect(guide?.({ file: "/usr/bin/dotnet", args: ["msbuild", `-p:T=${SECRET}`], cwd: "/", env: {} })).toBe(guided);
  await guided.ended;
  await vi.waitFor(() => expect(lines).toEqual(["dotnet msbuild  ran for 0 ms"]));
});

it("lines say when, and are safe for a terminal", () => {
  let shown = "";
  sayer(
    (text) => void (shown += text),
    () => 12.6,
  )("a\u001b[2J");
  expect(shown).toBe("     13 ms  a\\u{1b}[2J\n");
});

it("which policies judged", () => {
  const lines: string[] = [];
  for (const project of sampleReport().projects) sayJudged(project, (line) => void lines.push(line));
  expect(lines).toEqual([
    `policy .signing-policy.json (enforce) sha256:${"0".repeat(64)}`,
    "package-lock.json: 3 packages judged: denied",
  ]);
});
