/** A package's bytes, of which parts are looked at. */
export { hashes, inFile, joined, part, type Span as Nupkg } from "../../../src/plugin.ts";
