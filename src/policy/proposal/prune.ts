import type { PackageRef } from "../../model/package.ts";
import { packageKey } from "../names.ts";
import { parsePurl } from "../purl.ts";
import type { RecordedPackages } from "./plan.ts";

/**
 * The recorded packages without those that no lock names any more. Of an ecosystem that no lock here is of, nothing is
 * known: its entries stay.
 */
export function prune(recorded: RecordedPackages, locked: readonly PackageRef[]): RecordedPackages {
  const keys = new Set(locked.map(({ ecosystem, name, version }) => packageKey(ecosystem, name, version)));
  const ecosystems = new Set<string>(locked.map(({ ecosystem }) => ecosystem));
  return new Map(
    [...recorded].filter(([text]) => {
      const purl = parsePurl(text);
      if (purl === null || !ecosystems.has(purl.ecosystem)) return true;
      return keys.has(packageKey(purl.ecosystem, purl.name, purl.version ?? ""));
    }),
  );
}
