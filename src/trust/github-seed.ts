import type { TufSource } from "../model/trust.ts";
import { readFileSync } from "node:fs";

/**
 * GitHub's own instance, which signs for private repositories: version 3 of its repository's root (expired as every first
 * root is, the chain goes on from it), and the trusted root that it served when this program was made.
 */
export function githubSeed(): TufSource & { readonly targets: Readonly<Record<string, Buffer>> } {
  const read = (name: string) => readFileSync(new URL(`./github/${name}`, import.meta.url));
  return {
    mirror: "https://tuf-repo.github.com",
    root: read("root.json"),
    targets: { "trusted_root.json": read("trusted_root.json") },
  };
}
