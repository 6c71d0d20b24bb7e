import { SafeInstallError } from "../../../src/plugin.ts";
import type { NpmConfig } from "../config.ts";
import { meaningOf } from "../settings/project-keys.ts";

/**
 * A project's `.npmrc` may come with a stranger's clone. For a tool it says where packages come from, and with what credentials
 * they are asked for there; nothing else of it is copied, weighed or shown. By the key as npm takes it.
 */
export function countsForTools(key: string): boolean {
  return key === "registry" || /^@[^/:]+:registry$/.test(key) || meaningOf(key) === "credential";
}

/** @throws SafeInstallError PROJECT_NPMRC: the project says what is called, and nobody typed it. */
export function refuseProjectCall(config: NpmConfig): void {
  const said = config.get("call");
  if (!config.dropped.includes("call") || (typeof said === "string" && said !== "")) return;
  throw new SafeInstallError("usage", "PROJECT_NPMRC", "the project's .npmrc: call would be run, and nobody typed it", {
    hint: "remove it there; npx --call says what is run",
  });
}

/**
 * Where nothing is to be installed npm itself runs what is on disk, and reads that file on its own.
 * @throws SafeInstallError PROJECT_NPMRC: the project says which packages npm would take for it, and nobody typed them.
 */
export function refuseProjectPackage(config: NpmConfig): void {
  // npm weighs a project's file over the user's own (npm's docs, "config", npmrc).
  const isTyped = ["cli", "env"].includes(config.find("package") ?? "");
  if (isTyped || !config.dropped.includes("package")) return;
  throw new SafeInstallError("usage", "PROJECT_NPMRC", "the project's .npmrc: package names what npx would take", {
    hint: "nobody typed it: remove it there; npx --package=NAME says which one is meant",
  });
}

/** Whether nothing is to be installed, by the word of the user. */
export function installsNothing(config: NpmConfig): boolean {
  return config.get("yes") === false;
}

/** What counts of the project's `.npmrc` for a tool: keys and values as they were parsed, every one in quotes. */
export function npmrcForTools(settings: NpmConfig["projectNpmrc"]): string {
  const kept = Object.entries(settings).filter(([key, value]) => countsForTools(key) && !isSection(value));
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
