import type { Attestation } from "../../model/attestation.ts";
import { said } from "./said.ts";

/** What SLSA provenance says of a build, in the words of both versions. Whoever signs writes it. */
export interface StatedBuild {
  readonly builder: string | undefined;
  readonly buildType: string | undefined;
  /** As `https://HOST/PATH`: without `git+`, a user, a ref and `.git`. */
  readonly repository: string | undefined;
  readonly ref: string | undefined;
  readonly commit: string | undefined;
  /** What started it: a workflow's path, a job's name, a configuration. */
  readonly entryPoint: string | undefined;
  readonly parameters: unknown;
  /** Everything that it says it took in. */
  readonly inputs: readonly BuildInput[];
}

interface BuildInput {
  readonly repository: string | undefined;
  readonly commit: string | undefined;
}

/** Source: slsa.dev/spec v0.2 and v1 provenance; the build types of GitHub, GitLab, Cloud Build and slsa-github-generator. */
export function buildOf({ predicateType, predicate }: Pick<Attestation, "predicateType" | "predicate">): StatedBuild {
  return predicateType === "https://slsa.dev/provenance/v0.2" ? inV02(predicate) : inV1(predicate);
}

function inV02(predicate: unknown): StatedBuild {
  const source = said.part(predicate, "invocation", "configSource");
  const uri = said.text(source, "uri");
  return {
    builder: said.text(predicate, "builder", "id"),
    buildType: said.text(predicate, "buildType"),
    repository: repositoryIn(uri),
    ref: refIn(uri),
    commit: commitIn(source),
    entryPoint: said.text(source, "entryPoint"),
    parameters: said.part(predicate, "invocation", "parameters"),
    inputs: said.items(predicate, "materials").map(inputOf),
  };
}

function inV1(predicate: unknown): StatedBuild {
  const parameters = said.part(predicate, "buildDefinition", "externalParameters");
  const [source] = partsOf(parameters, "workflow", "sourceToBuild", "source", "buildConfigSource");
  const [config] = partsOf(parameters, "workflow", "buildConfigSource");
  const uri = said.text(source, "repository") ?? said.text(source, "uri") ?? said.text(parameters, "source");
  return {
    builder: said.text(predicate, "runDetails", "builder", "id"),
    buildType: said.text(predicate, "buildDefinition", "buildType"),
    repository: repositoryIn(uri),
    ref: said.text(source, "ref") ?? refIn(uri),
    commit: commitIn(source),
    entryPoint: said.text(config, "path") ?? said.text(parameters, "entryPoint") ?? said.text(parameters, "configPath"),
    parameters,
    inputs: said.items(predicate, "buildDefinition", "resolvedDependencies").map(inputOf),
  };
}

/** Those of the members that are there: which they are depends on the build type. */
function partsOf(value: unknown, ...names: readonly string[]): readonly unknown[] {
  return names.map((name) => said.part(value, name)).filter((one) => typeof one === "object" && one !== null);
}

function inputOf(one: unknown): BuildInput {
  return { repository: repositoryIn(said.text(one, "uri")), commit: commitIn(one) };
}

function commitIn(value: unknown): string | undefined {
  return said.text(value, "digest", "gitCommit") ?? said.text(value, "digest", "sha1");
}

/** Git's own ways to write it (git-clone(1), "Git URLs"), a ref behind `@` (SLSA) or `#` (BuildKit). */
function repositoryIn(uri: string | undefined): string | undefined {
  return uri
    ?.replace(/^git\+/, "")
    .replace(/^(https?:\/\/)[^@/]*@/, "$1")
    .replace(/^ssh:\/\/(?:[^@/]*@)?/, "https://")
    .replace(/^[^@/:]*@([^@/:]+):/, "https://$1/")
    .split(/[@#]/)[0]
    ?.replace(/\/$/, "")
    .replace(/\.git$/, "");
}

/** Where GitHub and GitLab have it, by any case of its letters, as they find it themselves. */
export function isSameRepository(left: string | undefined, right: string | undefined): boolean {
  const [one, other] = [repositoryIn(left), repositoryIn(right)];
  if (one === undefined || one === other) return one === other && one !== undefined;
  return /^https:\/\/git(?:hub|lab)\.com\//i.test(one) && one.toLowerCase() === other?.toLowerCase();
}

function refIn(uri: string | undefined): string | undefined {
  return /@(refs\/.+)$/.exec(uri ?? "")?.[1];
}
