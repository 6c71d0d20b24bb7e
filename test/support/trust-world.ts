/** A project whose policy names a repository of The Update Framework, and runs there on days to come. */
import { safeInstall } from "./cli.ts";
import { temporaryFolder } from "./folder.ts";
import { writeProject } from "./project.ts";
import type { Registry } from "./registry.ts";
import { policyFor } from "./signed.ts";
import type { Instance } from "./sigstore.ts";
import { startTuf, type TufRepository } from "./tuf.ts";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";

const DAY = 86_400_000;

export interface TrustWorld {
  readonly mirror: TufRepository;
  readonly project: string;
  readonly home: string;
  /** `refreshes`: as without a word of the operator; else off. */
  readonly run: (
    args: readonly string[],
    how?: { refreshes?: boolean; home?: string },
  ) => ReturnType<typeof safeInstall>;
}

export const rootBytes = (instance: Instance | undefined) => Buffer.from(JSON.stringify(instance?.trustedRoot));

/** Its policy names a repository that serves the root of an instance; the package widget is locked. */
export async function trustWorld(
  registry: Registry,
  served: Instance | undefined,
  entry: object = {},
): Promise<TrustWorld> {
  const mirror = await startTuf({ "trusted_root.json": rootBytes(served) });
  onTestFinished(() => mirror.close());
  const folder = temporaryFolder();
  const [project, home] = [join(folder, "project"), join(folder, "home")];
  const trust = { test: { tuf: { mirror: mirror.mirror, root: "trust/root.json" }, ...entry } };
  writeProject(project, registry, {
    locked: [{ name: "widget", version: "1.0.0" }],
    policy: policyFor(["widget"], { trust }),
    files: { "trust/root.json": JSON.parse(mirror.root.toString()) as object },
  });
  // The built-in roots' repositories are not on this machine.
  const nobody = "http://127.0.0.1:9";
  const on = { SAFE_INSTALL_TRUST_MIRROR: nobody, SAFE_INSTALL_TRUST_MIRROR_GITHUB: nobody };
  return {
    mirror,
    project,
    home,
    run: (args, { refreshes = true, home: own = home } = {}) =>
      safeInstall(args, { cwd: project, home: own, env: refreshes ? on : {} }),
  };
}

/** As if the runs so far had been so long ago. `tried`: so that each repository is asked again. */
export function age(home: string, days: number, tried = false): void {
  const folder = join(home, ".local/state/safe-install/trust");
  for (const file of heldIn(folder)) {
    const [, content = ""] = readFileSync(file, "utf8").split("\n");
    if (content === "" && !tried) continue;
    if (content === "") writeFileSync(file, new Date(Date.now() - days * DAY).toISOString());
    else {
      const held = { ...(JSON.parse(content) as object), checkedAt: new Date(Date.now() - days * DAY).toISOString() };
      const text = JSON.stringify(held);
      writeFileSync(file, `${createHash("sha256").update(text).digest("hex")}\n${text}\n`);
    }
  }
}

function heldIn(folder: string): readonly string[] {
  return readdirSync(folder).map((name) => join(folder, name));
}
