import type { Layer } from "../../policy/layer.ts";
import { expandSigner } from "../../policy/signers/expand.ts";
import type { Policy, Signer } from "../../policy/schema/index.ts";
import { matchSigner } from "../../policy/signers/signer.ts";
import { generaliseName, paddedForm, showsPadding } from "./segments.ts";
import { NUGET_ORG, refOf, withRef } from "./pin.ts";
import { compareText, type FoundSigner, type Sighting } from "./sighting.ts";

type Signed = Sighting & { readonly found: Extract<FoundSigner, { readonly kind: "pipeline" | "published" }> };

interface NamedSigners {
  /** Those that the policy does not have yet, by name. */
  readonly added: ReadonlyMap<string, Signer>;
  /** The signer of each sighting, by purl. */
  readonly names: ReadonlyMap<string, string>;
}

/** One signer for each pipeline (and each registry's own signature) seen: those of the policy where they meet it exactly, others under new names. */
export function nameSigners(signed: readonly Signed[], layer: Layer | null): NamedSigners {
  const names = new Map<string, string>();
  const strangers: Signed[] = [];
  for (const one of signed) {
    const known = layer === null ? null : knownSigner(one, layer);
    if (known === null) strangers.push(one);
    else names.set(one.package.purl, known);
  }
  const added = new Map<string, Signer>();
  const taken = new Set(Object.keys(layer?.policy.signers ?? {}));
  const held = Object.values(layer?.policy.signers ?? {});
  for (const { signer, members } of pipelinesOf(strangers, held)) {
    const name = freeName(signer, members[0], taken);
    taken.add(name);
    added.set(name, signer);
    for (const { package: ref } of members) names.set(ref.purl, name);
  }
  return { added, names };
}

export function isSigned(sighting: Sighting): sighting is Signed {
  return sighting.found.kind === "pipeline" || sighting.found.kind === "published";
}

/** The signer is a registry's own signature: a baseline, and never an identity. */
export function isRegistry({ signers }: Pick<Policy, "signers">, name: string | null): name is string {
  const signer = name === null ? undefined : signers?.[name];
  return signer?.npmRegistry !== undefined || signer?.nugetSignature?.kind === "repository";
}

/** The narrowest signer of the policy that a bundle meets. */
function knownSigner({ package: { version }, found }: Signed, layer: Layer): string | null {
  const meeting = Object.entries(layer.policy.signers ?? {})
    .filter(([name]) => matchSigner(layer, name, found.attestation, version).length === 0)
    .map(([name, signer]) => ({ name, claims: expandSigner(signer, { version }).length }))
    .toSorted((left, right) => right.claims - left.claims || compareText(left.name, right.name));
  return meeting[0]?.name ?? null;
}

interface Pipeline {
  readonly signer: Signer;
  readonly members: readonly Signed[];
}

/** Packages that one workflow signs under refs of one form; the events that started it are joined. */
function pipelinesOf(signed: readonly Signed[], held: readonly Signer[]): readonly Pipeline[] {
  const groups = [...groupBy(signed, ({ found }) => withoutRef(found.pin)).values()];
  const named = groups.map((group) => padded(group, held)).flatMap(generalised);
  return [...groupBy(named, ({ pin }) => keyOf(pin)).entries()]
    .toSorted(([left], [right]) => compareText(left, right))
    .flatMap(([, members]) => {
      const [first] = members;
      if (first === undefined) return [];
      const triggers = members.flatMap(({ pin }) => triggerOf(pin)).toSorted(compareText);
      const signer = withTriggers(first.pin, [...new Set(triggers)]);
      return [{ signer, members: members.map(({ of }) => of) }];
    });
}

interface Pinned {
  readonly of: Signed;
  readonly pin: Signer;
}

function withoutRef(pin: Signer): string {
  return keyOf(withRef(pin, () => ""));
}

/** Where one release has shown that its tags have leading zeros, and another is there: seen now, or held by the policy. */
function padded(group: readonly Signed[], held: readonly Signer[]): readonly Signed[] {
  const [first] = group;
  if (first === undefined) return group;
  const alike = held.filter((signer) => withoutRef(signer) === withoutRef(first.found.pin));
  const refs = [...group.map(({ found }) => found.pin), ...alike].flatMap((signer) => refOf(signer) ?? []);
  return group.map((one) => {
    const form = paddedForm(refOf(one.found.pin) ?? "", one.package.version);
    if (form === null || refs.length < 2 || !refs.some((ref) => showsPadding(ref, form))) return one;
    return { ...one, found: { ...one.found, pin: withRef(one.found.pin, () => form) } };
  });
}

