import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** As little as git takes for a repository, for what only asks where one ends. One that is there stays as it is. */
export function layRepository(folder: string): void {
  if (existsSync(join(folder, ".git", "HEAD"))) return;
  for (const name of ["objects", "refs"]) mkdirSync(join(folder, ".git", name), { recursive: true });
  writeFileSync(join(folder, ".git", "HEAD"), "ref: refs/heads/main\n");
}
