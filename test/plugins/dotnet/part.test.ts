import { partOf, together, without } from "../../../plugins/dotnet/part.ts";
import { packageKey, refOf } from "../../../plugins/dotnet/names.ts";
import { digestOfHash } from "../../../plugins/dotnet/resolve/lock.ts";
import type { Host, Proven } from "../../../src/plugin.ts";
import { putInto, temporaryFolder } from "../../support/folder.ts";
import { makePackage } from "../../support/nuget.ts";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const RUNS = makePackage({ id: "Acme.Runs", version: "1.0.0", files: { "build/Acme.Runs.targets": "<Project />" } });
const IDLE = makePackage({ id: "Acme.Idle", version: "1.0.0" });
const hashOf = (bytes: Buffer) => digestOfHash(createHash("sha512").update(bytes).digest("base64"))!;
const wanted = (id: string, bytes: Buffer | null) => {
  const ref = refOf(id, "1.0.0")!;
  return [
    packageKey(ref),
    { package: ref, stated: bytes === null ? [] : [hashOf(bytes)], locations: ["net8.0"] },
  ] as const;
};
const set = (...all: ReturnType<typeof wanted>[]) => ({ wanted: new Map(all), unbound: [], notGated: [] });

function open(
  address: string,
  resolution = set(wanted("Acme.Runs", RUNS), wanted("Acme.Idle", IDLE)),
  quarantine?: string,
) {
  let asked = 0;
  const host = {
    env: {},
    read: (path: string) => Promise.resolve(readFileSync(path)),
    store: { take: () => ((asked += 1), Promise.resolve(null)), keep: () => Promise.resolve() },
  } as unknown as Host;
  const settings = {
    files: [],
    sources: new Map([["feed", address]]),
    insecure: new Set<string>(),
    credentials: new Map(),
    mapping: new Map(),
    config: new Map(),
    globalPackagesFolder: join(address, "none"),
  };
  const folder = temporaryFolder();
  const around = {
    project: "/p",
    settings,
    folder,
    learnt: new Map(),
    host,
    ...(quarantine === undefined ? {} : { quarantine }),
  };
  return { part: partOf(resolution, around, "/p/packages.lock.json"), asked: () => asked };
}

function feed(): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "acme.runs.1.0.0.nupkg"), RUNS);
  writeFileSync(join(folder, "acme.idle.1.0.0.nupkg"), IDLE);
  return folder;
}

describe("a set of packages", () => {
  it("is what the lock says of it, and what runs in a build is known once the bytes are here", async () => {
    const { part, asked } = open(feed());
    expect(part).toMatchObject({ lockfile: "/p/packages.lock.json", unbound: [], notGated: [], opens: false });
    expect(
      part.artifacts.map(({ package: one, locations, subjectNames }) => [one.name, locations, subjectNames]),
    ).toEqual([
      ["Acme.Runs", ["net8.0"], []],
      ["Acme.Idle", ["net8.0"], []],
    ]);
    expect(part.artifacts.map(({ runsScripts }) => runsScripts)).toEqual([false, false]);
    const [bytes, again] = await Promise.all([part.obtain(part.artifacts[0]!), part.obtain(part.artifacts[0]!)]);
    await part.obtain(part.artifacts[1]!);
    expect(again).toBe(bytes);
    expect(asked()).toBe(2);
    expect(await bytes.read()).toEqual(RUNS);
    expect(part.artifacts.map(({ runsScripts }) => runsScripts)).toEqual([true, false]);
    expect(part.registryOf!(part.artifacts[0]!)).toBeNull();
  });

  it("has no other packages, and knows a feed that may mirror others", async () => {
    const { part } = open("https://feed.example/v3/index.json");
    expect(part.registryOf!(part.artifacts[0]!)).toBe("https://feed.example/v3/index.json");
    const { part: other } = open(feed(), set(wanted("Acme.Other", IDLE)));
    await expect(part.obtain(other.artifacts[0]!)).rejects.toThrow("acme.other/1.0.0 is not of this part");
  });

  it("comes from where dotnet fetched it for this run, where it did", async () => {
    const place = temporaryFolder();
    mkdirSync(join(place, "acme.idle/1.0.0"), { recursive: true });
    writeFileSync(join(place, "acme.idle/1.0.0/acme.idle.1.0.0.nupkg"), IDLE);
    const { part } = open(feed(), set(wanted("Acme.Idle", null), wanted("Acme.Runs", null)), place);
    expect(await (await part.obtain(part.artifacts[0]!)).read()).toEqual(IDLE);
    await expect(part.obtain(part.artifacts[1]!)).rejects.toMatchObject({ denial: { code: "ARTIFACT_UNAVAILABLE" } });
  });

  it("is asked for evidence where its feeds are", async () => {
    const folder = feed();
    putInto(folder, "acme.idle.1.0.0.nupkg.sigstore.json", "{}");
    const { part } = open(folder);
    const [runs, idle] = part.artifacts;
    expect(await part.collect(idle!, { kind: "beside" }, false)).toHaveLength(1);
    expect(await part.collect(runs!, { kind: "beside" }, false)).toEqual([]);
  });
});

const proven = (name: string, mark: string) =>
  ({ artifact: { package: refOf(name, "1.0.0") }, mark }) as unknown as Proven;

it("what was proven before is asked for again only where a lock says more of its bytes", () => {
  const resolution = set(wanted("Acme.Runs", RUNS), wanted("Acme.Idle", null), wanted("Acme.Other", null));
  const early = [proven("acme.RUNS", ""), proven("ACME.idle", "")];
  expect([...without(resolution, early).wanted.keys()]).toEqual(["acme.runs/1.0.0", "acme.other/1.0.0"]);
  expect([...without(resolution, []).wanted.keys()]).toHaveLength(3);
});

it("what was proven twice is handed off once, as it was proven last", () => {
  const all = together([proven("A", "1"), proven("B", "1")], [proven("a", "2")]);
  expect(all.map((one) => (one as unknown as { mark: string }).mark)).toEqual(["2", "1"]);
});
