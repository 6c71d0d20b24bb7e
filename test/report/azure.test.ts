import { azure } from "../../src/report/azure.ts";
import { printable } from "../../src/report/text.ts";
import { PLACES } from "../support/places.ts";
import { denied, sampleReport, withDenial } from "../support/report.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

/** As the agent reads a line (`Command.TryParse`): the first `##vso[area.event properties]data`. */
function agentReads(line: string) {
  const match = /##vso\[(\S+?)(?: (.*?))?\](.*)$/s.exec(line);
  if (match === null) return null;
  const [, name, list = "", data = ""] = match;
  const entries = list
    .split(";")
    .filter(Boolean)
    .map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)] as const);
  const decode = (text: string) =>
    unescape(text.replaceAll("%3B", ";").replaceAll("%5D", "]").replaceAll("%AZP25", "%25"));
  return {
    name,
    properties: Object.fromEntries(entries.map(([key, value]) => [key, decode(value)])),
    data: decode(data),
  };
}

function unescape(text: string): string {
  return text.replaceAll("%0D", "\r").replaceAll("%0A", "\n").replaceAll("%25", "%");
}

describe("azure", () => {
  it("logs an issue at the line of the lockfile", () => {
    expect(azure(sampleReport({ decisions: [] }), PLACES)).toBe(
      "##vso[task.logissue type=error;sourcepath=package-lock.json;linenumber=19;code=GIT_DEPENDENCY;]" +
        "node_modules/forked%0Aa git dependency has no archive that could be proven\n",
    );
  });

  it("what audit lets through is a warning", () => {
    const report = sampleReport({ decisions: [denied("p", "NO_RULE", "audited")], unbound: [] });
    expect(azure(report, PLACES)).toContain("type=warning;");
  });

  it("whatever a name holds, the agent reads one command with exactly our properties", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        fc.constantFrom("", "##vso[task.complete]", "]", ";code=x"),
        (text, tail) => {
          const [line = "", ...more] = azure(withDenial(`${text}${tail}`), PLACES)
            .trimEnd()
            .split(/\r?\n/);
          const read = agentReads(line);
          expect(more).toEqual([]);
          expect(Object.keys(read?.properties ?? {})).toEqual(["type", "sourcepath", "linenumber", "code"]);
          expect(read?.properties["code"]).toBe("GIT_DEPENDENCY");
          expect(read?.data.split("\n")[0]).toBe(printable(`${text}${tail}`));
          expect(line.match(/##vso\[/g)).toHaveLength(1);
        },
      ),
    );
  });
});
