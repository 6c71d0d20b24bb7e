/** What a registry or an author sends costs little before it is refused: the whole program, in a process of its own. */
import { BIN } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { MOST_BYTES, peakOf } from "../support/peak.ts";
import { writeProject } from "../support/project.ts";
import { startRegistry } from "../support/registry.ts";
import { makeTar, type TarEntry } from "../support/tarball.ts";
import { Buffer } from "node:buffer";
import type { ServerResponse } from "node:http";
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
