import type { Part } from "../../src/plugin.ts";

const DIGEST = { algorithm: "sha512", hex: "a".repeat(128) } as const;

/** A part whose bytes are there and about which nobody says anything, but for what is given. */
export function part(given: Partial<Part> = {}): Part {
  return {
    lockfile: null,
    artifacts: [],
    unbound: [],
    notGated: [],
    opens: false,
    obtain: async () => ({ digests: [DIGEST], read: async () => Buffer.from("bytes") }),
    collect: async () => [],
    ...given,
  };
}
