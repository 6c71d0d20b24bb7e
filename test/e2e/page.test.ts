/** The page as people meet it: in a browser, at three widths, in the light and in the dark, printed, by keyboard alone. */
import { toJson } from "../../src/report/json.ts";
import { page } from "../../src/report/html/index.ts";
import type { Report } from "../../src/model/report.ts";
import { CHROMIUM, startBrowser } from "../support/browser.ts";
import { filledWith } from "../support/filled-report.ts";
import { richReport, runBefore } from "../support/rich-report.ts";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const HOSTILE = "</td><script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">";

/** One of everything, and quickly looked through. */
function someOf(report: Report): Report {
  const [project] = report.projects;
  if (project === undefined) throw new TypeError("no project");
  const decisions = project.decisions.filter((one, at) => at % 30 === 0 || one.outcome === "denied");
  return { ...report, projects: [{ ...project, decisions }] };
}

const report = toJson(someOf(richReport()), {
  version: "1.2.3",
  now: new Date("2026-11-29T12:00:00Z"),
  earlier: [runBefore(richReport())],
});
const count = report.projects[0]?.packages.length ?? 0;

describe.skipIf(CHROMIUM === null)("the page in a browser", () => {
  const folder = mkdtempSync(join(tmpdir(), "safe-install-page-"));
  let browser: Browser;
  let shown: Page;
  const said: string[] = [];
  const asked: string[] = [];

  async function open(name: string): Promise<void> {
    await shown.goto(pathToFileURL(join(folder, name)).href);
  }

  beforeAll(async () => {
    writeFileSync(join(folder, "page.html"), await page(report));
    writeFileSync(join(folder, "hostile.html"), await page(filledWith(report, HOSTILE)));
    browser = await startBrowser();
    shown = await browser.newPage();
    shown.on("console", (message) => said.push(message.text()));
    shown.on("pageerror", (error) => said.push(error.message));
    shown.on("request", (request) => asked.push(request.url()));
    await open("page.html");
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  it("keeps to its own policy, loads nothing, and no console has a word to say", () => {
    expect(said).toEqual([]);
    expect(asked.map((url) => url.replace(/^.*\//, ""))).toEqual(["page.html"]);
  });

  it.each([360, 900, 1600])(
    "at %i pixels, light and dark: nothing overflows, and axe finds nothing serious",
    async (width) => {
      await shown.setViewportSize({ width, height: 900 });
      for (const colorScheme of ["light", "dark"] as const) {
        await shown.emulateMedia({ colorScheme });
        expect(await shown.evaluate(`document.documentElement.scrollWidth - innerWidth`)).toBeLessThanOrEqual(0);
        expect(await seriousIn(shown)).toEqual([]);
      }
      const grounds = async (colorScheme: "light" | "dark") => {
        await shown.emulateMedia({ colorScheme });
        return shown.evaluate(`getComputedStyle(document.body).backgroundColor`);
      };
      expect(await grounds("light")).not.toBe(await grounds("dark"));
    },
  );

  it("by keyboard alone: to the packages, search, sort, open one, and come to one by its link", async () => {
    const { keyboard } = shown;
    const focused = () => shown.evaluate(`document.activeElement?.id || document.activeElement?.textContent?.trim()`);
    const status = () => shown.locator("#shown").textContent();
    const first = () => shown.locator("#list tbody:not([hidden]) .open").first().textContent();
    await shown.locator("body").press("Tab");
    expect(await focused()).toBe("To the packages");
    await keyboard.press("Enter");
    await keyboard.press("Tab");
    expect(await focused()).toBe("q");
    expect(await status()).toBe(`${count} of ${count} packages`);
    await keyboard.type("octo-org evil");
    expect(await status()).toBe(`1 of ${count} packages`);
    expect(await first()).toBe("npm:@evil-fork/react@1.0.0");
    await keyboard.press("Control+A");
    await keyboard.type("nobody is called so");
    expect(await shown.locator("#none").isVisible()).toBe(true);
    await keyboard.press("Control+A");
    await keyboard.press("Delete");
    await keyboard.press("Tab");
    await keyboard.type("denied");
    expect(await status()).toBe(`5 of ${count} packages`);
    await keyboard.press("Home");
    await keyboard.press("Tab");
    expect(await focused()).toBe("Package");
    await keyboard.press("Enter");
    expect(await first()).toBe(await lowest());
    await keyboard.press("Enter");
    expect(await shown.locator("th[aria-sort=descending]").textContent()).toContain("Package");
    expect(await first()).toMatch(/^npm:webkit-tools/);
    for (let at = 0; at < 4; at++) await keyboard.press("Tab");
    expect(await focused()).toMatch(/^npm:webkit-tools/);
    const more = shown.locator("#list tbody:not([hidden]) .more").first();
    expect(await more.isVisible()).toBe(false);
    await keyboard.press("Enter");
    expect(await more.isVisible()).toBe(true);
    expect(await more.textContent()).toContain("runInvocationURI");
    await shown.locator("#denials a").first().focus();
    await keyboard.press("Enter");
    const opened = shown.locator("#list .open[aria-expanded=true]");
    await expect.poll(() => opened.count()).toBe(2);
    expect(await shown.evaluate(`document.activeElement?.getAttribute("aria-expanded")`)).toBe("true");

    async function lowest(): Promise<string> {
      const names = await shown.locator("#list .open").allTextContents();
      const [name = ""] = names.toSorted(new Intl.Collator("en", { numeric: true }).compare);
      return name;
    }
  });

  it("prints without what only works on a screen", async () => {
    await shown.emulateMedia({ media: "print", colorScheme: "dark" });
    expect(await shown.locator(".tools").isVisible()).toBe(false);
    expect(await shown.evaluate(`getComputedStyle(document.body).color`)).toBe("rgb(20, 25, 34)");
    expect((await shown.pdf()).subarray(0, 5).toString("latin1")).toBe("%PDF-");
    await shown.emulateMedia({ media: "screen" });
  });

  it("hostile names and claims stay texts, and run nothing", async () => {
    const elements = () => shown.evaluate(`document.querySelectorAll("*").length`);
    await open("hostile.html");
    const hostile = await elements();
    expect(await shown.title()).toBe(`safe-install ${HOSTILE}: denied`);
    expect(await shown.locator("img").count()).toBe(0);
    expect(await shown.locator("#list .open").first().textContent()).toBe(HOSTILE);
    await shown.locator("#q").fill("onerror");
    expect(await shown.locator("#shown").textContent()).toBe(`${count} of ${count} packages`);
    expect(said).toEqual([]);
    writeFileSync(join(folder, "benign.html"), await page(filledWith(report, "x")));
    await open("benign.html");
    expect(await elements()).toBe(hostile);
  });
});

/** What axe (WCAG 2.2 A and AA, best practice) calls serious or critical, with where it is. */
async function seriousIn(shown: Page): Promise<readonly string[]> {
  await shown.evaluate(AXE);
  const found =
    await shown.evaluate(`axe.run(document, { resultTypes: ["violations"], preload: false }).then(({ violations }) =>
    violations.map(({ id, impact, nodes }) => ({ id, impact, where: nodes.slice(0, 3).map(({ html }) => html) })))`);
  return (found as { id: string; impact: string; where: readonly string[] }[])
    .filter(({ impact }) => ["serious", "critical"].includes(impact))
    .map(({ id, where }) => `${id}: ${where.join(" ")}`);
}
