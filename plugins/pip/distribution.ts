import { normalName, type PackageRef } from "../../src/plugin.ts";

export { isFileOf, isSameDistribution, isSameVersion, parseDistribution } from "../../src/plugin.ts";

/** purl-spec: the name of a PyPI package is its normal form. */
export function packageRef(name: string, version: string): PackageRef {
  const purl = `pkg:pypi/${normalName("pypi", name)}@${encodeURIComponent(version)}`;
  return { ecosystem: "pypi", name: normalName("pypi", name), version, purl };
}
