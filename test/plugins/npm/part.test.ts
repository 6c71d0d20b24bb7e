import { nothingBut, packagesOf, partOf } from "../../../plugins/npm/part.ts";
import { registriesOf } from "../../../plugins/npm/origin.ts";
import { npmDefinitions } from "../../../plugins/npm/private.ts";
import type { Locked, LockResolution } from "../../../plugins/npm/resolve/places.ts";
import type { Host, Proven, Unbound } from "../../../src/plugin.ts";
import { expect, it } from "vitest";

const ref = (name: string) => ({ ecosystem: "npm", name, version: "1.0.0", purl: `pkg:npm/${name}@1.0.0` }) as const;

function locked(name: string, more: Partial<Locked> = {}, hasInstallScript = false): Locked {
  const place = {
    location: `node_modules/${name}`,
    resolved: null,
    integrity: null,
    optional: false,
    extraneous: false,
  };
  return {
    package: ref(name),
    stated: { text: "", hex: { sha512: "ab".repeat(64) } },
    places: [{ ...place, hasInstallScript }],
    ...more,
  };
}

const PUBLIC = String(npmDefinitions().definitions["registry"]?.default);
const unboundAt = (location: string): Unbound => ({
  package: null,
  location,
  denial: { code: "GIT_DEPENDENCY", message: "", details: [] },
});
const UNBOUND = unboundAt("x");
const host = { temporary: () => Promise.resolve("/tmp/none") } as unknown as Host;

function open(all: readonly Locked[], registry = "https://npm.example/", more: Partial<LockResolution> = {}) {
  const resolution = {
    locked: new Map(all.map((one) => [one.package.purl, one])),
    unbound: [],
    notGated: [],
    ...more,
  } as unknown as LockResolution;
  const registries = registriesOf({ registry, "@acme:registry": "https://acme.example/" } as never, "never", []);
  return partOf(resolution, { lock: { path: "/p/package-lock.json", unbound: [UNBOUND] }, registries, host });
}

it("what each needs, by where npm finds it; and its licence, as far as it is known", async () => {
  const at = (name: string, needs: readonly string[], license?: string): Partial<Locked> => {
    const [place] = locked(name).places;
    return { places: place === undefined ? [] : [{ ...place, needs, manifest: { license } }] };
  };
  const b = at("b", []);
  const part = await open([
    locked("a", at("a", ["node_modules/b", "node_modules/linked", "node_modules/b"], "MIT")),
    locked("b", b),
    locked("c"),
  ]);
  expect(part.artifacts.map(({ licence, dependsOn }) => [licence, dependsOn])).toEqual([
    ["MIT", ["pkg:npm/b@1.0.0"]],
    [undefined, []],
    [undefined, undefined],
  ]);
});

it("each package of the lock, with what the lock says of it", async () => {
  const part = await open([locked("a"), locked("b", {}, true)], undefined, { unbound: [unboundAt("y")] });
  expect(part).toMatchObject({ lockfile: "/p/package-lock.json", opens: false, notGated: [] });
  expect(part.unbound.map(({ location }) => location)).toEqual(["x", "y"]);
  expect(part.artifacts.map(({ package: { name }, locations, runsScripts }) => [name, locations, runsScripts])).toEqual(
    [
      ["a", ["node_modules/a"], false],
      ["b", ["node_modules/b"], true],
    ],
  );
  expect(part.artifacts[0]).toMatchObject({
    digests: [{ hex: "ab".repeat(64) }],
    subjectNames: ["pkg:npm/a@1.0.0", "a-1.0.0.tgz"],
  });
  expect(part.artifacts[0]).not.toHaveProperty("archive");
});

it("an archive has its place, no name that evidence may state, and no registry", async () => {
  const place = { url: "https://files.example/a.tgz" };
  const part = await open([locked("a", { archive: { place, file: null } })]);
  const [artifact] = part.artifacts;
  expect(artifact).toMatchObject({ subjectNames: [], archive: place });
  expect(part.registryOf!(artifact!)).toBeNull();
});

it.each([
  ["https://npm.example/feed/", "a", "https://npm.example/feed/"],
  ["https://me:secret@npm.example/feed/", "a", "https://npm.example/feed/"],
  [PUBLIC, "a", null],
  [PUBLIC, "@acme/a", "https://acme.example/"],
])("under %s, %s may come from a mirror: %s", async (registry, name, expected) => {
  const part = await open([locked(name)], registry);
  expect(part.registryOf!(part.artifacts[0]!)).toBe(expected);
});

it("once its archive is here, a package runs scripts that the lock does not tell of", async () => {
  const part = await open([locked("a"), locked("b")]);
  const obtained = part.obtained as unknown as Map<string, { runsScripts: boolean }>;
  obtained.set("pkg:npm/a@1.0.0", { runsScripts: true });
  obtained.set("pkg:npm/b@1.0.0", { runsScripts: false });
  expect(part.artifacts.map(({ runsScripts }) => runsScripts)).toEqual([true, false]);
});

it("a package of another part is none of this one", async () => {
  const part = await open([locked("a")]);
  const other = (await open([locked("b")])).artifacts[0]!;
  await expect(part.obtain(other)).rejects.toThrow("pkg:npm/b@1.0.0 is not of this part");
});

it("all of the part is handed off, each with the bytes that were obtained for it, or nothing", async () => {
  const bare = { ...(await open([locked("a"), locked("b")])), unbound: [] };
  const bytes = new Map(bare.artifacts.map(({ package: { purl, name } }) => [purl, { file: name } as never]));
  const part = { ...bare, obtained: bytes };
  const proven = part.artifacts.map((artifact) => ({ artifact }) as Proven);
  expect(packagesOf(proven, part).map(({ locked: { package: one }, bytes: { file } }) => [one.name, file])).toEqual([
    ["a", "a"],
    ["b", "b"],
  ]);
  expect(packagesOf([...proven, ...proven], part)).toHaveLength(2);
  const [first] = proven;
  const stranger = { artifact: { package: ref("c") } } as Proven;
  const refused = (code: string, message: string) =>
    expect.objectContaining({ kind: "unbound", code, message }) as never;
  expect(() => packagesOf([first!], part)).toThrow(refused("NOT_OBTAINED", "pkg:npm/b@1.0.0 was not proven"));
  expect(() => packagesOf([...proven, stranger], part)).toThrow(
    refused("NOT_OBTAINED", "pkg:npm/c@1.0.0 is not one of this project's packages"),
  );
  expect(() => packagesOf(proven, { ...part, obtained: new Map([...bytes].slice(1)) })).toThrow(
    refused("NOT_OBTAINED", "pkg:npm/a@1.0.0 is not one of this project's packages"),
  );
  expect(() => packagesOf(proven, { ...part, unbound: [UNBOUND] })).toThrow(
    refused("LOCK_UNSUPPORTED", "dependencies that cannot be bound to bytes are never installed"),
  );
});

it("a command that fetches nothing has a part without packages", async () => {
  const used = [{ name: "a" } as never];
  const part = nothingBut(used);
  expect(part).toMatchObject({ lockfile: null, artifacts: [], unbound: [], notGated: used, opens: false });
  await expect(part.obtain({} as never)).rejects.toThrow("no package");
  await expect(part.collect({} as never, { kind: "own" }, false)).rejects.toThrow("no package");
});
