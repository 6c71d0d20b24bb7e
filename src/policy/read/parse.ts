import { JsonError, parseJson } from "../../json.ts";
import { checkPolicy } from "../consistency/index.ts";
import type { SourceKinds } from "../consistency/sources.ts";
import { packageKey } from "../../ecosystems/names.ts";
import { firstFault, placeOf, placeProblems } from "./place.ts";
import { type Problem, PolicyFileError } from "./problem.ts";
import { parsePurl } from "../../ecosystems/purl.ts";
import type { RecordedDigests } from "../layer.ts";
import { type Policy, PolicySchema, RecordedSchema } from "../schema/index.ts";
import { checkShape } from "./shape.ts";

const HINT =
  'an editor completes and checks the file where "$schema" names the signing-policy.schema.json that safe-install brings';

/**
 * Reads a policy file. `name` is for messages; a source that is not `askable` is an error.
 * @throws PolicyFileError with every problem and its place
 */
export function parsePolicy(text: string, name: string, askable: SourceKinds): Policy {
  const shape = checkShape(PolicySchema, parseText(text, name));
  const problems = "problems" in shape ? shape.problems : checkPolicy(shape.value, askable);
  if ("problems" in shape || problems.length > 0) throw invalid(text, name, problems, HINT);
  return shape.value;
}

/** Reads a recorded file. @throws PolicyFileError */
export function parseRecorded(text: string, name: string): RecordedDigests {
  const shape = checkShape(RecordedSchema, parseText(text, name));
  if ("problems" in shape) throw invalid(text, name, shape.problems, REWRITE);
  const digests = new Map<string, RecordedDigests["digests"] extends ReadonlyMap<string, infer D> ? D : never>();
  const problems = Object.entries(shape.value.packages).flatMap(([purl, recorded]) => {
    const path = ["packages", purl];
    const key = keyOf(purl);
    if (key === null) return [{ path, message: "not a package URL with a version" }];
    if (digests.has(key)) return [{ path, message: "records the same version again" }];
    digests.set(key, recorded);
    return [];
  });
  if (problems.length > 0) throw invalid(text, name, problems, REWRITE);
  return { digests };
}

const REWRITE = "the file is written by the tool: take it back from version control";

function parseText(text: string, name: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    const bom = text.startsWith("\uFEFF");
    const message = bom
      ? "begins with a byte order mark; save it as UTF-8 without one"
      : error.message.replace(/(?: in JSON)? at position \d+.*$/s, "");
    throw new PolicyFileError(
      "POLICY_SYNTAX",
      name,
      [{ path: [], message, ...placeOf(text, bom ? 0 : (error.offset ?? firstFault(text))) }],
      'strict JSON: no comments, no trailing commas, no name twice; "reason" fields carry the words',
    );
  }
}

function invalid(text: string, name: string, problems: readonly Problem[], hint: string): PolicyFileError {
  return new PolicyFileError("POLICY_INVALID", name, placeProblems(text, problems), hint);
}

function keyOf(text: string): string | null {
  const purl = parsePurl(text);
  return purl === null || purl.version === null ? null : packageKey(purl.ecosystem, purl.name, purl.version);
}
