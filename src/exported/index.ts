/** What an export of evidence lists. Nothing in it is believed: it says what to verify, never what holds. */
import { parseJson } from "../json.ts";
import { CODES } from "../model/codes.ts";
import { closed, readAs } from "../shape.ts";
import * as v from "valibot";

/** Where it lies in an export, and where all other files do, each under its SHA-256. */
export const INDEX = "index.json";
export const FOLDER = "sha256";

const Sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const Digest = v.pipe(v.string(), v.regex(/^sha(?:256|384|512):[0-9a-f]{64,128}$/));
const Instant = v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/));

const About = { source: v.string(), location: v.string() };

const Evidence = v.union([
  closed({
    ...About,
    bundle: Sha256,
    statedPredicateType: v.exactOptional(v.string()),
    publisher: v.exactOptional(v.string()),
  }),
  closed({ ...About, registry: v.string(), registrySignature: Sha256 }),
  closed({ ...About, nugetSignature: Sha256, kind: v.picklist(["author", "repository"]) }),
  closed({ ...About, notary: Sha256, format: v.picklist(["jws", "cose"]) }),
  closed({ ...About, malformed: v.string() }),
]);

const Fault = closed({
  code: v.pipe(
    v.string(),
    v.check((code) => Object.hasOwn(CODES, code)),
  ),
  message: v.string(),
  details: v.array(closed({ name: v.string(), expected: v.string(), found: v.string() })),
  location: v.exactOptional(v.string()),
  hint: v.exactOptional(v.string()),
});

/** What one source said of one package: what it had, why it could not be asked, or what of the bytes did not hold. */
const Answer = closed({
  package: v.string(),
  /** Whose answer it is; see `answerKey`. */
  key: Sha256,
  evidence: v.array(Evidence),
  unavailable: v.nullable(closed({ location: v.string(), reason: v.string() })),
  fault: v.nullable(Fault),
});

const Index = closed({
  version: v.literal(1),
  tool: v.string(),
  /** When it was exported, ISO 8601. */
  exported: Instant,
  policies: v.array(closed({ name: v.string(), digest: Digest, mode: v.picklist(["enforce", "audit"]) })),
  answers: onceEach(Answer, "key"),
  /** What plugins keep between runs, by the SHA-256 of its key: an address in one may hold a secret. */
  kept: onceEach(closed({ key: Sha256, file: Sha256 }), "key"),
  /** Packages whose bytes were needed. */
  bytes: onceEach(closed({ digests: v.array(Digest), aliases: v.array(v.string()), file: Sha256 }), "file"),
  /** Trust roots and registry keys, as `trust pin` writes them; null: those that came with the program. */
  trust: v.nullable(Sha256),
});

/** A list that says each thing once: the second of two would count, or the same megabytes be laid out again and again. */
function onceEach<T, K extends string>(one: v.GenericSchema<unknown, T & Readonly<Record<K, string>>>, key: K) {
  return v.pipe(
    v.array(one),
    v.check((all) => new Set(all.map((entry) => entry[key])).size === all.length, `says one ${key} twice`),
  );
}

export type Index = v.InferOutput<typeof Index>;
export type WrittenAnswer = Index["answers"][number];
export type WrittenEvidence = WrittenAnswer["evidence"][number];

export function encodeIndex(index: Index): string {
  return `${JSON.stringify(index, null, 1)}\n`;
}

/** @returns why it is none */
export function decodeIndex(text: string): Index | string {
  try {
    const read = readAs(Index, parseJson(text));
    return "wrong" in read ? read.wrong : read.value;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Every file that it names. */
export function filesOf({ answers, kept, bytes, trust }: Index): readonly string[] {
  const evidence = answers.flatMap((answer) => answer.evidence.flatMap(fileOf));
  return [
    ...new Set([...evidence, ...[...kept, ...bytes].map(({ file }) => file), ...(trust === null ? [] : [trust])]),
  ];
}

function fileOf(evidence: WrittenEvidence): readonly string[] {
  if ("bundle" in evidence) return [evidence.bundle];
  if ("registrySignature" in evidence) return [evidence.registrySignature];
  if ("notary" in evidence) return [evidence.notary];
  return "nugetSignature" in evidence ? [evidence.nugetSignature] : [];
}
