import { parseJson } from "../../../src/json.ts";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { repositoryRoot } from "../../support/root.ts";

/** One case as `expected.json` states it. */
export interface Case {
  /** `npm/directories-bin`: also its folder below the cases. */
  readonly name: string;
  readonly commands: readonly string[];
  /** Of the last gated command. */
  readonly exit: readonly number[];
  /** What the screen must hold, and must not; case ignored. */
  readonly says: readonly string[];
  readonly never: readonly string[];
  readonly policy: "none" | "all" | null;
}

/** The folder of cases: `SAFE_INSTALL_CASES`, or beside the repository; null where there is none. */
export function casesFolder(env: NodeJS.ProcessEnv): string | null {
  const folder = resolve(env["SAFE_INSTALL_CASES"] ?? join(repositoryRoot(), "../shared/cases"));
  return existsSync(join(folder, "expected.json")) ? folder : null;
}

export function readCases(folder: string): readonly Case[] {
  const { cases } = parseJson(readFileSync(join(folder, "expected.json"), "utf8")) as {
    readonly cases: Readonly<Record<string, Partial<Omit<Case, "name">>>>;
  };
  return Object.entries(cases).map(([name, one]) => ({
    name,
    commands: one.commands ?? [],
    exit: one.exit ?? [],
    says: one.says ?? [],
    never: one.never ?? [],
    policy: one.policy ?? null,
  }));
}
