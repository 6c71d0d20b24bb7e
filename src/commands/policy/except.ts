import { type AuthorArguments, parseAsked } from "../../author/arguments.ts";
import { surveyAsked } from "../../author/asked.ts";
import {
  exceptedPackages,
  excusable,
  type Grant,
  MOST_DAYS,
  withExceptions,
  withRenewed,
} from "../../author/except.ts";
import { findFoundation, type Foundation } from "../../author/foundation.ts";
import { named } from "../../author/named.ts";
import { layersAfter } from "../../author/draft.ts";
import { editJson, recordedText } from "../../author/propose/edit.ts";
import { type Sighting, sightingsOf } from "../../author/propose/sighting.ts";
import { trustNames } from "../../author/trust-names.ts";
import { lineDiff } from "../../author/words/change.ts";
import { exceptionList } from "../../author/words/exceptions.ts";
import { noPolicyTo } from "../../author/words/first-policy.ts";
import { writeDraft } from "../../author/write.ts";
import { SafeInstallError } from "../../errors.ts";
import { EXIT, worstExit } from "../../exit.ts";
import { silent } from "../../gate/progress.ts";
import { CODES } from "../../model/codes.ts";
import { label } from "../../model/package.ts";
import { decide } from "../../policy/decide.ts";
import type { Layer } from "../../policy/layer.ts";
import { exceptionFigures } from "../../policy/exceptions.ts";
import type { Policy } from "../../policy/schema/index.ts";
import { answer } from "../../report/answer.ts";
import { terminalProgress } from "../../report/progress.ts";
import type { Paint } from "../../report/text.ts";
import type { Runtime } from "../../runtime.ts";
import { withHost } from "../with-host.ts";

/**
 * `safe-install policy except PACKAGE --code CODE --reason WHY --days N`: the exception that this one version needs, as a diff.
 * With `--renew` those that are there last so many days more; without a package they are listed.
 * @returns the exit code
 */
export async function except(args: readonly string[], runtime: Runtime): Promise<number> {
  const asked = parseAsked(
    args,
    ["lockfile", "write", "command", "code", "reason", "days", "approved-by", "renew"],
    "policy",
  );
  if (asked.words.length === 0) return list(asked, runtime);
  const after = asked.renew ? renew(asked) : grant(asked);
  return withHost(asked.options, runtime, async (host) => {
    const { foundation, policy, sightings = [] } = await after(runtime, host);
    const before = foundation.text ?? "";
    const text = editJson(before, policy);
    const layers = layersAfter(foundation, text, recordedText(foundation.recorded));
    const denials = sightings.flatMap((one) => denialsOf(one, layers, host.now()));
    const isWritten = text !== before && asked.write;
    if (isWritten) await writeDraft({ foundation, policyText: text, recordedText: null, plan: { policy } });
    const exit = worstExit(denials.map(({ code }) => CODES[code].exit)) || EXIT.ok;
    const change = { before, after: text, shown: foundation.shown, denials, isWritten };
    const json = () => ({ changes: text !== before, written: isWritten ? [change.shown] : [], denied: denials });
    return answer("policy except", exit, { text: (paint) => changeText(change, paint), json }, runtime);
  });
}

interface Change {
  readonly before: string;
  readonly after: string;
  readonly shown: string;
  readonly denials: ReturnType<typeof denialsOf>;
  readonly isWritten: boolean;
}

function changeText({ before, after, shown, denials, isWritten }: Change, paint: Paint): string {
  const stays = denials.map(({ about, code }) => `${paint("red", "✗")} ${about} stays denied: ${code}\n`).join("");
  if (after === before) return `nothing to change\n${stays}`;
  const done = isWritten ? `${paint("green", "✓")} wrote ${shown}\n` : "nothing was written; to apply it: --write\n";
  return `${lineDiff(before, after, shown, paint)}${stays}${done}`;
}

