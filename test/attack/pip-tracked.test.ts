/** An environment that came with the clone: whatever of it would run does so before any verdict. */
import { commitAll } from "../support/git.ts";
import { hasPip, makeEnvironment, NEWEST_PIP } from "../support/pypi/pythons.ts";
import { setStage, type Stage } from "../support/pypi/stage.ts";
import { createInstance, type Instance } from "../support/sigstore.ts";
import { existsSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";

let instance: Instance;

beforeAll(async () => {
  instance = await createInstance();
});

/** On 48163bc the launcher ran in each of these but the first, which it still does. */
describe.skipIf(!hasPip)("an environment inside the repository", () => {
  function lay(tracked: string): { here: Stage; mark: string; bin: string } {
    const here = setStage({ instance, untouched: true });
    const mark = join(here.home, "mark");
    const environment = makeEnvironment(join(here.project, ".venv"), NEWEST_PIP!);
    rmSync(join(environment.folder, ".gitignore"), { force: true }); // Python 3.13 lays one that leaves everything out
    const launcher = `#!${environment.python}\nopen(${JSON.stringify(mark)}, "a").write("ran")\n`;
    writeFileSync(environment.pip, launcher, { mode: 0o755 });
    here.write(".gitignore", tracked);
    return { here, mark, bin: join(here.project, ".venv", "bin") };
  }

  it("of the developer's own is used: git ignores it", async () => {
    const { here, mark } = lay(".venv/\n");
    commitAll(here.project);
    const { exit, stderr } = await here.run([".venv/bin/pip", "list"]);
    expect(exit, stderr).toBe(0);
    expect(existsSync(mark)).toBe(true);
  });

  it.each([
    ["launcher", ".venv/*\n!.venv/bin/\n.venv/bin/*\n!.venv/bin/pip\n"],
    ["interpreter", ".venv/*\n!.venv/bin/\n.venv/bin/*\n!.venv/bin/python*\n"],
    ["pyvenv.cfg", ".venv/*\n!.venv/pyvenv.cfg\n"],
    ["modules", ".venv/*\n!.venv/lib/\n"],
    // pip's own for an environment: an index, a proxy, a host that anybody may answer for.
    ["pip.conf", ".venv/*\n!.venv/pip.conf\n"],
  ])("is refused by name where git tracks its %s", async (_, ignored) => {
    const { here, mark, bin } = lay(ignored);
    here.write(".venv/pip.conf", "[global]\nproxy = http://127.0.0.1:9\n");
    commitAll(here.project);
    const environment = { PATH: `${bin}:${process.env["PATH"] ?? ""}`, VIRTUAL_ENV: join(here.project, ".venv") };
    for (const words of [
      [".venv/bin/pip", "list"],
      ["pip", "install", "x"],
    ]) {
      const { exit, stderr } = await here.run(words, environment);
      expect({ exit, stderr }).toMatchObject({ exit: 127, stderr: expect.stringContaining("PROGRAM_TRACKED") });
    }
    expect(existsSync(mark)).toBe(false);
  });

  // On 5e65d5c they were not looked at; nothing of them ran then, for they were not on the path either.
  it("packages of the user's own (PEP 370) are refused by name where git tracks them", async () => {
    const { here, mark } = lay(".venv/\n");
    here.write(
      "base/lib/python3.11/site-packages/pip/__init__.py",
      `open(${JSON.stringify(mark)}, "a").write("ran")\n`,
    );
    commitAll(here.project);
    const { exit, stderr } = await here.run([".venv/bin/pip", "install", "x"], { PYTHONUSERBASE: "base" });
    expect({ exit, stderr }).toMatchObject({ exit: 127, stderr: expect.stringContaining("PROGRAM_TRACKED") });
    expect(existsSync(mark)).toBe(false);
  });

  it("is refused by name where a link that git tracks leads to it", async () => {
    const { here, mark } = lay(".own/\n");
    renameSync(join(here.project, ".venv"), join(here.project, ".own"));
    symlinkSync(".own", join(here.project, ".venv"));
    commitAll(here.project);
    const { exit, stderr } = await here.run([".venv/bin/pip", "list"]);
    expect({ exit, stderr }).toMatchObject({ exit: 127, stderr: expect.stringContaining("PROGRAM_TRACKED") });
    expect(existsSync(mark)).toBe(false);
  });
});
