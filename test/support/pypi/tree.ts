import { sha256 } from "./distributions.ts";
import { execa } from "execa";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

/** An environment's own pip. Whoever waits for it goes on serving the index that it asks. @throws Error where it fails */
export async function plainPip(
  environment: string,
  words: readonly string[],
  how: { readonly cwd: string; readonly env: Readonly<Record<string, string | undefined>> },
): Promise<void> {
  await execa(join(environment, "bin/pip"), words, { ...how, extendEnv: false, stdin: "ignore" });
}

/** What lies in two environments: how many files the second has, and each that the first has otherwise. */
export function differing(
  plain: string,
  gated: string,
): { readonly files: number; readonly other: readonly unknown[] } {
  const [theirs, ours] = [treeOf(plain), treeOf(gated)];
  const paths = [...new Set([...theirs.keys(), ...ours.keys()])].filter((path) => theirs.get(path) !== ours.get(path));
  return { files: ours.size, other: paths.map((path) => [path, theirs.get(path), ours.get(path)]) };
}

/** Modes and bytes; what is an environment's own path, or a time, counts as the same. */
function treeOf(top: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const walk = (path: string) => {
    for (const name of readdirSync(join(top, path))) {
      const way = join(path, name);
      const stats = lstatSync(join(top, way));
      if (/site-packages\/pip$|^pyvenv\.cfg$|^bin\/activate/.test(way)) continue;
      if (stats.isDirectory()) walk(way);
      else if (stats.isSymbolicLink()) found.set(way, `link ${readlinkSync(join(top, way))}`);
      else
        found.set(
          way,
          `${(stats.mode & 0o7777).toString(8)} ${sha256(plainly(way, readFileSync(join(top, way)), top))}`,
        );
    }
  };
  walk(".");
  return found;
}

function plainly(way: string, bytes: Buffer, top: string): Buffer {
  const text = bytes.toString("latin1").replaceAll(top, "/same!");
  if (way.endsWith(".pyc")) return Buffer.from(text.slice(0, 8) + text.slice(12), "latin1");
  if (!way.endsWith(".dist-info/RECORD")) return Buffer.from(text, "latin1");
  return Buffer.from(text.replaceAll(/^(.*\.pyc|(?:\.\.\/)+bin\/.*),sha256=.*$/gm, "$1"), "latin1");
}
