import { parseJsonOr } from "../json.ts";
import type { Evidence, NotaryEvidence } from "../model/evidence.ts";
import { readDocument } from "./document.ts";

/** What the Notary Project's tool calls the signature of a file (`notation blob sign`). */
export const NOTARY_ENDINGS: readonly string[] = [".jws.sig", ".cose.sig"];

/** Reads what lies beside a file: an envelope of the Notary Project, by its name or its form, or what `readDocument` reads. */
export function readSidecar(body: Buffer, source: string, location: string): readonly Evidence[] {
  const format = formatOf(body, location);
  return format === null
    ? readDocument(body.toString("utf8"), source, location)
    : [{ source, location, notary: { format, envelope: body } }];
}

function formatOf(body: Buffer, location: string): NotaryEvidence["notary"]["format"] | null {
  const [, named] = /\.(jws|cose)\.sig(?:[?#][^/]*)?$/.exec(location) ?? [];
  if (named === "jws" || named === "cose") return named;
  // The tag of COSE_Sign1, which is the first byte of no text.
  if (body[0] === 0xd2) return "cose";
  return isJws(body) ? "jws" : null;
}

/** The flattened serialization (RFC 7515 section 7.2.2): no bundle has a text `protected`. */
function isJws(body: Buffer): boolean {
  if (!body.includes('"protected"')) return false;
  const value = parseJsonOr(body.toString("utf8"), () => null);
  return (
    typeof value === "object" && value !== null && typeof (value as { protected?: unknown }).protected === "string"
  );
}
