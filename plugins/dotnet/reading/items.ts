import { children, descendants, localName, type XmlElement } from "../xml.ts";
import type { Obstacle, ReadFile } from "./closure.ts";
import { childTargets } from "./matters.ts";
import { saidIn } from "./said.ts";
import { REDIRECTS, SAYS_PROPERTIES } from "./tables.ts";

/** Items by which the files say what a restore reads and writes, in the place of the SDK. */
export function itemsThatSay(files: readonly ReadFile[]): readonly Obstacle[] {
  const each = files.flatMap(({ file, root }) => [
    ...groupsOutside(root).flatMap((one) => saidToProjects(one, file)),
    ...descendants(root).flatMap((one) => entriesOf(one, file)),
  ]);
  return [...each, ...ownProperties(files)];
}

/** Not in a target: what one adds, the static graph does not see. */
function groupsOutside(root: XmlElement): readonly XmlElement[] {
  const inTargets = new Set(childTargets(root).flatMap(descendants));
  return descendants(root).filter((one) => !inTargets.has(one));
}

function saidToProjects(group: XmlElement, file: string): readonly Obstacle[] {
  const names = saidIn(group).flatMap(({ name }) => (/^%\([\w.]+\)$/.test(name) ? [] : [name]));
  const ours = names.filter((name) => OURS.test(name) || REDIRECTS.test(name));
  return ours.map((what) => ({ file, what, why: "is a property that an item says for a project" }));
}

/** Properties by which the reading is kept apart, and a restore is led to what was proven. */
export const OURS = /^(?:Import|Custom|Restore|NuGet|MSBuild|DisableImplicit)|[$%*]/i;

/** What NuGet restores is said by items, which the SDK works out (NuGet.targets): also which folders it writes. */
function entriesOf(group: XmlElement, file: string): readonly Obstacle[] {
  if (!/^Item(?:Definition)?Group$/.test(localName(group))) return [];
  const found = children(group)
    .map(localName)
    .filter((name) => /^_RestoreGraphEntry$/i.test(name));
  return found.map((what) => ({ file, what, why: "says what restore writes, and where" }));
}

/** A project that the files give a restore to read, with properties that no file gives them: which files it imports is not known. */
function ownProperties(files: readonly ReadFile[]): readonly Obstacle[] {
  const items = files.flatMap(({ file, root }) =>
    descendants(root)
      .filter((one) => /^Item(?:Definition)?Group$/.test(localName(one)))
      .flatMap((group) => children(group).map((element) => ({ file, element }))),
  );
  const given = items.find(({ element }) => GIVEN.test(localName(element)));
  const saying = items.find(({ element }) =>
    [...Object.keys(element.attributes), ...children(element).map(localName)].some((one) => SAYS_PROPERTIES.test(one)),
  );
  if (given === undefined || saying === undefined) return [];
  const what = localName(given.element);
  return [
    { file: given.file, what, why: `has a restore read projects, and ${localName(saying.element)} says properties` },
  ];
}

/** Those of `PROJECTS` that a restore hands to MSBuild as they are. */
const GIVEN = /RestoreGraph|RestoreProject/i;
