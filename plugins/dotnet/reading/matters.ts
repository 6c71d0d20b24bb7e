import { attribute, children, descendants, localName, type XmlElement } from "../xml.ts";
import type { ReadFile } from "./closure.ts";
import { IDLE_ITEMS, RESTORE_TARGETS } from "./tables.ts";
import { listOf } from "./values.ts";

interface TargetOf {
  readonly file: string;
  readonly element: XmlElement;
  /** In lower case. */
  readonly name: string;
}

/** Without the target the SDK's own targets would see other properties and items, or run in another's place. */
export function whyItMatters({ file, name, element }: TargetOf, files: readonly ReadFile[]): string | null {
  if (RESTORE_TARGETS.has(name)) return "stands in the place of a target of the SDK";
  const root = files.find((one) => one.file === file)?.root;
  if (root === undefined || !children(root).includes(element) || !/^[\w.%-]+$/.test(name))
    return "is not a plain target";
  if (isUnsureName(attribute(element, "DependsOnTargets") ?? ""))
    return "depends on targets that only evaluation knows";
  const called = calledBy(element, files);
  if (called === null) return "calls targets that only evaluation knows";
  const set = [element, ...called].flatMap((one) => [one, ...descendants(one)].flatMap(madeBy));
  return set[0] === undefined ? null : `also sets ${set[0]}, which the restore may read`;
}

/** Targets that run only because this one does, so that they are left out with it; null: any may be one. */
function calledBy(element: XmlElement, files: readonly ReadFile[]): readonly XmlElement[] | null {
  const targets = files.flatMap(({ root }) => childTargets(root));
  const found = new Set<XmlElement>();
  const open = [element];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    const names = descendants(one).flatMap((each) => CALLS.map((name) => attribute(each, name) ?? ""));
    if (one !== element) names.push(attribute(one, "DependsOnTargets") ?? "");
    if (names.some((name) => /[$@%]/.test(name))) return null;
    const called = new Set(names.flatMap(listOf).map((name) => name.toLowerCase()));
    const isCalled = (name: string) => called.has(name.toLowerCase());
    for (const each of targets) {
      if (found.has(each) || !RUN_WITH.some((word) => listOf(attribute(each, word) ?? "").some(isCalled))) continue;
      found.add(each);
      open.push(each);
    }
  }
  return [...found];
}

/** CallTarget (and MSBuild, which builds apart: it is taken for the same), OnError. */
const CALLS = ["Targets", "ExecuteTargets"];
const RUN_WITH = ["Name", "BeforeTargets", "AfterTargets"];

/** Properties and items that a target leaves behind for the targets after it. */
function madeBy(element: XmlElement): readonly string[] {
  const kind = localName(element);
  if (kind === "PropertyGroup") return children(element).map(localName);
  if (kind === "ItemGroup")
    return children(element)
      .map(localName)
      .filter((one) => !IDLE_ITEMS.test(one));
  if (kind !== "Output") return [];
  const item = attribute(element, "ItemName");
  if (item !== null && IDLE_ITEMS.test(item)) return [];
  return [attribute(element, "PropertyName") ?? item ?? "something"];
}

export function childTargets(root: XmlElement): readonly XmlElement[] {
  return descendants(root).filter((one) => localName(one) === "Target");
}

/** Names of targets that only evaluation knows. */
export const isUnsureName = (text: string) => /[$@%]\(/.test(text);