/** Refs that differ only in the package's name become one. */
function generalised(group: readonly Signed[]): readonly Pinned[] {
  const forms = groupBy(group, ({ package: { name }, found }) => generaliseName(refOf(found.pin) ?? "", name));
  return [...forms.entries()].flatMap(([form, members]) => {
    const distinct = new Set(members.map(({ found }) => refOf(found.pin)));
    return members.map((of) => ({
      of,
      pin: distinct.size > 1 ? withRef(of.found.pin, () => form) : of.found.pin,
    }));
  });
}

function triggerOf({ githubActions, gitlab }: Signer): readonly string[] {
  const trigger = (githubActions ?? gitlab)?.trigger;
  return trigger === undefined ? [] : typeof trigger === "string" ? [trigger] : trigger;
}

function withTriggers(signer: Signer, triggers: string[]): Signer {
  const [first] = triggers;
  if (first === undefined) return signer;
  const trigger = triggers.length === 1 ? first : triggers;
  if (signer.githubActions !== undefined) return { ...signer, githubActions: { ...signer.githubActions, trigger } };
  return signer.gitlab === undefined ? signer : { ...signer, gitlab: { ...signer.gitlab, trigger } };
}

/** Equal for pins that differ at most in their triggers; one that says no trigger is another pin. */
function keyOf(signer: Signer): string {
  return JSON.stringify(triggerOf(signer).length === 0 ? signer : withTriggers(signer, ["any"]));
}

function groupBy<T>(all: readonly T[], key: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) groups.set(key(one), [...(groups.get(key(one)) ?? []), one]);
  return groups;
}

/** A name for a signer that says where it comes from: `owner-repository`, then the workflow, then the ref, then a number. */
function freeName(signer: Signer, seen: Signed | undefined, taken: ReadonlySet<string>): string {
  const parts = (signer.nugetSignature === undefined ? partsOf(signer) : partsOfNuget(signer.nugetSignature, seen))
    .map(wordOf)
    .filter((part) => part !== "");
  const candidates = parts.map((_, at) =>
    parts
      .slice(0, at + 1)
      .join("-")
      .slice(0, 60)
      .replace(/[-.]+$/, ""),
  );
  const base = candidates[0] ?? "signer";
  for (const candidate of candidates) if (!taken.has(candidate)) return candidate;
  for (let count = 2; ; count++) if (!taken.has(`${base}-${count}`)) return `${base}-${count}`;
}

function partsOf({ githubActions, gitlab, azurePipelines, certificate, npmRegistry }: Signer): readonly string[] {
  if (npmRegistry !== undefined) return [new URL(npmRegistry).host, new URL(npmRegistry).pathname];
  if (githubActions !== undefined) {
    const { repository, workflow = "", ref = "" } = githubActions;
    return [repository, baseOf(workflow), baseOf(ref)];
  }
  if (gitlab !== undefined) return [gitlab.project, baseOf(gitlab.configPath ?? ""), baseOf(gitlab.ref ?? "")];
  if (azurePipelines !== undefined) return ["azure", azurePipelines.definitionId ?? "connection"];
  return [
    certificate?.subjectAlternativeName ??
      certificate?.sourceRepositoryURI?.replace(/^https?:\/\//, "") ??
      "certificate",
  ];
}

/** A certificate's common name is what it says of itself: the fingerprint beside it is what counts. */
function partsOfNuget(
  { kind, fingerprints }: NonNullable<Signer["nugetSignature"]>,
  seen: Signed | undefined,
): readonly string[] {
  const [fingerprint = ""] = fingerprints ?? [];
  if (kind === "repository" && NUGET_ORG.includes(fingerprint)) return ["nuget.org"];
  const signer = seen?.found.attestation.signer;
  const subject = signer?.kind === "key" ? (signer.certificate?.subject ?? "") : "";
  const [, name = kind] = /(?:^|, )CN=([^,]+)/.exec(subject) ?? [];
  return [name, kind, fingerprint.slice("sha256:".length, "sha256:".length + 8)];
}

/** `release` of `.github/workflows/release.yml`, `main` of `refs/heads/main`. */
function baseOf(path: string): string {
  const last = path.split("/").at(-1) ?? "";
  return last
    .replace(/\.ya?ml$/, "")
    .replace(/\{version(?::padded)?\}/, "")
    .replaceAll("*", "");
}

function wordOf(text: string): string {
  return text.replace(/[^A-Za-z0-9._]+/g, "-").replace(/^[-._]+|[-._]+$/g, "");
}
