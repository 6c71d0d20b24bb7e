/** What the policy decides. */
import { inFile } from "./guard.ts";

const TEST = "test/policy/decide.test.ts";
const decide = inFile("src/policy/decide.ts", TEST);
const signed = inFile("src/policy/signers/signed.ts", TEST);
const LET_IN = 'return { ground: { kind: "recorded" } };';

export const DECISIONS = [
  decide({
    name: "default deny: no rule lets nothing in",
    code: "NO_RULE",
    remove: "return { denials: [noRule(layer, facts)] };",
    put: LET_IN,
    named: "is denied, with the command that would settle it",
  }),
  decide({
    name: "a version that the narrowest rule leaves out is denied",
    code: "NO_RULE",
    remove: "return { denials: [versionNotCovered(layer, match.name, facts)] };",
    put: LET_IN,
    named: "a version that the narrowest rules leave out never falls to a wider one",
  }),
  decide({
    name: "two rules that match alike deny",
    code: "RULE_AMBIGUOUS",
    remove: "return { denials: [ambiguous(layer, match.name)] };",
    put: LET_IN,
    named: "rules that speak alike deny when one is met",
  }),
  decide({
    name: "an expired rule denies",
    code: "RULE_EXPIRED",
    remove: "return hasExpired(match.rule.expires, now)",
    put: "return false",
    named: "an expired rule denies what it would admit",
  }),
  decide({
    name: "a rule that says nothing admits nothing",
    code: "DENIED_BY_RULE",
    remove: "return { denials: [deniedByRule(name, facts)] };",
    put: LET_IN,
    named: "deny, also where nothing is said",
  }),
  decide({
    name: "a baseline admits nothing without a registry's signature",
    code: "NO_EVIDENCE",
    remove: "return judgeBaseline(layer, rule.baseline, facts);",
    put: LET_IN,
    test: "test/policy/decide.baseline.test.ts",
    named: "without a registry's signature is denied",
  }),
  decide({
    name: "one bundle that does not hold denies, whatever its neighbours say",
    code: "SIGNATURE_INVALID",
    remove: "...facts.verdicts.flatMap(brokenEvidence), ",
    put: "",
    named: "denies whatever the others say",
  }),
  decide({
    name: "bytes that contradict deny under every rule and mode",
    code: "INTEGRITY_MISMATCH",
    remove: "...facts.faults, ",
    put: "",
    named: "so do faults of the bytes",
  }),
  decide({
    name: "what is revoked is denied whatever else satisfies",
    code: "REVOKED",
    remove: ", ...revocationsOf(layers, facts)]",
    put: "]",
    named: "one revoked bundle denies whatever else satisfies",
  }),
  decide({
    name: "all layers that speak must allow",
    remove: 'if (outcomes.includes("denied")) return "denied";',
    put: 'if (outcomes[0] === "denied") return "denied";',
    named: "all that speak must allow",
  }),
  decide({
    name: "audit softens only soft codes",
    remove: '=== "audit" && denials.every(isSoft)',
    put: '=== "audit"',
    named: "a rule that has expired or admits nothing is denied in audit mode as well",
  }),
  signed({
    name: "only statements that say who made the bytes",
    code: "NO_EVIDENCE",
    remove: " && admits(rule, attestation) && comparePredicate",
    put: " && comparePredicate",
    named: "statements of type https://spdx.dev/Document admit",
  }),
  signed({
    name: "provenance says what the rule requires",
    code: "PROVENANCE_MISMATCH",
    remove: "    ...compareProvenance(rule, attestation),\n",
    put: "",
    named: "buildType",
  }),
  signed({
    name: "old enough for minimumAge",
    code: "TOO_NEW",
    remove: "return isOldEnough(signedAt, minimumAge, now)",
    put: "return true",
    named: "signed at 2026-11-18T12:00:01Z",
  }),
  signed({
    name: "further attestations are asked for",
    code: "NO_EVIDENCE",
    remove: ", ...missing(rule, pairs, facts)]",
    put: "]",
    named: "by nobody, or by a stranger, is denied",
  }),
];
