import { EXIT, worstExit } from "../exit.ts";
import type { ClosableHost } from "../io/host.ts";
import { type Code, CODES, type Denial } from "../model/codes.ts";
import type { Outcome, ProjectReport } from "../model/report.ts";
import type { Options } from "../options.ts";
import type { Handoff, Part, Plugin, Request } from "../plugin.ts";
import { type Opened, openProject } from "../project/open.ts";
import type { Snapshot } from "../project/snapshot.ts";
import type { Runtime } from "../runtime.ts";
import { type PolicyGround, findGround } from "./ground.ts";
import { refuseOwnCopy } from "./own-copy.ts";
import { type JudgedPart, judgePart } from "./part.ts";
import type { Progress } from "./progress.ts";
import { projectReport } from "./report.ts";
import { silentOf } from "./silent.ts";
import { walk } from "./walk.ts";

/** The judgement over one project. */
export interface Gated {
  readonly opened: Opened<PolicyGround>;
  readonly parts: readonly JudgedPart[];
  readonly report: ProjectReport;
  /** null: something is denied, or nothing was to be installed. */
  readonly handoff: Handoff | null;
}

export interface GateRequest {
  readonly plugin: Plugin;
  readonly request: Request;
  readonly options: Options;
  /** The request's folders are in a snapshot of the index. */
  readonly snapshot?: Snapshot;
  /** Leaves out what need not be judged; with words for the report. */
  readonly narrow?: (part: Part, opened: Opened<PolicyGround>) => Promise<{ part: Part; notes: readonly string[] }>;
}

interface Means {
  readonly runtime: Runtime;
  readonly host: ClosableHost;
  readonly progress: Progress;
}

/**
 * THE STORY: a project is opened; every artifact of each of its parts is fetched, its evidence collected, verified and
 * decided upon; only where all of a part is let through are its bytes handed back, and the next part is known.
 */
export async function gate(asked: GateRequest, { runtime, host, progress }: Means): Promise<Gated> {
  const { plugin, request, options, snapshot, narrow } = asked;
  const place = snapshot === undefined ? {} : { snapshot };
  const about = { ecosystem: plugin.table.ecosystem, purpose: request.purpose, options, ...place };
  const opened = await openProject(plugin, request, host, ({ folder }) =>
    findGround({ ...about, project: folder }, host, runtime.cwd),
  );
  // A snapshot stands for the repository: the copy lies in the repository itself.
  await refuseOwnCopy(snapshot?.root ?? opened.bounds.repositoryRoot, runtime.env, (text) => host.notice(text));
  const parts: JudgedPart[] = [];
  const notes: string[] = [];
  const handoff = await walk(opened, host, async (part) => {
    const narrowed = await narrow?.(part, opened);
    notes.push(...(narrowed?.notes ?? []));
    const judged = await judgePart(narrowed?.part ?? part, opened.bounds.judge, progress);
    parts.push(judged);
    return judged.isDenied ? null : judged.proven;
  });
  return {
    opened,
    parts,
    handoff,
    report: projectReport(opened, foundIn(parts, notes, opened), runtime, snapshot),
  };
}

function foundIn(parts: readonly JudgedPart[], notes: readonly string[], { bounds }: Opened<PolicyGround>) {
  const silences = silentOf(parts, bounds.layers);
  const said = [...notes, ...silences.map((one) => one.said)];
  const unserved = silences.flatMap(({ purls }) => [...purls]);
  return { parts, notes: said, unserved, outcome: outcomeOf(parts), exit: exitOf(parts) };
}

export function outcomeOf(parts: readonly JudgedPart[]): Outcome {
  if (parts.some(({ isDenied }) => isDenied)) return "denied";
  const decisions = parts.flatMap((part) => part.decisions);
  return decisions.some(({ outcome }) => outcome === "audited") ? "audited" : "allowed";
}

export function exitOf(parts: readonly JudgedPart[]): number {
  const unbound = parts.flatMap(({ part }) => part.unbound.map(({ denial }) => denial));
  const denied = parts.flatMap(({ decisions }) => decisions).filter(({ outcome }) => outcome === "denied");
  if (unbound.length === 0 && isClockSlow(parts)) return EXIT.unavailable;
  return worstExit([...unbound, ...denied.flatMap(({ denials }) => denials)].map(({ code }) => CODES[code].exit));
}

/** Every package is signed after now: more likely one clock is slow, the one here, than all the others fast. */
function isClockSlow(parts: readonly JudgedPart[]): boolean {
  const decisions = parts.flatMap((part) => part.decisions);
  return decisions.length > 0 && decisions.every(({ denials }) => isOnly(denials, "TIME_AFTER_NOW"));
}

function isOnly(denials: readonly Denial[], code: Code): boolean {
  return denials.length > 0 && denials.every((denial) => denial.code === code);
}
