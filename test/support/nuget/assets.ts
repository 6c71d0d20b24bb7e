import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

interface Assets {
  readonly targets: Readonly<Record<string, object>>;
  readonly libraries: Readonly<Record<string, { readonly type: string; readonly files?: readonly string[] }>>;
  readonly project: {
    readonly frameworks: Readonly<Record<string, { readonly downloadDependencies?: unknown }>>;
  };
}

/**
 * What each project resolved to, by the path of its assets file: targets whole, packages with hash and files, and what is downloaded
 * beside them.
 */
export function setsOf(project: string): ReadonlyMap<string, unknown> {
  const files = readdirSync(project, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith("project.assets.json") && !path.includes(".safe-install"))
    .sort();
  return new Map(
    files.map((path) => {
      const assets = JSON.parse(readFileSync(join(project, path), "utf8")) as Assets;
      const packages = Object.entries(assets.libraries).flatMap(([name, { files = [], ...one }]) =>
        one.type === "package" ? [[name, { ...one, files: files.filter((file) => file !== SIGNATURE) }] as const] : [],
      );
      const downloads = Object.entries(assets.project.frameworks).map(([name, one]) => [
        name,
        one.downloadDependencies,
      ]);
      return [path, { targets: assets.targets, packages, downloads }] as const;
    }),
  );
}

/** NuGet's own, which a registry added: handed over is what it was added to. */
const SIGNATURE = ".signature.p7s";
