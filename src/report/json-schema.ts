import * as v from "valibot";

/** The shape of `--report json`. `report.schema.json` is generated from it (`npm run schema`). */
const Comparison = v.object({ name: v.string(), expected: v.string(), found: v.string() });

const Denial = v.object({
  code: v.string(),
  message: v.string(),
  details: v.array(Comparison),
  location: v.optional(v.string()),
  hint: v.optional(v.string()),
  absent: v.optional(
    v.pipe(
      v.literal(true),
      v.description("Whoever was asked answered that it is not there: to ask again is of no use"),
    ),
  ),
});

const Notary = v.pipe(
  v.object({
    subject: v.string(),
    issuer: v.string(),
    scheme: v.string(),
    mediaType: v.string(),
    passedOver: v.array(v.string()),
  }),
  v.description("A signature of the Notary Project; passedOver: what its level does not enforce, and did not hold"),
);

const Signer = v.variant("kind", [
  v.object({ kind: v.literal("certificate"), claims: v.record(v.string(), v.string()) }),
  v.object({
    kind: v.literal("key"),
    fingerprint: v.string(),
    usage: v.string(),
    registry: v.optional(v.string()),
    notary: v.optional(Notary),
  }),
]);

const EvidenceReport = v.object({
  source: v.string(),
  location: v.string(),
  status: v.picklist(["verified", "broken", "foreign"]),
  code: v.optional(v.string()),
  detail: v.optional(v.string()),
  bundle: v.optional(v.string()),
  predicateType: v.optional(v.nullable(v.string())),
  signer: v.optional(Signer),
  signedAt: v.optional(v.nullable(v.string())),
  publisher: v.optional(v.pipe(v.string(), v.description("Who the index says published it. Unsigned: never compared"))),
  form: v.optional(v.pipe(v.string(), v.description("Which form of the package the evidence is about"))),
});

const Layer = v.object({
  policy: v.string(),
  rule: v.nullable(v.string()),
  outcome: v.picklist(["allowed", "audited", "denied"]),
  ground: v.optional(v.record(v.string(), v.unknown())),
  codes: v.array(v.string()),
});

const PackageReport = v.object({
  purl: v.string(),
  archive: v.optional(
    v.pipe(
      v.union([v.object({ url: v.string() }), v.object({ path: v.string() })]),
      v.description("Where it lies, if it comes from no registry; the purl's name is then nobody's word"),
    ),
  ),
  outcome: v.picklist(["allowed", "audited", "denied"]),
  ground: v.picklist(["signed", "baseline", "recorded", "archive", "unsigned", "excepted", "audited", "denied"]),
  locations: v.array(v.string()),
  digests: v.array(v.string()),
  built: v.optional(
    v.pipe(
      v.array(v.string()),
      v.description("Of the very file, where what was built is judged before it is promoted"),
    ),
  ),
  runsScripts: v.boolean(),
  scripts: v.optional(v.picklist(["run", "skip"])),
  layers: v.array(Layer),
  denials: v.array(Denial),
  evidence: v.array(EvidenceReport),
  unavailable: v.array(v.object({ location: v.string(), reason: v.string() })),
});

const ExceptionFigure = v.object({
  policy: v.string(),
  package: v.string(),
  excuses: v.array(v.string()),
  approvedBy: v.nullable(v.string()),
  since: v.nullable(v.string()),
  ageDays: v.nullable(v.number()),
  expires: v.string(),
  daysLeft: v.number(),
  uses: v.number(),
});

const Project = v.object({
  project: v.string(),
  lockfile: v.nullable(v.string()),
  policies: v.array(v.object({ name: v.string(), digest: v.string(), mode: v.picklist(["enforce", "audit"]) })),
  outcome: v.picklist(["allowed", "audited", "denied"]),
  exit: v.number(),
  notes: v.array(v.string()),
  summary: v.object({
    packages: v.number(),
    grounds: v.record(v.string(), v.number()),
    shares: v.record(v.string(), v.number()),
    denials: v.record(v.string(), v.number()),
    exceptions: v.array(ExceptionFigure),
    notGated: v.record(v.string(), v.number()),
  }),
  packages: v.array(PackageReport),
  unbound: v.array(v.object({ purl: v.nullable(v.string()), location: v.string(), denial: Denial })),
  notGated: v.array(v.object({ kind: v.string(), name: v.string(), detail: v.optional(v.string()) })),
});

export const JsonReport = v.object({
  schemaVersion: v.literal(1),
  tool: v.object({ name: v.literal("safe-install"), version: v.string() }),
  command: v.string(),
  outcome: v.picklist(["allowed", "audited", "denied"]),
  exit: v.number(),
  projects: v.array(Project),
});

type Output = v.InferOutput<typeof JsonReport>;
export type JsonReport = Output;
export type JsonProject = Output["projects"][number];
export type JsonPackage = JsonProject["packages"][number];
export type JsonEvidence = JsonPackage["evidence"][number];
