/** Python's locks, as their tools take them: see test/support/lock-diff/differ.ts. */
import { sharedFolder } from "../support/folder.ts";
import { contest, fewer } from "../support/lock-diff/differ.ts";
import { pipenvProject } from "../support/lock-diff/pipenv.ts";
import { poetryProject } from "../support/lock-diff/poetry.ts";
import { pylockProject } from "../support/lock-diff/pylock.ts";
import { hasTools, judgedIn, type LockProject, toolsWith } from "../support/lock-diff/python.ts";
import { spelledJson, spelledToml } from "../support/lock-diff/spell.ts";
import { publishPackages, uvProject } from "../support/lock-diff/uv.ts";
import { type Index, startIndex } from "../support/pypi.ts";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** `reader`: what of the tool reads thousands; `command`: what is asked of so many. */
const CONTESTS = [
  {
    lock: "uv.lock",
    tools: ["uv"],
    projectIn: uvProject,
    spell: spelledToml,
    reader: "`uv export --frozen`",
    command: "`uv sync --frozen --dry-run`",
    sample: 50,
  },
  {
    lock: "poetry.lock",
    tools: ["poetry"],
    projectIn: poetryProject,
    spell: spelledToml,
    reader: "Poetry's own Installer",
    command: "`poetry install --dry-run`",
    sample: 10,
  },
  {
    lock: "Pipfile.lock",
    tools: ["pipenv"],
    projectIn: pipenvProject,
    spell: spelledJson,
    reader: "pipenv's own do_install_dependencies",
    command: "`pipenv requirements --hash`",
    sample: 10,
  },
  {
    lock: "pylock.toml",
    // The first that reads such files, and uv, which writes one.
    tools: ["pip>=26.1", "uv"],
    projectIn: pylockProject,
    spell: spelledToml,
    reader: "pip's own select_from_pylock_path_or_url",
    command: "`pip install --dry-run -r pylock.toml`",
    sample: 10,
  },
] as const;

describe.skipIf(!hasTools).each(CONTESTS)(
  "what a tool would install of a changed $lock is judged, or the lock is refused",
  ({ tools, projectIn, spell, reader, command, sample }) => {
    const folder = sharedFolder();
    let index: Index;
    let project: LockProject;
    beforeAll(async () => {
      index = await startIndex();
      publishPackages(index);
      project = await projectIn(folder, await toolsWith(join(folder, "tools"), tools), index);
    }, 600_000);
    afterAll(async () => {
      project.close();
      await index.close();
    });
    const ours = (text: string) => judgedIn(project.path, text);

    it(`as ${reader} reads it`, { timeout: 3_600_000 }, async () => {
      const found = await contest(reader, { lock: project.lock, spell, tool: project.installs, ours });
      expect(found.faults).toEqual([]);
      expect(found.judged).toBeGreaterThan(found.accepted / 10);
    });

    it(`as ${command} tells it`, { timeout: 1_200_000 }, async () => {
      const contestant = { lock: project.sample ?? project.lock, spell, tool: project.asked, ours };
      const found = await contest(command, contestant, { accepted: fewer(sample), seed: 2 });
      expect(found.faults).toEqual([]);
      expect(found.judged).toBeGreaterThan(0);
    });
  },
);
