/** The promises of the design, each with the tests that try to break it. The README's list is made of this. */
export interface Invariant {
  readonly promise: string;
  readonly meaning: string;
  /** Path below `test/`, and titles as they stand in the source. */
  readonly tests: Readonly<Record<string, readonly string[]>>;
}

export const INVARIANTS: readonly Invariant[] = [
  {
    promise: "Judgement before action",
    meaning:
      "Until every decision is made, no package code runs and no file of the project changes. A denial, a crash or Ctrl-C leaves the project as it was; after `kill -9` the next run puts it back.",
    tests: {
      "attack/npm.test.ts": ["one package of many fails: no script of any other runs"],
      "gate.test.ts": ["one package is denied, and none is handed on"],
      "commands/gated-install.test.ts": ["denied: nothing is handed off", "unbound: nothing is handed off"],
      "e2e/ci.test.ts": [
        "one package by another repository: nothing is installed, nothing is changed, and the screen says why",
      ],
      "e2e/npm-handoff.test.ts": [
        "when the lock changes after it was judged: npm is not even started",
        "when a postinstall fails: node_modules come back byte for byte",
      ],
      "e2e/interrupted.test.ts": [
        "kill -9 in the middle of the hand-off: the next run puts everything back, also when it denies",
        "%s, as Ctrl-C or a cancelled job sends it: the project is as it was",
      ],
      "io/journal.test.ts": ["between the journal and the first move loses nothing"],
    },
  },
  {
    promise: "Installed = verified",
    meaning:
      "npm runs offline over a private cache that holds only this run's proven bytes; node_modules is rebuilt from empty, and what npm says that it installed is compared with what was proven.",
    tests: {
      "attack/npm.test.ts": [
        "other bytes for the installer than for the verifier",
        "the integrity of another package",
        "the digest and the address of another package",
        "two digests, one of them the attacker's",
        "a package's lock entry claims a bundle that its archive does not carry",
      ],
      "e2e/npm-handoff.test.ts": [
        "when a needed package was not let in, npm finds nothing in its place",
        "a damaged copy in npm's cache is no copy",
        "when a script of a package changes the lock, or puts another package on disk",
      ],
      "plugins/npm/options.test.ts": ["an option that swallows one of ours is found before anything happens"],
      "plugins/npm/installed.test.ts": ["differs: %s"],
    },
  },
  {
    promise: "Default deny, no silent skip",
    meaning:
      "No rule, no evidence, git and URL dependencies, an unknown subcommand, an unknown lock: each is refused with its own code. What is not judged is counted and named.",
    tests: {
      "policy/decide.test.ts": [
        "is denied, with the fragment that would settle it",
        "a version that the narrowest rules leave out never falls to a wider one",
        "deny, also where nothing is said",
        "rules that speak alike deny when one is met",
      ],
      "attack/npm.test.ts": [
        "git: npm would run its prepare script",
        "by URL, even where the URL is the registry's",
        "file: an archive; a folder outside of the repository; a link in it that leads out",
        "an entry says that it is bundled, and nobody bundles it",
      ],
      "plugins/npm/args.test.ts": [
        "no word passes or is gated but those of the tables",
        "an option never hides an installing subcommand",
      ],
      "e2e/npm-handoff.test.ts": [
        "workspaces are linked, counted, and their dependencies gated",
        "what a package bundles is covered by it",
      ],
    },
  },
  {
    promise: "Four outcomes that never mix",
    meaning:
      "*Does not hold*, *denied*, *could not find out* and *allowed* have codes and exits of their own, and the worst one decides.",
    tests: {
      "gate.test.ts": ["%s ends with its own", "the worst reason decides the exit: %j is %d"],
      "policy/decide.test.ts": ["no evidence is denied; with a source that could not be asked it is not known"],
      "plugins/npm/evidence.test.ts": [
        "%i means that there is none, and is asked again",
        "%i means that it could not be found out",
        "an answer that is none is evidence that does not hold: %s",
      ],
      "e2e/ci.test.ts": [
        "a registry that does not answer is another thing: could not find out",
        "what does not hold outranks what is denied",
      ],
      "commands/verify.test.ts": ["no bundle in the file is no evidence, not success"],
      "verify/attack.test.ts": ["a stranger's bundle is passed over, and holds under its own root"],
    },
  },
  {
    promise: "Exact by default",
    meaning:
      "Identities are compared claim by claim on the decoded certificate: whole values, with their case. `*` stands in few places, is anchored and takes linear time.",
    tests: {
      "policy/claims.test.ts": ["certificate.%s: whole, with its case, and there"],
      "policy/signer.test.ts": ["one claim changed is always found", "is bound to its trust root"],
      "policy/placeholder.test.ts": ["{version} matches nothing where no version is known"],
      "policy/match.test.ts": [
        "a wider rule never decides where a narrower pattern matches the name",
        "agree with an anchored expression",
        "take time in proportion to pattern and text, however they are chosen",
      ],
      "policy/corpus.test.ts": ["%s: its own shorthand matches, one claim changed does not"],
      "verify/attack.test.ts": ["two-SANs", "issuer-v1-v2-disagree", "a claim twice"],
      "verify/claims.test.ts": ["texts are not trimmed, folded or normalised"],
    },
  },
  {
    promise: "Only cryptography makes an attestation",
    meaning: "What nobody signed (wrappers, hints, file names, metadata) may appear in a message and never decides.",
    tests: {
      "verify/attack.test.ts": [
        "registry-wrapper-type-lies",
        "the unsigned keyid neither helps nor harms",
        "type-confusion",
        "key-hint-forgery",
        "subject-digest-mismatch",
        "subject-name-mismatch",
        "duplicate-json-keys-statement",
        "log-key-expired-proof-only",
      ],
      "verify/fuzz.test.ts": ["one byte of anything that is signed, and it no longer verifies"],
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
      "attack/npm.test.ts": ["npm on PATH inside the project is not npm"],
      "plugins/npm/installer.test.ts": [
        "inside the project, also seen from a folder of it",
        "by a link that leads into the project, or out of it",
      ],
      "plugins/npm/options.test.ts": ["in the project's .npmrc"],
      "plugins/npm/evidence.test.ts": ["another registry, without the credentials of the first"],
      "policy/layer.test.ts": ["loosens only where every policy allows it"],
      "io/policy-file.test.ts": [
        "a link that leads nowhere or out of the repository is an error, never an absent policy",
        "another owner's folder is not entered",
      ],
      "io/journal.test.ts": ["that %s deletes nothing", "that is a link is not followed"],
      "io/http.test.ts": ["carries no credentials, and no cookie that it was given"],
      "report/text.test.ts": ["no control character survives"],
    },
  },
  {
    promise: "Every input has a bound",
    meaning:
      "Size, count, depth and time, all in `src/limits.ts`; malformed input is a verdict, never a crash or a hang.",
    tests: {
      "verify/attack.test.ts": [
        "200-timestamps",
        "many log entries, hashes, certificates",
        "huge-bundle: the sum of parts that are each allowed",
        "many-subjects-digests",
        "deep JSON in a statement",
        "checkpoint-name-regex: %s",
      ],
      "verify/fuzz.test.ts": ["any value in any place", "any bytes as certificate, timestamp or log entry"],
      "io/bounds.test.ts": ["%s that a policy names", "policies one below the other are counted"],
      "io/http.test.ts": ["follows no more redirects than the bound"],
      "plugins/npm/bytes.test.ts": ["an archive larger than the bound is not read to its end, and nothing of it stays"],
      "plugins/npm/manifest.test.ts": ["a member that says it is larger than the bounds"],
      "gate.test.ts": ["more packages than the bound are not looked at"],
      "judge.test.ts": ["too many bundles are refused as a whole"],
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
      "commands/gated-install.test.ts": [
        "audit hands off what is merely missing, and nothing on the screen says verified",
      ],
      "e2e/ci.test.ts": ["audit does not let through what contradicts"],
    },
  },
];
