import { endingsOfMaterial } from "../project/endings.ts";
import { type LoadedPolicy, loadLayers, policiesBelow } from "../project/policy-file.ts";
import { requireOpenedTimes } from "../project/policy-roots.ts";
import { loadTrustRoot } from "../project/trust.ts";
import { openTrust, type Trust } from "../trust/open.ts";
import { livingVerifier } from "../trust/verifier.ts";
import type { Judge } from "./judge.ts";
import type { Decision } from "../model/decision.ts";
import type { Ecosystem } from "../model/package.ts";
import type { ProjectReport } from "../model/report.ts";
import type { Options } from "../options.ts";
import type { Bounds, Host } from "../plugin.ts";
import { archivesOf } from "../policy/archives.ts";
import { decide } from "../policy/decide.ts";
import { exceptionFigures } from "../policy/exceptions.ts";
import { endingFigures, expiryWarnings } from "../policy/expiry.ts";
import { type Layer, modeOf, registriesOf, tighten } from "../policy/layer.ts";
import { comparedIn } from "../policy/compared.ts";
import { wanted } from "../policy/wanted.ts";
import type { HeldKey } from "../verify/trust/held-key.ts";
import { inRepository, type Snapshot } from "../project/snapshot.ts";
import { wayTo } from "../io/inside.ts";
import { join, resolve } from "node:path";

/** Everything that judging one project needs, from its policy files. */
export interface PolicyGround extends Bounds {
  readonly judge: Judge;
  readonly loaded: LoadedPolicy;
  readonly layers: readonly Layer[];
  readonly policies: ProjectReport["policies"];
  readonly notes: readonly string[];
  readonly exceptions: (decisions: readonly Decision[]) => ProjectReport["exceptions"];
  readonly endings: ProjectReport["endings"];
  /** Absolute: stands for the repository root where the policies were read from a revision or the index. */
  readonly policyFolder?: string;
}

interface Place {
  /** Absolute folder whose policy counts. */
  readonly project: string;
  readonly ecosystem: Ecosystem;
  readonly purpose: "install" | "check";
  readonly options: Pick<Options, "policy" | "policyFrom" | "mode">;
  /** The project is in a snapshot (of the index), and stands for a folder of the repository. */
  readonly snapshot?: Snapshot;
}

/** Finds the policy, loads what it names, and joins cryptography and policy into one Judge. `registryKeys`: other ones than those held. @throws SafeInstallError */
export async function findGround(
  place: Place,
  host: Host,
  cwd: string,
  registryKeys?: readonly HeldKey[],
): Promise<PolicyGround> {
  const loaded = await loadPlaced(place, host, cwd);
  const layers = tighten(loaded.layers, {
    audit: place.options.mode === "audit",
    enforce: place.options.mode === "enforce",
  });
  const now = host.now();
  const real = place.snapshot === undefined ? place.project : inRepository(place.snapshot, place.project);
  const asked = new Set(layers.map(({ name }) => name));
  const unasked = place.options.policy === null ? await policiesBelow(real, cwd) : [];
  const opened = await openTrust(loaded.roots, host);
  requireOpenedTimes(layers, opened.roots);
  const trust = registryKeys === undefined ? opened : { ...opened, registryKeys };
  const endings = layers.map((layer) => [layer, endingsOfMaterial(layer, trust.roots, trust.registryKeys)] as const);
  return {
    repositoryRoot: place.snapshot?.folder ?? loaded.repositoryRoot,
    registries: registriesOf(layers, place.ecosystem),
    archives: archivesOf(layers, now),
    judge: judgeOver(
      layers,
      livingVerifier({ named: loaded.roots, keys: loaded.keys, notary: loaded.notary, trust }, host),
      {
        wantsBytes: place.purpose === "install",
        offline: host.offline,
        now,
        missing: trust.missing,
      },
    ),
    loaded,
    layers,
    policies: layers.map(policyOf),
    exceptions: (decisions) => exceptionFigures(layers, decisions, now),
    endings: endings
      .flatMap(([layer, material]) => endingFigures(layer, now, material))
      .toSorted((left, right) => left.daysLeft - right.daysLeft),
    ...(loaded.policyFolder === undefined ? {} : { policyFolder: loaded.policyFolder }),
    notes: [
      ...loaded.notes,
      ...unasked
        .filter((name) => !asked.has(wayTo(loaded.repositoryRoot, join(real, name))))
        .map((name) => `${name} is not asked: the installer takes a folder above it for the project`),
      ...endings.flatMap(([layer, material]) => expiryWarnings(layer, now, material)),
      ...trust.notes,
    ],
  };
}

/** From the folder itself, from a revision, or from the index. */
async function loadPlaced(
  { project, options, snapshot }: Place,
  host: Host,
  cwd: string,
): Promise<LoadedPolicy & { readonly policyFolder?: string }> {
  const { policy, policyFrom } = options;
  if (policyFrom === null && snapshot === undefined) return loadPolicy(project, policy, cwd);
  const { loadAt, loadLayersFrom } = await import("../project/revision.ts");
  const real = snapshot === undefined ? project : inRepository(snapshot, project);
  if (policyFrom !== null) {
    const from = { cwd, ...(snapshot === undefined ? {} : { index: snapshot }) };
    return loadLayersFrom(policyFrom, { project: real, loadTrustRoot }, host, from);
  }
  if (snapshot === undefined || policy !== null) return loadPolicy(real, policy, cwd);
  const loaded = await loadAt(snapshot, { project: real, loadTrustRoot });
  return { ...loaded, policyFolder: snapshot.folder };
}

/** `--policy FILE` is relative to where the command was typed. */
export function loadPolicy(project: string, policy: string | null, cwd: string): Promise<LoadedPolicy> {
  return loadLayers({ project, loadTrustRoot, ...(policy === null ? {} : { policy: resolve(cwd, policy) }) });
}

/** Cryptography and policy as one judge. */
export function judgeOver(
  layers: readonly Layer[],
  verify: Judge["verify"],
  { now, missing, ...how }: Pick<Judge, "wantsBytes" | "offline"> & JudgedOver,
): Judge {
  return {
    ...how,
    wanted: (artifact) => wanted(layers, artifact, now),
    compares: (artifact) => comparedIn(layers, artifact),
    verify,
    decide: (facts) => decide(layers, missing === undefined ? facts : { ...facts, missingRoots: missing }, now),
  };
}

interface JudgedOver {
  readonly now: Date;
  /** Of the trust roots. */
  readonly missing?: Trust["missing"];
}

function policyOf(layer: Layer): ProjectReport["policies"][number] {
  return { name: layer.name, digest: `sha256:${layer.digest}`, mode: modeOf(layer, null) };
}
