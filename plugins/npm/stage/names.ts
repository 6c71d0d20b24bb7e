import { parseJson, SafeInstallError } from "../../../src/plugin.ts";
import { aliasesIn } from "../aliases.ts";
import { aliasesOf, type Manifest } from "../package-json.ts";
import type { StagedFile } from "./staging.ts";
import { basename } from "node:path";

/**
 * npm believes a registry about the name of what it serves, and writes it into package.json as an alias. Only one that was
 * there before, or that was typed, is the user's.
 * @throws SafeInstallError PACKAGE_MISMATCH
 */
export function refuseForeignNames(files: readonly StagedFile[], specs: readonly string[]): void {
  const typed = aliasesIn(specs.map(asEntry));
  for (const { path, before, after } of files) {
    if (basename(path) !== "package.json") continue;
    const old = aliasesAt(before);
    for (const [name, real] of aliasesAt(after)) {
      if (old.get(name) !== real && typed.get(name) !== real) throw foreign(name, real);
    }
  }
}

/** `name@npm:real@range` as package.json would have it. */
function asEntry(spec: string): readonly [string, string] {
  const at = spec.indexOf("@", 1);
  return at < 0 ? [spec, ""] : [spec.slice(0, at), spec.slice(at + 1)];
}

function aliasesAt(content: Buffer | null): ReadonlyMap<string, string> {
  const manifest = content === null ? null : parseJson(content.toString("utf8").replace(/^\uFEFF/, ""));
  const { devDependencies, ...own } = (manifest ?? {}) as Partial<Manifest> & { readonly devDependencies?: unknown };
  return new Map([...aliasesOf(own), ...aliasesOf({ dependencies: devDependencies })]);
}

function foreign(name: string, real: string): SafeInstallError {
  return new SafeInstallError("unbound", "PACKAGE_MISMATCH", `the registry answers for ${name} with ${real}`, {
    hint: `if that is meant: npm install ${name}@npm:${real}`,
  });
}
