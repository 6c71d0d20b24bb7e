import { layRepository } from "./repository.ts";
import type { Registry } from "./registry.ts";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A package as package.json asks for it and as the lock holds it. */
export interface Locked {
  readonly name: string;
  readonly version: string;
  /** Where in the tree; `node_modules/NAME` unless told. */
  readonly at?: string;
  /** Replaces or removes (undefined) members of the lock's entry. */
  readonly entry?: Readonly<Record<string, unknown>>;
}

export interface ProjectFiles {
  readonly locked?: readonly Locked[];
  readonly policy?: unknown;
  readonly manifest?: Readonly<Record<string, unknown>>;
  readonly lock?: Readonly<Record<string, unknown>>;
  /** Further files, by path. */
  readonly files?: Readonly<Record<string, unknown>>;
}

/** Writes a project whose lock (v3) names what the registry holds. */
export function writeProject(folder: string, registry: Registry, project: ProjectFiles): void {
  const locked = project.locked ?? [];
  const dependencies = Object.fromEntries(
    locked.filter(({ at }) => at === undefined).map(({ name, version }) => [name, version]),
  );
  const manifest = { name: "project", version: "1.0.0", dependencies, ...project.manifest };
  const packages = { "": manifest, ...Object.fromEntries(locked.map((one) => entryOf(one, registry))) };
  write(folder, "package.json", manifest);
  write(folder, "package-lock.json", {
    name: "project",
    version: "1.0.0",
    lockfileVersion: 3,
    requires: true,
    packages,
    ...project.lock,
  });
  write(folder, ".npmrc", `registry=${registry.url}\n`);
  layRepository(folder);
  if (project.policy !== undefined) write(folder, ".signing-policy.json", project.policy);
  for (const [path, content] of Object.entries(project.files ?? {})) write(folder, path, content);
}

function entryOf(one: Locked, registry: Registry): [string, unknown] {
  const { integrity, resolved } = registry.tarballOf(one.name, one.version);
  const entry = { version: one.version, resolved, integrity, ...one.entry };
  return [one.at ?? `node_modules/${one.name}`, entry];
}

function write(folder: string, path: string, content: unknown): void {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === "string" ? content : `${JSON.stringify(content, null, 2)}\n`);
}
