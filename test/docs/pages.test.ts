/** README and docs/: small enough, every link leads somewhere, every sample loads, every command is one. */
import { CODES } from "../../src/model/codes.ts";
import { allCodes, factsOf } from "../../src/help/codes/index.ts";
import { parseAsked } from "../../src/author/arguments.ts";
import { help } from "../../src/help.ts";
import { parseCommandLine } from "../../src/options.ts";
import { loadPlugin } from "../../src/plugins.ts";
import { loadLayers } from "../../src/project/policy-file.ts";
import { loadTrustRoot, publicGoodRoot } from "../../src/project/trust.ts";
import { publicGoodSeed } from "../../src/trust/repository.ts";
import { temporaryFolder } from "../support/folder.ts";
import { newAuthority, pemOf } from "../support/notary/mint.ts";
import { type Page, page, pageOf, pages } from "../support/pages.ts";
import { generateKeyPairSync } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = resolve(import.meta.dirname, "../..");
const PAGES = pages();
const each = PAGES.map((one) => [one.path, one] as const);

describe("README", () => {
  it("is at most 12 kB", () => {
    expect(Buffer.byteLength(page("README.md").text)).toBeLessThanOrEqual(12_000);
  });

  it("leads to every page of docs/", () => {
    const linked = page("README.md").links;
    expect(PAGES.map(({ path }) => path).filter((path) => path !== "README.md" && !linked.includes(path))).toEqual([]);
  });
});

describe("links", () => {
  it.each(each)("%s: each leads to a file that is there, and to an anchor in it", (_, { path, links }) => {
    expect(links.filter((to) => !leads(path, to))).toEqual([]);
  });

  it("a file or an anchor that is not there is found", () => {
    for (const to of ["docs/none.md", "docs/codes.md#none", "#none", "http://plain.example", "/LICENSE"])
      expect(leads("README.md", to)).toBe(false);
    for (const to of ["docs/codes.md#no_rule", "LICENSE", "https://example.com/x"])
      expect(leads("README.md", to)).toBe(true);
  });

  it("are read as GitHub reads them", () => {
    const text =
      "# One: `two`\n\n```sh\n# no heading\n```\n## One two\n## A_B-c, d\nsee [x](#one-two) and `[y](none)`\n";
    expect(pageOf("x.md", text)).toMatchObject({ anchors: ["one-two", "one-two-1", "a_b-c-d"] });
  });
});

function leads(from: string, to: string): boolean {
  if (/^[a-z]+:/.test(to)) return to.startsWith("https://");
  const [file = "", anchor] = to.split("#");
  const path = file === "" ? from : join(dirname(from), file);
  if (to.startsWith("/") || path.startsWith("..") || !existsSync(join(ROOT, path))) return false;
  return anchor === undefined || (PAGES.find((one) => one.path === path)?.anchors.includes(anchor) ?? false);
}

describe("samples", () => {
  const samples = PAGES.flatMap(({ path, blocks }) =>
    blocks
      .filter(({ language }) => language.startsWith("json"))
      .map((block) => [`${path}:${block.line}`, block] as const),
  );

  it("there are some", () => expect(samples.length).toBeGreaterThan(3));

  it.each(samples)("%s loads as it stands", async (_, { language, text, comment }) => {
    expect(language).toBe("json");
    const value = JSON.parse(text) as { readonly version?: unknown };
    if (/^(?:part of|output)/.test(comment)) return;
    expect(value.version).toBe(1);
    const project = temporaryFolder();
    writeFileSync(join(project, ".signing-policy.json"), text);
    const [, files = ""] = /^files: ([^;]+)/.exec(comment) ?? [];
    for (const file of files.split(", ").filter(Boolean)) put(join(project, file));
    const { layers } = await loadLayers({ project, loadTrustRoot });
    expect(layers).toHaveLength(1);
  });
});

/** A file that a sample says it needs. */
function put(file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  if (/(?:root|intermediate|-ca\d).*\.pem$/.test(basename(file))) writeFileSync(file, pemOf(newAuthority("root")));
  else if (file.endsWith(".pem")) {
    const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    writeFileSync(file, publicKey.export({ type: "spki", format: "pem" }));
  } else if (file.endsWith(".root.json")) writeFileSync(file, publicGoodSeed().root);
  else if (file.includes("recorded")) writeFileSync(file, '{ "version": 1, "packages": {} }\n');
  else writeFileSync(file, JSON.stringify(publicGoodRoot().json));
}

