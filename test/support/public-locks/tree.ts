import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

/** By path: mode, and the digest of a file's content or a link's target. */
export type Tree = ReadonlyMap<string, string>;

/** Ours beside the project, which plain npm does not have. */
const OURS = /^(?:\.git|\.signing-policy\.json|\.signing-recorded\.json)$/;

/** Every file, link and folder of a project. */
export function treeOf(project: string): Tree {
  const tree = new Map<string, string>();
  const folders = [""];
  for (let below = folders.pop(); below !== undefined; below = folders.pop()) {
    for (const name of readdirSync(join(project, below))) {
      const path = below === "" ? name : `${below}/${name}`;
      if (OURS.test(path)) continue;
      const place = join(project, path);
      const stats = lstatSync(place);
      if (stats.isDirectory()) folders.push(path);
      const content = stats.isSymbolicLink() ? readlinkSync(place) : stats.isFile() ? readFileSync(place) : "";
      tree.set(path, `${stats.mode.toString(8)} ${createHash("sha256").update(content).digest("hex")}`);
    }
  }
  return tree;
}
