import { execa } from "execa";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** One line of npm, unpacked. */
export interface NpmLine {
  readonly version: string;
  /** Its own folder. */
  readonly folder: string;
}

/** A package of the registry, into a folder of its own; none of its scripts runs. */
export async function fetchPackage(spec: string, folder: string): Promise<string> {
  writeFileSync(join(folder, "package.json"), "{}");
  await execa("npm", ["install", spec, "--no-audit", "--no-fund", "--ignore-scripts"], { cwd: folder });
  return folder;
}

/** `SAFE_INSTALL_NPMS` may name a folder that holds `10/node_modules/npm` and the like; else the registry is asked. */
export async function npmLine(line: string, empty: string): Promise<NpmLine> {
  const kept = join(process.env["SAFE_INSTALL_NPMS"] ?? "/nowhere", line, "node_modules", "npm");
  const folder = existsSync(kept) ? kept : join(await fetchPackage(`npm@${line}`, empty), "node_modules", "npm");
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { readonly version: string };
  return { version, folder };
}
