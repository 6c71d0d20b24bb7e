import { type Command, type Host, SafeInstallError } from "../../../src/plugin.ts";
import type { NpmConfig } from "../config.ts";
import { meaningOf } from "../project-keys.ts";

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

/**
 * The project's `.npmrc` without what chooses a program: for a tool that is proven the user's side alone says that. Keys and
 * values are as they were parsed, every one in quotes.
 */
export function npmrcWithoutCode(settings: NpmConfig["projectNpmrc"]): string {
  const kept = Object.entries(settings).filter(([key, value]) => meaningOf(key) !== "runs" && !isSection(value));
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
  const names = config.projectKeys
    .filter((key) => meaningOf(key) === "runs" && config.find(key) === "project")
    .flatMap((key) => [`npm_config_${key.replaceAll("-", "_")}`, SHOWN_AS[key] ?? []].flat());
  return { ...config.exported, ...Object.fromEntries(names.map((name) => [name, outside[name]])) };
}
