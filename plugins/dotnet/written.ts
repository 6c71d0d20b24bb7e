import { parseJson } from "../../src/plugin.ts";

/**
 * Parses what NuGet wrote: strictly, but for the sources of a restore, which are names of nothing (`"sources": {"URL": {}}`)
 * and written once for every name that an address has. @throws JsonError
 */
export function parseWritten(text: string): unknown {
  return parseJson(
    text.replaceAll(SOURCES, (_, sources: string) => `"sources": ${JSON.stringify(JSON.parse(sources))}`),
  );
}

const SOURCES = /"sources": (\{\s*(?:"[^"\\]*": \{\},?\s*)*\})/g;
