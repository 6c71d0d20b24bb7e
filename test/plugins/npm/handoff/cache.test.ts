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
