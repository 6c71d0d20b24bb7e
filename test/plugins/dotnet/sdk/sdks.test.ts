import { sdksOf } from "../../../../plugins/dotnet/sdk/sdks.ts";
import type { RestoreTarget } from "../../../../plugins/dotnet/target.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { testHost } from "../../../support/npm-session.ts";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

async function found(files: Readonly<Record<string, string>>) {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const target = { file: join(folder, "a.csproj"), folder } as RestoreTarget;
  return sdksOf(target, testHost({ home: temporaryFolder() }));
}

const PLAIN = '<Project Sdk="Microsoft.NET.Sdk" />';

describe("project SDKs, before a project is read", () => {
  it("none where no version names one", async () => {
    expect(await found({ "a.csproj": PLAIN })).toBeNull();
    expect(await found({ "a.csproj": PLAIN, "global.json": '{/* x */"sdk":{}}' })).toBeNull();
  });

  it("a set of their own where one does", async () => {
    const set = await found({ "a.csproj": '<Project Sdk="Acme.Sdk/1.0.0" />' });
    expect([...(set?.wanted.keys() ?? [])]).toEqual(["acme.sdk/1.0.0"]);
    expect(set?.unbound).toEqual([]);
  });

  it.each([
    ["a document type", { "a.csproj": `<!DOCTYPE Project [<!ENTITY x "y">]>${PLAIN}` }, "a.csproj"],
    ["a rare encoding", { "a.csproj": `<?xml version="1.0" encoding="utf-7"?>${PLAIN}` }, "a.csproj"],
    ["a global.json", { "a.csproj": PLAIN, "global.json": '{/* x */"msbuild-sdks":{"A":"1.0.0"}}' }, "global.json"],
  ])("what we cannot read is denied by name, also where no SDK is seen: %s", async (_, files, name) => {
    const set = await found(files);
    expect(set?.wanted.size).toBe(0);
    expect(set?.unbound).toMatchObject([{ denial: { code: "LOCK_UNSUPPORTED" } }]);
    expect(set?.unbound[0]?.location.endsWith(name)).toBe(true);
  });

  it("no version that is a package's", async () => {
    await expect(found({ "a.csproj": '<Project Sdk="Acme.Sdk/[1,2)" />' })).rejects.toMatchObject({
      code: "SDK_INVALID",
    });
  });
});
