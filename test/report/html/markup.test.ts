import { html, textOf, verbatim } from "../../../src/report/html/markup.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

/** As a browser reads character references that are numbers (HTML, 13.2.5.80). */
const decoded = (text: string) => text.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));

describe("markup", () => {
  it("whatever a text holds, it is one text and nothing else, in an element and in an attribute", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.constantFrom("", "</p>", '" x="', "<script>", "&lt;"), (a, b) => {
        const text = a + b;
        const inside = /^<p title="([^"<>]*)">([^<>]*)<\/p>$/.exec(textOf(html`<p title="${text}">${text}</p>`));
        expect(inside).not.toBeNull();
        expect(inside?.[1]).toBe(inside?.[2]);
        // Control characters alone are shown as something else.
        if (!/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}#:]/u.test(text)) expect(decoded(inside?.[2] ?? "")).toBe(text);
      }),
    );
  });

  it("shows what steers a terminal or changes the direction, and keeps lines", () => {
    expect(textOf(html`${"a\u202eb\u001b[2Jc\nd"}`)).toBe("a\\u{202e}b\\u{1b}[2Jc\nd");
  });

  it("markup of ours stays, lists are joined, nothing is nothing", () => {
    const items = (["<a>", null, undefined, false, 7] as const).map((one) => html`<li>${one}</li>`);
    const list = textOf(
      html`<ul>
        ${items}
      </ul>`,
    );
    expect(list).toBe("<ul>\n<li>&#60;a&#62;</li><li></li><li></li><li></li><li>7</li>\n</ul>");
    expect(textOf(html`<p>${verbatim("<b>x</b>")}</p>`)).toBe("<p><b>x</b></p>");
  });

  it("no object from outside is markup", () => {
    const forged = JSON.parse('{"markup":"<script>","Symbol(markup)":"<script>"}') as { text?: string };
    expect(() => textOf(html`${forged as unknown as string}`)).toThrow(TypeError);
  });
});
