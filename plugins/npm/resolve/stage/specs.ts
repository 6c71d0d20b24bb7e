import { type Denial, type ListedArchive, SafeInstallError, wayTo } from "../../../../src/plugin.ts";
import npa from "npm-package-arg";
import { isAbsolute } from "node:path";

export interface SpecReader {
  /**
   * The folder that a spec names, or null; what is neither a folder, nor a package of a registry, nor an archive that the
   * policy lists is refused.
   */
  readonly folderOf: (spec: string, name: string | undefined, where: string, source: string) => string | null;
  /** Archives by path that were met: relative to the repository's root -> sha512. */
  readonly archives: ReadonlyMap<string, string>;
}

/** What specs name that npm would not ask a registry for. */
export function specReader(
  { repositoryRoot }: { readonly repositoryRoot: string },
  listed: readonly ListedArchive[],
): SpecReader {
  const archives = new Map<string, string>();
  return { folderOf, archives };

  function folderOf(spec: string, name: string | undefined, where: string, source: string): string | null {
    const { type = null, fetchSpec = null } = parseSpec(spec, name, where) ?? {};
    if (type === "git")
      throw refused("GIT_DEPENDENCY", `${source}: ${spec}: a git dependency has no archive that could be proven`);
    if (type === "remote" && listed.some(({ place }) => place.url === fetchSpec)) return null;
    if (type === "remote")
      throw refused("REMOTE_DEPENDENCY", `${source}: ${spec}: a dependency by URL is outside of every registry`);
    const path = type === "file" ? wayTo(repositoryRoot, fetchSpec ?? "") : null;
    const found = listed.find(({ place }) => path !== null && place.path === path);
    if (path !== null && found !== undefined) archives.set(path, found.sha512);
    if (found !== undefined) return null;
    if (type === "file")
      throw refused("FILE_DEPENDENCY", `${source}: ${spec}: an archive has no registry that vouches for it`);
    if (type !== "directory") return null;
    if (isAbsolute(spec.replace(/^file:/, "")))
      throw refused("FILE_DEPENDENCY", `${source}: ${spec}: an absolute path`, "write it relative to the project");
    return fetchSpec;
  }
}

/** A spec that npm cannot parse is npm's to refuse: nothing of it can be fetched. */
function parseSpec(spec: string, name: string | undefined, where: string): npa.Result | null {
  try {
    return name === undefined || name === "" ? npa(spec, where) : npa.resolve(name, spec, where);
  } catch {
    return null;
  }
}

export function refused(code: Denial["code"], message: string, hint?: string): SafeInstallError {
  return new SafeInstallError("unbound", code, message, {
    hint: hint ?? "take packages from a registry; folders of the same repository are fine",
  });
}
