import { type Denial, leadsInside, type Unbound } from "../../../src/plugin.ts";
import type { DotnetProject } from "./graph.ts";

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
      return [deny(file, "LOCK_UNSUPPORTED", `a project of style ${style} is not understood`, "use PackageReference")];
    }),
  );
  return found.flat();
}

function deny(location: string, code: Denial["code"], message: string, hint: string): Unbound {
  return { package: null, location, denial: { code, message, details: [], location, hint } };
}
