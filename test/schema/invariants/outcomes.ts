import type { Invariant } from "./invariant.ts";

/** What happens to the project, and what is said. */
export const OUTCOMES: readonly Invariant[] = [
  {
    promise: "Judgement before action",
    meaning:
      "Until every decision is made, no package code runs and no file of the project changes. A denial, a crash or Ctrl-C leaves the project as it was; after `kill -9` the next run puts it back.",
    tests: {
      "attack/npx.test.ts": ["without a rule, with another signer, without evidence"],
      "attack/npm.test.ts": ["one package of many fails: no script of any other runs"],
      "attack/pip.test.ts": [
        "pip $version: $way runs code under plain pip, and is refused here",
        "a .pth file of an installed package does not run before the verdict",
        "nothing of the environment changes before the verdict, not even bytecode",
        "that fails half way leaves the environment as it was",
        "that is interrupted leaves the environment as it was, and no journal",
        "that was killed is put back by the next run",
      ],
      "gate/gate.test.ts": ["one package is denied, and none is handed on"],
      "commands/install.test.ts": ["denied: nothing is handed off", "unbound: nothing is handed off"],
      "e2e/ci.test.ts": [
        "one package by another repository: nothing is installed, nothing is changed, and the screen says why",
      ],
      "plugins/npm/handoff/handoff.test.ts": ["less than all of the part is not handed off"],
      "e2e/npm-handoff.test.ts": [
        "when the lock changes after it was judged: npm is not even started",
        "when a postinstall fails: node_modules come back byte for byte",
      ],
      "e2e/interrupted.test.ts": [
        "kill -9 in the middle of the hand-off: the next run puts everything back, also when it denies",
        "%s, as Ctrl-C or a cancelled job sends it: the project is as it was",
      ],
      "io/transaction/transaction.faults.test.ts": [
        "killed at any step (the work gives %i), the next run ends as it should",
        "killed while it is put back, also twice, it still is put back",
      ],
    },
  },
  {
    promise: "Installed = verified",
    meaning:
      "npm runs offline over a private cache that holds only this run's proven bytes; node_modules is rebuilt from empty, and what npm says that it installed is compared with what was proven.",
    tests: {
      "attack/npx.test.ts": [
        "what an earlier npx has left in npm's cache is not looked at",
        "an installed package of that version is not taken for the proven one",
      ],
      "e2e/npm-global.test.ts": [
        "a poisoned copy of the same version, with a poisoned dependency, is replaced; others are named",
      ],
      "attack/pip.test.ts": [
        "about dependencies is found out before anything is installed, pip $version",
        "asks nobody once the verdict is there",
        "an installed package is not taken for proven: it is installed again",
        "a link that pip leaves standing at --target is found out",
      ],
      "attack/npm.test.ts": [
        "other bytes for the installer than for the verifier",
        "the integrity of another package",
        "the digest and the address of another package",
        "two digests, one of them the attacker's",
        "a package's lock entry claims a bundle that its archive does not carry",
      ],
      "e2e/npm-handoff.test.ts": [
        "a damaged copy in npm's cache is no copy",
        "when a script of a package changes the lock, or puts another package on disk",
      ],
      "plugins/npm/options.test.ts": ["an option that swallows one of ours is found before anything happens"],
      "plugins/npm/handoff/compare.test.ts": ["differs: %s"],
    },
  },
  {
    promise: "Default deny, no silent skip",
    meaning:
      "No rule, no evidence, git and URL dependencies, an unknown subcommand, an unknown lock: each is refused with its own code. What is not judged is counted and named.",
    tests: {
      "policy/decide.test.ts": [
        "is denied, with the command that would settle it",
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
      "e2e/pip-evidence.test.ts": ["an index that does not answer the question for provenance is no index without any"],
      "gate/gate.test.ts": ["%s ends with its own", "the worst reason decides the exit: %j is %d"],
      "policy/decide.test.ts": ["no evidence is denied; with a source that could not be asked it is not known"],
      "plugins/npm/evidence/index.test.ts": [
        "%i means that there is none, and is asked again",
        "%i means that it could not be found out",
        "an answer that is none is evidence that does not hold: %s",
      ],
      "e2e/ci.test.ts": [
        "a registry that does not answer is another thing: could not find out",
        "what does not hold outranks what is denied",
      ],
      "commands/verify/verify.test.ts": ["no bundle in the file is no evidence, not success"],
      "verify/verifier.attack.test.ts": ["a stranger's bundle is passed over, and holds under its own root"],
    },
  },
];
