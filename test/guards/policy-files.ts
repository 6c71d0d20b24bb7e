/** What a policy cannot say by accident. */
import { inFile } from "./guard.ts";

const TEST = "test/policy/read/parse.test.ts";
const shape = inFile("src/policy/read/shape.ts", TEST);
const rules = inFile("src/policy/consistency/rules.ts", TEST);
const signers = inFile("src/policy/consistency/signers.ts", TEST);
const pattern = inFile("src/policy/package-pattern.ts", TEST);

export const POLICY_FILES = [
  shape({
    name: "unknown keys are errors, also inherited names",
    remove: "if (result.success && odd.length === 0)",
    put: "if (result.success)",
    named: "a signer called constructor",
  }),
  shape({
    name: "no key of a policy is passed over by its parser",
    remove: "? passedOver(value, result.output) : unknown;",
    put: "? [] : unknown;",
    named: "a signer called prototype",
  }),
  rules({
    name: "signatures, baseline and unsigned exclude each other",
    remove: "if (grounds.length > 1) return",
    put: "if (grounds.length > 9) return",
    named: "signedBy beside unsigned",
  }),
  rules({
    name: "unsigned packages need a reason and an end",
    remove: 'if (rule.unsigned === "allow" && (rule.reason === undefined || rule.expires === undefined)) {',
    put: "if (rule === null) {",
    named: "allow without end",
  }),
  rules({
    name: "a registry's signature is no identity",
    remove: "isBaseline(signerOf(policy, name))",
    put: "signerOf(policy, name) === null",
    named: "a registry's signature as identity",
  }),
  rules({
    name: "signers of one source cannot be counted together",
    remove: "return same === null ? [] :",
    put: "return same !== undefined ? [] :",
    named: "a count over one repository",
  }),
  rules({
    name: "a signer that nobody defined is an error",
    remove: "if (signerOf(policy, name) !== undefined) return [];",
    put: "if (name !== undefined) return [];",
    named: "an unknown signer",
  }),
  rules({
    name: "keys that need signedBy do not stand alone",
    remove: "if (rule.signedBy === undefined) {",
    put: "if (rule.signedBy === null) {",
    named: "a count without signers",
  }),
  signers({
    name: "signed by anybody cannot be written",
    remove: "return [{ path, message }];\n}\n\nfunction urlProblems",
    put: "return [{ path, message }].slice(1);\n}\n\nfunction urlProblems",
    named: "only an issuer",
  }),
  signers({
    name: "an issuer that signs for everybody needs a source",
    remove: "if (SHARED_BUILDERS.test(is.issuer)) {",
    put: "if (is.issuer === null) {",
    named: "GitHub's issuer with a subject that its owner can shape",
  }),
  signers({
    name: "a signer is of one kind",
    remove: "if (kinds.length === 1) return [];",
    put: "if (kinds.length > 0) return [];",
    named: "two kinds",
  }),
  inFile(
    "src/policy/consistency/index.ts",
    TEST,
  )({
    name: "the built-in trust root cannot be replaced",
    remove: "if (!isOwn && maxAge !== undefined) return null;",
    put: "if (name !== null) return null;",
    named: "public-good named again",
  }),
  inFile(
    "src/policy/consistency/index.ts",
    TEST,
  )({
    name: "two rules for one pattern are an error",
    remove: "return other === undefined",
    put: "return other !== null",
    named: "two rules for one pattern",
  }),
  inFile(
    "src/policy/consistency/exceptions.ts",
    TEST,
  )({
    name: "an exception for what cannot be excused is an error",
    remove: "if (EXCUSABLE.has(code)) return [];",
    put: "if (code !== null) return [];",
    named: "an exception for what does not hold",
  }),
  pattern({
    name: "a pattern never reaches beyond one scope",
    remove: 'if (!exact && TRAITS[ecosystem].isScoped && name.startsWith("@") && !name.includes("/")) {',
    put: "if (ecosystem === null) {",
    named: "* beyond one scope",
  }),
  inFile(
    "src/policy/schema/index.ts",
    TEST,
  )({
    name: "a root always asks for a signing time",
    remove: 'v.pipe(Threshold, v.minValue(1, "a signing time is always needed"))',
    put: "Threshold",
    named: "no signing time wanted",
  }),
];
