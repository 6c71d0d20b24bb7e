/** Real repositories of The Update Framework, as their mirrors served them. */
import { REGISTRY_KEYS } from "../../src/trust/registry-keys.ts";
import { publicGoodSeed } from "../../src/trust/repository.ts";
import { NotServed, type Serve } from "../../src/trust/update.ts";
import { CORPUS } from "./corpus.ts";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, dirname, join } from "node:path";
import { onTestFinished } from "vitest";

const TUF = join(CORPUS, "further/tuf");

/** npm's keys, a target of the public-good repository. */
export const KEYS = Object.keys(publicGoodSeed().targets).find((name) => REGISTRY_KEYS.test(name)) ?? "";

/** What the public-good mirror served on a day of which there is a copy, by path. */
export type Day = keyof typeof ROOTS;

/** By day, the newest root. Of the first the timestamp and the snapshot are not of one moment. */
const ROOTS = { "2024-08-30": 9, "2025-02-09": 12, "2026-05-07": 14, "2026-08-21": 15 };

/** One of the public-good repository's roots, from 1 to 15. */
export function realRoot(version: number): Buffer {
  return tufFile(`sigstore/roots/${version}.root.json`);
}

/** The newest root that the public-good mirror served on a day. */
export function newestRoot(day: Day): Buffer {
  return realRoot(ROOTS[day]);
}

/** A mirror on loopback of what the public-good one served; `day`: null: it answers to nothing. */
export async function startMirror(): Promise<{ readonly url: string; day: Day | null }> {
  const mirror = { url: "", day: null as Day | null };
  const server = createServer(({ url = "" }, response) => {
    const found = mirror.day === null ? undefined : realFiles(mirror.day).get(decodeURIComponent(url.slice(1)));
    response.statusCode = found === undefined ? 404 : 200;
    response.end(found ?? "");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  );
  mirror.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return mirror;
}

/** A file of the corpus, by its path under `further/tuf`. */
export function tufFile(path: string): Buffer {
  return readFileSync(join(TUF, path));
}

/** By path, with the versions and digests in their names (`consistent_snapshot`). */
export function realFiles(day: Day): ReadonlyMap<string, Buffer> {
  const folder = day === "2025-02-09" ? "conformance/sigstore-root-signing" : `sigstore/${day}`;
  const roots = Array.from({ length: ROOTS[day] }, (_, at) => [`${at + 1}.root.json`, realRoot(at + 1)] as const);
  const metadata = filesIn(join(TUF, folder, "metadata")).flatMap(([name, bytes]) => {
    const { version } = (JSON.parse(bytes.toString()) as { readonly signed: { readonly version: number } }).signed;
    return [
      [name, bytes],
      [`${version}.${name}`, bytes],
    ] as const;
  });
  const own = filesIn(join(TUF, folder, "targets"));
  // The copy of that day has the trusted root alone; npm's keys are those of the rotation a month before.
  const keys = day === "2025-02-09" ? [[KEYS, tufFile("sigstore/npm-keys-rotation/after.keys.json")] as const] : [];
  const targets = [...own, ...keys].flatMap(([name, bytes]) => {
    const digest = createHash("sha256").update(bytes).digest("hex");
    return [
      [`targets/${name}`, bytes],
      [`targets/${join(dirname(name), `${digest}.${basename(name)}`)}`, bytes],
    ] as const;
  });
  return new Map([...metadata, ...targets, ...roots]);
}

/** Serves files under any address as a mirror would. */
export function servedFrom(files: ReadonlyMap<string, Buffer>, mirror: string): Serve {
  return (url) => {
    const found =
      files.get(url.slice(mirror.length + 1)) ?? files.get(decodeURIComponent(url.slice(mirror.length + 1)));
    return found === undefined ? Promise.reject(new NotServed(url, 404)) : Promise.resolve(found);
  };
}

/** All of a folder of the corpus, under what stands in its names. */
export function folderOf(path: string): ReadonlyMap<string, Buffer> {
  const folder = join(TUF, path);
  return new Map(
    existsSync(join(folder, "metadata")) ? [...filesIn(join(folder, "metadata")), ...filesIn(folder)] : filesIn(folder),
  );
}

function filesIn(folder: string): readonly (readonly [string, Buffer])[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => [path.slice(folder.length + 1), readFileSync(path)] as const);
}
