import type { Ecosystem, Table } from "../../../../src/plugin.ts";

export const table: Table = {
  ecosystem: "toy" as Ecosystem,
  typed: ([first]) => (first === "toy" ? 1 : 0),
  verbs: ["install"],
  adds: "toy install NAME",
  lockfiles: ["toy.lock"],
  locks: [{ name: /^toy\.lock$/, found: true }],
  manifests: [/^toy\.json$/],
  lockedInstall: (names) => (names.includes("toy.lock") ? ["install"] : null),
  sources: ["own", "url", "directory"],
  replaces: [],
  changesInPlace: true,
  registrySigns: null,
};
