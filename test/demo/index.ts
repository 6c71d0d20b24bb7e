/** `npm run demo`: the whole product in a minute, on loopback, with the machine's own npm. Exit 0: every scene came out as announced. */
import { createInstance } from "../support/sigstore.ts";
import { startRegistry } from "../support/registry.ts";
import { makeCast } from "./cast.ts";
import { hasPip } from "../support/pypi/pythons.ts";
import { sameForPip } from "./pip.ts";
import { hasDotnet } from "../support/nuget/project.ts";
import { sameForDotnet } from "./dotnet.ts";
import { openProject } from "./project.ts";
import { allGood, auditOnly, tamperedTarball, wrongRepository } from "./scenes.ts";
import { NotAsAnnounced, openStage } from "./stage.ts";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";

const interrupted = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => interrupted.abort());

process.exitCode = await play(interrupted.signal);

async function play(signal: AbortSignal): Promise<number> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "safe-install-demo-")));
  const registry = await startRegistry();
  try {
    const instance = await createInstance();
    const cast = await makeCast(instance);
    for (const one of cast.published) registry.publish(one);
    const project = openProject(join(folder, "shop"), registry, cast, instance.trustedRoot);
    const stage = openStage(join(folder, "home"), signal);
    await stage.title();
    for (const scene of [allGood, wrongRepository, tamperedTarball, auditOnly]) {
      await scene({ stage, project, registry, cast });
    }
    if (hasPip) await sameForPip(stage, join(folder, "pip"), instance);
    else stage.say(["", "The scene with pip is left out: no Python 3.10 or later with a pip is on PATH."]);
    if (hasDotnet) await sameForDotnet(stage, join(folder, "dotnet"), instance);
    else stage.say(["", "The scene with dotnet is left out: no .NET SDK is on PATH."]);
    stage.end();
    return 0;
  } catch (error) {
    if (signal.aborted) return 130;
    if (!(error instanceof NotAsAnnounced)) throw error;
    process.stderr.write(`✗ not as announced: ${error.message}\n`);
    return 1;
  } finally {
    await registry.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
