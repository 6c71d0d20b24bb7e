import { registryProblems, sourceProblems } from "../../../src/policy/consistency/sources.ts";
import { formatPath } from "../../../src/policy/read/problem.ts";
import { describe, expect, it } from "vitest";

type Policy = Parameters<typeof sourceProblems>[0];

const HTTPS = "expected an https address without credentials (http on loopback only)";
const ASKABLE = { npm: ["url", "attestations", "directory"], nuget: ["companion", "directory"] };
const told = (all: readonly { readonly path: readonly (string | number)[]; readonly message: string }[]) =>
  all.map(({ path, message }) => `${formatPath(path)}: ${message}`);
const problems = (source: object) =>
  told(sourceProblems({ version: 1, sources: { npm: [source] } } as unknown as Policy, ASKABLE));
const url = (template: string) => problems({ url: template }).map((one) => one.replace("sources.npm[0].url: ", ""));

describe("templates", () => {
  it.each([
    ["https://a.example/{name}", []],
    ["http://127.0.0.1:1/{name}", []],
    ["https://a.example?{sha256}", []],
    ["https://a.example/{name}/{version}", []],
    ["https://a.example/", ["needs a placeholder such as {name}: it would be one answer for all"]],
    ["https://{name}.example/", ["placeholders may stand after the host only"]],
    ["https://a{/{name}", ["placeholders may stand after the host only"]],
    ["http://{name}/x", ["placeholders may stand after the host only"]],
    ["https://a.example/{nonsense}", ["there is no placeholder {nonsense}"]],
    ["https://a.example/{}", ["there is no placeholder {}"]],
    ["https://a.example/{name}}", ["a brace is left over"]],
    ["https://a.example/{name}{", ["a brace is left over"]],
    ["http://a.example/{name}", [HTTPS]],
    ["ftp://a.example/{name}", [HTTPS]],
    ["xhttps://{name}", [HTTPS]],
  ])("%s", (template, expected) => {
    expect(url(template)).toEqual(expected);
  });
});

describe("kinds", () => {
  const kinds = "url, attestations, directory, companion, integrity, github, beside";

  it.each<[object, readonly string[]]>([
    [{ directory: "x" }, []],
    [{}, [`sources.npm[0]: a source is exactly one of ${kinds}`]],
    [{ directory: "x", github: true }, [`sources.npm[0]: a source is exactly one of ${kinds}`]],
    [{ companion: "{id}.x" }, ['sources.npm[0].companion: "companion" is a source of nuget only']],
    [{ beside: true }, ['sources.npm[0].beside: "beside" is a source of no installer only']],
    [{ attestations: "http://a.example" }, [`sources.npm[0].attestations: ${HTTPS}`]],
    [{ attestations: "https://a.example" }, []],
    [{ attestations: "https://me:secret@a.example" }, [`sources.npm[0].attestations: ${HTTPS}`]],
  ])("%j", (source, expected) => {
    expect(problems(source)).toEqual(expected);
  });

  it("none is none", () => {
    expect(sourceProblems({ version: 1 }, ASKABLE)).toEqual([]);
    expect(registryProblems({ version: 1 })).toEqual([]);
  });
});

it.each([
  ["https://a.example", []],
  ["https://a.example/", []],
  ["https://a.example/x", ["registries.npm[0]: expected an origin: https://a.example"]],
  ["http://a.example", [`registries.npm[0]: ${HTTPS}`]],
])("an origin: %s", (address, expected) => {
  expect(told(registryProblems({ version: 1, registries: { npm: [address] } }))).toEqual(expected);
});
