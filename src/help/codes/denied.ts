import type { Advice } from "./advice.ts";

/** What the policy denies (exit 65), and what could not be asked (69). */
export const DENIED = {
  NO_RULE: {
    example: "the lock holds `left-pad`, and the rules speak of `npm:@acme/*` only",
    todo: "safe-install policy pin shows the rule that the package's own evidence supports, as a diff; --write applies it.",
  },
  NO_EVIDENCE: {
    example: "`signedBy` is asked of a package that was published without provenance",
    todo: "Ask the author to publish with provenance, or pin these bytes: safe-install policy pin NAME --write. A mirror may strip evidence: name its place under `sources`.",
  },
  UNTRUSTED_SIGNER: {
    example: "signed by `mallory/widget`, expected `acme/widget`",
    todo: "safe-install explain NAME shows each claim. If the project has moved, and its own announcement says so: safe-install policy pin NAME --write.",
  },
  TOO_NEW: {
    example: '`"minimumAge": "72h"` and the package was signed yesterday',
    todo: "Wait, or take the version before. An urgent fix gets an exception for its digest.",
  },
  COUNT_NOT_MET: {
    example: '`"count": 2` and only one of the two signers signed',
    todo: "Ask the second signer for its bundle, and name its place under `sources`.",
  },
  PROVENANCE_MISMATCH: {
    example: "the statement's builder is a self-hosted runner, the rule asks for a hosted one",
    todo: "safe-install explain NAME shows the field. Change the rule only if the build is meant to have changed.",
  },
  NOT_RECORDED: {
    example: 'the rule says `"unsigned": "recorded"` and a new version is not in the recorded file',
    todo: "Review the new version, then safe-install policy pin --write records its digest.",
  },
  DENIED_BY_RULE: {
    example: '`{ "packages": ["npm:event-stream"] }` and nothing else in the rule',
    todo: "Remove the package. Whoever owns the policy decided that it is not used.",
  },
  RULE_AMBIGUOUS: {
    example: "two rules for `npm:@acme/*`",
    todo: "Join the two rules, or make one narrower: safe-install policy lint names them.",
  },
  RULE_EXPIRED: {
    example: 'the recorded file counted until `"expires": "2026-09-30"`',
    todo: "Look again at what the rule allows, then set a new date: safe-install init adds what has evidence by now.",
  },
  FOREIGN_REGISTRY: {
    example: "`resolved` names a host that neither `.npmrc` nor `registries` names",
    todo: 'If the host is yours, name it in the policy: "registries": { "npm": ["https://npm.example"] }.',
  },
  NOT_PROMOTABLE: {
    example: '`safe-install check dist/`, and the rule for the wheel is `"unsigned": "recorded"`',
    todo: "Have the build sign it and name the signer in the rule. --allow-baseline promotes what is only known.",
  },
  EVIDENCE_UNAVAILABLE: {
    example: "the attestations endpoint answers 503",
    todo: "Run it again later. Nothing says that the package is bad, and nothing says that it is good.",
  },
  REVOCATION_NOT_CHECKED: {
    example: "the certificate names a list of revoked ones, and its address does not answer, or the run is offline",
    todo: 'Run it again where the authority can be reached. `"level": "permissive"` in the signer does not ask.',
  },
  ARTIFACT_UNAVAILABLE: {
    example: "the archive is 404, or the network is down",
    todo: "Check the registry, its credentials and the network, then run it again.",
  },
} as const satisfies Record<string, Advice>;
