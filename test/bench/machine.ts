import { npmPath } from "./programs.ts";
import { repositoryRoot } from "../support/root.ts";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { arch, availableParallelism, cpus, loadavg, platform } from "node:os";
import { join } from "node:path";
import process from "node:process";

/** What the numbers were measured on, and against. */
export function machine(): string {
  const npm = execFileSync(process.execPath, [npmPath(), "--version"], { encoding: "utf8" }).trim();
  return [
    `${availableParallelism()} cores of ${cpus()[0]?.model.trim() ?? "unknown"}, ${platform()} ${arch()}, load ${loadavg()[0]?.toFixed(1)} before the start`,
    `Node ${process.versions.node} (OpenSSL ${process.versions.openssl}), npm ${npm}`,
    `safe-install ${versionOf(".")}, @sigstore/verify ${versionOf("node_modules/@sigstore/verify")}, pacote ${versionOf("node_modules/pacote")}`,
  ].join("\n");
}

function versionOf(folder: string): string {
  const text = readFileSync(join(repositoryRoot(), folder, "package.json"), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}
