import { type Compared, remarks } from "../../src/author/remarks.ts";
import type { Layer } from "../../src/policy/layer.ts";
import { PolicySchema } from "../../src/policy/schema/index.ts";
import { toJsonSchema } from "@valibot/to-json-schema";
import { describe, expect, it } from "vitest";

const RECORD = { a: "sha512:a" };

/** As loading would make it; the digest is that of the policy's text. */
function compared(policy: unknown, more: { files?: object; recorded?: object; digest?: string; name?: string } = {}) {
  const { files = {}, recorded = RECORD, name = ".signing-policy.json" } = more;
  const digest = more.digest ?? JSON.stringify(policy);
  const digests = new Map(Object.entries(recorded).map(([key, one]) => [key, [one as string]]));
  const layer = { name, digest, policy, roots: {}, recorded: { digests }, sources: {}, override: null };
  const read = { [name]: digest, "keys/a.pem": "1", ...files };
  return { layers: [layer as unknown as Layer], files: new Map(Object.entries(read)) } as Compared;
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Schema = {
  readonly properties?: Record<string, Schema>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly const?: Json;
  readonly enum?: readonly Json[];
  readonly type?: string;
};
const SCHEMA = toJsonSchema(PolicySchema, { errorMode: "ignore" }) as unknown as Schema;

/** A value in which every member of the schema stands once; `salt` makes it another one. */
function valueOf(schema: Schema, salt = ""): Json {
  if (schema.const !== undefined) return salt === "" ? schema.const : `not ${JSON.stringify(schema.const)}`;
  if (schema.enum !== undefined)
    return schema.enum[salt === "" ? schema.enum.length - 1 : 0] ?? `not ${JSON.stringify(schema.enum[0])}`;
  if (schema.anyOf !== undefined) return valueOf(schema.anyOf[salt === "" ? 0 : schema.anyOf.length - 1] ?? {}, salt);
  if (schema.items !== undefined) return [valueOf(schema.items, salt)];
  if (schema.properties !== undefined)
    return Object.fromEntries(Object.entries(schema.properties).map(([key, one]) => [key, valueOf(one, salt)]));
  if (typeof schema.additionalProperties === "object") return { one: valueOf(schema.additionalProperties, salt) };
  if (schema.type === "boolean") return salt === "";
  if (schema.type === "integer" || schema.type === "number") return salt === "" ? 1 : 2;
  return `text${salt}`;
}

/** The whole value with one member after another changed, and with each of them gone. */
function* mutants(schema: Schema, value: Json, path = ""): Generator<readonly [string, Json]> {
  if (Array.isArray(value)) {
    yield [`${path}[]`, [...value, valueOf(schema.items ?? {}, "x")]];
    for (const [at, one] of mutants(schema.items ?? {}, value[0] ?? null, `${path}[0]`)) yield [at, [one]];
    return;
  }
  if (typeof value !== "object" || value === null) {
    yield [path, valueOf(schema, "x")];
    return;
  }
  for (const [key, one] of Object.entries(value)) {
    const inner = schema.properties?.[key] ?? (schema.additionalProperties as Schema);
    const { [key]: gone, ...rest } = value;
    yield [`${path}.${key} gone`, rest];
    for (const [at, other] of mutants(inner, gone ?? one, `${path}.${key}`)) yield [at, { ...value, [key]: other }];
  }
}

describe("no member of a policy changes without a word", () => {
  const whole = valueOf(SCHEMA);
  const all = [...mutants(SCHEMA, whole)];

  it("the walk reaches what lies deepest", () => {
    const paths = all.map(([path]) => path);
    expect(paths).toContain(".signers.one.githubActions.ref");
    expect(paths).toContain(".rules[0].provenance.builder");
    expect(paths).toContain(".commandLine.audit");
    expect(paths).toContain(".scripts");
    expect(paths.length).toBeGreaterThan(150);
  });

  it.each(all)("%s", (_, mutant) => {
    const said = remarks(compared(whole), compared(mutant));
    expect(said.join("\n")).toMatch(/: .*(?:becomes|is new|is gone)/);
    expect(remarks(compared(mutant), compared(whole))).not.toEqual([]);
  });
});

describe("and what a policy names", () => {
  const policy = { version: 1 };
  const said = (after: Parameters<typeof compared>[1]) => remarks(compared(policy), compared(policy, after));

  it("a key under its old name, a file that is read now, one that is no longer", () => {
    expect(said({ files: { "keys/a.pem": "2" } })).toEqual(["keys/a.pem: other content under the same name"]);
    expect(said({ files: { "keys/b.pem": "2" } })).toEqual(["keys/b.pem: read from now on"]);
    expect(remarks(compared(policy, { files: { "keys/b.pem": "2" } }), compared(policy))).toEqual([
      "keys/b.pem: no longer read",
    ]);
  });

  it("recorded versions: new, gone, other bytes", () => {
    expect(said({ recorded: { ...RECORD, b: "sha512:b", c: "sha512:c" } })).toEqual([
      ".signing-policy.json: recorded versions new: 2",
    ]);
    expect(said({ recorded: {} })).toEqual([".signing-policy.json: recorded versions gone: 1"]);
    expect(said({ recorded: { a: "sha512:x" } })).toEqual([
      ".signing-policy.json: recorded versions with other digests: 1",
    ]);
  });
});

describe("the words", () => {
  it("a layer that comes, and one that goes", () => {
    const [here, there] = [compared({ version: 1 }), compared({ version: 1 }, { name: "a/.signing-policy.json" })];
    expect(remarks(here, there)).toEqual([
      ".signing-policy.json: this layer is gone: nobody asks it any more",
      "a/.signing-policy.json: a new layer: it is asked as well",
    ]);
  });

  it("the order of rules says nothing, nor does another layout", () => {
    const rules = [{ packages: ["npm:a"] }, { packages: ["npm:b"] }];
    const after = compared({ version: 1, rules: rules.toReversed() });
    expect(remarks(compared({ version: 1, rules }), after)).toEqual([
      ".signing-policy.json: another text with the same meaning",
    ]);
    expect(remarks(after, after)).toEqual([]);
  });

  it("of a long list the first are shown, the rest are counted", () => {
    const rules = Array.from({ length: 25 }, (_, at) => ({ packages: [`npm:p${at}`] }));
    const said = remarks(compared({ version: 1 }), compared({ version: 1, rules }));
    expect(said).toHaveLength(21);
    expect(said.at(-1)).toBe(".signing-policy.json: rule is new: 5 more");
  });

  it("values as they stand", () => {
    const after = { version: 1, mode: "audit", scripts: "all", signers: { w: { npmRegistry: "https://b.example" } } };
    const before = { version: 1, scripts: "none", signers: { w: { npmRegistry: "https://a.example" } } };
    expect(remarks(compared(before), compared(after))).toEqual([
      ".signing-policy.json: scripts: none becomes all",
      '.signing-policy.json: signer w.npmRegistry: "https://a.example" becomes "https://b.example"',
      ".signing-policy.json: mode: enforce becomes audit",
    ]);
  });
});
