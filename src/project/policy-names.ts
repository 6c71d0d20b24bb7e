/** The files and folders that a policy names. */
import { createHash } from "node:crypto";
import { posix, resolve } from "node:path";
import { type ErrorCode, SafeInstallError } from "../errors.ts";
import { LIMITS } from "../limits.ts";
import type { Ecosystem } from "../model/package.ts";
import type { Source } from "../model/wanted.ts";
import type { Layer } from "../policy/layer.ts";
import { parseRecorded } from "../policy/read/parse.ts";
import type { RecordedDigests } from "../policy/layer.ts";
import type { Policy, PolicySource } from "../policy/schema/index.ts";
import { readBounded } from "../io/files.ts";
import { isInside, resolveLinks, wayTo } from "../io/inside.ts";

/** Where one policy file is. */
export interface PolicyPlace {
  /** Absolute. */
  readonly file: string;
  /** For messages. */
  readonly name: string;
  /** Its folder: what its paths are relative to. Absolute and without links. */
  readonly folder: string;
  /** What its paths may not lead out of. Absolute and without links. */
  readonly boundary: string;
  /** Gathers what was read: name relative to the boundary -> sha256 (hex). */
  readonly seen: Map<string, string>;
}

/** The text of a file that a policy names, as bytes. @throws SafeInstallError it is outside, missing, too large or not UTF-8 */
export async function readNamed(place: PolicyPlace, name: string, maxBytes: number): Promise<Buffer> {
  const bytes = await readNamedBytes(place, name, maxBytes);
  if (!isUtf8(bytes)) throw problem("POLICY_SYNTAX", `${name}: not UTF-8`);
  return bytes;
}

/** The bytes of a file that a policy names. @throws SafeInstallError it is outside, missing or too large */
export async function readNamedBytes(place: PolicyPlace, name: string, maxBytes: number): Promise<Buffer> {
  const file = await within(place, name);
  const bytes = await readBounded(file, { maxBytes }).catch((error: SafeInstallError) => {
    throw new SafeInstallError("policy", error.code, error.message, { cause: error });
  });
  if (bytes === null) throw problem("POLICY_FILE_MISSING", `${place.name} names ${name}: there is no such file`);
  place.seen.set(wayTo(place.boundary, file), sha256(bytes));
  return bytes;
}

export async function readRecorded(place: PolicyPlace, name: string): Promise<RecordedDigests> {
  const bytes = await readNamed(place, name, LIMITS.recordedBytes);
  const shown = posix.join(posix.dirname(place.name), name);
  return parseRecorded(bytes.toString("utf8"), shown);
}

/** The policy's sources as evidence is asked for; folders absolute. */
export async function resolveSources(place: PolicyPlace, { sources = {} }: Policy): Promise<Layer["sources"]> {
  const resolved = await Promise.all(
    (Object.entries(sources) as [Ecosystem, readonly PolicySource[]][]).map(
      async ([ecosystem, list]) =>
        [ecosystem, await Promise.all(list.map((one) => resolveSource(place, one)))] as const,
    ),
  );
  return Object.fromEntries(resolved);
}

async function resolveSource(place: PolicyPlace, source: PolicySource): Promise<Source> {
  if (source.url !== undefined) return { kind: "url", template: source.url };
  if (source.attestations !== undefined) return { kind: "attestations", url: source.attestations };
  if (source.directory !== undefined) return { kind: "directory", path: await within(place, source.directory) };
  if (source.companion !== undefined) return { kind: "companion", template: source.companion };
  if (source.integrity !== undefined) return { kind: "integrity", url: source.integrity };
  return source.github === true ? { kind: "github" } : { kind: "beside" };
}

/** The absolute path of a name, links resolved as far as it exists; it must not lead out of the boundary. */
async function within({ folder, boundary, name: policy }: PolicyPlace, name: string): Promise<string> {
  const place = resolve(folder, name);
  const file = await resolveLinks(place).catch((error: unknown) => {
    throw unreadable(place, error);
  });
  if (isInside(file, boundary)) return file;
  throw problem("POLICY_PATH_OUTSIDE", `${policy} names ${name}, which leads out of ${boundary}`);
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function isUtf8(bytes: Buffer): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function unreadable(file: string, error: unknown): SafeInstallError {
  return problem("POLICY_UNREADABLE", `${file}: ${error instanceof Error ? error.message : String(error)}`);
}

function problem(code: ErrorCode, message: string): SafeInstallError {
  return new SafeInstallError("policy", code, message, {
    hint: "paths are relative to the policy and stay in its repository",
  });
}
