import { attribute, children, descendants, localName, type XmlElement } from "../xml.ts";
import type { Obstacle, ReadFile } from "./closure.ts";
import { childTargets, isUnsureName, whyItMatters } from "./matters.ts";
import { HARMLESS, REDIRECTS, RESTORE_TARGETS, RESTORE_TASKS } from "./tables.ts";
import { type Known, listOf, STEERABLE, UNKNOWN, UNREADABLE, valuesOf } from "./values.ts";

/** What of these files would run, be loaded or be believed while the projects are read, before anything is decided. */
export function whatRuns(files: readonly ReadFile[], known: Known): readonly Obstacle[] {
  return [...targetsThatRun(files, known), ...files.flatMap((one) => othersIn(one, known))];
}

interface Hooked {
  readonly file: string;
  readonly element: XmlElement;
  /** In lower case. */
  readonly name: string;
  readonly hooks: readonly string[];
  readonly isUnsure: boolean;
}

/** A target runs where it has the name of one that does, hooks on to one, or one that does depends on it. */
function targetsThatRun(files: readonly ReadFile[], known: Known): readonly Obstacle[] {
  const targets = files.flatMap(({ file, root }) => childTargets(root).map((element) => hooked(element, file, known)));
  const running = new Set([...RESTORE_TARGETS, ...files.flatMap((one) => initialTargets(one, known))]);
  const found = new Set<Hooked>();
  for (let before = -1; before !== running.size + found.size;) {
    before = running.size + found.size;
    for (const target of targets) {
      const { name, hooks, isUnsure, element, file } = target;
      if (!running.has(name) && !isUnsure && !hooks.some((one) => running.has(one))) continue;
      found.add(target);
      running.add(name);
      for (const one of dependencies(element, file, known)) running.add(one);
    }
  }
  return [...found].flatMap((one) => findingOf(one, files));
}

function hooked(element: XmlElement, file: string, known: Known): Hooked {
  const named = ["BeforeTargets", "AfterTargets"].map((name) => attribute(element, name) ?? "");
  const values = named.flatMap((text) => valuesOf({ text, file }, known));
  const hooks = values.flatMap(listOf).map((one) => one.toLowerCase());
  const [name = ""] = valuesOf({ text: attribute(element, "Name") ?? "", file }, known);
  return { file, element, name: name.trim().toLowerCase(), hooks, isUnsure: values.some(isUnsure) };
}

const isUnsure = (value: string) => [UNKNOWN, STEERABLE, UNREADABLE].some((mark) => value.includes(mark));

function initialTargets({ file, root }: ReadFile, known: Known): readonly string[] {
  const values = valuesOf({ text: attribute(root, "InitialTargets") ?? "", file }, known);
  return values.flatMap(listOf).map((one) => one.toLowerCase());
}

function dependencies(element: XmlElement, file: string, known: Known): readonly string[] {
  const values = valuesOf({ text: attribute(element, "DependsOnTargets") ?? "", file }, known);
  return values.flatMap(listOf).map((one) => one.toLowerCase());
}

function findingOf(hooked: Hooked, files: readonly ReadFile[]): readonly Obstacle[] {
  const { file, element, isUnsure: unsure } = hooked;
  const tasks = children(element)
    .map(localName)
    .filter((one) => !HARMLESS.has(one));
  const others = isUnsureName(attribute(element, "DependsOnTargets") ?? "") ? ["DependsOnTargets"] : [];
  const all = [...new Set([...tasks, ...others])];
  if (all.length === 0) return [];
  const what = `target ${attribute(element, "Name")}`;
  const why = `${unsure ? "may run" : "runs"} ${all.join(", ")} as part of restore`;
  return [{ file, what, why, target: { file, element, tasks: all, matters: whyItMatters(hooked, files) } }];
}

function othersIn({ file, root }: ReadFile, known: Known): readonly Obstacle[] {
  const initial = attribute(root, "InitialTargets") ?? "";
  const local = listOf(attribute(root, "TreatAsLocalProperty") ?? "").filter((one) => OURS.test(one));
  return [
    ...(isUnsureName(initial)
      ? [{ file, what: `InitialTargets="${initial}"`, why: "names targets that only evaluation knows" }]
      : []),
    ...local.map((one) => ({
      file,
      what: `TreatAsLocalProperty="${one}"`,
      why: "overrides where safe-install leads the restore",
    })),
    ...[root, ...descendants(root)].flatMap((one) => [
      ...redirects(one, file),
      ...taskOf(one, file, known),
      ...strangeSdk(one, file),
    ]),
  ];
}

/** Properties by which the reading is kept apart, and a restore is led to what was proven. */
const OURS = /^(?:Import|Custom|Restore|NuGet|MSBuild)|[$%*]/i;

function redirects(group: XmlElement, file: string): readonly Obstacle[] {
  if (localName(group) !== "PropertyGroup") return [];
  const named = children(group)
    .map(localName)
    .filter((name) => REDIRECTS.test(name));
  return named.map((what) => ({ file, what, why: "says which file the SDK runs as its own" }));
}

function taskOf(element: XmlElement, file: string, known: Known): readonly Obstacle[] {
  if (localName(element) !== "UsingTask") return [];
  const names = valuesOf({ text: attribute(element, "TaskName") ?? "", file }, known);
  const taken = names.find((name) => isUnsure(name) || RESTORE_TASKS.has(lastOf(name)));
  if (taken === undefined) return [];
  return [
    {
      file,
      what: `UsingTask ${attribute(element, "TaskName")}`,
      why: "puts a task in the place of one that restore uses",
    },
  ];
}

/** MSBuild finds a task by the last part of its name. */
function lastOf(name: string): string {
  return name.trim().toLowerCase().split(/[.+]/).at(-1) ?? "";
}

/** The SDK's resolver joins the name to its own folder: one with a way in it leads out of there. */
function strangeSdk(element: XmlElement, file: string): readonly Obstacle[] {
  const name = localName(element);
  const text =
    name === "Sdk" ? attribute(element, "Name") : /^(?:Project|Import)$/.test(name) ? attribute(element, "Sdk") : null;
  const strange = listOf(text ?? "").filter(
    (one) => !/^\s*\w[\w.-]*(?:\/[\w.+=[\] -]+)?\s*$/.test(one) || one.includes(".."),
  );
  return strange.map((one) => ({ file, what: `Sdk="${one}"`, why: "leads to a file outside of the SDK" }));
}
