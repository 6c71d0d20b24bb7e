import { type Host, LIMITS, type NotGated, SafeInstallError } from "../../../src/plugin.ts";
import { exactly } from "./graph.ts";
import { digestOfHash, type PackageSet, type WantedPackage } from "./lock.ts";
import { lower, packageKey, refOf } from "../names.ts";
import { join, resolve } from "node:path";
import { parseWritten } from "./graph.ts";

/** What one project's restore ended with (`project.assets.json`). */
export interface Assets {
  readonly project: string;
  /** Packages with what NuGet computed for their content; the last member is its contentHash. */
  readonly packages: readonly (readonly [id: string, version: string, contentHash: string])[];
  readonly projects: readonly string[];
  readonly downloads: readonly (readonly [id: string, version: string])[];
  readonly folders: readonly string[];
  /** By `packageKey`: purls of what it needs, as it was resolved for some framework. */
  readonly needs?: ReadonlyMap<string, readonly string[]>;
}

interface Json {
  readonly targets?: Readonly<Record<string, Target>>;
  readonly libraries?: Readonly<Record<string, { readonly type?: string; readonly sha512?: string }>>;
  readonly packageFolders?: Readonly<Record<string, unknown>>;
  readonly project?: {
    readonly restore?: { readonly projectPath?: string };
    readonly frameworks?: Readonly<
      Record<string, { readonly downloadDependencies?: readonly { readonly name: string; readonly version: string }[] }>
    >;
  };
}

/** By `id/version`. */
type Target = Readonly<Record<string, { readonly dependencies?: Readonly<Record<string, string>> }>>;

/** Null where the project has none. */
export async function readAssets(output: string, host: Pick<Host, "read">): Promise<Assets | null> {
  const content = await host.read(join(output, "project.assets.json"), { maxBytes: LIMITS.lockfileBytes });
  return content === null ? null : parseAssets(content.toString("utf8"));
}

export function parseAssets(text: string): Assets {
  const { libraries = {}, packageFolders = {}, project = {}, targets = {} } = parseWritten(text) as Json;
  const named = Object.entries(libraries).map(([key, library]) => ({
    ...library,
    id: key.split("/")[0] ?? "",
    version: key.split("/")[1] ?? "",
  }));
  const strange = named.find(({ type }) => type !== "package" && type !== "project");
  if (strange !== undefined)
    throw new SafeInstallError(
      "unbound",
      "RESTORE_INCOMPLETE",
      `${strange.id} was left as "${strange.type}" by the restore`,
    );
  return {
    project: project.restore?.projectPath ?? "",
    packages: named
      .filter(({ type }) => type === "package")
      .map(({ id, version, sha512 = "" }) => [id, version, sha512] as const),
    projects: named.filter(({ type }) => type === "project").map(({ id }) => id),
    downloads: Object.values(project.frameworks ?? {}).flatMap(({ downloadDependencies = [] }) =>
      downloadDependencies.flatMap(({ name, version }) => exactly(version).map((one) => [name, one] as const)),
    ),
    folders: Object.keys(packageFolders),
    needs: needsIn(Object.values(targets)),
  };
}

/** Each framework has one version of an id. */
function needsIn(targets: readonly Target[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  for (const target of targets) {
    const refs = Object.keys(target).map((key) => refOf(key.split("/")[0] ?? "", key.split("/")[1] ?? ""));
    const byName = new Map(refs.flatMap((ref) => (ref === null ? [] : [[lower(ref.name), ref] as const])));
    for (const [at, { dependencies = {} }] of Object.values(target).entries()) {
      const ref = refs[at] ?? null;
      if (ref === null) continue;
      const needs = found.get(packageKey(ref)) ?? new Set();
      for (const id of Object.keys(dependencies)) {
        const needed = byName.get(lower(id));
        if (needed !== undefined) needs.add(needed.purl);
      }
      found.set(packageKey(ref), needs);
    }
  }
  return new Map([...found].map(([key, needs]) => [key, [...needs].toSorted()]));
}

/** What the assets of a quarantine name: to be proven, or of the solution itself. */
export function resolutionOf({ project, packages, projects, downloads, needs: all }: Assets): PackageSet {
  const wanted = new Map<string, WantedPackage>();
  for (const [id, version] of [...packages, ...downloads]) {
    const ref = refOf(id, version);
    if (ref === null)
      throw new SafeInstallError("unbound", "RESTORE_INCOMPLETE", `${id} ${version} is no package of NuGet`);
    const needs = all?.get(packageKey(ref));
    const known = needs === undefined ? {} : { needs };
    wanted.set(packageKey(ref), { package: ref, stated: [], locations: [project], ...known });
  }
  const notGated = projects.map((name): NotGated => ({ kind: "workspace", name, detail: "a project of the solution" }));
  return { wanted, unbound: [], notGated };
}

/** How what a restore ended with differs from the proven set; empty: it does not. */
export function compareAssets(assets: Assets, proven: ReadonlyMap<string, string>, folder: string): readonly string[] {
  const differences = assets.packages.flatMap(([id, version, contentHash]) => {
    const ref = refOf(id, version);
    const expected = ref === null ? undefined : proven.get(packageKey(ref));
    if (expected === undefined) return [`${id} ${version} was not proven`];
    return digestOfHash(contentHash)?.hex === expected ? [] : [`${id} ${version} has another content hash`];
  });
  const missing = assets.downloads.flatMap(([id, version]) => {
    const ref = refOf(id, version);
    return ref !== null && proven.has(packageKey(ref)) ? [] : [`${id} ${version} was not proven`];
  });
  const elsewhere = assets.folders
    .filter((one) => resolve(one) !== resolve(folder))
    .map((one) => `${one} is used as a packages folder`);
  return [...differences, ...missing, ...elsewhere];
}
