import { parseAsked } from "../../author/arguments.ts";
import { findFoundation } from "../../author/foundation.ts";
import { type Trial, TrialsSchema } from "../../author/trials/schema.ts";
import { type Tried, tryOut } from "../../author/trials/try.ts";
import { noPolicyTo } from "../../author/words/first-policy.ts";
import type { SafeInstallError } from "../../errors.ts";
import { EXIT } from "../../exit.ts";
import { readBounded } from "../../io/files.ts";
import { JsonError, parseJson } from "../../json.ts";
import { LIMITS } from "../../limits.ts";
import { formatPath } from "../../policy/read/problem.ts";
import { checkShape } from "../../policy/read/shape.ts";
import { answer } from "../../report/answer.ts";
import { type Paint, plural, printable } from "../../report/text.ts";
import type { Runtime } from "../../runtime.ts";
import { misused } from "../../words.ts";
import { openTrust } from "../../trust/open.ts";
import { createVerifier } from "../../verify/verifier.ts";
import { withHost } from "../with-host.ts";
import { dirname, resolve } from "node:path";

/** `safe-install policy test FILE...`: whether the policy here says of each trial what its file expects. @returns 0, else 78 */
export async function test(args: readonly string[], runtime: Runtime): Promise<number> {
  const asked = parseAsked(args, [], "policy");
  if (asked.words.length === 0) throw usage("policy test: expected a file of trials");
  return withHost(asked.options, runtime, async (host) => {
    const { layers, roots, keys, notary, shown } = await findFoundation(asked, runtime);
    if (layers.length === 0)
      throw await noPolicyTo("try", shown, { command: null, policy: asked.options.policy }, runtime.cwd);
    const now = host.now();
    // What is held counts, as for the gate; nobody is asked.
    const trust = await openTrust(roots, { ...host, offline: true });
    const verifier = createVerifier(trust.roots, [...trust.registryKeys, ...keys], now, notary);
    const tried: Tried[] = [];
    for (const word of asked.words) {
      const { trials, evidence } = await readTrials(resolve(runtime.cwd, word), word);
      const evidenceOf = (trial: Trial) => evidence.get(trial) ?? null;
      tried.push(
        ...trials.map((trial) =>
          tryOut(trial, { layers, verify: (...of) => verifier.verify(...of), missing: trust.missing, evidenceOf, now }),
        ),
      );
    }
    const exit = tried.every(({ isAsExpected }) => isAsExpected) ? EXIT.ok : EXIT.policy;
    const json = () => ({
      trials: tried.map(({ trial, isAsExpected, found }) => ({ ...trial, found, asExpected: isAsExpected })),
    });
    return answer("policy test", exit, { text: (paint) => textOf(tried, asked.options.quiet, paint), json }, runtime);
  });
}

interface Read {
  readonly trials: readonly Trial[];
  readonly evidence: ReadonlyMap<Trial, unknown>;
}

async function readTrials(file: string, shown: string): Promise<Read> {
  const bytes = await readBounded(file, { maxBytes: LIMITS.policyBytes });
  if (bytes === null) throw usage(`there is no ${shown}`);
  const shape = checkShape(TrialsSchema, jsonIn(bytes, shown));
  if ("problems" in shape) {
    const [{ path, message } = { path: [], message: "is no file of trials" }] = shape.problems;
    throw usage(`${shown}: ${formatPath(path)}: ${message}`);
  }
  const { trials } = shape.value;
  const kept = await Promise.all(
    trials.map(async (trial) => {
      const found =
        trial.evidence === undefined
          ? null
          : await readBounded(resolve(dirname(file), trial.evidence), { maxBytes: LIMITS.evidenceBytes });
      return [trial, found === null ? null : jsonIn(found, trial.evidence ?? "")] as const;
    }),
  );
  return { trials, evidence: new Map(kept) };
}

function jsonIn(bytes: Buffer, shown: string): unknown {
  try {
    return parseJson(bytes.toString("utf8"));
  } catch (error) {
    if (error instanceof JsonError) throw usage(`${shown}: ${error.message}`);
    throw error;
  }
}

function textOf(tried: readonly Tried[], quiet: boolean, paint: Paint): string {
  const failed = tried.filter(({ isAsExpected }) => !isAsExpected);
  const lines = (quiet ? failed : tried).map(({ trial, isAsExpected, found }) => {
    const about = [trial.package, ...(trial.says === undefined ? [] : [`(${trial.says})`])].map(printable).join(" ");
    return isAsExpected
      ? `${paint("green", "✓")} ${about}: ${found}`
      : `${paint("red", "✗")} ${about}: expected ${trial.expect}, found ${printable(found)}`;
  });
  const sum =
    failed.length === 0
      ? `${plural(tried.length, "trial")} as expected`
      : `${failed.length} of ${plural(tried.length, "trial")} not as expected`;
  return `${[...lines, sum].join("\n")}\n`;
}

function usage(message: string): SafeInstallError {
  return misused(message, "policy");
}
