import { keepResolved } from "../../../../plugins/dotnet/tools/cache.ts";
import { putInto, temporaryFolder } from "../../../support/folder.ts";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, it } from "vitest";

const CACHE = ".dotnet/toolResolverCache/1";
const ROW = { Version: "1.0.0", TargetFramework: "net8.0", RuntimeIdentifier: "any", Name: "tool" };
let [own, users] = ["", ""];
beforeEach(() => {
  [own, users] = [temporaryFolder(), temporaryFolder()];
});

const row = (part: object = {}) => ({ ...ROW, PathToExecutable: "/packages/tool/1.0.0/tool.dll", ...part });
const keep = (env: Readonly<Record<string, string>> = { HOME: users }) => keepResolved(own, "/packages", { env });
const kept = (name: string, home = users) => JSON.parse(readFileSync(join(home, CACHE, name), "utf8")) as unknown;

it("what was resolved into the packages folder is known to the user's dotnet", async () => {
  putInto(own, `${CACHE}/tool`, [row()]);
  putInto(own, `${CACHE}/other`, [row({ Name: "other" })]);
  await keep();
  expect([kept("tool"), kept("other")]).toEqual([[row()], [row({ Name: "other" })]]);
});

it("and takes the place of what was known of the same, and of nothing else", async () => {
  const rest = [{ Version: "2.0.0" }, { TargetFramework: "net9.0" }, { RuntimeIdentifier: "x" }, { Name: "t" }].map(
    (part) => row({ ...part, PathToExecutable: "/old" }),
  );
  putInto(users, `${CACHE}/tool`, [row({ PathToExecutable: "/old" }), ...rest]);
  putInto(own, `${CACHE}/tool`, [row()]);
  await keep();
  expect(kept("tool")).toEqual([...rest, row()]);
});

it("a path that was not proven is told to nobody", async () => {
  putInto(own, `${CACHE}/a`, [row()]);
  putInto(own, `${CACHE}/tool`, [row(), row({ Name: "evil", PathToExecutable: "/packages-evil/x.dll" })]);
  await expect(keep()).rejects.toMatchObject({
    kind: "unbound",
    code: "INSTALLED_MISMATCH",
    message: "dotnet resolved evil to /packages-evil/x.dll, which was not proven",
  });
  expect(existsSync(join(users, CACHE))).toBe(false);
});

it("the user's home is where dotnet looks for it", async () => {
  putInto(own, `${CACHE}/tool`, [row()]);
  const [cli, profile] = [temporaryFolder(), temporaryFolder()];
  await keep({ DOTNET_CLI_HOME: cli, HOME: users, USERPROFILE: profile });
  expect([existsSync(join(cli, CACHE)), existsSync(join(users, CACHE))]).toEqual([true, false]);
  await keep({ HOME: users, USERPROFILE: profile });
  expect([existsSync(join(users, CACHE)), existsSync(join(profile, CACHE))]).toEqual([true, false]);
  await keep({ USERPROFILE: profile });
  expect(existsSync(join(profile, CACHE, "tool"))).toBe(true);
});

it("nothing resolved is nothing to keep", async () => {
  await expect(keep()).resolves.toBeUndefined();
});
