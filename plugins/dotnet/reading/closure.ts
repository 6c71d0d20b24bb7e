import { type Host, LIMITS } from "../../../src/plugin.ts";
import { sharedFiles } from "../sdk/references.ts";
import type { RestoreTarget } from "../target.ts";
import { attribute, children, descendants, localName, type XmlElement } from "../xml.ts";
import { type Surroundings, listing, type Named, placesOf } from "./places.ts";
import { rootIn } from "./root.ts";
import { IMPORTED, PROJECTS } from "./tables.ts";
import { type Known, UNKNOWN, type ProjectText } from "./values.ts";
import { stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";

/** A file of the project that MSBuild may read. */
export interface ReadFile {
  readonly file: string;
  readonly root: XmlElement;
}

/** Something because of which a project is not read. */
export interface Obstacle {
  readonly file: string;
  /** What it is, as the file has it. */
  readonly what: string;
  /** What would be run or could not be known. */
  readonly why: string;
  /** The target that it is, where it is one. */
  readonly target?: HookedTarget;
}

/** A target of the project that a restore runs. */
export interface HookedTarget {
  readonly file: string;
  readonly element: XmlElement;
  /** What it runs, by name. */
  readonly tasks: readonly string[];
  /** Why a restore without it may be another one; null: nothing that it does reaches the SDK's targets. */
  readonly matters: string | null;
}

export interface ProjectClosure {
  readonly files: readonly ReadFile[];
  readonly findings: readonly Obstacle[];
  readonly known: Known;
}

/** The repository that was copied: a name that only evaluation knows may lead back there. */
export interface Original {
  readonly root: string;
  /** No link of the copy leads out of it. */
  readonly isSealed: boolean;
  /** Names of properties, in lower case, that have values beside those that the files give them. */
  readonly given: ReadonlySet<string>;
}

/** Where the projects lie. */
export interface ProjectGround {
  readonly root: string;
  /** Where `root` is a private copy of a repository. */
  readonly copyOf?: Original | null;
}

/**
 * Every file that MSBuild may read for these projects beside the SDK's own and proven ones, whatever the conditions in them
 * say. From their text alone: nothing is evaluated. A name that only evaluation knows stands for every file of the repository
 * that ends like it; where not even that is known, it is found.
 */
export async function filesRead(
  { file: target }: RestoreTarget,
  { root, copyOf = null }: ProjectGround,
  host: Pick<Host, "env" | "read">,
): Promise<ProjectClosure> {
  const files = new Map<string, XmlElement | null>();
  const findings = new Map<string, Obstacle>();
  const projects = new Set<string>();
  const waiting: string[] = [];
  const around: Surroundings = {
    below: listing(root),
    original: copyOf === null ? null : listing(copyOf.root),
    isSealed: copyOf?.isSealed ?? false,
  };
  await begin(target);
  for (;;) {
    for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) await readOne(file);
    const before = files.size;
    const known = knownNow();
    for (const { named, isProject } of namedIn(read(), known)) {
      const found = await placesOf(named, known, around);
      if (found === null) find({ file: named.file, what: named.text, why: "names a file that only evaluation knows" });
      for (const place of found ?? []) {
        if (files.has(place)) continue;
        await (isProject ? begin(place) : readOne(place));
      }
    }
    if (waiting.length === 0 && files.size === before)
      return { files: read(), findings: [...findings.values()], known };
  }

  async function begin(project: string): Promise<void> {
    if (!(await isFile(project))) return;
    projects.add(project);
    const folder = dirname(project);
    const beside = ["before", "after"].map((when) => join(folder, `${when}.${basename(project)}.targets`));
    const profiles = ["Properties", "My Project"].map((name) => listing(join(folder, name, "PublishProfiles"))());
    const published = (await Promise.all(profiles)).flat();
    waiting.push(project, `${project}.user`, ...beside, ...published, ...(await sharedFiles(folder)));
  }

  async function readOne(file: string): Promise<void> {
    if (files.has(file)) return;
    files.set(file, null);
    if (!(await isFile(file))) return;
    const content = await host.read(file, { maxBytes: LIMITS.manifestBytes });
    if (content === null) return;
    if (/\.(?:sln|slnf)$/i.test(file)) {
      for (const path of solutionNames(content.toString("utf8"))) await begin(resolve(dirname(file), path));
      return;
    }
    const root = rootIn(content);
    if (root === "no project") return;
    if (root === null) find({ file, what: basename(file), why: "is XML that cannot be read here as MSBuild would" });
    else files.set(file, root);
    if (root !== null && /\.slnx$/i.test(file))
      for (const one of descendants(root).filter((each) => localName(each) === "Project"))
        await begin(resolve(dirname(file), (attribute(one, "Path") ?? "").replaceAll("\\", "/")));
  }

  function find(finding: Obstacle): void {
    findings.set(JSON.stringify(finding), finding);
  }

  function read(): readonly ReadFile[] {
    return [...files].flatMap(([file, root]) => (root === null ? [] : [{ file, root }]));
  }

  function knownNow(): Known {
    return knownFrom(
      read(),
      [...projects].map((one) => dirname(one)),
      host.env,
      copyOf?.given ?? null,
    );
  }
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isFile() === true;
}

