import { type Bounds, type Host, parseJson, type Proven, type Stages } from "../../../../src/plugin.ts";
import { handoffOf } from "./handoff.ts";
import type { Locked, ToyProject } from "./locate.ts";
import { partOf } from "./part.ts";

/** The catalog first; what its proven bytes name comes after it. */
export async function* stages(project: ToyProject, _bounds: Bounds, host: Host): Stages {
  const first = yield partOf([project.catalog], { project, host, opens: true });
  const proven = yield partOf(await listedIn(first), { project, host, opens: false });
  return project.request.purpose === "check" ? null : handoffOf(project, [...first, ...proven], host);
}

async function listedIn([catalog]: readonly Proven[]): Promise<readonly Locked[]> {
  if (catalog === undefined) throw new TypeError("the gate went on without the catalog");
  return parseJson((await catalog.bytes.read()).toString("utf8")) as readonly Locked[];
}
