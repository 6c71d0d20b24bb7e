import type { Decision, Unavailable } from "../model/decision.ts";
import type { Verdict } from "../model/verdict.ts";
import type { PolicyGround } from "./ground.ts";
import type { JudgedPart } from "./part.ts";

/** What one package's registry was asked for, and had. */
export interface AskedRegistry {
  /** Which package: several files of one are one. */
  readonly purl: string;
  /** As the plugin names it; null: it is not known to pass packages of another one on. */
  readonly registry: string | null;
  readonly verdicts: readonly Verdict[];
  readonly unavailable: readonly Unavailable[];
  /** Whether evidence was asked for, and is missing. */
  readonly lacks: boolean;
}

/** A registry that had nothing. */
export interface SilentRegistry {
  /** For people. */
  readonly said: string;
  /** Of what it had nothing. */
  readonly purls: ReadonlySet<string>;
}

/** Of a run: not where a policy names other places already, which had nothing either. */
export function silentOf(parts: readonly JudgedPart[], layers: PolicyGround["layers"]): readonly SilentRegistry[] {
  if (namesSources(layers)) return [];
  return silentRegistries(
    parts.flatMap(({ part, decisions }) =>
      decisions.map((one) => ({
        ...one,
        purl: one.artifact.package.purl,
        registry: part.registryOf?.(one.artifact) ?? null,
        lacks: lacksEvidence(one),
      })),
    ),
  );
}

export function namesSources(layers: PolicyGround["layers"]): boolean {
  return layers.some(({ sources }) => Object.values(sources).some((some) => some.length > 0));
}

function lacksEvidence({ denials }: Decision): boolean {
  return denials.some(({ code }) => code === "NO_EVIDENCE");
}

/** A registry that has nothing of any of several packages: one fact about it, with the way out, beside one about each package. */
export function silentRegistries(asked: readonly AskedRegistry[]): readonly SilentRegistry[] {
  const names = [...new Set(asked.flatMap(({ registry }) => registry ?? []))];
  return names.flatMap((name) => {
    const own = asked.filter(({ registry }) => registry === name);
    const bare = own.filter(({ lacks, verdicts, unavailable }) => lacks && verdicts.length + unavailable.length === 0);
    const purls = new Set(bare.map(({ purl }) => purl));
    if (purls.size < SEVERAL || own.some((one) => isFrom(name, one))) return [];
    return [{ said: words(name, purls.size), purls }];
  });
}

/** For people alone. */
export function saidOf(asked: readonly AskedRegistry[]): readonly string[] {
  return silentRegistries(asked).map(({ said }) => said);
}

const SEVERAL = 2;

function isFrom(registry: string, { verdicts }: AskedRegistry): boolean {
  return verdicts.some(({ evidence: { location } }) => originOf(location) === originOf(registry));
}

function originOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).origin : null;
}

function words(registry: string, count: number): string {
  return `${registry} had no attestation or signature of what the policy asks for, of any of ${count} packages: a mirror may not pass them on. Name the place that has them under "sources" (docs/mirrors.md)`;
}