/** All quoted names of a solution or its filter: projects, and the solution of a filter. What is none is not there. */
function solutionNames(text: string): readonly string[] {
  return [...text.matchAll(/"([^"\r\n]+)"/g)]
    .map(([, path = ""]) => path.replaceAll("\\\\", "\\").replaceAll("\\", "/"))
    .filter((path) => path.includes("."));
}

function knownFrom(
  files: readonly ReadFile[],
  folders: readonly string[],
  env: Host["env"],
  given: ReadonlySet<string> | null,
): Known {
  const properties = new Map<string, ProjectText[]>();
  const items = new Map<string, ProjectText[]>();
  for (const { file, root } of files)
    for (const group of descendants(root)) {
      const to = localName(group) === "PropertyGroup" ? properties : localName(group) === "ItemGroup" ? items : null;
      for (const one of to === null ? [] : children(group)) {
        const text = to === properties ? one.text : (attribute(one, "Include") ?? "");
        const key = localName(one).toLowerCase();
        to?.set(key, [...(to.get(key) ?? []), { text, file }]);
      }
    }
  return { properties, items, projectFolders: [...new Set(folders)], env, given };
}

interface Naming {
  readonly named: Named;
  readonly isProject: boolean;
}

function namedIn(files: readonly ReadFile[], { properties, items }: Known): readonly Naming[] {
  const imports = files.flatMap(({ file, root }) =>
    descendants(root).flatMap((one): readonly Naming[] => {
      const text = localName(one) === "Import" ? attribute(one, "Project") : null;
      if (text === null || isOfSdk(one, text)) return [];
      const from = attribute(one, "Sdk") === null ? "" : `${UNKNOWN}/`;
      return [{ named: { text: from + text, file }, isProject: false }];
    }),
  );
  const byProperty = [...properties].filter(([name]) => IMPORTED.test(name)).flatMap(([, all]) => all);
  const byItem = [...items].filter(([name]) => PROJECTS.test(name)).flatMap(([, all]) => all);
  return [
    ...imports,
    ...byProperty
      .filter(({ text }) => text.trim() !== "")
      .map((named) => ({ named: { ...named, isLoose: true }, isProject: false })),
    ...byItem.filter(({ text }) => text.trim() !== "").map((named) => ({ named, isProject: true })),
  ];
}

/** `<Import Project="Sdk.props" Sdk="Microsoft.NET.Sdk" />`: a file below that SDK. */
function isOfSdk(element: XmlElement, project: string): boolean {
  return attribute(element, "Sdk") !== null && /^[\w.-]+(?:[\\/][\w.-]+)*$/.test(project) && !project.includes("..");
}
