import { isInside, leadsInside } from "../io/inside.ts";
import { SafeInstallError } from "../errors.ts";
import { findRepository } from "../project/ends.ts";
import { realpath, stat } from "node:fs/promises";

/**
 * An installer may take a folder above the one it was called in for the project (npm: a workspace's root). It must lie in
 * the same repository and belong to the same owner: another one's policy, scripts and packages would take the place of ours.
 * @throws SafeInstallError kind "usage"
 */
export async function refuseProjectOutside(cwd: string, project: string): Promise<void> {
  const [from, to] = await Promise.all([realpath(cwd), realpath(project)]);
  const repository = await findRepository(from);
  const elsewhere = repository !== null && !(await leadsInside(to, repository)) && isInside(from, to);
  const owners = await Promise.all([from, to].map(async (folder) => (await stat(folder)).uid));
  if (!elsewhere && owners[0] === owners[1]) return;
  throw new SafeInstallError(
    "usage",
    "PROJECT_OUTSIDE",
    `the installer takes ${to} for the project, outside of yours`,
    {
      hint: "leave this folder out of the workspaces above it, or call safe-install there",
    },
  );
}
