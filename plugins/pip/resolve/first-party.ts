import { normalName, type NotGated, wayTo } from "../../../src/plugin.ts";
import type { RequirementLine, StaticProject } from "../words.ts";

/** A project inside the repository: its dependencies are gated, its build runs after the verdict. */
export interface FirstParty {
  readonly folder: string;
  readonly name: string;
  readonly editable: boolean;
  readonly extras: readonly string[];
  /** For pip's resolver. */
  readonly buildRequires: readonly string[];
  readonly mayAsk: boolean;
  /** Its version is stated; else only its build tells it, and nothing asks whether it fits. */
  readonly isVersioned: boolean;
}

/** `-e .` and the like, for the report. */
export function notGatedOf(firstParty: readonly FirstParty[], project: string, asks = true): readonly NotGated[] {
  return firstParty.map(({ folder, name, isVersioned }) => {
    const asked = asks ? "" : "; dynamic build requirements not asked";
    const fits = isVersioned || firstParty.length === 1 ? "" : "; whether its dynamic version fits is not asked";
    const detail = `${name}: its build runs after the verdict${asked}${fits}`;
    return { kind: "first-party", name: wayTo(project, folder) || ".", detail };
  });
}

/** What extras add to the dependencies that count already. */
export function ofExtras(project: StaticProject, extras: readonly string[]): readonly RequirementLine[] {
  const known = new Set(project.dependencies);
  return dependenciesOf(project, extras).filter((one) => one.applies && !known.has(one));
}

/** With the extras, also those that name the project itself (`all = ["widget[a,b]"]`). */
export function dependenciesOf(project: StaticProject, extras: readonly string[]): readonly RequirementLine[] {
  const own = normalName("pypi", project.name ?? "");
  const groups = new Map(Object.entries(project.extras).map(([name, list]) => [normalName("pypi", name), list]));
  const wanted = new Set(extras.map((extra) => normalName("pypi", extra)));
  const entries = new Set(project.dependencies);
  for (const extra of wanted) {
    for (const entry of groups.get(extra) ?? []) {
      const isOwn = entry.extras.length > 0 && normalName("pypi", entry.name ?? "") === own;
      if (!isOwn) entries.add(entry);
      else if (entry.applies) for (const one of entry.extras) wanted.add(normalName("pypi", one));
    }
  }
  return [...entries];
}
