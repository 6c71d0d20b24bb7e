import { ASIDE } from "../../../plugins/pip/programs/aside.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { PYTHON } from "../../support/pypi/pythons.ts";
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

/** The program of the journal on one folder; `first`: lines that run before it. */
function act(folder: string, action: string, first = ""): unknown {
  const [job, answer] = [`${folder}.json`, `${folder}.answer`];
  const where = { target: folder, places: [folder], prefix: null, root: null, user: false };
  writeFileSync(
    job,
    JSON.stringify({ action, answer, project: folder, pid: process.pid, token: "t", wheels: [], ...where }),
  );
  spawnSync(PYTHON ?? "", ["-I", "-S", "-B", "-c", first + ASIDE, job]);
  return (JSON.parse(readFileSync(answer, "utf8")) as { problem: unknown }).problem;
}

function place(): string {
  const folder = join(temporaryFolder(), "place");
  mkdirSync(join(folder, "kept"), { recursive: true });
  writeFileSync(join(folder, "kept", "a.py"), "1");
  return folder;
}

describe.skipIf(PYTHON === null)("the journal of a hand-off", () => {
  it("puts back what was there, and nothing else", () => {
    const folder = place();
    expect(act(folder, "keep")).toBeNull();
    writeFileSync(join(folder, "new.py"), "2");
    writeFileSync(join(folder, "other.py"), "2");
    expect(act(folder, "restore")).toBeNull();
    expect(readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()).toEqual(["kept", "kept/a.py"]);
    expect(readFileSync(join(folder, "kept", "a.py"), "utf8")).toBe("1");
  });

  it("is forgotten at once: a run that is killed meanwhile leaves none that would take files for new", () => {
    const folder = place();
    expect(act(folder, "keep")).toBeNull();
    const killed = "import shutil\ndef boom(*_):\n    raise OSError('killed')\nshutil.rmtree = boom\n";
    expect(act(folder, "forget", killed)).toBe("killed");
    expect(readdirSync(folder)).not.toContain(".safe-install");
    expect(act(folder, "keep")).toBeNull();
    expect(act(folder, "forget")).toBeNull();
    expect(readdirSync(folder)).toEqual(["kept"]);
  });
});
