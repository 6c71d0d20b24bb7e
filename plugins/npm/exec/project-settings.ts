import { type Command, type Host, SafeInstallError } from "../../../src/plugin.ts";
import type { NpmConfig } from "../config.ts";

/**
 * Settings by which npm, or a program under it, chooses what is run. A project's `.npmrc` may come with a stranger's clone:
 * for a tool that is proven they count from the user's side only.
 */
const RUNS: ReadonlySet<string> = new Set(
  "script-shell shell node-options node-gyp git python editor viewer browser call yes".split(" "),
);

/** Further names under which npm shows a setting to what it runs. */
const SHOWN_AS: Readonly<Record<string, string>> = { "node-options": "NODE_OPTIONS", editor: "EDITOR" };

/** @throws SafeInstallError PROJECT_NPMRC: the project says what is called, and nobody typed it. */
export function refuseProjectCall(config: NpmConfig): void {
  if (config.find("call") !== "project") return;
  throw new SafeInstallError("usage", "PROJECT_NPMRC", "the project's .npmrc: call would be run, and nobody typed it", {
    hint: "remove it there; npx --call says what is run",
  });
}

/** Whether nothing is to be installed, by the word of the user. */
export function installsNothing(config: NpmConfig): boolean {
  return config.get("yes") === false && config.find("yes") !== "project";
}

/** The project's `.npmrc` without these settings: its keys and values as they were parsed, every one in quotes. */
export function npmrcWithoutCode(settings: NpmConfig["projectNpmrc"]): string {
  const kept = Object.entries(settings).filter(([key, value]) => !RUNS.has(key) && !isSection(value));
  return kept.flatMap(([key, value]) => linesOf(key, value)).join("");
}

function isSection(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function linesOf(key: string, value: unknown): readonly string[] {
  return Array.isArray(value)
    ? value.map((one) => `${JSON.stringify(`${key}[]`)}=${JSON.stringify(String(one))}\n`)
    : [`${JSON.stringify(key)}=${JSON.stringify(String(value))}\n`];
}

/** What npm shows to what it runs, with the user's own value wherever the project's would choose a program. */
export function exportedWithoutCode(config: NpmConfig, outside: Host["env"]): Command["env"] {
  const names = [...RUNS]
    .filter((key) => config.find(key) === "project")
    .flatMap((key) => [`npm_config_${key.replaceAll("-", "_")}`, SHOWN_AS[key] ?? []].flat());
  return { ...config.exported, ...Object.fromEntries(names.map((name) => [name, outside[name]])) };
}
