import { locate } from "../../../plugins/pip/locate.ts";
import { stages } from "../../../plugins/pip/stages.ts";
import { createHost } from "../../../src/io/host.ts";
import type { Request } from "../../../src/plugin.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { makeWheel } from "../../support/pypi.ts";
import { hasPip, makeEnvironment, NEWEST_PIP } from "../../support/pypi/pythons.ts";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";

function hostIn(home: string) {
  const host = createHost({
    env: { PATH: process.env["PATH"], HOME: home, PIP_CONFIG_FILE: "/dev/null", PIP_DISABLE_PIP_VERSION_CHECK: "1" },
    signal: new AbortController().signal,
    offline: false,
    cacheFolder: join(home, "cache"),
    stateFolder: join(home, "state"),
    home,
    notice: () => {},
  });
  onTestFinished(() => host.close());
  return host;
}

async function begin(...words: readonly string[]) {
  if (NEWEST_PIP === null) throw new Error("no pip is at hand");
  const home = temporaryFolder();
  const environment = makeEnvironment(join(home, "venv"), NEWEST_PIP);
  const [links, cwd] = [join(home, "links"), join(home, "project")];
  for (const folder of [links, cwd]) mkdirSync(folder);
  const steady = makeWheel({ name: "steady", version: "1.0.0" });
  writeFileSync(join(links, steady.filename), steady.bytes);
  const args = ["install", "-q", "--no-index", "--find-links", links, ...words];
  const request: Request = { purpose: "install", args, program: [environment.pip], cwd };
  const host = hostIn(home);
  const project = await locate(request, host);
  return { project, environment, host, parts: stages(project, { repositoryRoot: cwd, registries: [] }, host) };
}

describe.skipIf(!hasPip)("the parts of pip install", { timeout: 120_000 }, () => {
  it("its environment names the journal, whatever its interpreter is called", async () => {
    const { project, environment, host } = await begin("steady");
    const program = [join(dirname(environment.python), "python3"), "-m", "pip"];
    const other = await locate({ ...project.request, program }, host);
    expect([project.root, other.root]).toEqual([environment.folder, environment.folder]);
    const args = ["install", "--target=vendor", "--prefix", "/p", "x"];
    const named = await locate({ ...project.request, args }, host);
    expect(named.found).toEqual([join(project.folder, "vendor"), "/p"]);
  });

  it("one part opens, and its proven wheels are handed off", async () => {
    const { parts, environment } = await begin("steady");
    const { value: part } = await parts.next([]);
    if (part === null || !("artifacts" in part)) throw new Error("a part is expected");
    expect(part.opens).toBe(true);
    const [artifact] = part.artifacts;
    if (artifact === undefined) throw new Error("an artifact is expected");
    const { value: handoff, done } = await parts.next([{ artifact, bytes: await part.obtain(artifact) }]);
    if (done !== true || handoff === null) throw new Error("a hand-off is expected");
    expect(handoff.root).toBe(environment.sitePackages);
    expect(handoff.found).toEqual([environment.folder]);
    const touches = ["steady", "steady-1.0.0.dist-info"];
    expect(handoff.replaces).toEqual([{ path: environment.sitePackages, touches }]);
  });

  it("no set is handed off of which anything is missing", async () => {
    const { parts } = await begin("steady");
    const { value: part } = await parts.next([]);
    if (part === null || !("artifacts" in part)) throw new Error("a part is expected");
    for (const one of part.artifacts) await part.obtain(one);
    await expect(parts.next([])).rejects.toMatchObject({ code: "NOT_OBTAINED" });
  });
});
