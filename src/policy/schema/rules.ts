import * as v from "valibot";
import { ECOSYSTEMS } from "../../model/package.ts";
import { DigestText, Name, day, instant, list, literal, relativePath, webAddress, words } from "./texts.ts";

export const Mode = v.picklist(["enforce", "audit"]);

export const PackagePattern = v.pipe(
  v.string(),
  v.regex(
    new RegExp(`^(?:${ECOSYSTEMS.join("|")}):[^\\s*]*\\*?$`),
    "expected ecosystem:name, with * only at the end: npm:@acme/*",
  ),
  v.description("npm:NAME, pypi:NAME or nuget:NAME; a * at the end stands for any rest of the name"),
);

export const Rule = v.strictObject({
  packages: list(PackagePattern, "The packages this rule is for. The most specific pattern of all rules decides."),
  versions: v.exactOptional(
    literalRange("A semver range (npm), a PEP 440 specifier (PyPI) or an interval (NuGet). Other versions are denied."),
  ),
  signedBy: v.exactOptional(list(Name, "Signers, any of them (or `count` of them)")),
  baseline: v.exactOptional(list(Name, "Registry or feed signatures: what was published, not who built it")),
  unsigned: v.exactOptional(
    v.pipe(
      v.picklist(["deny", "recorded", "allow"]),
      v.description("deny (default), recorded (exactly the recorded digests) or allow (needs reason and expires)"),
    ),
  ),
  count: v.exactOptional(
    v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(16), v.description("How many different signers")),
  ),
  provenance: v.exactOptional(
    v.pipe(
      v.strictObject({
        builder: v.exactOptional(literal("The SLSA builder id")),
        buildType: v.exactOptional(literal("The SLSA build type")),
        repository: v.exactOptional(literal("The source repository's address, without git+, .git and a ref")),
        commit: v.exactOptional(
          v.pipe(
            v.string(),
            v.regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, "expected a commit's whole hash, in lower case"),
          ),
        ),
        entryPoint: v.exactOptional(literal("What started the build: a workflow's path, a job, a configuration")),
        parameters: v.exactOptional(
          v.pipe(
            v.record(
              v.pipe(
                v.string(),
                v.regex(/^(?:\/[^/]+)+$/, "expected a JSON pointer (RFC 6901) such as /inputs/target"),
              ),
              v.union([v.string(), v.number(), v.boolean()]),
            ),
            v.description("Parameters of the build, by JSON pointer: /inputs/target"),
          ),
        ),
      }),
      v.description("Asks for SLSA provenance that says this"),
    ),
  ),
  slsa: v.exactOptional(
    v.pipe(
      v.strictObject({
        buildLevel: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(3), v.description("SLSA Build Level")),
        builders: v.exactOptional(
          v.union([
            v.literal("known"),
            list(literal("A workflow, without its ref or at one"), "Workflows that may sign"),
          ]),
        ),
      }),
      v.description(
        "Asks for SLSA provenance of this level. The certificate says which it is; a predicate can lower it",
      ),
    ),
  ),
  vsa: v.exactOptional(
    v.pipe(
      v.strictObject({
        verifier: literal("The verifier's id"),
        levels: list(literal("For instance SLSA_BUILD_LEVEL_3"), "Each must have been verified"),
        policyDigest: v.exactOptional(DigestText),
      }),
      v.description("Asks for a verification summary (VSA) of this package that PASSED, in place of provenance"),
    ),
  ),
  attestations: v.exactOptional(
    list(
      v.union([
        literal("A predicate type"),
        v.strictObject({ type: literal("A predicate type"), contains: v.literal("subject") }),
      ]),
      "Further statements by the same signers; contains: a bill of materials that lists the package's own digest",
    ),
  ),
  predicateTypes: v.exactOptional(list(literal("A predicate type"), "Further predicate types that meet signedBy")),
  minimumAge: v.exactOptional(
    v.pipe(
      v.string(),
      v.regex(/^[1-9][0-9]{0,5}[mhdw]$/, "expected a duration such as 30m, 72h, 7d or 2w"),
      v.description("Since it was signed: 30m, 72h, 7d, 2w"),
    ),
  ),
  mode: v.exactOptional(Mode),
  reason: v.exactOptional(words("Why")),
  expires: v.exactOptional(day("The first day on which the rule no longer admits anything (UTC)")),
});

export const Exception = v.strictObject({
  package: purl("One version: pkg:nuget/Newtonsoft.Json@13.0.3"),
  digests: list(DigestText, "The bytes that are excepted (NuGet: the contentHash)"),
  excuses: list(
    v.pipe(v.string(), v.regex(/^[A-Z][A-Z_]+$/, "expected a code such as NO_EVIDENCE")),
    "The codes that are excused",
  ),
  reason: words("Why"),
  approvedBy: v.exactOptional(words("Who decided")),
  since: v.exactOptional(day("When it was granted: reports say how old it is")),
  expires: day("The first day on which it no longer counts (UTC)"),
});

/** One of url, path; checked after parsing. */
export const Archive = v.strictObject({
  url: v.exactOptional(webAddress("The address, exactly as the lock's resolved has it; asked without credentials")),
  path: v.exactOptional(relativePath("A file of the repository, relative to this policy")),
  sha512: v.pipe(
    v.string(),
    v.regex(/^[0-9a-f]{128}$/, "expected a SHA-512 as 128 hexadecimal digits, in lower case"),
    v.description("The SHA-512 of the archive, in hexadecimal"),
  ),
  reason: words("Why"),
  expires: day("The first day on which it no longer counts (UTC)"),
});

/** One of run, signer, package, digest; checked after parsing. */
export const Revocation = v.strictObject({
  run: v.exactOptional(literal("A build, with all its attempts: https://github.com/acme/widget/actions/runs/1")),
  signer: v.exactOptional(Name),
  signedFrom: v.exactOptional(instant("Inclusive")),
  signedUntil: v.exactOptional(instant("Exclusive")),
  package: v.exactOptional(purl("pkg:npm/NAME@VERSION, or without a version for all of them")),
  digest: v.exactOptional(DigestText),
  reason: words("Why"),
});

function purl(description: string) {
  return v.pipe(
    v.string(),
    v.regex(
      new RegExp(`^pkg:(?:${ECOSYSTEMS.join("|")})\\/[^\\s?#]+$`),
      "expected a package URL such as pkg:npm/%40acme/widget@2.1.0",
    ),
    v.maxLength(500),
    v.description(description),
  );
}

function literalRange(description: string) {
  return v.pipe(v.string(), v.regex(/\S/, "must not be empty"), v.maxLength(500), v.description(description));
}

export type Mode = v.InferOutput<typeof Mode>;
export type Rule = v.InferOutput<typeof Rule>;
export type Exception = v.InferOutput<typeof Exception>;
export type Archive = v.InferOutput<typeof Archive>;
export type Revocation = v.InferOutput<typeof Revocation>;
