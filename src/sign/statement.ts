import { SafeInstallError } from "../errors.ts";
import { parseJsonOr } from "../json.ts";
import { type Digest } from "../model/digest.ts";
import type { SigningContent } from "./content.ts";

/** What a statement says about its subject. */
export interface Predicate {
  readonly type: string;
  readonly value: unknown;
}

export interface SubjectOfStatement {
  /** The ecosystem's own name for the file (`pkg:npm/...@1.0.0`, a wheel's file name), else what the file is called. */
  readonly name: string;
  readonly digests: readonly Digest[];
}

const ALGORITHMS: ReadonlySet<Digest["algorithm"]> = new Set(["sha256", "sha512"]);

/** in-toto Statement v1 (in-toto attestation specification, "Statement"). */
export function statementAbout({ name, digests }: SubjectOfStatement, { type, value }: Predicate): SigningContent {
  const known = digests.filter(({ algorithm }) => ALGORITHMS.has(algorithm));
  const statement = {
    _type: "https://in-toto.io/Statement/v1",
    subject: [{ name, digest: Object.fromEntries(known.map(({ algorithm, hex }) => [algorithm, hex])) }],
    predicateType: type,
    predicate: value,
  };
  return { kind: "statement", payload: Buffer.from(JSON.stringify(statement), "utf8"), predicateType: type };
}

/** @throws SafeInstallError PREDICATE_INVALID: not one JSON object, strictly */
export function predicateIn(text: string, file: string): unknown {
  const found = parsed(text, file);
  if (typeof found === "object" && found !== null && !Array.isArray(found)) return found;
  throw invalid(file, "is no JSON object");
}

function parsed(text: string, file: string): unknown {
  return parseJsonOr(text, (why) => {
    throw invalid(file, why);
  });
}

function invalid(file: string, why: string): SafeInstallError {
  return new SafeInstallError("usage", "PREDICATE_INVALID", `${file}: ${why}`, {
    hint: "the file holds the predicate alone, without the statement around it",
  });
}
