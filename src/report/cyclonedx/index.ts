import { createHash } from "node:crypto";
import {
  Bom,
  Component,
  ComponentRepository,
  ExternalReference,
  HashDictionary,
  Metadata,
  Property,
  Tools,
} from "@cyclonedx/cyclonedx-library/Models";
import { ComponentType, ExternalReferenceType, HashAlgorithm } from "@cyclonedx/cyclonedx-library/Enums";
import { JSON as Normalizing, JsonSerializer } from "@cyclonedx/cyclonedx-library/Serialize";
import { Spec1dot6 } from "@cyclonedx/cyclonedx-library/Spec";
import type { JsonPackage, JsonReport } from "../json-schema.ts";
import { asJson, printable } from "../text.ts";
import { type Identity, identityOf, referencesOf } from "./evidence.ts";
import { licenceOf } from "./licence.ts";
import { type Member, membersOf } from "./members.ts";

/**
 * `--report cyclonedx`: CycloneDX 1.6 (ECMA-424) of exactly what was let in. What is not known is left out; of whose
 * dependencies nobody knows, a composition says so. A project that is denied adds nothing: nothing of it is installed.
 * The same report makes the same document, its serial number included.
 */
export function cyclonedx(report: JsonReport): string {
  const members = membersOf(report);
  const bom = new Bom({ metadata: metadataOf(report) });
  const components = new Map(members.map((one) => [one.ref, componentOf(one)]));
  for (const one of members) {
    const component = components.get(one.ref);
    for (const ref of one.needs ?? []) {
      const needed = components.get(ref)?.bomRef;
      if (needed !== undefined) component?.dependencies.add(needed);
    }
    if (component !== undefined) bom.components.add(component);
  }
  const serializer = new JsonSerializer(new Normalizing.Normalize.Factory(Spec1dot6));
  // Its own order would be that of the machine's language.
  const written = JSON.parse(serializer.serialize(bom, { sortLists: false })) as BomJson;
  const document = completed(written, report, members);
  return asJson({ ...document, serialNumber: `urn:uuid:${uuidOf(JSON.stringify(document))}` });
}

/** What the library writes, as far as we add to it. */
interface BomJson {
  readonly components?: readonly { readonly "bom-ref": string }[];
  readonly dependencies?: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
  readonly [member: string]: unknown;
}

const ROOT = "safe-install:judged";

function metadataOf({ time, tool, projects, command, outcome }: JsonReport): Metadata {
  const names = projects.map(({ lockfile, project }) => printable(lockfile ?? project));
  const component = new Component(ComponentType.Application, names.join(", ") || ".", { bomRef: ROOT });
  const metadata = new Metadata({ timestamp: new Date(time), component });
  const own = new Component(ComponentType.Application, tool.name, { version: tool.version });
  metadata.tools = new Tools({ components: new ComponentRepository([own]) });
  metadata.properties.add(new Property("safe-install:command", printable(command)));
  metadata.properties.add(new Property("safe-install:outcome", outcome));
  return metadata;
}

function componentOf({ ref, name, group, version, found }: Member): Component {
  const { purl, digests, licence, ground, outcome } = found;
  const component = new Component(ComponentType.Library, name, {
    bomRef: ref,
    purl,
    version,
    hashes: hashesOf(digests),
  });
  if (group !== null) component.group = group;
  const stated = licenceOf(licence);
  if (stated !== null) component.licenses.add(stated);
  component.properties.add(new Property("safe-install:ground", ground));
  component.properties.add(new Property("safe-install:outcome", outcome));
  for (const { url, comment } of referencesOf(found))
    component.externalReferences.add(new ExternalReference(url, ExternalReferenceType.Attestation, { comment }));
  return component;
}

const ALGORITHMS: Readonly<Record<string, HashAlgorithm>> = {
  sha1: HashAlgorithm["SHA-1"],
  sha256: HashAlgorithm["SHA-256"],
  sha384: HashAlgorithm["SHA-384"],
  sha512: HashAlgorithm["SHA-512"],
};

function hashesOf(digests: JsonPackage["digests"]): HashDictionary {
  return new HashDictionary(
    digests.flatMap((digest) => {
      const [algorithm = "", hex = ""] = digest.split(":");
      const known = ALGORITHMS[algorithm];
      return known === undefined ? [] : [[known, hex] as const];
    }),
  );
}

/** What the library has no words for: who proved it, and where nobody knows what something needs. */
function completed(written: BomJson, report: JsonReport, members: readonly Member[]): BomJson {
  const identities = new Map(members.map((one) => [one.ref, identityOf(one.found)]));
  const unknown = new Set([ROOT, ...members.filter(({ needs }) => needs === null).map(({ ref }) => ref)]);
  const isWhole = report.outcome !== "denied";
  return {
    ...written,
    components: (written.components ?? []).map((one) => withIdentity(one, identities.get(one["bom-ref"]) ?? [])),
    dependencies: (written.dependencies ?? []).filter(({ ref }) => !unknown.has(ref)),
    compositions: [
      ...(isWhole ? [] : [{ aggregate: "incomplete", assemblies: [ROOT] }]),
      { aggregate: "unknown", dependencies: [...unknown].toSorted() },
    ],
  };
}

function withIdentity<T extends object>(component: T, identity: readonly Identity[]): T {
  return identity.length === 0 ? component : { ...component, evidence: { identity } };
}

/** RFC 9562, version 8: of the document itself. */
function uuidOf(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  const variant = ((Number.parseInt(hex[16] ?? "0", 16) & 3) | 8).toString(16);
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, variant + hex.slice(17, 20)];
  return [...parts, hex.slice(20, 32)].join("-");
}
