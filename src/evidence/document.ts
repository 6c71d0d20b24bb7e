import { LIMITS } from "../limits.ts";
import { JsonError, parseJson } from "../json.ts";
import type { Evidence } from "../model/evidence.ts";
import { convertPep740, isPep740 } from "./pep740.ts";

/**
 * Reads a sidecar: one bundle as JSON, an array-free JSONL of bundles (`.jsonl`, in-toto Bundle spec), or a
 * registry's `{ "attestations": [{ "predicateType", "bundle" }] }`, or PEP 740's attestation and provenance objects.
 * What cannot be read is evidence too: malformed.
 */
export function readDocument(text: string, source: string, location: string): readonly Evidence[] {
  try {
    const documents = split(text).map((line) => parseJson(line));
    const bundles = documents.flatMap(unwrap);
    if (bundles.length > LIMITS.bundlesPerArtifact)
      return [malformed(`more than ${LIMITS.bundlesPerArtifact} bundles`)];
    if (bundles.length === 1) return bundles.map((found) => ({ source, location, ...found }));
    return bundles.map((found, index) => ({ source, location: `${location}#${index}`, ...found }));
  } catch (error) {
    if (error instanceof JsonError) return [malformed(`not JSON: ${error.message}`)];
    if (error instanceof Malformed) return [malformed(error.message)];
    throw error;
  }

  function malformed(reason: string): Evidence {
    return { source, location, malformed: reason };
  }
}

class Malformed extends Error {}

type Found =
  | { readonly bundle: unknown; readonly statedPredicateType?: string; readonly publisher?: string }
  | { readonly malformed: string };

/** One JSON text, or one a line. A pretty-printed text has its first brace alone on the line. */
function split(text: string): readonly string[] {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const everyLineIsOne =
    lines.length > 1 && lines.every((line) => line.startsWith("{") && line.trimEnd().endsWith("}"));
  return everyLineIsOne ? lines : [text];
}

function unwrap(document: unknown): readonly Found[] {
  if (isPep740(document)) return convertPep740(document).map(withoutNull);
  if (isObject(document) && typeof document["base64Signature"] === "string") throw new Malformed(OLDER);
  const wrapped = isObject(document) ? document["attestations"] : undefined;
  if (wrapped === undefined) return [{ bundle: document }];
  if (!Array.isArray(wrapped)) throw new Malformed('"attestations" is not a list');
  return wrapped.map(unwrapOne);
}

/** `{base64Signature, cert, rekorBundle}`. */
const OLDER = "a signature file in cosign's older form, not a Sigstore bundle: `cosign bundle create` makes one of it";

function withoutNull(one: ReturnType<typeof convertPep740>[number]): Found {
  if ("malformed" in one || one.publisher !== null) return one as Found;
  return { bundle: one.bundle };
}

function unwrapOne(entry: unknown): Found {
  if (!isObject(entry) || !("bundle" in entry)) throw new Malformed("an attestation without a bundle");
  const stated = entry["predicateType"];
  if (stated === undefined) return { bundle: entry["bundle"] };
  if (typeof stated !== "string") throw new Malformed("a predicateType that is not a string");
  return { bundle: entry["bundle"], statedPredicateType: stated };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
