import {
  ArtifactError,
  digestOf,
  type Host,
  LIMITS,
  type ListedArchive,
  SafeInstallError,
} from "../../../../src/plugin.ts";
import { getArchive } from "../../bytes/download.ts";
import { type Hashed, writeHashed } from "../../bytes/hashed.ts";
import type { FlatOptions } from "../../config.ts";
import { registriesOf } from "../../origin.ts";
import { createHash } from "node:crypto";
import { join } from "node:path";

/** An archive of the repository, as the policy lists it. @throws SafeInstallError ARCHIVE_MISMATCH, FILE_DEPENDENCY */
export async function readListed(
  path: string,
  sha512: string,
  repositoryRoot: string,
  host: Pick<Host, "read">,
): Promise<{ readonly path: string; readonly content: Buffer }> {
  const content = await host.read(join(repositoryRoot, path), { maxBytes: LIMITS.artifactBytes });
  if (content === null) throw new SafeInstallError("unbound", "FILE_DEPENDENCY", `there is no ${path}`);
  assertListed(path, sha512, createHash("sha512").update(content).digest("hex"));
  return { path, content };
}

interface Fetching {
  readonly folder: string;
  readonly flat: FlatOptions;
  readonly host: Host;
}

/**
 * The archives by address that one of the texts names, fetched by us without anybody's credentials: npm gets these bytes.
 * @returns address -> private file
 * @throws SafeInstallError ARCHIVE_MISMATCH, ARTIFACT_UNAVAILABLE
 */
export async function fetchListed(
  listed: readonly ListedArchive[],
  texts: readonly string[],
  means: Fetching,
): Promise<Readonly<Record<string, string>>> {
  const named = listed.flatMap(({ place: { url }, sha512 }) =>
    url !== undefined && texts.some((text) => text.includes(url)) ? [{ url, sha512 }] : [],
  );
  const files = named.map(async ({ url, sha512 }) => [url, await fetchOne(url, sha512, means)] as const);
  return Object.fromEntries(await Promise.all(files));
}

async function fetchOne(url: string, sha512: string, { folder, flat, host }: Fetching): Promise<string> {
  const file = join(folder, `${createHash("sha256").update(url).digest("hex")}.tgz`);
  const digest = digestOf("sha512", sha512);
  const digests = digest === null ? [] : [digest];
  if ((await host.store.take({ digests, hashes: ["sha512"], elsewhere: [] }, file)) !== null) return file;
  const { hex } = await download(url, file, { folder, flat, host });
  assertListed(url, sha512, hex["sha512"] ?? "");
  await host.store.keep(file, { digests, linked: true });
  return file;
}

async function download(url: string, file: string, { flat, host }: Fetching): Promise<Hashed> {
  const registries = registriesOf(flat, "never", []);
  try {
    return await writeHashed(
      (take) => getArchive({ place: { url }, file: null }, registries, host, take),
      file,
      [],
      url,
    );
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    const { code, message, location = url } = error.denial;
    const kind = code === "ARTIFACT_UNAVAILABLE" ? "unavailable" : "unbound";
    throw new SafeInstallError(kind, code, `${location}: ${message}`);
  }
}

function assertListed(place: string, expected: string, found: string): void {
  if (expected === found) return;
  throw new SafeInstallError(
    "unbound",
    "ARCHIVE_MISMATCH",
    `${place} has the sha512 ${found}, the policy lists ${expected}`,
    {
      hint: "find out who replaced the archive before the policy's digest is changed",
    },
  );
}
