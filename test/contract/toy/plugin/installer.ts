import { SafeInstallError } from "../../../../src/plugin.ts";

/** The real installer, by absolute path and from outside of the project. */
export function installerOf(env: Readonly<Record<string, string | undefined>>): string {
  const file = env["TOY_INSTALLER"];
  if (file === undefined) throw new SafeInstallError("installer", "INSTALLER_NOT_STARTED", "there is no toy here");
  return file;
}
