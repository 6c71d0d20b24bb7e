import { SafeInstallError } from "../../../src/plugin.ts";

/**
 * What NuGet's own verification found wrong with bytes: a signature that does not hold (NU3000 to NU3999, where the user has
 * them verified), or bytes that are not those of a lock (NU1403). @returns null where it failed for another reason
 */
export function refusedIn(errors: string): SafeInstallError | null {
  const found = [...errors.matchAll(/error (NU3\d{3}|NU1403): ([^\r\n]*)/g)];
  const [first] = found;
  if (first === undefined) return null;
  const [, code = "", words = ""] = first;
  return new SafeInstallError("unbound", "NUGET_REFUSED", `NuGet itself refuses a package: ${code}: ${words}`, {
    hint: "find out who changed the package; nothing in the project was changed",
  });
}
