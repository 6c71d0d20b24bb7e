import * as v from "valibot";

/** The shape of `--report json`. `report.schema.json` is generated from it (`npm run schema`). */
const Comparison = v.object({ name: v.string(), expected: v.string(), found: v.string() });

export const JsonDenial = v.object({
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

const OUTCOMES = v.picklist(["allowed", "audited", "denied"]);

const GROUNDS = v.picklist(["signed", "baseline", "recorded", "archive", "unsigned", "excepted", "audited", "denied"]);

const Layer = v.object({
  policy: v.string(),
  policyDigest: v.optional(v.pipe(v.nullable(v.string()), v.description("In a decision log only"))),
  rule: v.nullable(v.string()),
  outcome: OUTCOMES,
  ground: v.optional(v.record(v.string(), v.unknown())),
  codes: v.array(v.string()),
});

export const JsonPackage = v.object({
  purl: v.string(),
  archive: v.optional(
    v.pipe(
      v.union([v.object({ url: v.string() }), v.object({ path: v.string() })]),
      v.description("Where it lies, if it comes from no registry; the purl's name is then nobody's word"),
    ),
  ),
  outcome: OUTCOMES,
  ground: GROUNDS,
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
  licence: v.optional(v.pipe(v.string(), v.description("In the package's own words. Unsigned"))),
  dependsOn: v.optional(
    v.pipe(v.array(v.string()), v.description("The packages that it needs, among those that were judged")),
  ),
  layers: v.array(Layer),
  denials: v.array(JsonDenial),
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

const EndingFigure = v.object({ policy: v.string(), what: v.string(), expires: v.string(), daysLeft: v.number() });

const SignerFigure = v.pipe(
  v.object({
    kind: v.picklist(["certificate", "key"]),
    signer: v.pipe(v.string(), v.description("The workflow, person or key; of a workflow without its ref")),
    issuer: v.nullable(v.string()),
    repository: v.nullable(v.string()),
    refs: v.array(v.string()),
    packages: v.array(v.string()),
    looks: v.pipe(v.array(v.string()), v.description("What deserves a second look")),
  }),
  v.description("Of what is verified, whether or not a rule names it"),
);

const JsonBefore = v.object({
  time: v.string(),
  packages: v.number(),
  grounds: v.record(v.string(), v.number()),
  denials: v.record(v.string(), v.number()),
  unbound: v.number(),
});

const JsonChange = v.object({ purl: v.string(), from: v.nullable(GROUNDS), to: v.nullable(GROUNDS) });

export const JsonUnbound = v.object({ purl: v.nullable(v.string()), location: v.string(), denial: JsonDenial });

const Project = v.object({
  project: v.string(),
  lockfile: v.nullable(v.string()),
  policies: v.array(v.object({ name: v.string(), digest: v.string(), mode: v.picklist(["enforce", "audit"]) })),
  outcome: OUTCOMES,
  exit: v.number(),
  notes: v.array(v.string()),
  summary: v.object({
    text: v.pipe(v.string(), v.description("As the report for people says it")),
    packages: v.number(),
    unbound: v.number(),
    grounds: v.record(v.string(), v.number()),
    shares: v.record(v.string(), v.number()),
    denials: v.record(v.string(), v.number()),
    exceptions: v.array(ExceptionFigure),
    endings: v.array(EndingFigure),
    signers: v.array(SignerFigure),
    notGated: v.record(v.string(), v.number()),
  }),
  before: v.optional(
    v.pipe(
      v.nullable(JsonBefore),
      v.description("With --log: the last whole run in it of the same command over the same lock; null: there is none"),
    ),
  ),
  changes: v.optional(
    v.pipe(v.array(JsonChange), v.description("Since that run, what rests on another ground, is new or is gone")),
  ),
  packages: v.array(JsonPackage),
  unbound: v.array(JsonUnbound),
  notGated: v.array(v.object({ kind: v.string(), name: v.string(), detail: v.optional(v.string()) })),
});

export const JsonReport = v.object({
  schemaVersion: v.literal(1),
  tool: v.object({ name: v.literal("safe-install"), version: v.string() }),
  time: v.pipe(v.string(), v.description("When it was judged, UTC")),
  command: v.string(),
  outcome: OUTCOMES,
  exit: v.number(),
  projects: v.array(Project),
});

type Output = v.InferOutput<typeof JsonReport>;
export type JsonReport = Output;
export type JsonProject = Output["projects"][number];
export type JsonPackage = JsonProject["packages"][number];
export type JsonUnbound = JsonProject["unbound"][number];
export type JsonEvidence = JsonPackage["evidence"][number];
export type JsonSigner = JsonProject["summary"]["signers"][number];
