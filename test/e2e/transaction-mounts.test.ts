/** Real mount points, a real lower layer, and real processes that are killed; as root, in a mount namespace of its own. */
import { BIN } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

/** Runs one transaction over `node_modules`, killed at its nth change of the disk; or recovers where n is 0. */
const PROGRAM = `
import { createTransactions } from ${JSON.stringify(join(dirname(BIN), "io/transaction/transaction.js"))};
import { mountPoints } from ${JSON.stringify(join(dirname(BIN), "io/transaction/mounts.js"))};
import { realDisk } from ${JSON.stringify(join(dirname(BIN), "io/transaction/disk.js"))};
import { mkdirSync, writeFileSync } from "node:fs";
const [root, stateFolder, at, code] = process.argv.slice(2);
let changes = 0;
const disk = Object.fromEntries(Object.entries(realDisk()).map(([name, does]) => [name, (...args) => {
  if (CHANGES.has(name) && ++changes === Number(at)) process.kill(process.pid, "SIGKILL");
  return does(...args);
}]));
const options = { stateFolder, home: "/nobody", notice: console.error, disk, mounts: mountPoints };
const { run, recover } = createTransactions(options);
const paths = { root, found: [], replaces: [{ path: root + "/node_modules" }] };
const work = async () => {
  mkdirSync(root + "/node_modules/new", { recursive: true });
  writeFileSync(root + "/node_modules/new/x", "new");
  return Number(code);
};
if (at === "0") await recover([root]);
else process.exitCode = await run(paths, work);
console.log(changes);
`.replace(
  "CHANGES.has",
  'new Set(["chmod", "copyFile", "lchown", "link", "lutimes", "mkdir", "open", "rename", "rm", "rmdir", "symlink"]).has',
);

const OLD =
  "mkdir -p node_modules/a/b && echo old > node_modules/a/b/x && ln -s ../a node_modules/a/link && chmod 750 node_modules/a";

/** Lays a project in the folder `m`, and its `node_modules`; it can be called again. */
const PLACES = {
  "a folder": `rm -rf m; mkdir m; (cd m; ${OLD})`,
  "a mount point": `umount m/node_modules || rm -rf m; mkdir -p m/node_modules; mount -t tmpfs t m/node_modules; (cd m; ${OLD})`,
  "a folder with a mount point in it": `umount m/node_modules/a/b; rm -rf m; mkdir -p m/node_modules/a/b
    mount -t tmpfs t m/node_modules/a/b; (cd m; ${OLD})`,
  "a folder in a lower layer": `umount m; umount t; mkdir -p t m; mount -t tmpfs t t; mkdir t/lower t/upper t/work
    (cd t/lower; ${OLD}); mount -t overlay o -o lowerdir=t/lower,upperdir=t/upper,workdir=t/work,redirect_dir=off m`,
} as const;

const TREE = "(cd $root/node_modules; find . -printf '%p %m %l ' -type f -exec cat {} ';' -o -printf '\\n' | sort)";

/** Not every step as in the unit test: the first, one while it is copied, and each around the commit point. */
function script(lay: string, code: number): string {
  return `
    program="$PWD/program.mjs"; state="$PWD/state"; root="$PWD/m"; mkdir state
    lay() { ${lay}; } 2> /dev/null
    run() { node "$program" "$root" "$state" "$1" ${code}; }
    lay; ${TREE} > before
    count=$(run 999 | tail -n 1); ${TREE} > after
    for at in 4 6 $((count / 2)) $((count - 3)) $((count - 2)) $((count - 1)) $count; do
      lay; run $at > said; echo "killed $?"
      run 0 > /dev/null; ${TREE} > now
      cmp -s now before && echo "$at before"; cmp -s now after && echo "$at after"
      echo "left [$(ls -A "$root" "$state/journals" | grep -v -e node_modules -e ':$' -e '^$' -e 'draft$')]"
    done`;
}

describe.each(Object.entries(PLACES))("%s", (_, lay) => {
  it.each([0, 7])("killed with -9 (the work gives %i), the next run ends as it should", (code) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "program.mjs"), PROGRAM);
    const { stdout, stderr } = spawnSync("unshare", ["-m", "sh", "-c", script(lay, code)], {
      cwd: folder,
      encoding: "utf8",
    });
    const all = (pattern: RegExp) => stdout.match(pattern)?.length ?? 0;
    expect({ killed: all(/^killed 137$/gm), clean: all(/^left \[\]$/gm) }, stdout + stderr).toEqual({
      killed: 7,
      clean: 7,
    });
    // Past the commit point it is as the work left it; where nothing was committed, both are the same.
    const expected = code === 0 ? { before: 5, after: 2 } : { before: 7, after: 7 };
    expect({ before: all(/ before$/gm), after: all(/ after$/gm) }, stdout + stderr).toEqual(expected);
  });
});
