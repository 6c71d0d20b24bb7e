import type { Facts } from "../../model/facts.ts";
import { TRAITS } from "../../ecosystems/index.ts";
import type { Denial } from "../../model/codes.ts";
import type { Decision, LayerDecision } from "../../model/decision.ts";
import { formatDigest } from "../../model/digest.ts";
import { label } from "../../model/package.ts";
import type { Verdict } from "../../model/verdict.ts";
import type { Typed } from "../draft.ts";
import { pinCommand } from "./change.ts";
import type { Beside, Explanation } from "../explain.ts";
import { describeType } from "../../policy/predicate.ts";
import { type Paint, few, printable, shortDigests, wrapCommands } from "../../report/text.ts";

/** The whole story of one package. */
export interface Story {
  readonly decision: Decision;
  /** All the evidence that can be had, also what no rule asks for. */
  readonly facts: Facts;
  readonly explanations: readonly Explanation[];
}

export function explanation(story: Story, typed: Typed, paint: Paint, columns: number): string {
  return [
    heading(story, paint),
    ...tree(story, paint, columns),
    ...story.explanations.flatMap((one, at) =>
      layer(
        one,
        story.decision.layers.find(({ layer }) => layer === one.layer),
        at,
        paint,
        columns,
      ),
    ),
    ...evidence(story, paint, columns),
    ...wayOut(story, typed, paint, columns),
    "",
  ].join("\n");
}

const STYLE = { allowed: "green", audited: "yellow", denied: "red" } as const;
const WORD = { allowed: "is allowed", audited: "is let through by audit only", denied: "is denied" } as const;

function heading({ decision }: Story, paint: Paint): string {
  const codes = [...new Set(decision.denials.map(({ code }) => code))].join(", ");
  const mark = decision.outcome === "allowed" ? "✓" : decision.outcome === "audited" ? "!" : "✗";
  const style = STYLE[decision.outcome];
  const name = paint("bold", printable(label(decision.artifact.package)));
  return `${paint(style, mark)} ${name} ${WORD[decision.outcome]}${codes === "" ? "" : `   ${paint(style, codes)}`}`;
}

const RUNS = {
  "when installed": "runs scripts when it is installed",
  "in the build": "holds files that run in the build",
} as const;

function tree({ decision: { artifact }, facts }: Story, paint: Paint, columns: number): string[] {
  return [
    ...row("purl", artifact.package.purl, paint, columns),
    ...row("in the tree", few(artifact.locations, 8), paint, columns),
    ...row("bytes", facts.digests.map(formatDigest).map(shortDigests).join(", ") || "(the lock states none)", paint, 0),
    ...(artifact.runsScripts
      ? row("scripts", RUNS[TRAITS[artifact.package.ecosystem].scriptsRun], paint, columns)
      : []),
  ];
}

function layer(one: Explanation, said: LayerDecision | undefined, at: number, paint: Paint, columns: number): string[] {
  const position = at === 0 ? "" : "  (inner: all that speak must allow)";
  const over = one.passedOver.length === 0 ? [] : row("not asked", one.passedOver.join(", "), paint, columns);
  return [
    "",
    `  ${paint("bold", printable(one.layer))}${paint("dim", position)}`,
    ...row("rule", one.rule === null ? `none: ${one.why}` : `${one.rule}   (${one.why})`, paint, columns),
    ...over,
    ...one.asks.flatMap((ask, index) => row(index === 0 ? "asks for" : "", ask, paint, columns)),
    ...one.signers.flatMap((beside) => signer(beside, paint)),
    ...row("says", saysOf(said), paint, columns),
  ];
}

function saysOf(said: LayerDecision | undefined): string {
  if (said === undefined) return "nothing: it has no rule for this package";
  if (said.outcome !== "allowed") return said.denials.map(({ code, message }) => `${code}: ${message}`).join("; ");
  const { ground } = said;
  switch (ground.kind) {
    case "signed":
    case "baseline":
      return `allowed: ${ground.kind === "signed" ? "signed by" : "registry signature of"} ${ground.signers.join(", ")}`;
    case "recorded":
      return "allowed: exactly these bytes are recorded";
    case "archive":
      return `allowed as a listed archive until ${ground.expires}, by its digest; nobody says who made it: ${ground.reason}`;
    case "unsigned":
      return `allowed unsigned until ${ground.expires}: ${ground.reason}`;
    case "excepted":
      return `allowed by an exception until ${ground.expires} (${ground.excuses.join(", ")}): ${ground.reason}`;
    default:
      return ground satisfies never;
  }
}

