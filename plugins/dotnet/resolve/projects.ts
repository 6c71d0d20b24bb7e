import { type Denial, leadsInside, type NotGated, type Unbound } from "../../../src/plugin.ts";
import type { DotnetProject } from "./graph.ts";
import { basename } from "node:path";

/** Projects that are nobody's of the repository (by where they lead, not by how they are written), or of a style of their own. */
export async function unboundProjects(
  projects: readonly Pick<DotnetProject, "file" | "style">[],
  repositoryRoot: string,
): Promise<readonly Unbound[]> {
  const found = await Promise.all(
    projects.map(async ({ file, style }) => {
      if (!(await leadsInside(file, repositoryRoot).catch(() => false)))
        return [
          deny(file, "FILE_DEPENDENCY", "a project outside of the repository", "keep the project in the repository"),
        ];
      if (style === "PackageReference" || style === "Unknown") return [];
      if (style === PACKAGES_CONFIG && projects.some((one) => one.style === "PackageReference")) return [];
      return [deny(file, "LOCK_UNSUPPORTED", `a project of style ${style} is not understood`, "use PackageReference")];
    }),
  );
  return found.flat();
}

const PACKAGES_CONFIG = "PackagesConfig";

/** Beside others dotnet passes them by, and restores nothing of them (learn.microsoft.com, "dotnet restore"). */
export function passedBy(projects: readonly Pick<DotnetProject, "file" | "style">[]): readonly NotGated[] {
  return projects
    .filter(({ style }) => style === PACKAGES_CONFIG)
    .map(({ file }) => ({
      kind: "not-supported",
      name: basename(file),
      detail: "packages.config is not supported: dotnet restores nothing of it, and nothing of it was judged",
    }));
}

function deny(location: string, code: Denial["code"], message: string, hint: string): Unbound {
  return { package: null, location, denial: { code, message, details: [], location, hint } };
}
