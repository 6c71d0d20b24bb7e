/** What a registry or an author sends costs little before it is refused: the whole program, in a process of its own. */
import { BIN } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { MOST_BYTES, peakOf } from "../support/peak.ts";
import { nugetConfig, writeFiles } from "../support/nuget/project.ts";
import { makeZip } from "../support/nuget/zip.ts";
import { writeProject } from "../support/project.ts";
import { startRegistry } from "../support/registry.ts";
import { makeTar, type TarEntry } from "../support/tarball.ts";
import { Buffer } from "node:buffer";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream/promises";
import { gzipSync } from "node:zlib";
import { expect, it, onTestFinished } from "vitest";

const WIDGET = { name: "widget", version: "1.0.0" };

it("an archive of 2,000 paths of 900 kB, and a packument of 40 MB", { timeout: 60_000 }, async () => {
  const [archive, packument] = await Promise.all([
    install({ packages: [{ ...WIDGET, tarball: longNames(2000) }] }, {}),
    install(
      {
        packages: [WIDGET],
        intercept: (request, response) => {
          if (request.url?.endsWith(".tgz")) response.writeHead(404).end();
          else sendObjects(response, 40_000_000);
          return true;
        },
      },
      { resolved: undefined },
    ),
  ]);
  expect(archive).toMatchObject({ exit: 66, stderr: expect.stringContaining("ARCHIVE_INVALID") as string });
  expect(packument).toMatchObject({ exit: 69, stderr: expect.stringContaining("ARTIFACT_UNAVAILABLE") as string });
  for (const { peakBytes } of [archive, packument]) expect(peakBytes).toBeLessThan(MOST_BYTES);
});

it("a NuGet package of 120 MB is not held", { timeout: 60_000 }, async () => {
  const [cwd, home] = [temporaryFolder(), temporaryFolder()];
  const feed = createServer((request, response) => void answer(request.url ?? "", response));
  await new Promise<void>((done) => feed.listen(0, "127.0.0.1", done));
  onTestFinished(() => void feed.close());
  const origin = `http://127.0.0.1:${(feed.address() as AddressInfo).port}`;
  const base = { "@type": "PackageBaseAddress/3.0.0", "@id": `${origin}/flat/` };
  const locked = { type: "Direct", requested: "[1.0.0, )", resolved: "1.0.0", contentHash: "A".repeat(86) + "==" };
  const signer = { nugetSignature: { kind: "repository", fingerprints: [`sha256:${"0".repeat(64)}`] } };
  writeFiles(cwd, {
    "packages.lock.json": JSON.stringify({ version: 1, dependencies: { "net10.0": { "Acme.Widget": locked } } }),
    "nuget.config": nugetConfig({ feed: `${origin}/index.json` }),
    ".signing-policy.json": JSON.stringify({
      version: 1,
      signers: { registry: signer },
      registries: { nuget: [origin] },
      rules: [{ packages: ["nuget:Acme.Widget"], baseline: ["registry"] }],
    }),
  });
  const { exit, stdout, stderr, peakBytes } = await peakOf([BIN, "check", "packages.lock.json"], { cwd, home });
  expect({ exit, stdout, stderr }).toMatchObject({
    exit: 66,
    stdout: expect.stringContaining("INTEGRITY_MISMATCH") as string,
  });
  expect(peakBytes).toBeLessThan(MOST_BYTES / 2);

  async function answer(path: string, response: ServerResponse): Promise<void> {
    if (path === "/index.json") return void response.end(JSON.stringify({ version: "3.0.0", resources: [base] }));
    if (!path.endsWith("/acme.widget.1.0.0.nupkg")) return void response.writeHead(404).end();
    await pipeline(stored("a", 120), response).catch(() => undefined);
  }
});

/** A zip file of one entry of as many megabytes, in pieces (APPNOTE 4.3). */
function* stored(name: string, megabytes: number): Generator<Buffer> {
  const empty = makeZip([{ name, data: Buffer.alloc(0) }]);
  const [local, size] = [30 + name.length, megabytes * 1_000_000];
  const [head, tail] = [Buffer.from(empty.subarray(0, local)), Buffer.from(empty.subarray(local))];
  for (const at of [18, 22]) head.writeUInt32LE(size, at);
  for (const at of [20, 24]) tail.writeUInt32LE(size, at);
  tail.writeUInt32LE(local + size, tail.length - 6);
  yield head;
  const piece = Buffer.alloc(1_000_000);
  for (let n = 0; n < megabytes; n++) yield piece;
  yield tail;
}

async function install(options: Parameters<typeof startRegistry>[0], entry: Readonly<Record<string, unknown>>) {
  const [cwd, home] = [temporaryFolder(), temporaryFolder()];
  const registry = await startRegistry(options);
  onTestFinished(() => registry.close());
  const { integrity } = registry.tarballOf("widget", "1.0.0");
  const digest = `sha512:${Buffer.from(integrity.slice("sha512-".length), "base64").toString("hex")}`;
  const excused = {
    package: "pkg:npm/widget@1.0.0",
    digests: [digest],
    excuses: ["NO_EVIDENCE", "EVIDENCE_UNAVAILABLE"],
  };
  const said = { reason: "a test", approvedBy: "a test", expires: "2099-01-01" };
  const policy = { version: 1, rules: [], exceptions: [{ ...excused, ...said }] };
  writeProject(cwd, registry, { locked: [{ ...WIDGET, entry }], policy });
  return peakOf([BIN, "npm", "ci"], { cwd, home });
}

/** Each with a header that names an empty file (pax, POSIX.1-2001). */
function longNames(times: number): Buffer {
  const rest = ` path=package/${"a".repeat(900_000)}\n`;
  const entries: readonly TarEntry[] = [
    { path: "PaxHeader", type: "x", content: `${rest.length + 6}${rest}` },
    { path: "package/f" },
  ];
  const part = makeTar(entries).subarray(0, -1024);
  const manifest = makeTar([{ path: "package/package.json", content: JSON.stringify(WIDGET) }]).subarray(0, -1024);
  const [first, more, end] = [manifest, part, Buffer.alloc(1024)].map((bytes) => gzipSync(bytes));
  return Buffer.concat([first!, ...Array.from({ length: times }, () => more!), end!]);
}

/** A packument whose other members are as many objects as it has room for. */
function sendObjects(response: ServerResponse, bytes: number): void {
  const piece = Buffer.from("{},".repeat(333_333));
  response.writeHead(200, { "content-type": "application/json" });
  response.write('{"name":"widget","versions":{"1.0.0":{"name":"widget","version":"1.0.0","dist":{}}},"x":[');
  let left = Math.floor(bytes / piece.length) - 1;
  more();

  function more(): void {
    if (left-- <= 0 || response.destroyed) return void response.end("{}]}");
    response.write(piece, more);
  }
}
