import { layKnown, rememberSet } from "../../../../plugins/dotnet/resolve/known.ts";
import { refOf } from "../../../../plugins/dotnet/names.ts";
import type { Host, Proven } from "../../../../src/plugin.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { makePackage } from "../../../support/nuget.ts";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const TARGET = { file: "/p/a.slnx", folder: "/p" };
const PLAIN = makePackage({ id: "Acme.Plain", version: "1.0.0" });
const RUNTIME = makePackage({
  id: "Acme.Runtime",
  version: "1.0.0-Beta",
  files: { "runtime.json": '{"runtimes":{}}' },
});
const sha512 = (bytes: Buffer) => createHash("sha512").update(bytes).digest();

/** A store that has these, whatever it is asked under which digest. */
function hostWith(store: readonly Buffer[]) {
  const cache = new Map<string, Buffer>();
  const host = {
    temporary: () => Promise.resolve(temporaryFolder()),
    cache: {
      get: (key: string) => Promise.resolve(cache.get(key) ?? null),
      put: (key: string, value: Buffer) => (cache.set(key, value), Promise.resolve()),
    },
    store: {
      take: ({ aliases: [alias] }: { aliases: readonly string[] }, file: string) => {
        const found = store.find((one) => alias === `nuget:sha512:${sha512(one).toString("hex")}`);
        if (found !== undefined) writeFileSync(file, found);
        return Promise.resolve(found === undefined ? null : {});
      },
    },
  } as unknown as Host;
  return { host, cache };
}

const proven = (name: string, version: string, bytes: Buffer) =>
  ({
    artifact: { package: refOf(name, version) },
    bytes: {
      digests: [
        { algorithm: "sha256", hex: "00" },
        { algorithm: "sha512", hex: sha512(bytes).toString("hex") },
      ],
    },
  }) as unknown as Proven;

it("packages of an earlier restore are laid as NuGet would lay them, without anything to build from", async () => {
  const { host, cache } = hostWith([PLAIN, RUNTIME]);
  await rememberSet(
    TARGET,
    [proven("Acme.Plain", "1.0.0", PLAIN), proven("Acme.Runtime", "1.0.0-Beta", RUNTIME)],
    host,
  );
  expect([...cache.keys()]).toEqual(["dotnet-set:/p/a.slnx"]);
  const packages = temporaryFolder();
  await layKnown(TARGET, packages, host);
  const plain = join(packages, "acme.plain/1.0.0");
  expect(readdirSync(plain).toSorted()).toEqual([
    ".nupkg.metadata",
    "acme.plain.1.0.0.nupkg",
    "acme.plain.1.0.0.nupkg.sha512",
    "acme.plain.nuspec",
  ]);
  expect(readFileSync(join(plain, "acme.plain.1.0.0.nupkg"))).toEqual(PLAIN);
  expect(readFileSync(join(plain, "acme.plain.1.0.0.nupkg.sha512"), "utf8")).toBe(sha512(PLAIN).toString("base64"));
  expect(readFileSync(join(plain, "acme.plain.nuspec"), "utf8")).toContain("<id>Acme.Plain</id>");
  expect(JSON.parse(readFileSync(join(plain, ".nupkg.metadata"), "utf8"))).toEqual({
    version: 2,
    contentHash: sha512(PLAIN).toString("base64"),
    source: null,
  });
  expect(readFileSync(join(packages, "acme.runtime/1.0.0-beta/runtime.json"), "utf8")).toBe('{"runtimes":{}}');
});

it("another project's are not, nor what the store has not, or has in other bytes", async () => {
  const { host } = hostWith([PLAIN]);
  const packages = temporaryFolder();
  await rememberSet(TARGET, [proven("Acme.Runtime", "1.0.0-Beta", RUNTIME)], host);
  await layKnown(TARGET, packages, host);
  await layKnown({ ...TARGET, file: "/p/b.slnx" }, packages, host);
  // The name of one package, the digest of another.
  await rememberSet(TARGET, [proven("Acme.Other", "1.0.0", PLAIN)], host);
  await layKnown(TARGET, packages, host);
  expect(readdirSync(packages)).toEqual([]);
});

const HEX = sha512(PLAIN).toString("hex");

it.each([
  "no JSON",
  "{}",
  "null",
  "[1, null, {}]",
  JSON.stringify([["Acme.Plain", "1.0.0"]]),
  JSON.stringify([["Acme.Plain", "1.0.0", "abc"]]),
  JSON.stringify([["../Acme.Plain", "1.0.0", HEX]]),
  JSON.stringify([["Acme.Plain", "../1.0.0", HEX]]),
])("what is remembered as %s is no set", async (text) => {
  const { host, cache } = hostWith([PLAIN]);
  const packages = temporaryFolder();
  cache.set("dotnet-set:/p/a.slnx", Buffer.from(text));
  await layKnown(TARGET, packages, host);
  expect(readdirSync(packages)).toEqual([]);
  expect(existsSync(join(packages, ".."))).toBe(true);
});

it("one that is strange does not keep the others away", async () => {
  const { host, cache } = hostWith([PLAIN]);
  const packages = temporaryFolder();
  const all = [["x"], ["../x", "1.0.0", HEX], ["Acme.Gone", "1.0.0", "0".repeat(128)], ["Acme.Plain", "1.0.0", HEX]];
  cache.set("dotnet-set:/p/a.slnx", Buffer.from(JSON.stringify(all)));
  await layKnown(TARGET, packages, host);
  expect(readdirSync(packages)).toEqual(["acme.plain"]);
});
