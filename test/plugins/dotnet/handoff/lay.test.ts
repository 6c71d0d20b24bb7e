/** Packages that are unpacked for NuGet: those of which nothing can be read in two ways, and only what was proven. */
import { comparePackages } from "../../../../plugins/dotnet/handoff/compare.ts";
import { layPackages } from "../../../../plugins/dotnet/handoff/lay.ts";
import { refOf } from "../../../../plugins/dotnet/names.ts";
import { makePackage } from "../../../support/nuget.ts";
import { entriesOf } from "../../../support/nuget/package.ts";
import { makeZip } from "../../../support/nuget/zip.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
  mkdirSync(join(folder, "feed"));
});

const REF = refOf("Acme.Pack", "1.0.0")!;
const PLACE = "into/acme.pack/1.0.0";
const signal = new AbortController().signal;

const hashOf = (bytes: Buffer) => createHash("sha512").update(bytes).digest("hex");
const hashesOf = (bytes: Buffer) => new Map([["acme.pack/1.0.0", hashOf(bytes)]]);

async function lay(bytes: Buffer, { env = {}, of = bytes }: { env?: Record<string, string>; of?: Buffer } = {}) {
  writeFileSync(join(folder, "feed", "acme.pack.1.0.0.nupkg"), bytes);
  const where = { into: join(folder, "into"), feed: join(folder, "feed"), hashes: hashesOf(of) };
  return layPackages([REF], where, { env, signal });
}

const packageWith = (...names: readonly string[]) =>
  makePackage({ id: "Acme.Pack", version: "1.0.0", files: Object.fromEntries(names.map((name) => [name, name])) });

describe("a usual package", () => {
  const bytes = packageWith("lib/net10.0/Acme.Pack.dll", "content/a b+c.txt", "_rels/.rels", "x/core.psmdcp");

  it("is unpacked as NuGet unpacks it", async () => {
    const laid = await lay(bytes);
    expect([...(laid.get("acme.pack/1.0.0")?.keys() ?? [])].sort()).toEqual([
      ".nupkg.metadata",
      "acme.pack.1.0.0.nupkg",
      "acme.pack.1.0.0.nupkg.sha512",
      "acme.pack.nuspec",
      "content/a b+c.txt",
      "lib/net10.0/Acme.Pack.dll",
      "lib/netstandard2.0/_._",
    ]);
    const file = join(folder, PLACE, "lib/net10.0/Acme.Pack.dll");
    expect(readFileSync(file, "utf8")).toBe("lib/net10.0/Acme.Pack.dll");
    expect(statSync(file).mode & 0o777).toBe(0o766 & ~process.umask());
    expect(statSync(file).mtime.getTime()).toBe(new Date(1980, 0, 1).getTime());
    const hash = createHash("sha512").update(bytes).digest("base64");
    expect(readFileSync(join(folder, PLACE, "acme.pack.1.0.0.nupkg.sha512"), "utf8")).toBe(hash);
    expect(JSON.parse(readFileSync(join(folder, PLACE, ".nupkg.metadata"), "utf8"))).toEqual({
      version: 2,
      contentHash: hash,
      source: join(folder, "feed"),
    });
  });

  it("is compared with what it came to then, file by file", async () => {
    const laid = await lay(bytes);
    const compared = () => comparePackages(join(folder, "into"), hashesOf(bytes), laid);
    expect(await compared()).toEqual([]);
    const own = (name: string) => join(folder, PLACE, name);
    writeFileSync(own("added.txt"), "evil");
    writeFileSync(own("lib/net10.0/Acme.Pack.dll"), "evil");
    rmSync(own("content/a b+c.txt"));
    symlinkSync("/dev/null", own("lib/linked"));
    expect(await compared()).toEqual([
      "acme.pack 1.0.0: added.txt is not what the package holds",
      "acme.pack 1.0.0: lib/linked (a link) is not what the package holds",
      "acme.pack 1.0.0: lib/net10.0/Acme.Pack.dll is not what the package holds",
      "acme.pack 1.0.0: content/a b+c.txt is missing",
    ]);
    writeFileSync(own("acme.pack.1.0.0.nupkg"), "evil");
    expect(await compared()).toEqual(["acme.pack 1.0.0 was unpacked from other bytes"]);
  });

  it("is not unpacked where its bytes are others than those that were proven", async () => {
    expect(await lay(bytes, { of: packageWith("lib/other.dll") })).toEqual(new Map());
    expect(existsSync(join(folder, "into"))).toBe(false);
  });

  it("is left to NuGet where no documentation is to be unpacked", async () => {
    expect(await lay(bytes, { env: { NUGET_XMLDOC_MODE: "Skip" } })).toEqual(new Map());
    expect((await lay(bytes, { env: { NUGET_XMLDOC_MODE: "none" } })).size).toBe(1);
  });
});

describe("left to NuGet", () => {
  it.each([
    ["a name that it decodes", "lib/a%20b.dll"],
    ["a name with other separators", "lib\\a.dll"],
    ["a name that leads up", "lib/../../a.dll"],
    ["a name from the root", "/lib/a.dll"],
    ["a name that is no ASCII", "lib/\u00e4.dll"],
    ["a folder", "lib/empty/"],
    ["a name that ends in a dot", "lib/a."],
    ["a package in the package", "tools/inner.nupkg"],
    ["what belongs to packing, in other letters", "x/core.PSMDCP"],
    ["what NuGet writes itself", ".nupkg.metadata"],
    ["a hash of its own", "acme.pack.1.0.0.nupkg.sha512"],
    ["a second nuspec", "Other.nuspec"],
    ["one file in two spellings", "lib/netstandard2.0/_._ ".trim().toUpperCase()],
    ["a file where a folder is", "lib/netstandard2.0/_._/a.dll"],
    ["a folder where the package is", "acme.pack.1.0.0.nupkg/a.dll"],
    ["a folder where NuGet's own words are", ".nupkg.metadata/a.dll"],
    ["a name that is longer than a file's", `lib/${"a".repeat(300)}.dll`],
    ["a way that is longer than a file's", `lib/${"abcdefghi/".repeat(500)}a.dll`],
  ])("%s", async (_, name) => {
    expect(await lay(packageWith(name))).toEqual(new Map());
    expect(existsSync(join(folder, "into"))).toBe(false);
  });

  it("an archive that is none to us", async () => {
    const entries = entriesOf({ id: "Acme.Pack", version: "1.0.0" });
    const bytes = Buffer.concat([makeZip(entries), Buffer.from("behind")]);
    expect(await lay(bytes)).toEqual(new Map());
  });
});

it("stops between two packages where it is told to", async () => {
  writeFileSync(join(folder, "feed", "acme.pack.1.0.0.nupkg"), packageWith());
  const stopped = new AbortController();
  stopped.abort(new Error("interrupted"));
  const where = { into: join(folder, "into"), feed: join(folder, "feed"), hashes: new Map() };
  await expect(layPackages([REF], where, { env: {}, signal: stopped.signal })).rejects.toThrow("interrupted");
});
