import { assertGlobal, foldersOf } from "../../../../plugins/npm/global/compare.ts";
import { filled } from "../../../support/filled.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { testHost } from "../../../support/npm-session.ts";
import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

interface There {
  /** Folders below lib/node_modules, and what package.json of each says. */
  readonly packages: Readonly<Record<string, string>>;
  /** Commands, and where they lead. */
  readonly bins?: Readonly<Record<string, string>>;
}

function lay({ packages, bins = {} }: There) {
  const prefix = realpathSync(temporaryFolder());
  for (const [location, spec] of Object.entries(packages)) {
    const at = spec.lastIndexOf("@");
    write(prefix, `lib/node_modules/${location}/package.json`, {
      name: spec.slice(0, at),
      version: spec.slice(at + 1),
    });
  }
  for (const [name, to] of Object.entries(bins)) {
    mkdirSync(join(prefix, "bin"), { recursive: true });
    mkdirSync(join(prefix, to), { recursive: true });
    symlinkSync(join(prefix, to), join(prefix, "bin", name));
  }
  return { prefix, packages: "lib/node_modules", bins: "bin" };
}

function write(prefix: string, path: string, content: object): void {
  mkdirSync(dirname(join(prefix, path)), { recursive: true });
  writeFileSync(join(prefix, path), JSON.stringify(content));
}

const TOOL = filled("tool@1.0.0", { bin: { tool: "cli.js" }, carried: ["node_modules/brought"] });
const DEEP = filled("deep@2.0.0");
const OTHER = filled("@acme/other@3.0.0");

function compare(there: There, part: object = {}, links?: boolean) {
  const config = { get: (key: string) => (key === "bin-links" ? links : undefined) } as never;
  const expected = {
    folder: lay(there),
    names: ["tool", "@acme/other"],
    before: [],
    packages: [TOOL, DEEP, OTHER],
    tops: [TOOL, OTHER],
    ...part,
  };
  return assertGlobal(expected, { config, host: testHost({ home: temporaryFolder() }) });
}

const HONEST = { tool: "tool@1.0.0", "tool/node_modules/deep": "deep@2.0.0", "@acme/other": "@acme/other@3.0.0" };
const mismatch = (message: string) => ({
  kind: "unbound",
  code: "INSTALLED_MISMATCH",
  message: expect.stringMatching(new RegExp(`: ${message}$`)) as string,
  hint: expect.stringContaining("back as they were") as string,
});

describe("what npm has put among the global packages", () => {
  it("is what was proven, with what a proven archive brings along", async () => {
    const brought = { "tool/node_modules/brought": "brought@9.0.0" };
    await expect(compare({ packages: { ...HONEST, ...brought } })).resolves.toBeUndefined();
  });

  it("is another version than the one that was named", async () => {
    const packages = { ...HONEST, tool: "tool@1.0.1" };
    await expect(compare({ packages })).rejects.toMatchObject(mismatch("tool is tool@1.0.1"));
  });

  it("is another package that was proven, in the place of the one that was named", async () => {
    const packages = { ...HONEST, tool: "deep@2.0.0" };
    await expect(compare({ packages })).rejects.toMatchObject(mismatch("tool is deep@2.0.0"));
  });

  it("is something below it that was not proven, also of a name that another archive brings along", async () => {
    const packages = { ...HONEST, "tool/node_modules/strange": "strange@1.0.0" };
    await expect(compare({ packages })).rejects.toMatchObject(mismatch("tool/node_modules/strange was not proven"));
    const elsewhere = { ...HONEST, "@acme/other/node_modules/brought": "brought@9.0.0" };
    await expect(compare({ packages: elsewhere })).rejects.toMatchObject(
      mismatch("@acme/other/node_modules/brought was not proven"),
    );
  });

  it("is not there", async () => {
    await expect(compare({ packages: { tool: "tool@1.0.0" } })).rejects.toMatchObject(
      mismatch("@acme/other is undefined@undefined"),
    );
  });

  it("is beside something that was there before, which is no matter, and something new, which is", async () => {
    const packages = { ...HONEST, old: "old@1.0.0" };
    const before = [{ name: "old", isLink: false }];
    await expect(compare({ packages }, { before })).resolves.toBeUndefined();
    await expect(compare({ packages })).rejects.toMatchObject(mismatch("old appeared"));
  });

  it("no more than five differences are named", async () => {
    const strange = Object.fromEntries([1, 2, 3, 4, 5, 6].map((at) => [`tool/node_modules/s${at}`, "s@1.0.0"]));
    const five = [1, 2, 3, 4, 5].map((at) => `tool/node_modules/s${at} was not proven`).join("; ");
    await expect(compare({ packages: { ...HONEST, ...strange } })).rejects.toMatchObject(mismatch(five));
  });
});

describe.skipIf(process.platform === "win32")("a command of the package", () => {
  it("leads into it", async () => {
    const bins = { tool: "lib/node_modules/tool/cli.js", strange: "elsewhere" };
    await expect(compare({ packages: HONEST, bins })).resolves.toBeUndefined();
  });

  it("leads elsewhere, into another one, too", async () => {
    for (const to of ["elsewhere", "lib/node_modules/@acme/other/cli.js"])
      await expect(compare({ packages: HONEST, bins: { tool: to } })).rejects.toMatchObject(
        mismatch("command tool leads elsewhere"),
      );
  });

  it("is none of npm's where it makes no links", async () => {
    const there = { packages: HONEST, bins: { tool: "elsewhere" } };
    await expect(compare(there, {}, false)).resolves.toBeUndefined();
    await expect(compare(there, {}, true)).rejects.toMatchObject(mismatch("command tool leads elsewhere"));
  });
});

it("the folders of packages are those below the named ones, and of that version", async () => {
  const folder = lay({ packages: { ...HONEST, "tool/node_modules/older": "deep@1.0.0", left: "deep@2.0.0" } });
  const host = testHost({ home: temporaryFolder() });
  const purls = new Set([DEEP, OTHER].map(({ locked }) => locked.package.purl));
  expect(await foldersOf(purls, ["tool", "@acme/other"], { folder, host })).toEqual(
    ["tool/node_modules/deep", "@acme/other"].map((one) => join(folder.prefix, "lib/node_modules", one)),
  );
});
