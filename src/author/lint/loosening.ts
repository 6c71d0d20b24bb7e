import type { Layer } from "../../policy/layer.ts";
import type { Policy } from "../../policy/schema/index.ts";
import { placeWords } from "../../policy/archives.ts";
import { daysUntil } from "../../policy/day.ts";
import { type LintFinding, finding } from "./finding.ts";
import { weakerFindings } from "./weaker.ts";

/** What lets in more than its neighbours say: modes, scripts, statements of others, ends that are none, weaker rules inside of stronger ones. */
export function looseFindings({ policy }: Layer, now: Date): readonly LintFinding[] {
  return [
    ...audits(policy),
    ...thresholds(policy),
    ...registries(policy),
    ...archives(policy),
    ...scripts(policy),
    ...statements(policy),
    ...farEnds(policy, now),
    ...strangeLetters(policy),
    ...fixedTags(policy),
    ...weakerFindings(policy),
    ...unseenRevocations(policy),
  ];
}

function audits({ mode, commandLine, rules = [] }: Policy): readonly LintFinding[] {
  const message = "audit allows what is merely missing or unexpected";
  return [
    ...(mode === "audit" ? [finding("warning", "audit", ["mode"], message, '"mode": "enforce"')] : []),
    ...rules.flatMap((rule, at) =>
      rule.mode === "audit" ? [finding("warning", "audit", ["rules", at, "mode"], message)] : [],
    ),
    ...(commandLine?.audit === true
      ? [finding("warning", "audit", ["commandLine", "audit"], "whoever types --audit is let past the policy")]
      : []),
  ];
}

/** Absent, each is one. */
function thresholds({ trust = {} }: Policy): readonly LintFinding[] {
  return Object.entries(trust).flatMap(([name, entry]) =>
    (["tlog", "sct"] as const)
      .filter((key) => entry[key] === 0)
      .map((key) =>
        finding(
          "warning",
          "no-log",
          ["trust", name, key],
          "no log is asked for: nobody would see what a stolen key signs",
        ),
      ),
  );
}

function registries({ registries: named = {} }: Policy): readonly LintFinding[] {
  return Object.entries(named).map(([ecosystem, origins]) =>
    finding(
      "note",
      "further-registry",
      ["registries", ecosystem],
      `a lock may also name ${(origins ?? []).join(", ")}`,
    ),
  );
}

function archives({ archives: listed = [] }: Policy): readonly LintFinding[] {
  return listed.map((entry, at) =>
    finding("note", "archive", ["archives", at], `${placeWords(entry)}: nobody vouches for these bytes but this entry`),
  );
}

function scripts({ scripts: whose }: Policy): readonly LintFinding[] {
  if (whose !== "all") return [];
  const message = "the install scripts of every package run, also of those that nobody signed";
  return [finding("warning", "all-scripts", ["scripts"], message, '"signed", or the packages that need theirs')];
}

/** A signed bill of materials, or a scan, says nothing of who built the bytes. */
function statements({ rules = [] }: Policy): readonly LintFinding[] {
  return rules.flatMap(({ predicateTypes = [] }, at) =>
    predicateTypes.flatMap((type, index) => {
      if (/\/(?:provenance|publish|release)(?:\/|$)/i.test(type)) return [];
      const message = `${type} does not say who built the package: its signer could sign it for anybody's bytes`;
      return [finding("warning", "no-provenance", ["rules", at, "predicateTypes", index], message, '"attestations"')];
    }),
  );
}

/** In days. */
const FAR = 2 * 366;

