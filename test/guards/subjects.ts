/** What was signed, and whether it is about these bytes and this package. */
import { inFile } from "./guard.ts";

const TEST = "test/verify/verifier.attack.test.ts";
const subject = inFile("src/verify/subject.ts", TEST);
const about = inFile("src/verify/about.ts", TEST);
const statement = inFile("src/verify/statement.ts", TEST);

export const SUBJECTS = [
  subject({
    name: "the subject by digest",
    code: "SUBJECT_MISMATCH",
    remove: "return mismatch(subjects, subject);",
    put: "return subject.digests;",
    named: "subject-digest-mismatch, by digest alone",
  }),
  subject({
    name: "the subject by name",
    code: "SUBJECT_MISMATCH",
    remove: "return name !== null && subject.names.includes(name);",
    put: "return null;",
    named: "subject-name-mismatch",
  }),
  subject({
    name: "a name is compared with its case",
    code: "SUBJECT_MISMATCH",
    remove: "name !== null && subject.names.includes(name);",
    put: "name !== null && subject.names.some((one) => one.toLowerCase() === name.toLowerCase());",
    named: "a name is compared whole and case-sensitively",
  }),
  subject({
    name: "our name with another digest contradicts",
    code: "SUBJECT_MISMATCH",
    remove: 'ours === true ? outcome === "different" :',
    put: "ours === true ? false :",
    test: "test/verify/subject.test.ts",
    named: "one of two names with another digest",
  }),
  subject({
    name: "our digest under another name contradicts",
    code: "SUBJECT_MISMATCH",
    remove: 'ours === false && outcome === "same",',
    put: "false,",
    named: "our digest under a second name",
  }),
  about({
    name: "a message signature is over these bytes",
    code: "SUBJECT_MISMATCH",
    remove: 'if (!agrees || compareDigests(hashed, digests) === "different") {',
    put: "if (agrees === null) {",
    named: "a message signature over other bytes",
  }),
  about({
    name: "the wrapper's predicate type is the signed one",
    code: "PREDICATE_TYPE_MISMATCH",
    remove: "if (stated !== undefined && stated !== predicateType) {",
    put: "if (stated === null) {",
    named: "registry-wrapper-type-lies",
  }),
  inFile(
    "src/model/digest.ts",
    TEST,
  )({
    name: "one digest that differs is not outweighed by one that agrees",
    code: "SUBJECT_MISMATCH",
    remove: 'if (one.hex !== other.hex) return "different";',
    put: "if (one.hex !== other.hex) continue;",
    named: "one digest agrees and another differs",
  }),
  statement({
    name: "the statement's type is a known one",
    code: "STATEMENT_INVALID",
    remove: 'if (!TYPES.includes(json["_type"])) return',
    put: 'if (json["_type"] === null) return',
    named: "another statement type",
  }),
  statement({
    name: "no member of a statement occurs twice",
    code: "STATEMENT_INVALID",
    remove: "const value = parseJson(",
    put: "const value = JSON.parse(",
    named: "duplicate-json-keys-statement",
  }),
  statement({
    name: "a statement is UTF-8",
    code: "STATEMENT_INVALID",
    remove: "{ fatal: true, ignoreBOM: true }",
    put: "{ ignoreBOM: true }",
    test: "test/verify/statement.test.ts",
    named: "bytes that are not UTF-8",
  }),
  statement({
    name: "a statement has a subject",
    code: "STATEMENT_INVALID",
    remove: "if (!Array.isArray(subject) || subject.length === 0) return",
    put: "if (!Array.isArray(subject)) return",
    named: "empty-subjects",
  }),
  statement({
    name: "one name does not stand for two subjects",
    code: "STATEMENT_INVALID",
    remove: "if (new Set(named).size !== named.length) return",
    put: "if (named === null) return",
    named: "our name twice with the same digest",
  }),
  statement({
    name: "only strong digests bind",
    remove: "if (!STRONG.includes(algorithm)) return [];",
    put: "",
    named: "weak-digest-only",
  }),
  statement({
    name: "a statement has no more subjects than the bound",
    code: "BUNDLE_TOO_LARGE",
    remove: "if (subject.length > LIMITS.subjects) {",
    put: "if (subject === null) {",
    named: "many-subjects-digests",
  }),
  statement({
    name: "a subject has no more digests than the bound",
    code: "BUNDLE_TOO_LARGE",
    remove: "if (set.length > LIMITS.digestsPerSubject) {",
    put: "if (set === null) {",
    named: "many-subjects-digests",
  }),
];
