import { toJson } from "../../../src/report/json.ts";
import { markdown } from "../../../src/report/markdown/index.ts";
import { asCode, asText } from "../../../src/report/markdown/text.ts";
import { printable } from "../../../src/report/text.ts";
import { filledWith } from "../../support/filled-report.ts";
import { allowed, denied, sampleReport } from "../../support/report.ts";
import { richReport, runBefore } from "../../support/rich-report.ts";
import fc from "fast-check";
import { marked } from "marked";
import { describe, expect, it } from "vitest";

const MADE = { version: "1.2.3", now: new Date("2026-11-29T12:00:00Z") };
const rich = () => toJson(richReport(), { ...MADE, earlier: [runBefore(richReport())] });
const rendered = (text: string) => marked.parse(text, { async: false, gfm: true });
const tagsOf = (text: string) => text.match(/<\/?[a-z]\w*[^>]*>/g) ?? [];

/** What a reader sees; zero-width spaces stand for nobody. */
const seen = (text: string) =>
  text
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll(/&(?:#(\d+)|(lt|gt|amp|quot));/g, (_, code?: string, name?: string) =>
      code === undefined ? ({ lt: "<", gt: ">", amp: "&", quot: '"' }[name ?? ""] ?? "") : String.fromCodePoint(+code),
    )
    .replaceAll("\u200b", "");

describe("markdown", () => {
  it("renders as what a reviewer wants to know", () => {
    const page = rendered(markdown(rich()));
    expect(page).toContain("<h3>❌ safe-install check: denied</h3>");
    expect(seen(page)).toContain(
      "80 % of 250 packages with a verified publisher, +13.1 points since the run of 2026-11-20",
    );
    const rows = [...page.matchAll(/<tr>([^]*?)<\/tr>/g)].map(([, row = ""]) =>
      [...row.matchAll(/<t[dh][^>]*>([^]*?)<\/t[dh]>/g)].map(([, cell = ""]) => seen(cell.replaceAll("<br>", " / "))),
    );
    expect(rows).toContainEqual(["publisher verified", "200", "162", "+38"]);
    expect(rows).toContainEqual(["pinned by hash", "38", "75", "−37"]);
    expect(rows).toContainEqual([
      "npm:@evil-fork/react@1.0.0",
      "UNTRUSTED_SIGNER",
      "signed, but not by a signer that the rule names / repository: expected acme/widgets, found octo-org/monorepo",
      "safe-install policy diff npm:@evil-fork/react",
    ]);
    expect(rows).toContainEqual(["npm:@acme/widget-8@1.0.0", "not there", "publisher verified"]);
    expect(seen(page)).toContain("45 packages changed since the last run");
    expect(seen(page)).toContain("(63 packages): built on a self-hosted runner: somebody's own machine");
    expect(seen(page)).toContain("rules[2] npm:legacy-* ends on 2026-12-20, in 21 days");
    expect(tagsOf(page).filter((tag) => tag === "<table>")).toHaveLength(4);
  });

  it("hostile names and claims change no element of what is rendered, and none is a link, a mention or an image", () => {
    const benign = tagsOf(rendered(markdown(filledWith(rich(), "x"))));
    for (const text of [
      "a|b",
      "<script>alert(1)</script>",
      "![x](https://e.example/i.png)",
      "[x](javascript:alert(1))",
      "https://e.example www.e.example a@e.example",
      "@octocat #1 !1 GH-1 $1 ~x %1 &1",
      "`code` **b** _i_ ~~s~~ # h",
      "- list\n\n# heading\n\n| a |\n|---|\n<!--",
      "</code></td></table><details>",
      "\\`\\|",
    ]) {
      const page = rendered(markdown(filledWith(rich(), text)));
      // A hint or a message may have lines of its own.
      expect(tagsOf(page).filter((tag) => tag !== "<br>")).toEqual(benign.filter((tag) => tag !== "<br>"));
      expect(page).not.toMatch(/<a\b|<img\b/);
    }
  });

  it("whatever a text is, it is seen as it is", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }).map((one) => one.replaceAll("\n", " ")),
        (text) => {
          const whole = printable(text).trim();
          expect(seen(rendered(`x${asText(text)}x`)).trim()).toBe(`x${printable(text)}x`);
          expect(
            seen(rendered(`| a |\n|---|\n| ${asCode(text)} |\n`))
              .trim()
              .replace(/^a\s*/, ""),
          ).toBe(whole);
        },
      ),
    );
  });

  it("mentions and numbers are kept apart also once the entities are read", () => {
    expect(seen(asText("@octocat"))).toBe("@octocat");
    expect(asText("@octocat #7")).toBe("&#64;&#8203;octocat &#35;&#8203;7");
  });

  it("goes into a comment of GitHub, and says that it was cut", () => {
    const many = Array.from({ length: 3000 }, (_, at) => denied(`p${at}`, "NO_RULE"));
    const text = markdown(toJson(sampleReport({ decisions: many, unbound: [] }), MADE));
    expect(text.length).toBeLessThan(65_536);
    expect(text).toContain("*The rest is in the other reports.*");
    const long = markdown(filledWith(rich(), "|".repeat(100_000)));
    expect(long.length).toBeLessThan(65_536);
  });

  it("is short where all is allowed, and names each of several locks", () => {
    const one = sampleReport({ decisions: [allowed("a")], unbound: [], outcome: "allowed", exit: 0 });
    const short = seen(rendered(markdown(toJson(one, MADE))));
    expect(short).toContain("✅ safe-install npm ci: allowed");
    expect(short).toContain("100 % of 1 package with a verified publisher");
    expect(short).not.toMatch(/Not let in|Ends soon|second look/);
    const [project] = one.projects;
    if (project === undefined) throw new TypeError("no project");
    const two = { ...one, projects: [project, { ...project, lockfile: "b/package-lock.json" }] };
    expect(seen(rendered(markdown(toJson(two, MADE))))).toContain("✅ b/package-lock.json");
  });
});
