import { obtainBytes } from "../../../../plugins/npm/bytes/bytes.ts";
import type { Receive } from "../../../../plugins/npm/bytes/download.ts";
import { writeHashed } from "../../../../plugins/npm/bytes/hashed.ts";
import { contentPath } from "../../../../plugins/npm/integrity.ts";
import { registriesOf } from "../../../../plugins/npm/origin.ts";
import { mergePlaces, refOf } from "../../../../plugins/npm/resolve/places.ts";
import type { TreeNode } from "../../../../plugins/npm/resolve/node.ts";
import { LIMITS } from "../../../../src/plugin.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { testHost } from "../../../support/npm-session.ts";
import { startRegistry } from "../../../support/registry.ts";
import { hexOf, makeTarball, sriOf } from "../../../support/tarball.ts";
import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

/** Asks for `widget@1.0.0`, for which npm's cache has this, and no registry answers. */
async function obtain(cached: Buffer, folder: string, stated: Buffer = Buffer.from("x")) {
  const env = { fetchRetries: 0, retry: { retries: 0 } };
  const flat = { registry: "http://127.0.0.1:9/", cache: join(folder, "npm"), omit: [], ...env };
  const registries = registriesOf(flat, "never", []);
  const ref = refOf({ packageName: "widget", version: "1.0.0" } as TreeNode)!;
  const where = {
    location: "node_modules/widget",
    resolved: `${flat.registry}w.tgz`,
    integrity: sriOf(stated),
  };
  const more = { optional: false, extraneous: false, hasInstallScript: false };
  const { locked } = mergePlaces([{ package: ref, place: { ...where, ...more } }], registries);
  const path = contentPath(flat.cache, hexOf(stated));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, cached);
  const host = testHost({ home: temporaryFolder() });
  return obtainBytes(locked.get(ref.purl)!, { registries, folder, host });
}

test("an archive larger than the bound is not read to its end, and nothing of it stays", async () => {
  const folder = temporaryFolder();
  // As large as it says, without the memory.
  const endless = async (receive: Receive) => receive()({ length: LIMITS.artifactBytes + 1 } as Buffer);
  await expect(writeHashed(endless, join(folder, "x.tgz"), [], "widget")).rejects.toMatchObject({
    denial: { code: "ARCHIVE_INVALID", message: expect.stringContaining(String(LIMITS.artifactBytes)) as string },
  });
  expect(readdirSync(folder)).toEqual([]);
});

test("of what broke off, nothing is in what a second attempt writes", async () => {
  const folder = temporaryFolder();
  const large = randomBytes(LIMITS.heldBytes + 1);
  const fill = async (receive: Receive) => {
    receive()(Buffer.concat([large, large]));
    receive()(large);
  };
  const written = await writeHashed(fill, join(folder, "x.tgz"), [], "widget");
  expect(readFileSync(written.file).equals(large)).toBe(true);
  expect(written).toMatchObject({ few: null, hex: { sha512: hexOf(large) } });
});

test("a copy that does not hold is no copy: the registry is asked", async () => {
  await expect(obtain(Buffer.from("other bytes"), temporaryFolder())).rejects.toMatchObject({
    denial: { code: "ARTIFACT_UNAVAILABLE" },
  });
});

test.each([
  ["held in memory", 1],
  ["too large for that", 1_600_000],
])("what is kept is what was hashed: %s", async (_, size) => {
  const folder = temporaryFolder();
  const files = { "x.txt": randomBytes(size).toString("hex") };
  const archive = makeTarball({ name: "widget", version: "1.0.0", files });
  const bytes = await obtain(archive, folder, archive);
  expect(readFileSync(bytes.file).equals(archive)).toBe(true);
  expect((await bytes.read()).equals(archive)).toBe(true);
  expect(bytes.digests).toContainEqual({ algorithm: "sha512", hex: hexOf(archive) });
  expect(readdirSync(folder).filter((name) => name.endsWith(".tgz"))).toHaveLength(1);
});

test("without a sha512, what an earlier run was given for that entry is there again, and said to be no more than that", async () => {
  const registry = await startRegistry({ packages: [{ name: "widget", version: "1.0.0" }] });
  onTestFinished(() => registry.close());
  const home = temporaryFolder();
  const again = async (integrity: string | null, offline: boolean, anew = false, url = registry.url) => {
    const folder = temporaryFolder();
    const flat = { registry: url, cache: join(folder, "npm"), omit: [] };
    const registries = registriesOf(flat, "never", []);
    const ref = refOf({ packageName: "widget", version: "1.0.0" } as TreeNode)!;
    const more = { optional: false, extraneous: false, hasInstallScript: false };
    const place = { location: "node_modules/widget", resolved: null, integrity, ...more };
    const { locked } = mergePlaces([{ package: ref, place }], registries);
    const host = testHost({ home, offline });
    return obtainBytes(locked.get(ref.purl)!, { registries, folder, host, anew });
  };
  await expect(again(null, true)).rejects.toMatchObject({ denial: { code: "ARTIFACT_UNAVAILABLE" } });
  const { digests, isKept } = await again(null, false);
  expect(isKept).toBeUndefined();
  const asked = registry.requests.length;
  expect(await again(null, true)).toMatchObject({ digests, isKept: true });
  expect(await again(null, false)).toMatchObject({ digests, isKept: true });
  expect(registry.requests.length).toBe(asked);
  const fetched = await again(null, false, true);
  expect(fetched.digests).toEqual(digests);
  expect(fetched.isKept).toBeUndefined();
  expect(registry.requests.length).toBe(asked + 1);
  // Of another registry, and of an entry that says something else, nothing is known.
  await expect(again(null, true, false, "https://other.example/")).rejects.toMatchObject({
    denial: { code: "ARTIFACT_UNAVAILABLE" },
  });
  const sha1 = `sha1-${Buffer.alloc(20).toString("base64")}`;
  await expect(again(sha1, true)).rejects.toMatchObject({ denial: { code: "ARTIFACT_UNAVAILABLE" } });
  expect(registry.requests.length).toBe(asked + 1);
});