/** What the exception does not excuse. */
function denialsOf(sighting: Sighting, layers: readonly Layer[], now: Date) {
  const { denials } = decide(layers, sighting.facts, now);
  return denials.map(({ code }) => ({ about: label(sighting.package), code }));
}

type Host = Parameters<Parameters<typeof withHost>[2]>[0];
type After = (runtime: Runtime, host: Host) => Promise<Changed>;

interface Changed {
  readonly foundation: Foundation;
  readonly policy: Policy;
  /** Those that are excepted, where their evidence was looked at. */
  readonly sightings?: readonly Sighting[];
}

/** What the packages of the lock are, by their bytes: an exception is for nothing else. */
function grant(asked: AuthorArguments): After {
  const given = grantIn(asked);
  return async (runtime, host) => {
    const progress = asked.options.quiet ? silent : await terminalProgress(runtime);
    const { foundation, found } = await surveyAsked(asked, { runtime, host, progress }, (found) =>
      requirePolicy(found, asked, runtime),
    );
    const sightings = sightingsOf(found.facts, trustNames(foundation));
    const meant = [...new Set(asked.words.flatMap((word) => named(word, sightings)))];
    return { foundation, policy: withExceptions(foundation.policy, meant, given, host.now()), sightings: meant };
  };
}

/** From the policy alone: neither the lock nor a registry has a say in how long it lasts. */
function renew(asked: AuthorArguments): After {
  const days = daysIn(asked);
  if (asked.codes.length > 0 || asked.reason !== null || asked.approvedBy !== null)
    throw usage("--renew: what is excused, why and by whom stays as it is");
  return async (runtime, host) => {
    const foundation = await findFoundation(asked, runtime);
    await requirePolicy(foundation, asked, runtime);
    const excepted = exceptedPackages(foundation.policy);
    const meant = asked.words.flatMap((word) => named(word, excepted)).map((one) => one.package);
    return { foundation, policy: withRenewed(foundation.policy, meant, days, host.now()) };
  };
}

async function list(asked: AuthorArguments, runtime: Runtime): Promise<number> {
  if (asked.renew || asked.write || asked.codes.length > 0 || asked.reason !== null || asked.days !== null)
    throw usage("policy except: expected a package");
  return withHost(asked.options, runtime, async (host) => {
    const { layers } = await findFoundation(asked, runtime);
    const exceptions = layers.flatMap(({ policy }) => policy.exceptions ?? []);
    const figures = exceptionFigures(layers, [], host.now());
    const rows = figures.map((figure, at) => ({ ...figure, reason: exceptions[at]?.reason ?? "" }));
    const text = (paint: Paint, columns: number) => exceptionList(rows, paint, columns);
    return answer("policy except", EXIT.ok, { text, json: () => ({ exceptions: rows }) }, runtime);
  });
}

function grantIn(asked: AuthorArguments): Grant {
  const { codes, reason, approvedBy } = asked;
  if (codes.length === 0) throw usage("policy except: what is excused? --code NO_EVIDENCE");
  if (reason === null || reason.trim() === "") throw usage('policy except: why? --reason "..."');
  return { codes: excusable(codes), reason, approvedBy, days: daysIn(asked) };
}

function daysIn({ days }: AuthorArguments): number {
  const count = Number(days ?? "");
  if (days !== null && /^[1-9]\d{0,2}$/.test(days) && count <= MOST_DAYS) return count;
  throw usage(`policy except: for how long? --days 1 to ${MOST_DAYS}`);
}

async function requirePolicy({ text, shown }: Foundation, asked: AuthorArguments, { cwd }: Runtime): Promise<void> {
  if (text !== null) return;
  throw await noPolicyTo("except from", shown, { command: asked.command, policy: asked.options.policy }, cwd);
}

function usage(message: string): SafeInstallError {
  return new SafeInstallError("usage", "USAGE", message, {
    hint: 'safe-install policy except left-pad@1.3.0 --code NO_EVIDENCE --reason "..." --days 30',
  });
}
