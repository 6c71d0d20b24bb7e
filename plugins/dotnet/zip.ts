/** A NuGet package is a zip file. */
export { type CentralEntry, dataOf, readZip, type Zip, ZipFault } from "../../src/plugin.ts";
