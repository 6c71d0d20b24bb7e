/** What `init` and `policy pin` never write, and what `explain` and `lint` never hide. */
import { inFile } from "./guard.ts";

const FOUNDATION = "test/author/foundation.test.ts";
const INIT = "test/e2e/init.test.ts";
const standing = inFile("src/author/propose/standing.ts", INIT);
const plan = inFile("src/author/propose/plan.ts", INIT);
const sighting = inFile("src/author/propose/sighting.ts", INIT);
const write = inFile("src/author/write.ts", "test/attack/author-write.test.ts");
const proposal = inFile("src/author/propose/rules.ts", "test/author/propose/plan.test.ts");
const ref = inFile("src/author/propose/segments.ts", "test/author/propose/segments.test.ts");
const explanation = inFile("src/author/explain.ts", "test/e2e/explain.test.ts");
const lint = inFile("src/author/lint/identities.ts", "test/author/lint/index.test.ts");

export const AUTHOR: readonly ReturnType<typeof plan>[] = [
  standing({
    name: "a changed pipeline is not pinned in passing",
    remove: 'status === "gained";',
    put: 'status === "gained" || status === "changed";',
    named: "changed its pipeline",
  }),
  plan({
    name: "what does not hold is not pinned by name either",
    remove: '["held", "broken", "unknown"]',
    put: '["held", "unknown"]',
    named: "other bytes under a recorded version",
  }),
  sighting({
    name: "a registry's signature never hides that the maker could not be asked",
    remove: 'if (missing !== undefined) return { kind: "unknown", ...missing };',
    put: "void missing;",
    test: "test/author/propose/plan.test.ts",
    named: "never hides that he could not be asked",
  }),
  proposal({
    name: "a pin loosens no rule that enforces in a policy that audits",
    remove: 'rule?.mode === "enforce" ? { mode: rule.mode } : {}',
    put: "rule === undefined ? {} : {}",
    named: "stays enforced for the package that leaves it",
  }),
  write({
    name: "nothing is written over a policy that changed meanwhile",
    remove: "if (files.length > 0) await assertAsRead(foundation);",
    put: "",
    named: "what somebody else writes",
  }),
  write({
    name: "a recorded file that no policy names is not overwritten",
    remove: "if ((await lstat(file).catch(() => null)) === null) return;",
    put: "if (file !== null) return;",
    named: "a recorded file that no policy names",
  }),
  proposal({
    name: "a registry's signature is written as a baseline, never as an identity",
    remove: "if (isRegistry(policy, signer)) return { packages: [pattern], ...range, baseline: [signer], ...always };",
    put: "",
    named: "is a baseline for exactly these names",
  }),
  inFile(
    "src/author/foundation.ts",
    FOUNDATION,
  )({
    name: "a policy that records digests is not loosened to a baseline",
    remove: "text === null || hasBaseline(policy, one)",
    put: "true",
    named: "one that records",
  }),
  inFile(
    "src/author/foundation.ts",
    FOUNDATION,
  )({
    name: "--record wants no baseline",
    remove: "asked.record === true ? [] : SIGNING",
    put: "SIGNING",
    named: "nothing does",
  }),
  inFile(
    "src/author/propose/second-look.ts",
    "test/author/propose/sighting.test.ts",
  )({
    name: "a NuGet registry that nobody knows deserves a second look",
    remove: 'if (kind === "repository" && fingerprints',
    put: 'if (kind === "repository" || fingerprints',
    named: "whose certificate nobody here knows",
  }),
  sighting({
    name: "a signed SBOM makes no signer",
    remove: "&& admits({ packages: [] }, attestation)",
    put: "",
    named: "signed SBOM",
  }),
  ref({
    name: "a version inside another version is not generalised",
    remove: "if (/[0-9]\\.?$/.test(before) ||",
    put: "if (",
    named: "v11.2.3",
  }),
  explanation({
    name: "explain shows a claim that does not hold as that",
    remove: "holds: !wrong.has(expected.key)",
    put: "holds: true",
    named: "by another signer",
  }),
  lint({
    name: "a signer without a ref is found",
    remove: "if (ref === undefined) {",
    put: "if (false) {",
    named: "no ref",
  }),
  inFile(
    "src/author/goes-on.ts",
    "test/author/goes-on.test.ts",
  )({
    name: "in CI nothing runs on the word of a policy that nobody has read",
    remove: "if (isInCi(env)) {",
    put: 'if (env["CI"] === "never") {',
    named: "waits for the review in CI",
  }),
];
