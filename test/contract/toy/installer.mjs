/** The real installer of the toy ecosystem: `install FEED FOLDER` and `list`. It writes in place and knows no way back. */
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [command, feed, folder] = process.argv.slice(2);
if (command === "list") {
  console.log("toy lists");
} else {
  mkdirSync(folder, { recursive: true });
  const list = join(folder, ".toy");
  const before = existsSync(list) ? JSON.parse(readFileSync(list, "utf8")) : [];
  const names = readdirSync(feed).toSorted();
  for (const name of before) if (!names.includes(name)) rmSync(join(folder, name));
  for (const [at, name] of names.entries()) {
    copyFileSync(join(feed, name), join(folder, name));
    // Half way: the program that started it is gone, and so is it.
    if (at === 0 && process.env.TOY_DIES === "half") {
      process.kill(process.ppid, "SIGKILL");
      process.kill(process.pid, "SIGKILL");
    }
  }
  if (process.env.TOY_LIES) writeFileSync(join(folder, names.at(-1)), "something else");
  writeFileSync(list, JSON.stringify(names));
  process.exitCode = Number(process.env.TOY_EXIT ?? 0);
}
