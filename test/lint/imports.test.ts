import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { sharedFolder } from "../support/folder.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const OXLINT = join(ROOT, "node_modules/oxlint/bin/oxlint");

interface Sample {
  readonly file: string;
  readonly text: string;
  /** Without the plugin's name; null: must pass. */
  readonly rule: string | null;
}

const IMPORTS = "no-restricted-imports";
const uses = (name: string, from: string) => `import { ${name} } from "${from}";\nexport const used = ${name};\n`;

const SAMPLES: readonly Sample[] = [
  { file: "plugins/npm/shallow.ts", text: uses("worst", "../../src/exit.ts"), rule: IMPORTS },
  { file: "plugins/npm/exec/deep.ts", text: uses("worst", "../../../src/exit.ts"), rule: IMPORTS },
  { file: "plugins/npm/exec/room/deeper.ts", text: uses("decide", "../../../../src/policy/decide.ts"), rule: IMPORTS },
  { file: "plugins/pip/lock/typed.ts", text: 'export type { Exit } from "../../../src/exit.ts";\n', rule: IMPORTS },
  { file: "plugins/npm/exec/contract.ts", text: uses("LIMITS", "../../../src/plugin.ts"), rule: null },
  { file: "plugins/npm/exec/sources.ts", text: uses("fromUrl", "../../../src/evidence/url.ts"), rule: null },
  { file: "plugins/npm/judge.ts", text: uses("Verifier", "@sigstore/verify"), rule: IMPORTS },
  { file: "src/model/outward.ts", text: uses("LIMITS", "../limits.ts"), rule: IMPORTS },
  { file: "src/model/inward.ts", text: uses("purl", "./package.ts"), rule: null },
  { file: "src/policy/node.ts", text: uses("readFile", "node:fs/promises"), rule: IMPORTS },
  { file: "src/policy/net.ts", text: uses("isIP", "node:net"), rule: IMPORTS },
  { file: "src/policy/schema/effects.ts", text: uses("readBounded", "../../io/files.ts"), rule: IMPORTS },
  { file: "src/verify/files.ts", text: uses("readFile", "node:fs/promises"), rule: IMPORTS },
  { file: "src/verify/effects.ts", text: uses("readBounded", "../io/files.ts"), rule: IMPORTS },
  { file: "src/report/way.ts", text: uses("relative", "node:path"), rule: IMPORTS },
  { file: "src/report/whole.ts", text: 'import path from "node:path";\nexport const used = path;\n', rule: IMPORTS },
  { file: "src/report/all.ts", text: 'import * as path from "node:path";\nexport const used = path;\n', rule: IMPORTS },
  {
    file: "src/report/posix.ts",
    text: 'import { posix } from "node:path";\nexport const used = posix.relative("a", "b");\n',
    rule: "no-restricted-properties",
  },
  { file: "src/verify/way.ts", text: uses("relative", "node:path"), rule: IMPORTS },
  { file: "plugins/npm/exec/way.ts", text: uses("relative", "node:path"), rule: IMPORTS },
  { file: "src/report/entries.ts", text: uses("delimiter", "node:path"), rule: IMPORTS },
  { file: "src/verify/entries.ts", text: uses("delimiter", "node:path"), rule: IMPORTS },
  { file: "plugins/npm/exec/entries.ts", text: uses("delimiter", "node:path"), rule: IMPORTS },
  { file: "src/io/program.ts", text: uses("delimiter", "node:path"), rule: null },
  { file: "src/io/inside.ts", text: uses("relative", "node:path"), rule: null },
  {
    file: "src/io/deadline.ts",
    text: "export const signal = AbortSignal.timeout(5);\n",
    rule: "no-restricted-properties",
  },
  {
    file: "src/io/deadlines.ts",
    text: "export const signal = AbortSignal.any([]);\n",
    rule: "no-restricted-properties",
  },
  {
    file: "plugins/npm/request.ts",
    text: "export const signal = AbortSignal.any([]);\n",
    rule: "no-restricted-properties",
  },
  {
    file: "test/support/deadline.ts",
    text: "export const signal = AbortSignal.any([]);\n",
    rule: "no-restricted-properties",
  },
  {
    file: "src/gate/one.ts",
    text: 'import { two } from "./two.ts";\nexport const one = () => two();\n',
    rule: "no-cycle",
  },
  {
    file: "src/gate/two.ts",
    text: 'import { one } from "./one.ts";\nexport const two = () => one();\n',
    rule: "no-cycle",
  },
];

let found: ReadonlyMap<string, readonly string[]>;
const folder = sharedFolder();

beforeAll(() => {
  copyFileSync(join(ROOT, ".oxlintrc.json"), join(folder, ".oxlintrc.json"));
  for (const { file, text } of SAMPLES) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  found = lint();
});

it.each(SAMPLES.map(({ file, text, rule }) => [file, rule ?? "nothing", text] as const))(
  "%s: the linter finds %s",
  (file, rule) => {
    expect(found.get(file) ?? ["nothing"]).toEqual([rule]);
  },
);

/** The names of the rules that each file breaks. */
function lint(): ReadonlyMap<string, readonly string[]> {
  let output = "";
  try {
    output = execFileSync(process.execPath, [OXLINT, "--format", "json"], { cwd: folder, encoding: "utf8" });
  } catch (error) {
    output = String((error as { stdout?: unknown }).stdout);
  }
  const { diagnostics } = JSON.parse(output) as { diagnostics: { code: string; filename: string }[] };
  const named = diagnostics.map(({ code, filename }) => [filename, /\(([^)]+)\)/.exec(code)?.[1] ?? code] as const);
  return new Map(
    named.map(([file]) => [file, [...new Set(named.filter(([one]) => one === file).map(([, rule]) => rule))]]),
  );
}
