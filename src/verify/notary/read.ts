import { readCose } from "./cose.ts";
import type { NotaryEnvelope, EnvelopeFormat } from "./envelope.ts";
import { readJws } from "./jws.ts";

/** What was signed, by which of the two formats it is written in. @throws Fault */
export function readEnvelope(bytes: Buffer, format: EnvelopeFormat): NotaryEnvelope {
  return format === "jws" ? readJws(bytes) : readCose(bytes);
}
