import type { Registry } from "../support/registry.ts";
import { type Locked, writeProject } from "../support/project.ts";
import { AZURE, type Cast } from "./cast.ts";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A little shop in a folder of its own, with a lockfile and a policy. */
export interface Project {
  readonly folder: string;
  /** The policy file's text. */
  readonly policy: string;
  writePolicy(text: string): void;
  /** Writes package.json and package-lock.json for these versions, with what the registry serves now. */
  lock(packages: readonly Locked[]): void;
  /** So many lines of the policy file as it is now, from the one with this word. */
  fragment(word: string, lines: number): string;
  /** A copy beside it, without node_modules. @returns its folder */
  copy(name: string): string;
  /** A digest over names and content of everything in node_modules. */
  installed(): string;
}

export function openProject(folder: string, registry: Registry, cast: Cast, trustedRoot: unknown): Project {
  const write = (locked: readonly Locked[]) => writeProject(folder, registry, { locked });
  write(cast.published);
  mkdirSync(join(folder, "trust"));
  writeFileSync(join(folder, "trust", "demo.json"), JSON.stringify(trustedRoot));
  writeFileSync(join(folder, ".signing-policy.json"), POLICY);
  writeFileSync(join(folder, "shop.js"), SHOP);
  return {
    folder,
    policy: POLICY,
    writePolicy: (text) => writeFileSync(join(folder, ".signing-policy.json"), text),
    lock: write,
    fragment(word, count) {
      const lines = readFileSync(join(folder, ".signing-policy.json"), "utf8").split("\n");
      const start = lines.findIndex((line) => line.includes(word));
      return lines.slice(start, start + count).join("\n");
    },
    copy(name) {
      const to = join(folder, "..", name);
      cpSync(folder, to, { recursive: true, filter: (path) => !path.includes("node_modules") });
      return to;
    },
    installed: () => digestOf(join(folder, "node_modules")),
  };
}

const POLICY = `{
  "version": 1,
  "trust": { "demo": { "trustedRoot": "trust/demo.json" } },
  "signers": {
    "acme": { "trust": "demo", "githubActions": {
      "repository": "acme/widget", "ref": "refs/tags/v{version}" } },
    "tanuki": { "trust": "demo", "gitlab": {
      "project": "tanuki/colours", "ref": "refs/heads/main" } },
    "contoso": { "trust": "demo", "azurePipelines": {
      "organizationId": "${AZURE.organization}",
      "projectId": "${AZURE.project}",
      "definitionId": "${AZURE.definitionId}" } }
  },
  "rules": [
    { "packages": ["npm:@acme/*"],    "signedBy": ["acme"] },
    { "packages": ["npm:@tanuki/*"],  "signedBy": ["tanuki"] },
    { "packages": ["npm:@contoso/*"], "signedBy": ["contoso"] }
  ]
}
`;

const SHOP = `const { price, payee } = require("@acme/widget");
const { euros } = require("@contoso/ledger");
const { frame } = require("@tanuki/colours");
console.log(frame(\`two widgets: \${euros(2 * price)}, paid to \${payee}\`));
`;

function digestOf(folder: string): string {
  const hash = createHash("sha256");
  const walk = (path: string) => {
    const entries = readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      const inner = join(path, entry.name);
      hash.update(`${inner}\0`);
      if (entry.isDirectory()) walk(inner);
      else hash.update(readFileSync(inner));
    }
  };
  walk(folder);
  return hash.digest("hex");
}
