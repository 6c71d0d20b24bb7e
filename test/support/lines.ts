import { execa } from "execa";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { temporaryFolder } from "./folder.ts";

/** A package of the registry, in a folder of its own; none of its scripts runs. */
export async function fetchPackage(spec: string): Promise<string> {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "package.json"), "{}");
  await execa("npm", ["install", spec, "--no-audit", "--no-fund", "--ignore-scripts"], { cwd: folder });
  return folder;
}

/** A folder for PATH with the newest npm of a line. @throws Error it is of another */
export async function npmOfLine(line: string): Promise<string> {
  const folder = await fetchPackage(`npm@${line}`);
  const bin = join(folder, "bin");
  mkdirSync(bin);
  symlinkSync("../node_modules/npm/bin/npm-cli.js", join(bin, "npm"));
  const { stdout } = await execa("npm", ["--version"], { cwd: folder, env: { PATH: before(bin) } });
  if (stdout.split(".")[0] !== line) throw new Error(`npm ${stdout} instead of ${line}`);
  return bin;
}

/** PATH with a folder ahead of it. */
export function before(bin: string): string {
  return `${bin}${delimiter}${process.env["PATH"] ?? ""}`;
}
