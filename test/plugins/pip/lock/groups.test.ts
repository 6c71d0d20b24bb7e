import { withGroups } from "../../../../plugins/pip/lock/groups.ts";
import { isMarker } from "../../../../plugins/pip/lock/grammar.ts";
import { describe, expect, it } from "vitest";

const YES = 'python_version != "0"';
const NO = 'python_version == "0"';

describe("what a lock's marker says of groups and extras", () => {
  it.each([
    // As pdm and pipenv write them.
    [`"default" in dependency_groups`, YES],
    [`'dev' in dependency_groups`, NO],
    [
      `(python_version >= "3.8") and ("default" in dependency_groups or "dev" in dependency_groups)`,
      `(python_version >= "3.8") and (${YES} or ${NO})`,
    ],
    [`"dev" not in dependency_groups`, YES],
    [`"De_Fault" in dependency_groups`, NO],
    [`"DEFAULT" in dependency_groups`, YES],
    [`"socks" in extras`, NO],
    [`"socks" not in extras and sys_platform == "linux"`, `${YES} and sys_platform == "linux"`],
    [`os_name == "posix"`, `os_name == "posix"`],
    [`"arm" in platform_machine`, `"arm" in platform_machine`],
  ])("%s", (marker, expected) => {
    const found = withGroups(marker, ["default"]);
    expect(found).toBe(expected);
    expect(isMarker(found ?? "")).toBe(true);
  });

  it.each([`dependency_groups == "dev"`, `extras in "a"`, `"a" == extras`])("%s is not known", (marker) => {
    expect(withGroups(marker, ["default"])).toBeNull();
  });

  it.each([
    `os_name == "x" or "in extras" == os_name`,
    `os_name == 'x' or 'in dependency_groups' == os_name`,
    `"not in extras" == os_name`,
  ])("what a string holds is none of it: %s", (marker) => {
    expect(isMarker(marker)).toBe(true);
    expect(withGroups(marker, ["default"])).toBe(marker);
  });
});
