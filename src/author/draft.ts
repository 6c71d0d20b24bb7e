import { wayTo } from "../io/inside.ts";
import { ASKABLE } from "../plugins.ts";
import type { PackageRef } from "../model/package.ts";
import { parsePolicy, parseRecorded } from "../policy/read/parse.ts";
import type { Layer } from "../policy/layer.ts";
import { editJson, recordedText } from "./propose/edit.ts";
import { type Plan, plan, type RecordedPackages } from "./propose/plan.ts";
import { type SecondLook, secondLooks } from "./propose/second-look.ts";
import { type Sighting, sightingsOf } from "./propose/sighting.ts";
import { type Standing, standingOf } from "./propose/standing.ts";
import type { Policy } from "../policy/schema/index.ts";
import { type Foundation, RECORDED_FILE } from "./foundation.ts";
import type { Survey } from "./survey.ts";
import { trustNames } from "./trust-names.ts";
import { createHash } from "node:crypto";
import { basename, dirname, join } from "node:path";
import { packageKey } from "../ecosystems/names.ts";
import { parsePurl } from "../ecosystems/purl.ts";
import { EXIT, worstExit } from "../exit.ts";
import { CODES } from "../model/codes.ts";

/** What of the command line a further one would repeat. */
export interface Typed {
  /** The installer's, as after `--`; null: there is none. */
  readonly command: readonly string[] | null;
  /** `--policy` */
  readonly policy: string | null;
}

/** What would be written, and what a person has to know about it. Nothing is written yet. */
export interface Draft {
  readonly foundation: Foundation;
  readonly typed: Typed;
  readonly survey: Survey;
  readonly standings: readonly Standing[];
  readonly plan: Plan;
  readonly looks: readonly SecondLook[];
  /** Recorded versions that no lock here names any more, and that go. */
  readonly pruned: readonly string[];
  /** The files as they would be; null: stays as it is. */
  readonly policyText: string | null;
  readonly recordedText: string | null;
  /** How everything stands once that is written; what is not "held" stays outside. */
  readonly after: readonly Standing[];
}

interface DraftOptions {
  /** purls; null: everything that may be pinned in passing. */
  readonly named: ReadonlySet<string> | null;
  /** What may be; absent: `isInPassing`. */
  readonly isPassing?: (one: Standing) => boolean;
  /** For a policy that is not there yet. */
  readonly mode: "audit" | "enforce";
  /** Takes out of the recorded file what no lock here names any more. */
  readonly prune?: boolean;
  /** Lists archives that come from no registry (`init --record`); those that are named are listed always. */
  readonly lists?: boolean;
  readonly now: Date;
  readonly typed?: Typed;
}

/** Days for which newly recorded digests count. */
const RECORDED_DAYS = 180;

export function draft(foundation: Foundation, survey: Survey, options: DraftOptions): Draft {
  const sightings = sightingsOf(survey.facts, trustNames(foundation));
  const standings = sightings.map((sighting) => standingOf(sighting, foundation.layers, options.now, survey.earlier));
  const pinned = plan(standings, baseOf(foundation, options), options.named, options.isPassing);
  const planned =
    options.prune === true ? { ...pinned, recorded: prune(pinned.recorded, packagesOf(sightings)) } : pinned;
  const policyText = textOf(foundation, planned.policy);
  const recorded = recordedText(planned.recorded);
  const layers = layersAfter(foundation, policyText, recorded);
  return {
    foundation,
    typed: options.typed ?? { command: null, policy: null },
    survey,
    standings,
    plan: planned,
    looks: secondLooks(planned, survey.repositories),
    pruned: [...pinned.recorded.keys()].filter((purl) => !planned.recorded.has(purl)),
    policyText: policyText === foundation.text ? null : policyText,
    recordedText: isSameRecord(foundation, planned) ? null : recorded,
    after: sightings.map((sighting) => standingOf(sighting, layers, options.now, survey.earlier)),
  };
}

function packagesOf(sightings: readonly Sighting[]): readonly PackageRef[] {
  return sightings.map((one) => one.package);
}

