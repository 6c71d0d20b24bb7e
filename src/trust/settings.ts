import { SafeInstallError } from "../errors.ts";
import { GITHUB, PUBLIC_GOOD, type TrustSettings } from "../model/trust.ts";
import { isAllowedUrl } from "../url.ts";

/** `SAFE_INSTALL_TRUST_MIRROR` and `SAFE_INSTALL_TRUST_MIRROR_GITHUB`: an address; the first may say `off`. @throws SafeInstallError usage */
export function trustSettings(env: Readonly<Record<string, string | undefined>>): TrustSettings {
  const stated = env["SAFE_INSTALL_TRUST_MIRROR"] ?? "";
  const mirrors = [
    [PUBLIC_GOOD, "SAFE_INSTALL_TRUST_MIRROR"],
    [GITHUB, "SAFE_INSTALL_TRUST_MIRROR_GITHUB"],
  ] as const;
  const named = mirrors.flatMap(([name, variable]) => {
    const address = env[variable] ?? "";
    return address === "" || address === "off" ? [] : [[name, allowed(variable, address)] as const];
  });
  return { refreshes: stated !== "off", mirrors: Object.fromEntries(named) };
}

function allowed(variable: string, address: string): string {
  if (isAllowedUrl(address)) return address;
  throw new SafeInstallError("usage", "USAGE", `${variable}: expected an https address, or off`, {
    hint: "docs/trust.md says what a mirror is",
  });
}
