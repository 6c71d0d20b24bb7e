import { createHash } from "node:crypto";
import { isAbsolute } from "node:path";
import { pathToFileURL } from "node:url";
import { codeText } from "../help/codes/index.ts";
import { type Code, CODES } from "../model/codes.ts";
import type { Report } from "../model/report.ts";
import { type Finding, findingsOf, sentences } from "./findings.ts";
import type { FileLine, ReportPlaces } from "./places.ts";
import { asJson, printable } from "./text.ts";

/**
 * SARIF 2.1.0 (OASIS standard): a result for each denial at its line of the lockfile, with the rule of the policy that
 * spoke beside it. Fingerprints (package, code, project) stay the same when lines move.
 *
 * @param homepage where our documents lie: each rule links to its anchor there, or names the command that says the same
 */
export function sarif(report: Report, places: ReportPlaces, toolVersion: string, homepage: string | null): string {
  const findings = findingsOf(report, places);
  const codes = [...new Set(findings.map(({ code }) => code))].sort();
  return asJson({
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "safe-install",
            semanticVersion: toolVersion,
            version: toolVersion,
            rules: codes.map((code) => ruleOf(code, homepage)),
          },
        },
        automationDetails: { id: `safe-install/${report.command.replaceAll(" ", "-")}/` },
        columnKind: "utf16CodeUnits",
        originalUriBaseIds: { [ROOT]: { description: { text: "the root of the repository" } } },
        invocations: [{ executionSuccessful: true, exitCode: report.exit }],
        results: findings.map((finding) => resultOf(finding, codes)),
        properties: { outcome: report.outcome },
      },
    ],
  });
}

const ROOT = "%SRCROOT%";

function ruleOf(code: Code, homepage: string | null): unknown {
  const { meaning, exit, audit, excusable } = CODES[code];
  const todo = codeText(code)?.meanings[0]?.todo ?? meaning;
  return {
    id: code,
    name: code,
    shortDescription: { text: meaning },
    fullDescription: { text: `${meaning} (exit ${exit})` },
    help: { text: plain(`${todo} (safe-install explain ${code})`) },
    ...(homepage === null ? {} : { helpUri: `${homepage}/docs/codes.md#${code.toLowerCase()}` }),
    defaultConfiguration: { level: "error" },
    properties: { exit, audit, excusable, tags: ["security", "supply-chain"] },
  };
}

function resultOf(finding: Finding, codes: readonly Code[]): unknown {
  const { code, level, what, denial, entry, rule } = finding;
  return {
    ruleId: code,
    ruleIndex: codes.indexOf(code),
    level,
    message: { text: [what, ...sentences(denial)].map(plain).join("\n") },
    // A result without any place would not be shown: the policy stands in.
    locations: [locationOf(entry ?? rule?.place ?? { file: "package-lock.json", line: 1 })],
    ...(rule === null || entry === null
      ? {}
      : { relatedLocations: [{ id: 1, message: { text: plain(rule.name ?? "no rule") }, ...locationOf(rule.place) }] }),
    partialFingerprints: { "safeInstall/v1": fingerprint(finding) },
  };
}

/** A plain text message takes `[text](target)` for a link and `{0}` for an argument (SARIF 2.1.0, 3.11.5 and 3.11.6). */
function plain(text: string): string {
  return printable(text)
    .replaceAll(/[\\[\]]/g, "\\$&")
    .replaceAll(/[{}]/g, "$&$&");
}

function locationOf({ file, line }: FileLine): { readonly physicalLocation: unknown } {
  const artifactLocation = isAbsolute(file)
    ? { uri: pathToFileURL(file).href }
    : { uri: file.split("/").map(encodeURIComponent).join("/"), uriBaseId: ROOT };
  return { physicalLocation: { artifactLocation, region: { startLine: line } } };
}

/** The policy's file is part of it: two layers may deny the same package for the same reason. */
function fingerprint({ project, what, code, rule, denial }: Finding): string {
  const compared = denial.details.map(({ name }) => name);
  return createHash("sha256")
    .update(JSON.stringify([project, what, code, rule?.place.file, compared]))
    .digest("hex");
}
