import { locksMeantBy, unlockedBeside } from "../../../../plugins/dotnet/resolve/locks-beside.ts";
import { putInto, temporaryFolder } from "../../../support/folder.ts";
import { testHost } from "../../../support/npm-session.ts";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});
const put = (path: string, text = "<Project />") => putInto(folder, path, text);
const lock = (name = "packages.lock.json") => join(folder, name);

describe("what a restore brings beside a lock", () => {
  const beside = async (name?: string) => {
    const found = await unlockedBeside(lock(name), testHost({ home: temporaryFolder() }));
    const wanted = [...found.wanted].map(([key, { locations, stated }]) => [key, locations.length, stated] as const);
    return { wanted, unbound: found.unbound, notGated: found.notGated.map((one) => one.name) };
  };
  const packs = (name: string) => `what the SDK downloads for ${name}`;

  it("is what the SDK downloads for each project there, and nothing of other files", async () => {
    for (const name of ["a.csproj", "b.FSPROJ", "c.proj", "d.csproj.user", "proj"]) put(name);
    const { wanted, unbound, notGated } = await beside();
    expect([wanted, unbound]).toEqual([[], []]);
    expect(notGated.toSorted()).toEqual([packs("a.csproj"), packs("b.FSPROJ"), packs("c.proj")]);
  });

  it("is of the lock's own project, where it is called after one", async () => {
    for (const name of ["My App.csproj", "other.csproj"]) put(name);
    expect((await beside("packages.my_app.lock.json")).notGated).toEqual([packs("My App.csproj")]);
    expect((await beside("packages.none.lock.json")).notGated).toEqual([]);
  });

  it("is a project SDK that a version names: it is judged, too", async () => {
    put("a.csproj", '<Project Sdk="Acme.Sdk/1.2.3" />');
    const { wanted } = await beside();
    expect(wanted).toEqual([["acme.sdk/1.2.3", 1, []]]);
  });

  it("is a manifest of tools", async () => {
    put(".config/dotnet-tools.json", "{}");
    expect((await beside()).notGated).toEqual(["the tools of .config/dotnet-tools.json"]);
  });

  it("is nothing in a folder without any of it", async () => {
    put(".config/other.json", "{}");
    expect(await beside()).toEqual({ wanted: [], unbound: [], notGated: [] });
    expect(
      (await unlockedBeside(join(folder, "gone/packages.lock.json"), testHost({ home: folder }))).notGated,
    ).toEqual([]);
  });
});

describe("which locks are meant by packages.lock.json", () => {
  const meant = async (isNamed: boolean, name?: string) =>
    (await locksMeantBy(lock(name), isNamed)).map((path) => path.slice(folder.length + 1)).toSorted();

  it("those of the projects' own names as well", async () => {
    for (const name of ["packages.lock.json", "packages.a.lock.json", "packages.B.LOCK.json", "packages.lock.json.x"])
      put(name, "{}");
    for (const isNamed of [true, false])
      expect(await meant(isNamed)).toEqual(["packages.B.LOCK.json", "packages.a.lock.json", "packages.lock.json"]);
  });

  it("those alone where it is not there, unless it was named", async () => {
    put("packages.a.lock.json", "{}");
    expect(await meant(false)).toEqual(["packages.a.lock.json"]);
    expect(await meant(true)).toEqual(["packages.a.lock.json", "packages.lock.json"]);
  });

  it("itself where there is no other, and another one where that was named", async () => {
    expect(await meant(false)).toEqual(["packages.lock.json"]);
    put("packages.a.lock.json", "{}");
    expect(await meant(true, "packages.b.lock.json")).toEqual(["packages.b.lock.json"]);
  });
});
