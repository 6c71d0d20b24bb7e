import { repositoryRoot } from "../support/root.ts";
import { existsSync, realpathSync } from "node:fs";
import { delimiter, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** The built program. */
export const BIN_PATH = join(repositoryRoot(), "dist", "src", "bin.js");

/** npm's own entry file: the first `npm` of the PATH, links resolved, so that it is started as safe-install starts it. */
export function npmPath(): string {
  return realpathSync(onPath("npm"));
}

/** The first program of that name. */
export function onPath(name: string): string {
  const places = (process.env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, name));
  const found = places.find((place) => existsSync(place));
  if (found === undefined) throw new Error(`there is no ${name} in PATH`);
  return found;
}

/** The compiled file beside this one. */
export function beside(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}
