import { type Host, SafeInstallError, isInside } from "../../../src/plugin.ts";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

/** One line of `~/.dotnet/toolResolverCache/1/ID`: where the SDK found a command of a tool. */
interface Row {
  readonly Version: string;
  readonly TargetFramework: string;
  readonly RuntimeIdentifier: string;
  readonly Name: string;
  readonly PathToExecutable: string;
}

const CACHE = join(".dotnet", "toolResolverCache", "1");

/** Takes over what a restore with a home of its own resolved; every path must lie in the packages folder. */
export async function keepResolved(home: string, packages: string, host: Pick<Host, "env">): Promise<void> {
  const own = join(home, CACHE);
  const users = join(host.env["DOTNET_CLI_HOME"] ?? host.env["HOME"] ?? host.env["USERPROFILE"] ?? homedir(), CACHE);
  const names = await readdir(own).catch(() => []);
  const resolved = await Promise.all(names.map(async (name) => [name, await readRows(join(own, name))] as const));
  const strange = resolved
    .flatMap(([, rows]) => rows)
    .find(({ PathToExecutable }) => !isInside(PathToExecutable, packages));
  if (strange !== undefined)
    throw new SafeInstallError(
      "unbound",
      "INSTALLED_MISMATCH",
      `dotnet resolved ${strange.Name} to ${strange.PathToExecutable}, which was not proven`,
    );
  await mkdir(users, { recursive: true });
  for (const [name, rows] of resolved) {
    const known = await readRows(join(users, name)).catch(() => []);
    const kept = known.filter((one) => !rows.some((row) => keyOf(row) === keyOf(one)));
    await writeFile(join(users, name), JSON.stringify([...kept, ...rows]));
  }
}

async function readRows(path: string): Promise<readonly Row[]> {
  return JSON.parse(await readFile(path, "utf8")) as readonly Row[];
}

function keyOf({ Version, TargetFramework, RuntimeIdentifier, Name }: Row): string {
  return [Version, TargetFramework, RuntimeIdentifier, Name].join(" ");
}