describe("commands", () => {
  const typed = PAGES.flatMap(({ path, blocks }) =>
    blocks
      .filter(({ language }) => language === "sh" || language === "console")
      .flatMap(({ text, language }) => commandsIn(text, language === "console"))
      .map((words) => [`${path}: ${words.join(" ")}`, words] as const),
  );

  it("there are some", () => expect(typed.length).toBeGreaterThan(30));

  it.each(typed)("%s is one that is taken", async (_, words) => {
    const command = parseCommandLine(words);
    if (command.name === "help") expect(help(command.topic)).toContain("Usage");
    if (command.name === "init" || command.name === "explain")
      expect(() => parseAsked(command.args, command.name === "init" ? INIT : ["lockfile"], command.name)).not.toThrow();
    if (command.name !== "install") return;
    const plugin = await loadPlugin(command.installer);
    expect(plugin.classify(command.args, command.program).kind).not.toBe("refuse");
  });

  it("one that is not taken is found", async () => {
    expect((await loadPlugin("npm")).classify(["find-dupes"], ["npm"]).kind).toBe("refuse");
    expect(() => parseCommandLine(["chek"])).toThrow("unknown command");
    expect(commandsIn("npx safe-install npm ci --omit=dev   # words\nnpm ci\n", false)).toEqual([
      ["npm", "ci", "--omit=dev"],
    ]);
  });
});

const INIT = ["lockfile", "trusted-root", "record"] as const;

/** The words behind `safe-install` in each line; `$ ` begins what was typed in a console. */
function commandsIn(text: string, isConsole: boolean): readonly (readonly string[])[] {
  return text
    .replaceAll(/\\\n\s*/g, "")
    .split("\n")
    .flatMap((line) => {
      const [, words] =
        (isConsole ? /^\$ (?:npx )?safe-install(?=\s|$)(.*)$/ : /^(?:npx )?safe-install(?=\s|$)(.*)$/).exec(line) ?? [];
      return words === undefined ? [] : [wordsOf(words.replace(/\s+#.*$/, ""))];
    });
}

function wordsOf(text: string): readonly string[] {
  return [...text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? "",
  );
}

describe("words", () => {
  // Titles of tests say what they say.
  it.each(each.filter(([path]) => path !== "docs/invariants.md"))("%s: those of docs/security.md", (_, { prose }) => {
    expect(prose.match(AVOIDED)).toBeNull();
  });

  it("others are found, in prose and not in what a program printed", () => {
    expect(pageOf("x.md", "It is let in.\n").prose).toMatch(AVOIDED);
    expect(pageOf("x.md", "```\n1 as recorded bytes\n```\n").prose).not.toMatch(AVOIDED);
  });
});

/** What the vocabulary of the screen replaces. */
const AVOIDED =
  /\b(?:lets? in|let in|to be had|stands? behind|nobody (?:vouches|proves)|not gated|could not find out|pinned identity|as recorded bytes)\b/;

describe("codes", () => {
  const { anchors, text } = page("docs/codes.md");

  it("each has one section, and no section is of another", () => {
    const sections = text.split("\n## Each code\n")[1] ?? "";
    const named = [...sections.matchAll(/^### (.+)$/gm)].map(([, code]) => code);
    expect(named).toEqual(allCodes().map(({ code }) => code));
    for (const code of named) expect(anchors.filter((one) => one === code?.toLowerCase())).toHaveLength(1);
  });

  it.each(allCodes().map((one) => [one.code, one] as const))("%s: what explain prints", (code, { meanings }) => {
    const section = (text.split(`\n### ${code}\n`)[1] ?? "").split("\n### ")[0] ?? "";
    for (const one of meanings)
      for (const [name, said] of factsOf(one)) expect(section).toContain(`- ${name}: ${said}`);
  });

  it("in every table each row has as many cells as its header", () => {
    for (const one of PAGES)
      for (const rows of tablesOf(one)) expect([one.path, new Set(rows.map(cells)).size]).toEqual([one.path, 1]);
  });

  it("a code that a page names is one", () => {
    const known = new Set<string>([...allCodes().map(({ code }) => code), ...Object.keys(CODES)]);
    const named = PAGES.flatMap((one) =>
      [...one.text.matchAll(/`([A-Z][A-Z]+_[A-Z_]+)`/g)].map(([, code = ""]) => [one.path, code]),
    );
    expect(named.filter(([, code = ""]) => !known.has(code) && !ENVIRONMENT.test(code))).toEqual([]);
  });
});

/** Names of environment variables. */
const ENVIRONMENT =
  /^(?:SAFE_INSTALL_|NPM_|PIP_|CI_|GITHUB_|GH_|XDG_|NODE_|NUGET_|DOTNET_|VSS_|TF_|NO_COLOR|FORCE_|HTTPS?_|NO_PROXY|MSBUILD|SLSA_|GIT_|VIRTUAL_)/;

function tablesOf({ text }: Page): readonly (readonly string[])[] {
  return [...text.matchAll(/^(?:\|.*\|\n)+/gm)].map(([table]) => table.trim().split("\n"));
}

function cells(row: string): number {
  return row
    .replaceAll(/`[^`]*`/g, "")
    .replaceAll("\\|", "")
    .split("|").length;
}
