import { CLAIM_OIDS } from "../../src/model/claims.ts";
import { CODES } from "../../src/model/codes.ts";
import { LIMITS } from "../../src/limits.ts";
import { REPORT_FORMATS } from "../../src/options.ts";
import { PolicySchema } from "../../src/policy/schema/index.ts";
import { toJsonSchema } from "@valibot/to-json-schema";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const textOf = (folders: readonly string[]) =>
  folders
    .flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).map((path) => join(ROOT, folder, path)),
    )
    .filter((path) => path.endsWith(".ts"))
    .map((path) => readFileSync(path, "utf8"))
    .join("\n");

describe("nothing that a person can meet is without a test", () => {
  const tests = textOf(
    ["attack", "commands", "e2e", "evidence", "io", "plugins", "policy", "verify"].map((name) => `test/${name}`),
  );

  it.each(Object.keys(CODES))("the code %s", (code) => {
    expect(new RegExp(`\\b${code}\\b`).test(tests)).toBe(true);
  });

  it.each(Object.keys(CODES))("the code %s is given somewhere", (code) => {
    expect(textOf(["src", "plugins"]).match(new RegExp(`"${code}"`))).not.toBeNull();
  });

  // test/policy/signers/signer.claims.test.ts walks through all claims.
  const keys = [...keysOf(toJsonSchema(PolicySchema, { errorMode: "ignore" }))].filter((key) => !(key in CLAIM_OIDS));
  const policyTests = textOf(["test/policy", "test/project"]);
  it.each(keys)("the policy's key %s", (key) => {
    expect(new RegExp(`(?<![\\w$])${key.replace("$", "\\$")}(?![\\w])`).test(policyTests)).toBe(true);
  });

  it.each(REPORT_FORMATS)("the report %s", (format) => {
    expect(
      existsSync(join(ROOT, "test", "report", `${format}.test.ts`)) ||
        existsSync(join(ROOT, "test", "report", format, "index.test.ts")),
    ).toBe(true);
  });
});

const sources = textOf(["src", "plugins"]);
it.each(Object.keys(LIMITS))("the bound %s is held by somebody", (name) => {
  expect(sources.includes(`LIMITS.${name}`)).toBe(true);
});

function keysOf(schema: unknown, found = new Set<string>()): ReadonlySet<string> {
  if (typeof schema !== "object" || schema === null) return found;
  const { properties = {} } = schema as { readonly properties?: object };
  for (const key of Object.keys(properties)) found.add(key);
  for (const member of Object.values(schema)) keysOf(member, found);
  return found;
}
