/** The policy file's shape: the single source of its types, of its parser and of the published JSON Schema. */
import * as v from "valibot";
import { type Ecosystem, ECOSYSTEMS } from "../../model/package.ts";
import { Archive, Exception, Mode, PackagePattern, Revocation, Rule } from "./rules.ts";
import { Signer } from "./signers.ts";
import { DigestText, Name, day, list, relativePath, webAddress, words } from "./texts.ts";

export type { Archive, Exception, Mode, Revocation, Rule } from "./rules.ts";
export type { Signer } from "./signers.ts";

const Threshold = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(32));

const Tuf = v.strictObject({
  mirror: webAddress("The repository's address: trusted_root.json is its target"),
  root: relativePath("The repository's root.json, as its operator hands it out: the beginning of the chain"),
});

const Duration = v.pipe(
  v.string(),
  v.regex(/^[1-9][0-9]{0,3}[hdw]$/, "expected a number of hours, days or weeks, such as 30d"),
);

/** One of `trustedRoot` and `tuf`, or for a built-in root `maxAge` alone; checked after parsing. */
const Trust = v.strictObject({
  trustedRoot: v.exactOptional(relativePath("trusted_root.json, a ClientTrustConfig or JSONL of roots")),
  tuf: v.exactOptional(v.pipe(Tuf, v.description("A repository of The Update Framework that keeps the root current"))),
  maxAge: v.exactOptional(
    v.pipe(Duration, v.description("The root counts so long after it was last found to be current")),
  ),
  tlog: v.exactOptional(v.pipe(Threshold, v.description("Transparency logs that must vouch; 1 when absent"))),
  sct: v.exactOptional(
    v.pipe(Threshold, v.description("Certificate transparency logs that must vouch; 1 when absent")),
  ),
  timestamps: v.exactOptional(v.pipe(Threshold, v.minValue(1, "a signing time is always needed"))),
});

/** One of the kinds; checked after parsing. */
const Source = v.strictObject({
  url: v.exactOptional(
    webAddress("URL template with {name}, {version}, {filename}, {id}, {sha256}, {sha512}, after the host"),
  ),
  attestations: v.exactOptional(webAddress("Another registry that answers for attestations")),
  directory: v.exactOptional(relativePath("Folder of sha256-HEX.sigstore.json[l] and sha512-HEX.sigstore.json[l]")),
  companion: v.exactOptional(
    v.pipe(
      v.string(),
      v.regex(
        /^(?!\{id\}$)[A-Za-z0-9._-]*\{id\}[A-Za-z0-9._-]*$/,
        "expected another package's id with {id} in it, such as {id}.Sigstore",
      ),
      v.description("A package of the same version in the same feed"),
    ),
  ),
  integrity: v.exactOptional(webAddress("An index that serves PEP 740 provenance by file")),
  github: v.exactOptional(v.literal(true)),
  beside: v.exactOptional(v.literal(true)),
});

const ofEcosystem = <const TItem extends v.GenericSchema>(item: TItem) => {
  const entries = ECOSYSTEMS.map((ecosystem) => [ecosystem, v.exactOptional(item)] as const);
  return v.strictObject(Object.fromEntries(entries) as Record<Ecosystem, v.ExactOptionalSchema<TItem, undefined>>);
};

const SCRIPTS = 'expected "all", "signed", "none", or a list of packages such as ["npm:esbuild"]';

export const PolicySchema = v.strictObject({
  $schema: v.exactOptional(v.string()),
  version: v.literal(1, "must be 1"),
  mode: v.exactOptional(v.pipe(Mode, v.description("enforce (default) or audit"))),
  trust: v.exactOptional(v.pipe(v.record(Name, Trust), v.description("Named trust roots beside public-good"))),
  signers: v.exactOptional(v.pipe(v.record(Name, Signer), v.description("Named identities"))),
  sources: v.exactOptional(
    v.pipe(
      ofEcosystem(list(Source, "Asked in order, after the ecosystem's own place")),
      v.description("Where else evidence is found"),
    ),
  ),
  registries: v.exactOptional(
    v.pipe(
      ofEcosystem(list(webAddress("An origin"), "Further origins that a lock may name")),
      v.description("Further origins that a lock may name; only the outermost policy's count"),
    ),
  ),
  // An empty list says what leaving it out says: everything is denied.
  rules: v.exactOptional(v.pipe(v.array(Rule), v.description("What is asked of which packages. No rule: denied."))),
  recorded: v.exactOptional(
    v.strictObject({
      file: relativePath("The recorded digests, written by the tool"),
      reason: words("Why bytes count without evidence"),
      expires: day("The first day on which it no longer counts (UTC)"),
    }),
  ),
  exceptions: v.exactOptional(list(Exception, "One version each, by digest, for a time")),
  archives: v.exactOptional(
    list(Archive, "Archives by address or path, by digest, for a time. No rule for a name is about them."),
  ),
  revoked: v.exactOptional(list(Revocation, "Counts for every layer and whatever else holds")),
  scripts: v.exactOptional(
    v.pipe(
      v.union([v.picklist(["all", "signed", "none"]), list(PackagePattern, "The packages whose scripts run")], SCRIPTS),
      v.description("Whose install scripts run: all, signed (proven identity), none, or these; absent: as npm does"),
    ),
  ),
  commandLine: v.exactOptional(
    v.strictObject({ audit: v.exactOptional(v.pipe(v.boolean(), v.description("Whether --audit is allowed"))) }),
  ),
});

/** The machine-written file that `recorded` names. */
export const RecordedSchema = v.strictObject({
  version: v.literal(1, "must be 1"),
  packages: v.record(
    v.pipe(v.string(), v.regex(new RegExp(`^pkg:(?:${ECOSYSTEMS.join("|")})\\/[^\\s?#]+@[^\\s?#@]+$`))),
    list(DigestText, ""),
  ),
});

export type Policy = v.InferOutput<typeof PolicySchema>;
export const SOURCE_KINDS = Object.keys(Source.entries) as readonly (keyof PolicySource)[];

export type PolicySource = v.InferOutput<typeof Source>;
export type TrustEntry = v.InferOutput<typeof Trust>;