function farEnds(
  { rules = [], exceptions = [], archives: listed = [], recorded }: Policy,
  now: Date,
): readonly LintFinding[] {
  const ends: readonly (readonly [string | undefined, LintFinding["path"]])[] = [
    ...rules.map(({ expires }, at) => [expires, ["rules", at, "expires"]] as const),
    ...exceptions.map(({ expires }, at) => [expires, ["exceptions", at, "expires"]] as const),
    ...listed.map(({ expires }, at) => [expires, ["archives", at, "expires"]] as const),
    [recorded?.expires, ["recorded", "expires"]],
  ];
  return ends.flatMap(([text, path]) =>
    text !== undefined && daysUntil(new Date(text), now) > FAR
      ? [
          finding(
            "warning",
            "far-end",
            path,
            `${text} is no end: nobody will look at it again`,
            "at most two years ahead",
          ),
        ]
      : [],
  );
}

/** Letters of another script and signs without a width look like others, and are compared as what they are. */
function strangeLetters({ signers = {}, rules = [], archives: listed = [] }: Policy): readonly LintFinding[] {
  return [
    ...textsIn(signers, ["signers"]),
    ...rules.flatMap(({ packages }, at) => textsIn(packages, ["rules", at, "packages"])),
    ...listed.flatMap(({ url, path }, at) =>
      textsIn(url ?? path, ["archives", at, url === undefined ? "path" : "url"]),
    ),
  ].flatMap(([text, path]) => {
    const [strange] = /[^\u0020-\u007E]/u.exec(text) ?? [];
    if (strange === undefined) return [];
    const sign = `U+${(strange.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
    return [finding("warning", "strange-letter", path, `${sign} is in it: it may look like another name`)];
  });
}

function textsIn(value: unknown, path: LintFinding["path"]): readonly (readonly [string, LintFinding["path"]])[] {
  if (typeof value === "string") return [[value, path]];
  if (Array.isArray(value)) return value.flatMap((one, at) => textsIn(one, [...path, at]));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => textsIn(one, [...path, key]));
}

/** One tag, and rules that ask it of every version. */
function fixedTags({ signers = {}, rules = [] }: Policy): readonly LintFinding[] {
  return Object.entries(signers).flatMap(([name, signer]) => {
    const [kind, ref] = refOf(signer);
    if (ref?.startsWith("refs/tags/") !== true || /[*{]/.test(ref)) return [];
    const open = rules.some(({ signedBy = [], versions }) => signedBy.includes(name) && versions === undefined);
    const message = `${ref}: one tag for every version, whatever it is moved to`;
    const hint = '"refs/tags/v{version}", or "versions" in the rule';
    return open ? [finding("warning", "fixed-tag", ["signers", name, ...kind], message, hint)] : [];
  });
}

type Signers = NonNullable<Policy["signers"]>;

function refOf({ githubActions, gitlab, azurePipelines, certificate }: Signers[string]): readonly [string[], string?] {
  if (githubActions?.ref !== undefined) return [["githubActions", "ref"], githubActions.ref];
  if (gitlab?.ref !== undefined) return [["gitlab", "ref"], gitlab.ref];
  if (azurePipelines?.ref !== undefined) return [["azurePipelines", "ref"], azurePipelines.ref];
  const ref = certificate?.sourceRepositoryRef;
  return ref === undefined ? [[]] : [["certificate", "sourceRepositoryRef"], ref];
}

/** Which run, and who, is in the evidence alone. */
function unseenRevocations({ revoked = [], rules = [] }: Policy): readonly LintFinding[] {
  const first = rules.find(({ unsigned }) => unsigned === "allow" || unsigned === "recorded");
  if (first === undefined) return [];
  const isNamed = (reason: string) =>
    revoked.some((one) => one.reason === reason && (one.package ?? one.digest) !== undefined);
  return revoked.flatMap(({ run, signer, reason }, at) => {
    if ((run === undefined && signer === undefined) || isNamed(reason)) return [];
    const message = `${first.packages.join(", ")} is allowed without evidence: nobody would see that this is where it comes from`;
    const hint = "revoke the packages, or their digests, as well (with the same reason)";
    return [finding("warning", "revoked-unseen", ["revoked", at], message, hint)];
  });
}
