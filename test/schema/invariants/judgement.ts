import type { Invariant } from "./invariant.ts";

/** What judgement rests on. */
export const JUDGEMENT: readonly Invariant[] = [
  {
    promise: "Exact by default",
    meaning:
      "Identities are compared claim by claim on the decoded certificate: whole values, with their case. `*` stands in few places, is anchored and takes linear time.",
    tests: {
      "policy/signers/signer.claims.test.ts": ["certificate.%s: whole, with its case, and there"],
      "policy/signers/signer.comparison.test.ts": ["one claim changed is always found", "is bound to its trust root"],
      "policy/signers/signer.placeholder.test.ts": ["{version} matches nothing where no version is known"],
      "policy/match.test.ts": [
        "a wider rule never decides where a narrower pattern matches the name",
        "agree with an anchored expression",
        "take time in proportion to pattern and text, however they are chosen",
      ],
      "policy/signers/signer.corpus.test.ts": ["%s: its own shorthand matches, one claim changed does not"],
      "verify/verifier.attack.test.ts": ["two-SANs", "issuer-v1-v2-disagree", "a claim twice"],
      "verify/certificate/claims.test.ts": ["texts are not trimmed, folded or normalised"],
    },
  },
  {
    promise: "Only cryptography makes an attestation",
    meaning: "What nobody signed (wrappers, hints, file names, metadata) may appear in a message and never decides.",
    tests: {
      "e2e/pip-evidence.test.ts": ["the publisher that the index states decides nothing"],
      "verify/verifier.attack.test.ts": [
        "registry-wrapper-type-lies",
        "the unsigned keyid neither helps nor harms",
        "type-confusion",
        "key-hint-forgery",
        "subject-digest-mismatch",
        "subject-name-mismatch",
        "duplicate-json-keys-statement",
        "log-key-expired-proof-only",
      ],
      "verify/verifier.fuzz.test.ts": ["one byte of anything that is signed, and it no longer verifies"],
      "policy/decide.test.ts": ["a key's publish attestation is no identity"],
      "policy/decide.property.test.ts": [
        "something that does not hold always denies",
        "a stranger's signature alone never meets signedBy",
      ],
    },
  },
  {
    promise: "A cloned repository cannot run code, weaken the gate or leak secrets",
    meaning:
      "No scripts and no environment in the policy, no executable looked up inside the project, credentials only to the origin that they are configured for.",
    tests: {
      "attack/npx.test.ts": [
        "a command of the same name in the project is refused, and named; a version takes the registry's",
        "no program of the project stands in for node, for the shell or for the tool",
        "the project's .npmrc names no shell, no package and no command",
      ],
      "attack/npm.test.ts": ["npm on PATH inside the project is not npm"],
      "attack/pip.test.ts": [
        "modules of the working directory do not take pip's place",
        "acts upon no journal that a clone brings along",
        "a pip inside the project is not taken from PATH, unless its environment is activated",
        "a keyring helper may be asked for passwords, but never one of the project",
      ],
      "e2e/pip-evidence.test.ts": ["the password does not go to another origin that the index names for provenance"],
      "plugins/npm/installer.test.ts": [
        "inside the project, also seen from a folder of it",
        "by a link that leads into the project, or out of it",
      ],
      "plugins/npm/options.test.ts": ["in the project's .npmrc"],
      "plugins/npm/evidence/index.test.ts": [
        "another registry, without the credentials of the first",
        "credentials in a registry's address are shown nowhere",
      ],
      "policy/layer.test.ts": ["loosens only where every policy allows it"],
      "project/policy-file.test.ts": [
        "a link that leads nowhere or out of the repository is an error, never an absent policy",
        "another owner's folder is not entered",
        "a submodule is a part of the repository around it: it cannot cut itself off from the policies above",
      ],
      "io/transaction/transaction.test.ts": [
        "act upon what a clone brings along",
        "touch what lies %s, whatever the journal says",
        "take a journal for another root's, by its name",
      ],
      "attack/npm-npmrc.test.ts": ["refuses %s, and nothing is asked of anybody"],
      "attack/ends.test.ts": [
        "a submodule that is named as if it were a linked worktree",
        "a link to the repository around it",
      ],
      "io/program.test.ts": [
        "nothing inside is found, whatever links lead in or out",
        "nothing out of a node_modules folder, by its name or by a link",
        "nothing by a relative or empty entry",
      ],
      "project/git.test.ts": ["runs nothing that the repository's own configuration names, and fetches nothing"],
      "e2e/changed-since.test.ts": [
        "a change that %s cannot approve itself",
        "a layer that the change adds can deny, never allow, wherever it lies",
      ],
      "e2e/reports.test.ts": ["a name in a lock cannot command the CI system"],
      "io/requests/requests.test.ts": ["carries no credentials, and no cookie that it was given"],
      "report/text.test.ts": ["no control character survives"],
    },
  },
  {
    promise: "Every input has a bound",
    meaning:
      "Size, count, depth and time, all in `src/limits.ts`; malformed input is a verdict, never a crash or a hang.",
    tests: {
      "verify/verifier.attack.test.ts": [
        "200-timestamps",
        "many log entries, hashes, certificates",
        "huge-bundle: the sum of parts that are each allowed",
        "many-subjects-digests",
        "deep JSON in a statement",
        "checkpoint-name-regex: %s",
      ],
      "verify/verifier.fuzz.test.ts": ["any value in any place", "any bytes as certificate, timestamp or log entry"],
      "io/files.bounds.test.ts": ["%s that a policy names", "policies one below the other are counted"],
      "io/requests/requests.test.ts": [
        "follows no more redirects than the bound",
        "of a step: an answer that keeps its pace has no longer than that",
        "of the run: what is asked after it is not asked at all",
      ],
      "plugins/npm/bytes/bytes.test.ts": [
        "an archive larger than the bound is not read to its end, and nothing of it stays",
      ],
      "plugins/npm/bytes/manifest.test.ts": ["a member that says it is larger than the bounds"],
      "gate/gate.test.ts": ["more packages than the bound are not looked at"],
      "gate/judge.test.ts": ["too many bundles are refused as a whole"],
    },
  },
  {
    promise: "Audit never says verified",
    meaning:
      "It softens only what is merely missing or unexpected. What does not hold, what is revoked and what cannot be bound stops in every mode; exceptions can excuse only what audit softens.",
    tests: {
      "policy/decide.test.ts": [
        "softens what is merely missing or unexpected, and never says verified",
        "never softens %s",
        "stops where one of several reasons is hard",
        "never excuse what may not be excused, even if a policy were to say so",
        "one revoked bundle denies whatever else satisfies, also in audit mode",
      ],
      "report/pretty.test.ts": ["never calls anything verified under audit"],
      "commands/install.test.ts": ["audit hands off what is merely missing, and nothing on the screen says verified"],
      "e2e/ci.test.ts": ["audit does not let through what contradicts"],
    },
  },
  {
    promise: "An honest install is not refused",
    meaning:
      "What npm, pip or dotnet takes from a sound lock and a sound registry can be installed, with the same result. A refusal that they would not need names what it stops.",
    tests: {
      "e2e/dotnet-add.test.ts": ["%s: writes what plain dotnet writes, byte for byte, and restores it"],
      "e2e/scripts.test.ts": ["an optional one that fails is left out, as npm does it"],
    },
  },
  {
    promise: "Names and versions are compared in their normal form",
    meaning:
      "Rules, exceptions, recorded digests and revocations meet a package however a lock spells it. Digests are compared across algorithms as soon as the bytes are known.",
    tests: {
      "ecosystems/distribution.test.ts": [
        "trailing zeros and upper case change nothing; another name or release changes everything",
      ],
      "policy/revoked.test.ts": ["of one ecosystem alone, however the name is spelt there"],
      "policy/recorded.test.ts": ["other bytes of a recorded version, in what can be compared"],
    },
  },
];
