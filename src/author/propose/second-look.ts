import { label } from "../../model/package.ts";
import type { Signer } from "../../policy/schema/index.ts";
import { looksAt } from "../../report/figures/looks.ts";
import type { Pinned, Plan } from "./plan.ts";
import { builtFrom, originWords, plainAddress } from "./origin.ts";
import { NUGET_ORG } from "./pin.ts";
import { compareText } from "./sighting.ts";

/** Something about what would be trusted that a person should look at before trusting it. */
export interface SecondLook {
  /** The signer's name, or a package. */
  readonly about: string;
  readonly why: string;
}

/** `repositories`: what each package's own metadata names, by purl; unsigned, so good for a question only. */
export function secondLooks(plan: Plan, repositories: ReadonlyMap<string, string> = new Map()): readonly SecondLook[] {
  const bySigner = new Map<string, Pinned[]>();
  for (const one of plan.pinned) {
    if (one.signer !== null) bySigner.set(one.signer, [...(bySigner.get(one.signer) ?? []), one]);
  }
  return [...bySigner.entries()]
    .toSorted(([left], [right]) => compareText(left, right))
    .flatMap(([name, pinned]) => {
      const signer = plan.policy.signers?.[name];
      if (signer === undefined) return [];
      const own = plan.added.has(name) ? ofSigner(signer) : [];
      const reasons = [
        ...own,
        ...(plan.added.has(name) ? ofCertificate(signer, pinned) : []),
        ...firstSigned(pinned),
        ...unrelated(signer, pinned),
        ...otherRepository(pinned, repositories),
      ];
      return reasons.map((why) => ({ about: name, why }));
    });
}

function ofSigner(signer: Signer): readonly string[] {
  const pipeline = signer.githubActions ?? signer.gitlab;
  const triggers = [pipeline?.trigger ?? []].flat();
  const ref = pipeline?.ref ?? signer.azurePipelines?.ref ?? signer.certificate?.sourceRepositoryRef;
  const runner = pipeline?.runner ?? signer.certificate?.runnerEnvironment;
  return [
    ...looksAt({ triggers, runner, subject: signer.certificate?.subjectAlternativeName }),
    ...(ref?.startsWith("refs/heads/") === true
      ? [`only a branch is pinned (${ref}): every commit on it may sign any version`]
      : []),
  ];
}

/** A certificate that says whose it is: the authority that may have said so, too, is not looked at here. */
function ofCertificate({ nugetSignature }: Signer, pinned: readonly Pinned[]): readonly string[] {
  const [first] = pinned;
  const { found } = first?.standing.sighting ?? {};
  const isSigned = found?.kind === "pipeline" || found?.kind === "published";
  if (nugetSignature === undefined || !isSigned || found.attestation.signer.kind !== "key") return [];
  const { kind, fingerprints } = nugetSignature;
  if (kind === "repository" && fingerprints?.every((one) => NUGET_ORG.includes(one))) return [];
  const { subject = "", issuer = "" } = found.attestation.signer.certificate ?? {};
  const whose = kind === "author" ? "its certificate" : "a registry of which nobody here knows: its certificate";
  return [
    `${whose} calls itself ${subject}, issued by ${issuer}: whether that authority did says dotnet nuget verify; what is pinned is the fingerprint`,
  ];
}

/** One repository, several families of names, and some that its own name does not explain. */
function unrelated(signer: Signer, pinned: readonly Pinned[]): readonly string[] {
  const source = signer.githubActions?.repository ?? signer.gitlab?.project ?? signer.certificate?.sourceRepositoryURI;
  if (source === undefined) return [];
  const known = new Set(wordsOf(source));
  const names = [...new Set(pinned.map(({ standing }) => standing.sighting.package.name))];
  if (new Set(names.map(familyOf)).size < 2) return [];
  const strange = names.filter((name) => !wordsOf(name).some((word) => known.has(word)));
  if (strange.length === 0) return [];
  return [`${source} signs packages of unrelated names: ${strange.toSorted(compareText).join(", ")}`];
}

/** The scope, or the first word of the name. */
function familyOf(name: string): string {
  const [scope = ""] = name.split("/");
  return name.startsWith("@") ? scope : (wordsOf(name)[0] ?? name);
}

function wordsOf(text: string): readonly string[] {
  return text
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word.length > 1);
}

/** By a name of which only digests were known: whoever signs it from now on is taken at the word of an earlier version. */
function firstSigned(pinned: readonly Pinned[]): readonly string[] {
  return pinned.flatMap(({ standing: { sighting, earlier = [] } }) => {
    if (earlier.length === 0) return [];
    const versions = earlier.map(({ version }) => version).join(", ");
    return [
      `${label(sighting.package)} is built from ${builtFrom(sighting) ?? "nowhere that is said"}; ${versions}, recorded so far, ${originWords(earlier)}`,
    ];
  });
}

function otherRepository(pinned: readonly Pinned[], repositories: ReadonlyMap<string, string>): readonly string[] {
  return pinned.flatMap(({ standing: { sighting } }) => {
    const named = repositories.get(sighting.package.purl);
    const built = builtFrom(sighting);
    if (named === undefined || built === null || plainAddress(named) === plainAddress(built)) return [];
    return [`${label(sighting.package)} says that it comes from ${named}, and was built from ${built}`];
  });
}
