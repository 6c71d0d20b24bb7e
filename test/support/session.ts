import { BIN, isolated } from "./cli.ts";
import { temporaryFolder } from "./folder.ts";
import { page } from "./pages.ts";
import { execa } from "execa";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { expect } from "vitest";

/** Types a session of README into an empty folder; each command must print what README shows. */
export async function expectShown(name: string, home: string, env: Readonly<Record<string, string>>): Promise<void> {
  const block = page("README.md").blocks.find(({ comment }) => comment === `session: ${name}`);
  if (block === undefined) throw new Error(`README has no session ${name}`);
  const typed = typedIn(block.text);
  const commands = typed.map(({ command }) => command);
  const did = await type(commands, { folder: temporaryFolder(), home, env });
  for (const [at, { command, shown }] of typed.entries()) {
    const { printed = "", exit } = did[at] ?? {};
    if (process.env["SHOW"] !== undefined) console.log(`$ ${command}\n${printed}\n=> ${exit}`);
    else if (!shows(shown, printed)) expect([command, printed]).toEqual([command, shown]);
  }
}

/** One command of a session, and what a page says that it prints. */
export interface Typed {
  readonly command: string;
  readonly shown: string;
}

/** A console block: `$ ` begins what was typed, and the lines below are what it printed. */
export function typedIn(block: string): readonly Typed[] {
  return block
    .split(/^\$ /m)
    .slice(1)
    .map((one) => {
      const [command = "", ...shown] = one.split("\n");
      return { command, shown: shown.join("\n").trim() };
    });
}

export interface Did {
  readonly exit: number;
  /** Both streams, in the order in which they came. */
  readonly printed: string;
}

const [BEGIN, END] = ["\u0001", "\u0002"];

/** Types the commands into one shell, as a person would; `safe-install` on its PATH is the built program. */
export async function type(
  commands: readonly string[],
  at: { readonly folder: string; readonly home: string; readonly env?: Readonly<Record<string, string>> },
): Promise<readonly Did[]> {
  const bin = join(at.home, "bin");
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, "safe-install"), `#!/bin/sh\nexec "${process.execPath}" "${BIN}" "$@"\n`);
  chmodSync(join(bin, "safe-install"), 0o755);
  const script = commands.map((one) => `printf '\\001'\n${one}\nprintf '\\002%d\\n' $?\n`).join("");
  const environment = isolated(at.home);
  const { all } = await execa("bash", ["-s"], {
    cwd: at.folder,
    input: script,
    all: true,
    reject: false,
    extendEnv: false,
    env: { ...environment, ...at.env, PATH: `${bin}${delimiter}${at.env?.["PATH"] ?? environment["PATH"] ?? ""}` },
  });
  return (all ?? "")
    .split(BEGIN)
    .slice(1)
    .map((one) => {
      const [printed = "", exit = ""] = one.split(END);
      return { exit: Number.parseInt(exit, 10), printed: printed.trim() };
    });
}

/** Whether a page shows what was printed: `…` stands for anything within a line, and alone on a line for any lines. */
export function shows(shown: string, printed: string): boolean {
  const pattern = shown
    .split("\n")
    .map((line) => (line.trim() === "…" ? "[^]*?" : line.split("…").map(escaped).join(".*?")))
    .join("\n")
    .replaceAll("\n[^]*?", "[^]*?")
    .replaceAll("[^]*?\n", "[^]*?");
  return new RegExp(`^${pattern}$`).test(printed);
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