function signer({ signer, statement, claims, location }: Beside, paint: Paint): string[] {
  const width = Math.max(...claims.map(({ key }) => key.length));
  return [
    `    ${paint("dim", "signer".padEnd(12))}${paint("bold", signer)}  ${paint("dim", `beside ${printable(statement)} of ${printable(location)}`)}`,
    ...claims.flatMap(({ key, expected, found, holds }) => {
      const name = `${" ".repeat(16)}${printable(key).padEnd(width)}`;
      if (holds) return [`${name}  ${paint("green", "✓")} ${printable(found)}`];
      return [
        `${name}  ${paint("red", "✗")} ${paint("dim", "expected")}  ${printable(expected)}`,
        `${" ".repeat(16 + width)}    ${paint("dim", "found   ")}  ${paint("red", printable(found))}`,
      ];
    }),
  ];
}

function evidence({ decision, facts }: Story, paint: Paint, columns: number): string[] {
  const asked = new Set(decision.verdicts.map(({ evidence }) => evidence.location));
  const blocks = facts.verdicts.flatMap((verdict) => [
    ...fate(verdict, paint, columns),
    ...(asked.has(verdict.evidence.location) ? [] : row("", "(the rule does not ask for it)", paint, columns)),
  ]);
  const missing = facts.unavailable.flatMap(({ location, reason }) =>
    row("not asked", `${location}: ${reason}`, paint, columns),
  );
  const faults = facts.faults.flatMap(({ code, message }) => row("bytes", `${code}: ${message}`, paint, columns));
  const none =
    blocks.length + missing.length + faults.length === 0
      ? row("", "none: nobody says who made it", paint, columns)
      : [];
  return ["", `  ${paint("bold", "evidence")}`, ...blocks, ...missing, ...faults, ...none];
}

function fate(verdict: Verdict, paint: Paint, columns: number): string[] {
  const at = row("from", verdict.evidence.location, paint, 0);
  if (verdict.status === "broken")
    return [...at, ...row("", `does not hold: ${verdict.code}: ${verdict.detail}`, paint, columns)];
  if (verdict.status === "foreign")
    return [...at, ...row("", `proves nothing here: ${verdict.detail}`, paint, columns)];
  const { attestation } = verdict;
  const { signer, signedAt } = attestation;
  const time = signedAt === null ? "at no proven time" : `at ${signedAt.toISOString()}`;
  const who =
    signer.kind === "key"
      ? [`key ${signer.fingerprint} (${signer.usage})`, ...certificateWords(signer.certificate)]
      : Object.entries(signer.claims).map(([name, value]) => `${name}  ${value}`);
  return [
    ...at,
    ...row("", `holds: ${describeType(attestation)}, signed ${time}`, paint, columns),
    ...who.flatMap((line) => row("", `  ${line}`, paint, 0)),
  ];
}

/** Of NuGet's own signatures. */
function certificateWords(certificate: { readonly subject: string; readonly issuer: string } | undefined): string[] {
  return certificate === undefined ? [] : [`subject  ${certificate.subject}`, `issuer  ${certificate.issuer}`];
}

function wayOut({ decision }: Story, typed: Typed, paint: Paint, columns: number): string[] {
  if (decision.outcome === "allowed") return [];
  const name = decision.artifact.package.name;
  const hints = decision.denials.flatMap((denial) => hintOf(denial, pinCommand([name], typed)));
  return [
    "",
    `  ${paint("bold", "what would make it pass")}`,
    ...[...new Set(hints)].flatMap((hint) => row("", hint, paint, columns)),
  ];
}

function hintOf({ code, hint, details }: Denial, pin: string): string[] {
  if (code === "UNTRUSTED_SIGNER" && details.some((one) => one.name === "publicKey"))
    return ["sign it with a key of that signer, or list the new key's file beside the old one's in the policy"];
  if (code === "UNTRUSTED_SIGNER") return [`if the change of pipeline is meant: ${pin}`];
  if (code === "NO_RULE" || code === "NOT_RECORDED") return [pin];
  return hint === undefined ? [] : [hint];
}

function row(name: string, text: string, paint: Paint, columns: number): string[] {
  const indent = " ".repeat(16);
  const body = columns === 0 ? printable(text) : wrapCommands(printable(text), columns, indent);
  return [`    ${paint("dim", name.padEnd(12))}${body}`];
}
