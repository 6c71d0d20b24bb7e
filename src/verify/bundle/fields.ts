import { LIMITS } from "../../limits.ts";
import { fail } from "../fault.ts";

export type BundleVersion = "0.1" | "0.2" | "0.3";

/** A JSON object whose members are all known. Absent and null are the same (protobuf JSON mapping). */
type Members = Readonly<Record<string, unknown>>;

/** @throws Fault BUNDLE_MALFORMED unless `value` is an object with no other members than `known`. */
export function members(value: unknown, path: string, known: readonly string[]): Members {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return malformed(path, "is not an object");
  for (const name of Object.keys(value)) {
    if (!known.includes(name)) malformed(path, `has a member that is not known: ${JSON.stringify(name.slice(0, 100))}`);
  }
  return value as Members;
}

export function absent(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

export function text(value: unknown, path: string, limit = 10_000): string {
  if (typeof value !== "string") return malformed(path, "is not a text");
  if (value.length > limit) return fail("BUNDLE_TOO_LARGE", `${path} is longer than ${limit}`);
  return value;
}

/** Base64 in its one canonical spelling (RFC 4648 section 4, padded, no white space); not empty. */
export function bytes(value: unknown, path: string, limit: number = LIMITS.bundleBytes): Buffer {
  const spelled = text(value, path, Math.ceil(limit / 3) * 4);
  const decoded = Buffer.from(spelled, "base64");
  if (decoded.length === 0 || decoded.toString("base64") !== spelled) return malformed(path, "is not canonical base64");
  return decoded;
}

/** A list, or nothing; never longer than `limit`. */
export function list(value: unknown, path: string, limit: number): readonly unknown[] {
  if (absent(value)) return [];
  if (!Array.isArray(value)) return malformed(path, "is not a list");
  if (value.length > limit) return fail("BUNDLE_TOO_LARGE", `${path} has more than ${limit} members`);
  return value;
}

/** A non-negative int64 in protobuf's JSON spelling, as its decimal digits. */
export function natural(value: unknown, path: string): string {
  const digits = typeof value === "number" && Number.isSafeInteger(value) ? String(value) : value;
  if (typeof digits !== "string" || !/^(0|[1-9][0-9]{0,18})$/.test(digits))
    return malformed(path, "is not a natural number");
  return digits;
}

export function malformed(path: string, what: string): never {
  return fail("BUNDLE_MALFORMED", `${path} ${what}`);
}
