import type { Paths } from "../host.ts";
import { resolveLinks, wayTo } from "../io/inside.ts";
import { outside } from "../io/transaction/words.ts";
import type { Table } from "../table.ts";
import { lstat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/**
 * Whatever a plugin computes from a project: nothing is replaced but what its table says that its installer replaces.
 * @throws SafeInstallError OUTSIDE_PROJECT
 */
export async function requireDeclared({ root, replaces }: Paths, table: Table): Promise<void> {
  const top = await resolveLinks(root);
  for (const { path, touches } of replaces) {
    const isDeclared =
      touches === undefined ? isNamed(await wayBelow(top, path), table.replaces) : table.changesInPlace;
    if (!isDeclared) throw outside(path, `is nothing that an installation of ${table.ecosystem} packages replaces`);
  }
}

function isNamed(way: string, names: readonly RegExp[]): boolean {
  return names.some((name) => name.test(way));
}

/** With `/` at its end where a folder lies there. */
async function wayBelow(root: string, path: string): Promise<string> {
  const place = join(await resolveLinks(dirname(path)), basename(path));
  const isFolder = (await lstat(place).catch(() => null))?.isDirectory() === true;
  return wayTo(root, place) + (isFolder ? "/" : "");
}
