import type { Decision } from "../../../src/model/decision.ts";
import type { Report } from "../../../src/model/report.ts";
import { cyclonedx } from "../../../src/report/cyclonedx/index.ts";
import { toJson } from "../../../src/report/json.ts";
import { hexOf, richReport } from "../../support/rich-report.ts";
import { repositoryRoot } from "../../support/root.ts";
import { Ajv } from "ajv";
import formats from "ajv-formats";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const MADE = { version: "1.2.3", now: new Date("2026-11-29T12:00:00Z") };

/** The published schema of CycloneDX 1.6, as it comes with the library. */
const SCHEMAS = join(repositoryRoot(), "node_modules/@cyclonedx/cyclonedx-library/res/schema");
const read = (name: string) => JSON.parse(readFileSync(join(SCHEMAS, name), "utf8")) as object;
const ajv = new Ajv({ strict: false, allErrors: true });
(formats as unknown as (to: Ajv) => void)(ajv);
// Of RFC 3987, which ajv-formats does not have: no blanks, controls or delimiters.
ajv.addFormat("iri-reference", /^[^\p{C}\p{Z}<>"\\^`{|}]*$/u);
ajv.addFormat("idn-email", true);
for (const name of ["spdx.SNAPSHOT.schema.json", "jsf-0.82.SNAPSHOT.schema.json"])
  ajv.addSchema(read(name), `http://cyclonedx.org/schema/${name}`);
const isValid = ajv.compile(read("bom-1.6.SNAPSHOT.schema.json"));

interface Document {
  readonly serialNumber: string;
  readonly metadata: { readonly timestamp: string; readonly properties: unknown };
  readonly components: readonly Readonly<Record<string, unknown>>[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
  readonly compositions: readonly { readonly aggregate: string; readonly dependencies?: readonly string[] }[];
}

function documentOf(report: Report): Document {
  const document = JSON.parse(cyclonedx(toJson(report, MADE))) as Document;
  isValid(document);
  expect(isValid.errors ?? []).toEqual([]);
  return document;
}

const [RICH] = richReport().projects;
const all = RICH?.decisions ?? [];
const letIn = all.filter(({ outcome }) => outcome !== "denied");
const allowed = (decisions: readonly Decision[]) => richReport({ decisions, outcome: "allowed", exit: 0 });

/** The same, saying something else of itself. */
function saying(decision: Decision | undefined, artifact: Partial<Decision["artifact"]>): Decision {
  if (decision === undefined) throw new Error("no decision");
  return { ...decision, artifact: { ...decision.artifact, ...artifact } };
}

describe("cyclonedx", () => {
  it("names each package that was let in, once, by the published schema", () => {
    const { components, metadata } = documentOf(allowed([...letIn, ...letIn.slice(0, 3)]));
    expect(components.map((one) => one["purl"])).toEqual(letIn.map(({ artifact }) => artifact.package.purl).toSorted());
    expect(metadata).toMatchObject({
      timestamp: "2026-11-29T12:00:00.000Z",
      tools: { components: [{ name: "safe-install", version: "1.2.3" }] },
    });
  });

  it("says who proved it, with the signed envelope's digest", () => {
    const { components } = documentOf(allowed(letIn.slice(0, 1)));
    const workflow = "https://github.com/acme/widgets/.github/workflows/release.yml@refs/tags/v1.0.0";
    const value = `signer=${workflow}; issuer=https://token.actions.githubusercontent.com; bundle=sha256:${hexOf("@acme/widget-1")}; predicate=https://slsa.dev/provenance/v1; signed=2026-01-01T00:00:00.000Z`;
    const purl = "pkg:npm/%40acme/widget-1@1.0.0";
    expect(components).toEqual([
      {
        type: "library",
        name: "widget-1",
        group: "@acme",
        version: "1.0.0",
        "bom-ref": purl,
        purl,
        hashes: [{ alg: "SHA-512", content: letIn[0]?.artifact.digests[0]?.hex }],
        licenses: [{ license: { id: "MIT", acknowledgement: "declared" } }],
        externalReferences: [
          {
            type: "attestation",
            url: "https://npm.example/-/npm/v1/attestations/@acme/widget-1@1.0.0",
            comment: value,
          },
        ],
        properties: [
          { name: "safe-install:ground", value: "signed" },
          { name: "safe-install:outcome", value: "allowed" },
        ],
        evidence: {
          identity: [
            {
              field: "purl",
              confidence: 1,
              concludedValue: purl,
              methods: [{ technique: "attestation", confidence: 1, value }],
            },
          ],
        },
      },
    ]);
  });

  it.each([
    ["baseline", "attestation"],
    ["recorded", "hash-comparison"],
    ["excepted", undefined],
  ])("of %s the identity rests on %s", (ground, technique) => {
    const found = letIn.find(({ layers: [layer] }) => layer?.outcome === "allowed" && layer.ground.kind === ground);
    const [component] = documentOf(allowed(found === undefined ? [] : [found])).components;
    const { identity = [] } = (component?.["evidence"] ?? {}) as { identity?: { methods: { technique: string }[] }[] };
    expect(identity[0]?.methods[0]?.technique).toBe(technique);
  });

  it("has the edges that are known, and says of whom they are not", () => {
    const [first, second, third] = letIn;
    const purls = [first, second, third].map((one) => one?.artifact.package.purl ?? "");
    const known = [
      saying(first, { dependsOn: [purls[1] ?? "", "pkg:npm/elsewhere@1.0.0"] }),
      saying(second, { dependsOn: [] }),
    ];
    const { dependencies, compositions } = documentOf(allowed([...known, saying(third, {})]));
    expect(dependencies).toEqual([{ ref: purls[0], dependsOn: [purls[1]] }, { ref: purls[1] }]);
    expect(compositions).toEqual([{ aggregate: "unknown", dependencies: [purls[2], "safe-install:judged"] }]);
  });

  it("has nothing of a project that is denied, and says so", () => {
    const { components, metadata, compositions } = documentOf(richReport());
    expect(components).toEqual([]);
    expect(metadata.properties).toContainEqual({ name: "safe-install:outcome", value: "denied" });
    expect(compositions[0]).toEqual({ aggregate: "incomplete", assemblies: ["safe-install:judged"] });
  });

  it("calls what audit mode lets through audited, and proves nothing of it", () => {
    const audited = { ...letIn[0], outcome: "audited" } as Decision;
    const [component] = documentOf(richReport({ decisions: [audited], outcome: "audited", exit: 0 })).components;
    expect(component).toMatchObject({
      properties: expect.arrayContaining([{ name: "safe-install:outcome", value: "audited" }]),
    });
    expect(component).not.toHaveProperty("evidence");
  });

  it("keeps two files of one purl apart", () => {
    const other = saying(letIn[0], { digests: [{ algorithm: "sha512", hex: "b".repeat(128) }] });
    const { components } = documentOf(allowed([...letIn.slice(0, 1), other]));
    expect(new Set(components.map((one) => one["bom-ref"])).size).toBe(2);
  });

  it("is the same of the same report in any order, with its serial number", () => {
    const [one, other] = [letIn, letIn.toReversed()].map((decisions) => cyclonedx(toJson(allowed(decisions), MADE)));
    expect(other).toBe(one);
    expect(JSON.parse(one ?? "")).toMatchObject({
      serialNumber: expect.stringMatching(/^urn:uuid:[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/),
    });
    const later = cyclonedx(toJson(allowed(letIn), { ...MADE, now: new Date("2026-11-30T12:00:00Z") }));
    expect((JSON.parse(later) as Document).serialNumber).not.toBe((JSON.parse(one ?? "") as Document).serialNumber);
  });

  it.each([
    '"}],"components":[{"name":"x',
    "\u001b]0;owned\u0007 MIT",
    "MIT\nOR Apache-2.0",
    "MIT OR (",
    "\u202egnp.exe",
    "__proto__",
    "<script>alert(1)</script>",
  ])("a hostile name, licence or place is text: %j", (hostile) => {
    const purl = `pkg:npm/${encodeURIComponent(hostile)}@${encodeURIComponent(hostile)}`;
    const [verdict] = letIn[0]?.verdicts ?? [];
    if (verdict?.status !== "verified") throw new Error("it is signed");
    const evil = {
      ...saying(letIn[0], {
        package: { ecosystem: "npm", name: hostile, version: hostile, purl },
        licence: hostile,
        dependsOn: [hostile, purl],
      }),
      verdicts: [{ ...verdict, evidence: { ...verdict.evidence, location: `https://npm.example/${hostile}` } }],
    };
    const { components } = documentOf(allowed([evil]));
    expect(components).toHaveLength(1);
    const [licence] = (components[0]?.["licenses"] ?? []) as readonly {
      readonly license?: { readonly name: string };
    }[];
    expect(licence?.license?.name).toMatch(/^\P{C}+$/u);
  });
});
