import { table as dotnet } from "../../plugins/dotnet/table.ts";
import { table as npm } from "../../plugins/npm/table.ts";
import { table as pip } from "../../plugins/pip/table.ts";
import { requireDeclared } from "../../src/project/declared.ts";
import type { Table } from "../../src/table.ts";
import { temporaryFolder } from "../support/folder.ts";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";

const HEX = "0123456789abcdef";

/** A way that ends with `/` is a folder; one that begins with `-` is not there. */
const DECLARED: readonly (readonly [Table, string])[] = [
  [npm, "node_modules/"],
  [npm, "-node_modules"],
  [npm, "packages/a/node_modules/"],
  [npm, "package-lock.json"],
  [npm, "-npm-shrinkwrap.json"],
  [npm, "packages/a/package.json"],
  [npm, "lib/node_modules/@acme/widget/"],
  [npm, "bin/widget"],
  [dotnet, "obj/project.assets.json"],
  [dotnet, "src/App/-App.csproj.nuget.g.props"],
  [dotnet, "locks/app.lock"],
  [dotnet, `src/obj/.safe-install/${HEX}/`],
  [dotnet, `obj/.safe-install-tools/-${HEX}`],
];

const STRANGE: readonly (readonly [Table, string])[] = [
  [npm, "src/"],
  [npm, "src/index.js"],
  [npm, "node_modules.old/"],
  [npm, "package.json/"],
  [npm, ".npmrc"],
  [dotnet, "obj/"],
  [dotnet, "src/"],
  [dotnet, "packages.lock.json/"],
  [dotnet, "obj/.safe-install/"],
  [dotnet, `.safe-install/${HEX}/`],
  [pip, "lib/"],
  [pip, "lib/python3.12/site-packages/"],
  [pip, "pyvenv.cfg"],
];

it.each(DECLARED.map(([table, way]) => [table.ecosystem, way, table] as const))(
  "%s replaces %s",
  async (_, way, table) => {
    const root = temporaryFolder();
    await expect(requireDeclared(pathsOf(root, way), table)).resolves.toBeUndefined();
  },
);

it.each(STRANGE.map(([table, way]) => [table.ecosystem, way, table] as const))(
  "%s never replaces %s",
  async (_, way, table) => {
    const root = temporaryFolder();
    await expect(requireDeclared(pathsOf(root, way), table)).rejects.toMatchObject({ code: "OUTSIDE_PROJECT" });
  },
);

it.each([
  [npm, true],
  [pip, true],
  [dotnet, false],
] as const)("files of a folder change in place where the table says so", async (table, allowed) => {
  const root = temporaryFolder();
  const asked = requireDeclared({ root, found: [], replaces: [{ path: root, touches: ["a"] }] }, table);
  await (allowed
    ? expect(asked).resolves.toBeUndefined()
    : expect(asked).rejects.toMatchObject({ kind: "unavailable" }));
});

it("a way through a link is the way to where it leads", async () => {
  const [root, other] = [temporaryFolder(), temporaryFolder()];
  mkdirSync(join(root, "src"));
  symlinkSync(root, join(other, "link"));
  const asked = (name: string) => ({ root: join(other, "link"), found: [], replaces: [{ path: join(root, name) }] });
  await expect(requireDeclared(asked("node_modules"), npm)).resolves.toBeUndefined();
  await expect(requireDeclared(asked("src"), npm)).rejects.toMatchObject({ code: "OUTSIDE_PROJECT" });
  symlinkSync(join(root, "src"), join(root, "node_modules"));
  await expect(requireDeclared(asked("node_modules"), npm)).resolves.toBeUndefined();
});

it("one that is none among many is seen", async () => {
  const root = temporaryFolder();
  const replaces = ["node_modules", "package.json", "src/"].flatMap((way) => pathsOf(root, way).replaces);
  await expect(requireDeclared({ root, found: [], replaces }, npm)).rejects.toMatchObject({ code: "OUTSIDE_PROJECT" });
});

function pathsOf(root: string, way: string) {
  const path = join(root, way.replace(/(^|\/)-/, "$1"));
  if (way.endsWith("/")) mkdirSync(path, { recursive: true });
  else mkdirSync(dirname(path), { recursive: true });
  if (!/\/$|(?:^|\/)-/.test(way)) writeFileSync(path, "");
  return { root, found: [], replaces: [{ path: path.replace(/\/$/, "") }] };
}
