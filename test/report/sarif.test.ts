import { readPlaces } from "../../src/report/places.ts";
import { sarif } from "../../src/report/sarif.ts";
import { temporaryFolder } from "../support/folder.ts";
import { PLACES } from "../support/places.ts";
import { allowed, denied, sampleReport, withDenial } from "../support/report.ts";
import draft4 from "ajv-draft-04";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

/** The schema that OASIS publishes with the standard, as a package carries it; it is written in draft 4. */
const validate = new draft4.default({
  allErrors: true,
  strict: false,
  validateFormats: false,
  unicodeRegExp: false,
}).compile(load("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"));

function load(name: string): object {
  return JSON.parse(readFileSync(createRequire(import.meta.url).resolve(name), "utf8")) as object;
}

interface Log {
  readonly runs: readonly [
    { readonly results: readonly Result[]; readonly tool: { driver: { rules: { id: string }[] } } },
  ];
}
interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly Located[];
  readonly relatedLocations?: readonly Located[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
}
interface Located {
  readonly physicalLocation: { readonly artifactLocation: { uri: string }; readonly region: { startLine: number } };
}

const parse = (text: string) => JSON.parse(text) as Log;
const resultsOf = (part: Parameters<typeof sampleReport>[0] = {}) =>
  parse(sarif(sampleReport(part), PLACES, "1.2.3", null)).runs[0].results;

describe("sarif", () => {
  it.each([
    ["denials", {}],
    ["nothing to say", { decisions: [allowed("a")], unbound: [], outcome: "allowed", exit: 0 }],
    ["audit", { decisions: [denied("p", "NO_EVIDENCE", "audited")], unbound: [], outcome: "audited", exit: 0 }],
    ["no lockfile", { lockfile: null }],
  ] as const)("is valid against the 2.1.0 schema: %s", (_, part) => {
    validate(parse(sarif(sampleReport(part), PLACES, "1.2.3", null)));
    expect(validate.errors).toBeNull();
  });

  it("the schema would see a slip", () => {
    const log = parse(sarif(sampleReport(), PLACES, "1.2.3", null));
    expect(validate({ ...log, runs: [{ ...log.runs[0], results: [{ ruleId: 1 }] }] })).toBe(false);
  });

  it("says what is wrong with which package, and what audit lets through is a warning", () => {
    const [forked, gadget] = resultsOf();
    expect(forked).toMatchObject({ ruleId: "GIT_DEPENDENCY", level: "error" });
    expect(gadget).toMatchObject({ ruleId: "UNTRUSTED_SIGNER", level: "error" });
    expect(gadget?.message.text).toContain("repository: expected acme/gadget, found mallory/\\\\u{{1b}}\\[2Jgadget");
    expect(resultsOf({ decisions: [denied("p", "NO_RULE", "audited")], unbound: [] })).toMatchObject([
      { level: "warning" },
    ]);
  });

  it("a message is text: no link and no place for an argument", () => {
    const [result] = parse(sarif(withDenial("see [the fix](https://evil.example) {0} \\"), PLACES, "1.2.3", null))
      .runs[0].results;
    expect(result?.message.text).toContain("see \\[the fix\\](https://evil.example) {{0}} \\\\");
  });

  it("every result names a rule of the tool", () => {
    const [run] = parse(sarif(sampleReport(), PLACES, "1.2.3", null)).runs;
    for (const { ruleId, ruleIndex } of run.results) expect(run.tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
  });

  it("the fingerprint stays when lines move, and differs for another package, code or project", () => {
    const of = (part: Parameters<typeof resultsOf>[0], places = PLACES) =>
      parse(sarif(sampleReport({ unbound: [], ...part }), places, "1.2.3", null)).runs[0].results.map(
        ({ partialFingerprints }) => partialFingerprints["safeInstall/v1"],
      );
    const moved = { ...PLACES, entry: () => ({ file: "package-lock.json", line: 77 }) };
    const [one] = of({ decisions: [denied("a", "NO_RULE")] });
    expect(of({ decisions: [denied("a", "NO_RULE")] }, moved)).toEqual([one]);
    expect(of({ decisions: [denied("b", "NO_RULE")] })).not.toEqual([one]);
    expect(of({ decisions: [denied("a", "NO_EVIDENCE")] })).not.toEqual([one]);
    expect(of({ decisions: [denied("a", "NO_RULE")], project: "other" })).not.toEqual([one]);
  });

  it("points at the lines of lockfile and policy, relative to the repository's root", async () => {
    const root = temporaryFolder();
    const cwd = join(root, "packages", "äpp one");
    mkdirSync(cwd, { recursive: true });
    const packages = { "": {}, "node_modules/widget": { version: "1.0.0" }, "node_modules/@acme/gadget": {} };
    writeFileSync(join(cwd, "package-lock.json"), JSON.stringify({ name: "x", packages }, null, 2));
    const rules = [{ packages: ["npm:widget"] }, { packages: ["npm:@acme/*"] }];
    writeFileSync(join(root, ".signing-policy.json"), JSON.stringify({ version: 1, rules }, null, 2));
    const report = sampleReport({ root, unbound: [] });
    const [result] = parse(sarif(report, await readPlaces(report, cwd), "1.2.3", null)).runs[0].results;
    expect(result?.locations[0]?.physicalLocation).toEqual({
      artifactLocation: { uri: "packages/%C3%A4pp%20one/package-lock.json", uriBaseId: "%SRCROOT%" },
      region: { startLine: 8 },
    });
    expect(result?.relatedLocations?.[0]?.physicalLocation).toEqual({
      artifactLocation: { uri: ".signing-policy.json", uriBaseId: "%SRCROOT%" },
      region: { startLine: 9 },
    });
  });

  it("finds the line of a package also in other lockfiles", async () => {
    const root = temporaryFolder();
    writeFileSync(join(root, "requirements.txt"), "a==1\nmy.@acme/gadget==2\n@acme/gadget==1.0.0 \\\n  --hash=x\n");
    const report = sampleReport({ root, unbound: [], lockfile: "requirements.txt" });
    const places = await readPlaces(report, root);
    const [project] = report.projects;
    expect(project && places.entry(project, ["elsewhere"], "@acme/gadget")).toEqual({
      file: "requirements.txt",
      line: 3,
    });
  });
});
