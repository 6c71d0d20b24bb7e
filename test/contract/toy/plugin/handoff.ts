import { type Handoff, type Host, LIMITS, parseJson, type Proven, SafeInstallError } from "../../../../src/plugin.ts";
import { installerOf } from "./installer.ts";
import { LIST, MODULES, type ToyProject } from "./locate.ts";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Changes `toy_modules` in place: a person keeps files of his own in there. */
export async function handoffOf(
  { folder, root, found, request }: ToyProject,
  proven: readonly Proven[],
  host: Host,
): Promise<Handoff> {
  const modules = join(folder, MODULES);
  const feed = await host.temporary("toy");
  const names = proven.map(({ artifact }) => artifact.package.name);
  const listed = await host.read(join(modules, LIST), { maxBytes: LIMITS.lockfileBytes });
  const before = listed === null ? [] : (parseJson(listed.toString("utf8")) as readonly string[]);
  return {
    root,
    found,
    replaces: [{ path: modules, touches: [...new Set([LIST, ...before, ...names])] }],
    prepare,
    install,
    compare,
    ...(request.args.includes("--then") ? { next } : {}),
  };

  async function prepare(): Promise<void> {
    await mkdir(feed, { recursive: true });
    for (const { artifact, bytes } of proven) await writeFile(join(feed, artifact.package.name), await bytes.read());
    await dieAt("prepared", host);
  }

  async function install(): Promise<number> {
    await dieAt("set-aside", host);
    const args = [installerOf(host.env), "install", feed, modules];
    const code = await host.run({ file: process.execPath, args, cwd: feed, env: host.env });
    await dieAt("installed", host);
    return code;
  }

  async function compare(): Promise<void> {
    for (const { artifact, bytes } of proven) {
      const file = join(modules, artifact.package.name);
      const content = await host.read(file, { maxBytes: LIMITS.lockfileBytes });
      if (content === null || !content.equals(await bytes.read()))
        throw new SafeInstallError("unbound", "INSTALLED_MISMATCH", `${file} is not what was proven`);
    }
    await dieAt("compared", host);
  }

  async function next(): Promise<number> {
    await dieAt("committed", host);
    return 3;
  }
}

/** Ends this process as `kill -9` does, where the test asks for it. */
async function dieAt(step: string, { env }: Host): Promise<void> {
  if (env["TOY_DIES"] !== step) return;
  process.kill(process.pid, "SIGKILL");
  await new Promise(() => {});
}
