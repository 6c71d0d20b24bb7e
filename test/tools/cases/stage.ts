import type { Case } from "./case.ts";
import { chmodSync, cpSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";

/** A private copy of one case: a repository, a home and a temporary folder of its own. */
export interface Stage {
  readonly root: string;
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** One line of JSON for each command that went through the gate. */
  readonly log: string;
}

export const POLICIES = {
  none: { version: 1 },
  all: { version: 1, rules: [{ packages: ["pypi:*"], unsigned: "allow", reason: "case", expires: "2099-01-01" }] },
} as const;

export function setStage(one: Case, cases: string, bin: string, more: Readonly<Record<string, string>>): Stage {
  const root = mkdtempSync(join(tmpdir(), "case-"));
  const folder = join(root, "case");
  // A case may start its commands as somebody else.
  for (const name of ["home", "tmp"]) mkdirSync(join(root, name));
  for (const path of [root, join(root, "home"), join(root, "tmp")]) chmodSync(path, 0o777);
  cpSync(join(cases, one.name), folder, { recursive: true });
  letWrite(folder);
  execFileSync("git", ["init", "-q", folder]);
  const policy = join(folder, ".signing-policy.json");
  if (one.policy !== null && !existsSync(policy)) writeFileSync(policy, JSON.stringify(POLICIES[one.policy]));
  const npmrc = join(homedir(), ".npmrc");
  if (existsSync(npmrc)) cpSync(npmrc, join(root, "home/.npmrc"));
  const log = join(root, "gated.jsonl");
  writeFileSync(log, "");
  chmodSync(log, 0o666);
  return {
    root,
    folder,
    log,
    env: { ...surroundings(root), ...more, ...gateway(root, log, bin), CASES: cases, CASE: join(cases, one.name) },
  };
}

/** The cases are read-only. */
function letWrite(path: string): void {
  const found = lstatSync(path);
  if (found.isSymbolicLink()) return;
  chmodSync(path, found.mode | 0o200);
  if (found.isDirectory()) for (const name of readdirSync(path)) letWrite(join(path, name));
}

/** This machine's environment without what steers pip, npm, NuGet or us, and without a CI's words. */
function surroundings(root: string): Readonly<Record<string, string>> {
  const kept = Object.entries(process.env).filter(
    ([name, value]) =>
      value !== undefined && !/^(?:pip_|npm_|safe_install|xdg_|ci$|github_|tf_build|virtual_env)/i.test(name),
  ) as [string, string][];
  return { ...Object.fromEntries(kept), HOME: join(root, "home"), TMPDIR: join(root, "tmp"), NO_COLOR: "1" };
}

/** Stands for bin.js in the scripts: runs it, and writes down how it ended and what it showed. */
function gateway(root: string, log: string, bin: string): Readonly<Record<string, string>> {
  const file = join(root, "gateway.mjs");
  writeFileSync(
    file,
    `import { spawn } from "node:child_process";
import { appendFileSync } from "node:fs";
const args = process.argv.slice(2);
const child = spawn(process.execPath, [${JSON.stringify(bin)}, ...args], { stdio: ["inherit", "pipe", "pipe"] });
let text = "";
for (const [stream, own] of [[child.stdout, process.stdout], [child.stderr, process.stderr]])
  stream.setEncoding("utf8").on("data", (chunk) => { text += chunk; own.write(chunk); });
child.on("close", (exit) => {
  appendFileSync(${JSON.stringify(log)}, JSON.stringify({ args, exit, text }) + "\\n");
  process.exitCode = exit ?? 137;
});
`,
  );
  chmodSync(file, 0o644);
  return { SAFE_INSTALL: file };
}
