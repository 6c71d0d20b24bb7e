import { parseAsked } from "../../author/arguments.ts";
import { findFoundation } from "../../author/foundation.ts";
import { lockedPackages } from "../../author/locked.ts";
import { openTrust } from "../../trust/open.ts";
import { endingsOfMaterial } from "../../project/endings.ts";
import { requireOpenedTimes } from "../../project/policy-roots.ts";
import { noPolicyTo } from "../../author/words/first-policy.ts";
import { EXIT } from "../../exit.ts";
import type { Layer } from "../../policy/layer.ts";
import { type LintFinding, lint as findings } from "../../author/lint/index.ts";
import { type PlacedProblem, formatPath } from "../../policy/read/problem.ts";
import { placeProblems } from "../../policy/read/place.ts";
import { answer } from "../../report/answer.ts";
import { type Paint, plural, printable, wrap } from "../../report/text.ts";
import type { Runtime } from "../../runtime.ts";
import { withHost } from "../with-host.ts";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** `safe-install policy lint`: what is wrong, risky or about to end in the policies here. @returns 0, or 78 above a note */
export async function lint(args: readonly string[], runtime: Runtime): Promise<number> {
  const asked = parseAsked(args, ["lockfile"], "policy");
  return withHost(asked.options, runtime, async (host) => {
    const foundation = await findFoundation(asked, runtime);
    if (foundation.layers.length === 0)
      throw await noPolicyTo("read", foundation.shown, { command: null, policy: asked.options.policy }, runtime.cwd);
    const { roots, registryKeys } = await openTrust(foundation.roots, host);
    requireOpenedTimes(foundation.layers, roots);
    const locked = await lockedPackages([...asked.words, ...asked.lockfiles], foundation, runtime, host);
    const placed = await Promise.all(
      foundation.layers.map((layer, at) =>
        place(
          layer,
          findings(layer, locked, host.now(), endingsOfMaterial(layer, roots, registryKeys)),
          at === 0 ? foundation.file : join(foundation.repositoryRoot, layer.name),
        ),
      ),
    );
    const all = placed.flat();
    const exit = all.some(({ finding }) => finding.level !== "note") ? EXIT.policy : EXIT.ok;
    return answer(
      "policy lint",
      exit,
      { text: lintText(all, locked === null), json: () => ({ findings: all.map(toJson) }) },
      runtime,
    );
  });
}

interface Placed {
  readonly layer: string;
  readonly finding: LintFinding & PlacedProblem;
}

async function place({ name }: Layer, found: readonly LintFinding[], file: string): Promise<readonly Placed[]> {
  const text = await readFile(file, "utf8");
  return placeProblems(text, found).map((problem) => ({
    layer: name,
    finding: problem as LintFinding & PlacedProblem,
  }));
}

/** What was found, and what it comes to. */
export function lintText(all: readonly Placed[], noLock: boolean) {
  return (paint: Paint, columns: number) =>
    all.map((one) => block(one, paint, columns)).join("") + summary(all, noLock, paint);
}

function toJson({ layer: policy, finding }: Placed) {
  const { level, rule, line, column, path, message, hint } = finding;
  return {
    policy,
    level,
    rule,
    line,
    column,
    path: formatPath(path),
    message,
    ...(hint === undefined ? {} : { hint }),
  };
}

const STYLES = { error: "red", warning: "yellow", note: "dim" } as const;

function block({ layer, finding }: Placed, paint: Paint, columns: number): string {
  const { level, rule, line, column, message, hint } = finding;
  const where = `${layer}:${line}:${column}: ${formatPath(finding.path)}`;
  return [
    `${paint(STYLES[level], level)}  ${printable(where)}  ${paint("dim", rule)}`,
    `    ${wrap(printable(message), columns, "    ")}`,
    ...(hint === undefined ? [] : [`    ${paint("dim", "hint")}  ${wrap(printable(hint), columns, "          ")}`]),
    "",
  ].join("\n");
}

function summary(all: readonly Placed[], noLock: boolean, paint: Paint): string {
  const count = (level: LintFinding["level"]) => all.filter(({ finding }) => finding.level === level).length;
  const blind = noLock ? "  no lockfile here: nothing was said about what rules cover\n" : "";
  const parts = (["error", "warning", "note"] as const)
    .filter((level) => count(level) > 0)
    .map((level) => plural(count(level), level));
  const isClean = count("error") + count("warning") === 0;
  const words = isClean
    ? paint("green", `✓ clean${parts.length === 0 ? "" : ` (${parts.join(", ")})`}`)
    : paint("red", `✗ ${parts.join(", ")}`);
  return `${blind}${words}\n`;
}
