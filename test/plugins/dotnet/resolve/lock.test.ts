import { join as joinResolutions, readLock } from "../../../../plugins/dotnet/resolve/lock.ts";
import { readBounded } from "../../../../src/io/files.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { writeFiles } from "../../../support/nuget/project.ts";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const HASH = Buffer.alloc(64, 1).toString("base64");
const OTHER = Buffer.alloc(64, 2).toString("base64");

describe("packages.lock.json", () => {
  async function read(lock: unknown) {
    const folder = temporaryFolder();
    writeFiles(folder, { "packages.lock.json": typeof lock === "string" ? lock : JSON.stringify(lock) });
    return readLock(join(folder, "packages.lock.json"), { read: readBounded });
  }
  const lock = (entries: Record<string, unknown>, version: unknown = 1) => ({
    version,
    dependencies: { "net10.0": entries },
  });
  const entry = { type: "Direct", requested: "[1.0.0, )", resolved: "1.0.0", contentHash: HASH };
  const codes = ({ unbound }: Awaited<ReturnType<typeof read>>) => unbound.map(({ denial }) => denial.code);

  it("packages of every framework, each once; projects stay outside", async () => {
    const { wanted, notGated, unbound } = await read({
      version: 2,
      dependencies: {
        "net10.0": { "Acme.Widget": entry, app: { type: "Project" } },
        "net10.0/linux-x64": {
          "acme.widget": { ...entry, type: "Transitive" },
          "Acme.Native": { ...entry, type: "CentralTransitive" },
        },
      },
    });
    expect([...wanted.keys()]).toEqual(["acme.widget/1.0.0", "acme.native/1.0.0"]);
    expect(wanted.get("acme.widget/1.0.0")).toMatchObject({
      locations: ["net10.0", "net10.0/linux-x64"],
      stated: [{ algorithm: "sha512" }],
    });
    expect({ notGated: notGated.map(({ name }) => name), unbound }).toEqual({ notGated: ["app"], unbound: [] });
  });

  it("what each needs, as it was resolved for its framework; what is not there is nobody's to name", async () => {
    const needing = { ...entry, dependencies: { "ACME.base": "[1.0.0, )", "System.Pruned": "4.0.0", app: "1.0.0" } };
    const { wanted } = await read({
      version: 2,
      dependencies: {
        "net10.0": { w: needing, "Acme.Base": { ...entry, resolved: "1.1.0" }, app: { type: "Project" } },
        "net9.0": { w: needing, "Acme.Base": entry },
      },
    });
    expect(wanted.get("w/1.0.0")?.needs).toEqual(["pkg:nuget/Acme.Base@1.0.0", "pkg:nuget/Acme.Base@1.1.0"]);
    expect(wanted.get("acme.base/1.0.0")?.needs).toEqual([]);
  });

  it.each<[string, unknown]>([
    ["no JSON", "{"],
    ["another version", lock({}, 4)],
    ["a version as text", lock({}, "1")],
    ["no dependencies", { version: 1 }],
    ["an entry without a version", lock({ a: { ...entry, resolved: undefined } })],
    ["an entry with a range", lock({ a: { ...entry, resolved: "[1.0,2.0)" } })],
    ["an entry without a hash", lock({ a: { ...entry, contentHash: undefined } })],
    ["a hash that is too short", lock({ a: { ...entry, contentHash: "AAAA" } })],
    ["an id that leads elsewhere", lock({ "../a": entry })],
    ["null in the place of an entry", lock({ a: null })],
    ["a list in the place of an entry", lock({ a: [entry] })],
    ["null in the place of a framework", { version: 1, dependencies: { "net10.0": null } }],
    ["a list in the place of frameworks", { version: 1, dependencies: [] }],
    ["a member that NuGet never wrote", lock({ a: { ...entry, path: "x" } })],
    ["a table that NuGet never wrote", { ...lock({ a: entry }), packages: {} }],
    ["an entry of no type", lock({ a: { ...entry, type: undefined } })],
    ["an entry of another type", lock({ a: { ...entry, type: "project" } })],
    ["a project with bytes", lock({ a: { ...entry, type: "Project" } })],
    ["a version that is a number", lock({ a: { ...entry, resolved: 1 } })],
    ["dependencies that are a list", lock({ a: { ...entry, dependencies: ["b"] } })],
    ["a range that is null", lock({ a: { ...entry, dependencies: { b: null } } })],
    ["the same name twice", '{"version":1,"dependencies":{"net10.0":{"a":{},"a":{}}}}'],
  ])("%s cannot be bound", async (_, text) => expect(codes(await read(text))).toEqual(["LOCK_UNSUPPORTED"]));

  it("two hashes for one package are a contradiction, also across locks", async () => {
    const one = await read(lock({ "Acme.Widget": entry }));
    const two = await read(lock({ "acme.widget": { ...entry, contentHash: OTHER } }));
    expect(codes(joinResolutions([one, two]))).toEqual(["INTEGRITY_UNUSABLE"]);
  });
});
