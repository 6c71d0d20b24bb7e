/**
 * Proves the strip on real packages: restores a project of well-known packages with the real dotnet, from the feeds that
 * it is configured with, into a private folder; takes the signature out of every package, and compares what is left
 * with the hash inside the package's own signature and with NuGet's own contentHash. Exit 0 only if all agree and there
 * are at least 200 signed packages, author-signed and repository-signed ones among them.
 *
 * `npm run test:strip [-- FOLDER...]`; with folders: the packages below them instead.
 */
import { ZipFault } from "../../src/io/zip/zip.ts";
import { stripSignature } from "../../plugins/dotnet/bytes/strip.ts";
import { packageReferences } from "./nuget-packages.ts";
import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const WANTED = 200;

/** What one package's own signature and NuGet say of it. */
interface Outcome {
  readonly kind: "author" | "repository" | "countersigned" | "unsigned" | "refused";
  readonly agrees: boolean;
  readonly detail: string;
}

const folder = mkdtempSync(join(tmpdir(), "safe-install-strip-"));
try {
  const folders = process.argv.slice(2);
  process.exitCode = report((folders.length > 0 ? folders : [restore(folder)]).flatMap(packagesBelow));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Several projects, because each resolves every id once. @returns the packages folder */
function restore(folder: string): string {
  const packages = join(folder, "packages");
  for (const [index, references] of packageReferences().entries()) {
    const project = join(folder, String(index), "project.csproj");
    mkdirSync(dirname(project), { recursive: true });
    writeFileSync(project, references);
    execFileSync("dotnet", ["restore", project, "--packages", packages, "-v", "q"], { stdio: "inherit" });
  }
  return packages;
}

function packagesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".nupkg"))
    .map((name) => join(folder, name));
}

function report(files: readonly string[]): number {
  const outcomes = files.map((file) => ({ file, ...judge(file) }));
  for (const { file, kind, agrees, detail } of outcomes) if (!agrees) console.log(`${kind} ${file}: ${detail}`);
  const count = (kind: Outcome["kind"]) => outcomes.filter((one) => one.kind === kind).length;
  const signed = count("author") + count("repository") + count("countersigned");
  const failed = outcomes.filter(({ agrees }) => !agrees).length;
  console.log(
    `${files.length} packages: ${count("repository")} repository-signed, ${count("countersigned")} author-signed and ` +
      `countersigned, ${count("author")} author-signed only, ${count("unsigned")} unsigned, ${count("refused")} refused`,
  );
  console.log(`${signed} signed packages stripped, ${failed} that do not agree`);
  return failed === 0 && signed >= WANTED && count("repository") > 0 && count("countersigned") > 0 ? 0 : 1;
}

function judge(file: string): Outcome {
  const bytes = readFileSync(file);
  try {
    const { content, signature } = stripSignature(bytes);
    const mismatch = [
      differsFromNuget(file, content),
      signature === null ? "" : differsFromSignature(signature, content),
    ];
    const detail = mismatch.filter((text) => text !== "").join(", ");
    return { kind: signature === null ? "unsigned" : kindOf(signature), agrees: detail === "", detail };
  } catch (error) {
    if (!(error instanceof ZipFault)) throw error;
    return { kind: "refused", agrees: false, detail: error.message };
  }
}

/** `.nupkg.metadata`: what the real NuGet computed when it unpacked the package. */
function differsFromNuget(file: string, content: Buffer): string {
  const metadata = join(dirname(file), ".nupkg.metadata");
  if (!existsSync(metadata)) return "";
  const { contentHash } = JSON.parse(readFileSync(metadata, "utf8")) as { contentHash: string };
  return createHash("sha512").update(content).digest("base64") === contentHash ? "" : "another contentHash";
}

/** The signed content is text: `2.16.840.1.101.3.4.2.1-Hash:BASE64`, the SHA-256 of the unsigned package. */
function differsFromSignature(signature: Buffer, content: Buffer): string {
  const [, stated] =
    /2\.16\.840\.1\.101\.3\.4\.2\.1-Hash:([A-Za-z0-9+/=]{44})/.exec(signature.toString("latin1")) ?? [];
  return createHash("sha256").update(content).digest("base64") === stated ? "" : "another hash in the signature";
}

/** By the commitment types that occur in it: proof of origin is an author's, proof of receipt a repository's. */
function kindOf(signature: Buffer): Outcome["kind"] {
  const has = (last: number) => signature.includes(Buffer.from([0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 9, 16, 6, last]));
  if (has(1)) return has(2) ? "countersigned" : "author";
  return "repository";
}
