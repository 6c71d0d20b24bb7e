/** The small texts of a policy file: never empty, never blank at the ends, each with its own grammar. */
import * as v from "valibot";

/** A sentence for people. */
export function words(description: string) {
  return v.pipe(v.string(), v.regex(/\S/, "must not be empty"), v.maxLength(2000), v.description(description));
}

/** A claim's whole value. `*` and braces are refused, because somebody who writes them expects a pattern. */
export function literal(description: string) {
  return v.pipe(
    v.string(),
    v.nonEmpty("must not be empty"),
    v.regex(
      /^(?!\s)(?!.*\s$)[^*{}\r\n]*$/,
      "is compared as a whole and literally: * and { }, and white space at its ends, are not allowed here",
    ),
    v.maxLength(2000),
    v.description(description),
  );
}

/** Letters, digits, `.`, `_` and `-`: what signers and trust roots are called inside one policy. */
export const Name = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, "a name is letters, digits, '.', '_' and '-'"),
  v.maxLength(100),
);

export const Guid = v.pipe(
  v.string(),
  v.regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, "expected a GUID in lower case, with hyphens"),
);

export const Numeric = v.pipe(v.string(), v.regex(/^[0-9]+$/, "expected the numeric id, in quotes"));

export const DigestText = v.pipe(
  v.string(),
  v.regex(
    /^(?:sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})$/,
    "expected a digest such as sha512:HEX, in lower case and full length",
  ),
  v.description("sha256:HEX, sha384:HEX or sha512:HEX"),
);

/** A day; midnight UTC. Whether the calendar has it is checked after parsing. */
export function day(description: string) {
  return v.pipe(
    v.string(),
    v.regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/, "expected a day such as 2027-03-31"),
    v.description(description),
  );
}

export function instant(description: string) {
  return v.pipe(
    v.string(),
    v.regex(
      /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$/,
      "expected a UTC time such as 2026-05-11T00:00:00Z",
    ),
    v.description(description),
  );
}

/** Relative, with forward slashes, and without a way up at its beginning or within. */
export function relativePath(description: string) {
  return v.pipe(
    v.string(),
    v.nonEmpty("must not be empty"),
    v.regex(/^(?!\/|~|[A-Za-z]:)[^\\]*$/, "expected a path relative to the policy file, with forward slashes"),
    v.maxLength(1000),
    v.description(description),
  );
}

/** https; http on loopback only. What `new URL` says about it is checked after parsing. */
export function webAddress(description: string) {
  return v.pipe(
    v.string(),
    v.regex(/^https?:\/\/[^\s/?#@]+(?:[/?][^\s#]*)?$/, "expected an https address without credentials or fragment"),
    v.maxLength(2000),
    v.description(description),
  );
}

export function list<const TItem extends v.GenericSchema>(item: TItem, description: string) {
  return v.pipe(v.array(item), v.minLength(1, "must not be empty: leave it out instead"), v.description(description));
}
