import { type Filled, fillCache } from "../../../../plugins/npm/handoff/cache.ts";
import { registriesOf } from "../../../../plugins/npm/origin.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import cacache from "cacache";
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const registries = registriesOf({ omit: [], cache: "", registry: "https://npm.example/" }, "never", []);

function filled(version: string, location: string): Filled {
  const file = join(temporaryFolder(), "w.tgz");
  writeFileSync(file, version);
  const digests = ["sha256", "sha512"].map((algorithm) => ({
    algorithm,
    hex: createHash(algorithm).update(version).digest("hex"),
  }));
  const place = { location, resolved: null, integrity: null, optional: false, extraneous: false };
  const locked = {
    package: { ecosystem: "npm", name: "w", version, purl: `pkg:npm/w@${version}` },
    stated: { hex: {}, text: "" },
    places: [{ ...place, hasInstallScript: false }],
  };
  return { locked, bytes: { file, digests } } as unknown as Filled;
}

/** What npm would be told of w. */
async function packumentFor(conflicts: Parameters<typeof fillCache>[3]) {
  const folder = temporaryFolder();
  const packages = [filled("2.0.0", "node_modules/w"), filled("1.0.0", "node_modules/z/node_modules/w")];
  await fillCache(folder, packages, registries, conflicts);
  const { data } = await cacache.get(join(folder, "_cacache"), "safe-install:https://npm.example/w");
  return JSON.parse(data.toString("utf8")) as {
    readonly "dist-tags": Readonly<Record<string, string>>;
    readonly versions: Readonly<Record<string, { readonly dist: { readonly integrity?: string } }>>;
  };
}

test("a tag means the version that the lock has where it is asked for", async () => {
  const packument = await packumentFor([
    { name: "w", spec: "next", version: "2.0.0" },
    { name: "w", spec: "old", version: "1.0.0" },
  ]);
  expect(packument["dist-tags"]).toMatchObject({ next: "2.0.0", old: "1.0.0" });
});

test("also the tag that npm takes where none is named; of two that ask for it the first counts", async () => {
  const packument = await packumentFor([
    { name: "w", spec: "latest", version: "2.0.0" },
    { name: "w", spec: "latest", version: "1.0.0" },
  ]);
  expect(packument["dist-tags"]).toEqual({ latest: "2.0.0" });
});

test("a version that is not proven is no answer to a tag", async () => {
  const packument = await packumentFor([{ name: "w", spec: "next", version: "3.0.0" }]);
  expect(packument["dist-tags"]).toEqual({ latest: "1.0.0", next: "1.0.0" });
});

test("a version that is asked for and not proven has no bytes; a proven one has its own", async () => {
  const { versions } = await packumentFor([
    { name: "w", spec: "^3.0.0", version: "2.0.0" },
    { name: "w", spec: "1.0.0", version: "2.0.0" },
  ]);
  const own = (version: string) => `sha512-${createHash("sha512").update(version).digest("base64")}`;
  const given = Object.entries(versions).map(([version, { dist }]) => [version, dist.integrity]);
  expect(Object.fromEntries(given)).toEqual({ "3.0.0": undefined, "2.0.0": own("2.0.0"), "1.0.0": own("1.0.0") });
});

const SHA512 = `sha512-${createHash("sha512").update("1.0.0").digest("base64")}`;
const AT = "https://npm.example/w/-/w-1.0.0.tgz";

/** Which of its questions about `w@1.0.0` npm finds answered. */
async function answered(
  places: readonly (readonly [resolved: string | null, integrity: string | null])[],
  part: {
    readonly conflicts?: Parameters<typeof fillCache>[3];
    readonly resolves?: boolean;
    readonly archive?: object;
  } = {},
) {
  const folder = temporaryFolder();
  const one = filled("1.0.0", "node_modules/w");
  const manifest = { dependencies: { other: "1" } };
  const all = places.map(([resolved, integrity]) => ({ ...one.locked.places[0]!, resolved, integrity, manifest }));
  const locked = { ...one.locked, places: all, ...(part.archive === undefined ? {} : { archive: part.archive }) };
  await fillCache(folder, [{ ...one, locked } as Filled], registries, part.conflicts ?? [], part.resolves ?? false);
  const keys = Object.keys(await cacache.ls(join(folder, "_cacache")));
  const packument = keys.some((key) => key.endsWith("safe-install:https://npm.example/w"));
  const text = packument
    ? (await cacache.get(join(folder, "_cacache"), "safe-install:https://npm.example/w")).data.toString("utf8")
    : "";
  return { packument, tarball: keys.some((key) => key.includes(AT)), keys, depends: text.includes('"other":"1"') };
}

test("where the lock says address and digest, npm asks for neither; else both are answered", async () => {
  expect(await answered([[AT, SHA512]])).toMatchObject({ packument: false, tarball: false, keys: [] });
  for (const place of [
    [null, SHA512],
    [AT, null],
    [AT, "sha1-x"],
  ] as const) {
    expect(await answered([place])).toMatchObject({ packument: true, tarball: true, depends: false });
    expect(await answered([[AT, SHA512], place])).toMatchObject({ packument: true, tarball: true });
  }
});

test("also where npm looks once more for that name, or resolves anew: then with what it depends on", async () => {
  const conflicts = [{ name: "w", spec: "1.0.0", version: "1.0.0" }];
  expect(await answered([[AT, SHA512]], { conflicts })).toMatchObject({
    packument: true,
    tarball: true,
    depends: false,
  });
  const others = [{ name: "v", spec: "1.0.0", version: "1.0.0" }];
  expect(await answered([[AT, SHA512]], { conflicts: others })).toMatchObject({ packument: false, tarball: false });
  expect(await answered([[AT, SHA512]], { resolves: true })).toMatchObject({ packument: true, depends: true });
});

test("an archive that comes from no registry answers for no name", async () => {
  const archive = { place: { url: "https://h.example/w.tgz" }, file: null };
  expect(await answered([[null, null]], { archive, resolves: true })).toMatchObject({ keys: [] });
});