function baseOf(
  { policy, layers, recorded, text, file, repositoryRoot, schema }: Foundation,
  options: DraftOptions,
): Parameters<typeof plan>[1] {
  const expires = new Date(options.now.getTime() + RECORDED_DAYS * 86_400_000).toISOString().slice(0, 10);
  const beginning = {
    ...(schema === null ? {} : { $schema: schema }),
    version: 1 as const,
    mode: options.mode,
  };
  return {
    policy: text === null ? { ...beginning, ...policy } : policy,
    layer: layers[0] ?? null,
    recorded,
    record: { file: RECORDED_FILE, reason: "roll-out: pinned by hash, unsigned so far", expires },
    lists: options.lists === true,
    beside: (path) => wayTo(dirname(file), join(repositoryRoot, path)),
  };
}

function textOf({ text }: Foundation, policy: Policy): string {
  if (text === null) return `${editJson("", policy).trimEnd()}\n`;
  return editJson(text, policy);
}

function isSameRecord({ recorded }: Foundation, { recorded: after }: Plan): boolean {
  return recordedText(recorded) === recordedText(after);
}

/** The layers as they would be, through the policy's own reader: what it refuses is a bug of ours. */
export function layersAfter(foundation: Foundation, policyText: string, recorded: string): readonly Layer[] {
  const [outermost, ...inner] = foundation.layers;
  const policy = parsePolicy(policyText, foundation.shown, ASKABLE);
  const named = Object.fromEntries(foundation.roots.map(({ name, id }) => [name, id]));
  const layer: Layer = {
    name: outermost?.name ?? basename(foundation.file),
    digest: createHash("sha256").update(policyText).digest("hex"),
    policy,
    roots: { "public-good": "public-good", ...named, ...outermost?.roots },
    keys: outermost?.keys ?? {},
    recorded: policy.recorded === undefined ? null : parseRecorded(recorded, policy.recorded.file),
    sources: outermost?.sources ?? {},
    override: null,
  };
  return [layer, ...inner];
}

/** What would still not be let in. */
export function left({ after }: Pick<Draft, "after">): readonly Standing[] {
  return after.filter(({ status }) => status !== "held" && status !== "gained");
}

/**
 * The recorded packages without those that no lock names any more. Of an ecosystem that no lock here is of, nothing is
 * known: its entries stay.
 */
function prune(recorded: RecordedPackages, locked: readonly PackageRef[]): RecordedPackages {
  const keys = new Set(locked.map(({ ecosystem, name, version }) => packageKey(ecosystem, name, version)));
  const ecosystems = new Set<string>(locked.map(({ ecosystem }) => ecosystem));
  return new Map(
    [...recorded].filter(([text]) => {
      const purl = parsePurl(text);
      if (purl === null || !ecosystems.has(purl.ecosystem)) return true;
      return keys.has(packageKey(purl.ecosystem, purl.name, purl.version ?? ""));
    }),
  );
}

/**
 * A first policy about nothing, where there are packages: it would pass for one that somebody has read. Of packages that are
 * nowhere any more there is nothing else to know.
 */
export function isEmpty({ foundation, plan: planned, standings, survey }: Draft): boolean {
  const { signers = {}, rules = [], archives = [] } = planned.policy;
  const isNothing = Object.keys(signers).length + rules.length + archives.length + planned.recorded.size === 0;
  const isUnknown = standings.every(({ status }) => status === "unknown" || status === "broken");
  const isGone =
    standings.length > 0 && standings.every(({ sighting: { found } }) => found.kind === "unknown" && found.absent);
  const some = standings.length + survey.unbound.length > 0;
  return foundation.text === null && isNothing && isUnknown && !isGone && some;
}

/** As `check` would end once the draft is written; with nothing to write, nothing was found out. */
export function exitOfDraft(draft: Draft): number {
  const exit = exitOnceWritten(draft);
  return isEmpty(draft) && exit !== EXIT.doesNotHold ? EXIT.unavailable : exit;
}

function exitOnceWritten(draft: Draft): number {
  const standings = left(draft).map(({ status, denials }) => {
    if (status === "broken" || denials.some(({ code }) => CODES[code].exit === 66)) return EXIT.doesNotHold;
    return status === "unknown" ? EXIT.unavailable : EXIT.denied;
  });
  return worstExit([...standings, ...draft.survey.unbound.map(({ denial }) => CODES[denial.code].exit)]);
}
