import { closedSettings } from "../../../../plugins/dotnet/handoff/closed.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";

const OURS = "ours";

function put(root: string, path: string): string {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, path);
  return file;
}

it("NuGet's settings of a repository say what we say, wherever they lie, and afterwards what they said", async () => {
  const root = temporaryFolder();
  // A change may bring such folders along; only those that the transaction sets aside are out of the way.
  const names = [
    "app/NuGet.Config",
    ".safe-install/nuget.config",
    "app/obj/.safe-install/0123456789abcdef/nuget.config",
  ];
  const files = names.map((name) => put(root, name));
  const set = put(root, "lib/obj/.safe-install/0123456789abcdef/nuget.config");
  symlinkSync("NuGet.Config", join(root, "app", "nuget.config"));
  const closed = await closedSettings(root, [dirname(set)]);
  const link = join(root, "app", "nuget.config");
  const top = join(root, "nuget.config");
  expect(closed.replaces.map(({ path }) => path).toSorted()).toEqual([...files, link, top].toSorted());
  // The transaction has all of them aside by then.
  for (const { path } of closed.replaces) rmSync(path, { force: true });
  await closed.close(OURS);
  expect([...files, link, top].map((path) => readFileSync(path, "utf8"))).toEqual(Array(5).fill(OURS));
  expect(readFileSync(set, "utf8")).toBe("lib/obj/.safe-install/0123456789abcdef/nuget.config");
  await closed.open();
  expect(files.map((path) => readFileSync(path, "utf8"))).toEqual(names);
  expect([lstatSync(link).isSymbolicLink(), existsSync(top)]).toEqual([true, false]);
});
