import { type Denial, isInside, resolveLinks } from "../../../src/plugin.ts";
import { withoutSecrets } from "../report.ts";
import { isSet, type PipWords, type RequirementLine } from "../words.ts";

/** Options that may stand in a requirements file. */
const HARMLESS: ReadonlySet<string> = new Set(["hashes", "editables", "require_hashes", "prefer_binary"]);

/** How pip spells what its parser calls otherwise. */
const SPELLED: Readonly<Record<string, string>> = {
  extra_index_urls: "--extra-index-url",
  trusted_hosts: "--trusted-host",
  features_enabled: "--use-feature",
  global_options: "--global-option",
};

const BY_KIND = {
  vcs: ["GIT_DEPENDENCY", "a version-control dependency has no archive that could be proven", "publish it to an index"],
  url: ["REMOTE_DEPENDENCY", "a dependency by URL is outside of every index", "name it and its version instead"],
  file: [
    "FILE_DEPENDENCY",
    "an archive in a folder comes from no index",
    "name it and its version, and give the folder with --find-links",
  ],
} as const satisfies Readonly<Record<string, readonly [Denial["code"], string, string]>>;

export function refusalOf({ options, kind, url }: RequirementLine): Denial | null {
  const option = options.find((name) => !HARMLESS.has(name));
  if (option !== undefined) {
    const found = SPELLED[option] ?? `--${option.replaceAll("_", "-")}`;
    return {
      code: "OPTION_REFUSED",
      message: `${found} in a requirements file changes where packages come from, or how they are built`,
      details: [{ name: "option", expected: "(none)", found }],
      hint: "say it on the command line or in pip's own configuration, where the file's author has no say",
    };
  }
  if (kind === null || kind === "folder") return null;
  const [code, message, hint] = BY_KIND[kind];
  return { code, message, details: [{ name: "source", expected: "an index", found: withoutSecrets(url ?? "") }], hint };
}

export async function strayFolder({ kind, path }: RequirementLine, repositoryRoot: string): Promise<Denial | null> {
  if (kind !== "folder" || path === null) return null;
  const real = await resolveLinks(path).catch(() => null);
  if (real !== null && isInside(real, repositoryRoot)) return null;
  return {
    code: "FILE_DEPENDENCY",
    message: "a folder outside of the repository is not first-party",
    details: [{ name: "folder", expected: `inside ${repositoryRoot}`, found: real ?? path }],
    hint: "publish it to an index, or move it into the repository",
  };
}

/** Nothing of a project runs before the verdict: what only its build code knows is not known. */
export function unreadable(
  { kind, path, url, constraint }: RequirementLine,
  projects: PipWords["projects"],
  { options }: PipWords,
): Denial | null {
  if (kind !== "folder" || path === null) return null;
  const found = projects[path] ?? null;
  const because = (message: string, hint: string): Denial => ({ code: "FILE_DEPENDENCY", message, details: [], hint });
  if (/#(?:.*&)?subdirectory=/.test(url ?? ""))
    return because("a part of a folder is not looked at by itself", "name the folder of the project: ./FOLDER/PART");
  if (constraint) return because("a folder cannot be a constraint", "name the package and its version");
  if (found === null)
    return because("it has no pyproject.toml that states its dependencies", "add one, with [project] dependencies");
  if (found.dynamic && !options.ignore_dependencies)
    return because(
      "its dependencies are dynamic: only its own build code could tell them",
      "state [project] name and dependencies in pyproject.toml, or install it with --no-deps beside a requirements file",
    );
  if (!options.build_isolation || isSet(options.config_settings))
    return because(
      "--no-build-isolation and --config-settings cannot be carried through the gate",
      "leave them out for projects that are installed from their folder",
    );
  return null;
}
