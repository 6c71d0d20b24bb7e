import { type Denial, normalName, pythonRange } from "../../../src/plugin.ts";
import type { PipWords, RequirementLine, StaticProject } from "../words.ts";

/** A folder that is named on the command line stands for its name, whoever asks: no index is asked about it. */
export interface Sibling {
  /** Normal. */
  readonly name: string;
  /** null: only its own build code knows. */
  readonly version: string | null;
  readonly project: StaticProject;
}

export function siblingsOf({
  entries,
  projects,
}: Pick<PipWords, "entries" | "projects">): ReadonlyMap<string, Sibling> {
  const found = new Map<string, Sibling>();
  for (const { kind, path, applies } of entries) {
    const project = kind === "folder" && applies && path !== null ? (projects[path] ?? null) : null;
    if (project === null || project.name === null) continue;
    const name = normalName("pypi", project.name);
    found.set(name, { name, version: project.version, project });
  }
  return found;
}

/** The one that is asked for by name; null: an index has it. */
export function siblingFor(entry: RequirementLine, siblings: ReadonlyMap<string, Sibling>): Sibling | null {
  if (entry.kind !== null || entry.name === null || entry.constraint) return null;
  return siblings.get(normalName("pypi", entry.name)) ?? null;
}

/** As pip: the folder's own version has to fit. */
export function unfitSibling({ specifier }: RequirementLine, { name, version }: Sibling): Denial | null {
  if (specifier === "" || version === null) return null;
  const range = pythonRange(specifier);
  if (typeof range === "string" || range.includes(version)) return null;
  return {
    code: "FILE_DEPENDENCY",
    message: `${name} is a folder of this project, and its version is another one than is asked for`,
    details: [{ name: "version", expected: specifier, found: version }],
    hint: "change the one or the other",
  };
}
