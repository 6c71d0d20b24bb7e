/** What a policy cannot say by accident. */
import { inFile } from "./guard.ts";

const TEST = "test/policy/read/parse.test.ts";
const shape = inFile("src/policy/read/shape.ts", TEST);
const rules = inFile("src/policy/consistency/rules.ts", TEST);

export const POLICY_FILES = [
  shape({
    name: "no key of a policy is passed over by its parser",
    remove: "? passedOver(value, result.output) : unknown;",
    put: "? [] : unknown;",
    named: "a signer called prototype",
  }),
  rules({
    name: "a registry's signature is no identity",
    remove: "isBaseline(signerOf(policy, name))",
    put: "signerOf(policy, name) === null",
    named: "a registry's signature as identity",
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
    "src/policy/consistency/exceptions.ts",
    TEST,
  )({
    name: "an exception for what cannot be excused is an error",
    remove: "if (EXCUSABLE.has(code)) return [];",
    put: "if (code !== null) return [];",
    named: "an exception for what does not hold",
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
