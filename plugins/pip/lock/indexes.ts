import {
  type Bounds,
  type Denial,
  type Host,
  LIMITS,
  SafeInstallError,
  SourceUnavailable,
  type Unbound,
} from "../../../src/plugin.ts";
import { packageRef } from "../distribution.ts";
import { get, type EvidencePlaces } from "../evidence/index.ts";
import { openKnownPlaces } from "../evidence/known-places.ts";
import { isNamedFor, join, type PythonLock, type LockedFile, withoutBuilds } from "./locked.ts";
import type { Python } from "../python/run.ts";
import type { FetchOutcome } from "../report.ts";
import { openPipSession } from "../session.ts";
import { type IndexPage, readPage } from "../simple.ts";
import type { PipOptions } from "../words.ts";
import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join as joinPath } from "node:path";

/** The indexes that `check` may ask: those of pip's configuration, and those that the policy admits. */
export interface Indexes {
  readonly places: EvidencePlaces;
  readonly configured: readonly string[];
  readonly admitted: ReadonlySet<string>;
  /** The pages of one project, each asked for once. @throws SourceUnavailable */
  pages(name: string, index: string | null): Promise<readonly IndexPage[]>;
}

export type ConfiguredIndexes = Pick<PipOptions, "index_url" | "extra_index_urls" | "no_index" | "proxy" | "cert">;

/** By pip's variables alone, and pip's default (its `models/index.py`): its files only pip reads. */
export function configuredWithoutPip(env: Host["env"]): ConfiguredIndexes {
  const [index, extra] = [env["PIP_INDEX_URL"] ?? "", env["PIP_EXTRA_INDEX_URL"] ?? ""];
  return {
    index_url: index === "" ? "https://pypi.org/simple" : index,
    extra_index_urls: extra.split(/\s+/).filter((url) => url !== ""),
    no_index: !["", "0", "false", "no", "off"].includes((env["PIP_NO_INDEX"] ?? "").toLowerCase()),
  };
}

export function openIndexes(options: ConfiguredIndexes, bounds: Bounds, python: Python): Indexes {
  const all = options.no_index ? [] : [options.index_url, ...options.extra_index_urls];
  const own = all.filter((url): url is string => url !== null && URL.canParse(url));
  const origins = new Set(own.map((url) => new URL(url).origin));
  const places = {
    host: python.host,
    session: python.file === null ? null : openPipSession(python, ["install"]),
    origins,
    known: openKnownPlaces(),
  };
  const known = new Map<string, Promise<IndexPage | null>>();
  const page = (url: string) => {
    const asked = known.get(url) ?? askPage(url, places);
    known.set(url, asked);
    return asked;
  };
  return {
    places,
    configured: own.map(withoutCredentials),
    admitted: new Set([...origins, ...bounds.registries.map((url) => new URL(url).origin)]),
    async pages(name, index) {
      const from = index === null ? own.map(withoutCredentials) : [withoutCredentials(index)];
      const found = await Promise.all(from.map((url) => page(`${url.replace(/\/*$/, "")}/${name}/`)));
      return found.filter((one) => one !== null);
    },
  };
}

const ACCEPT = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html; q=0.1, text/html; q=0.01";

/** null: the index has none. @throws SourceUnavailable */
export async function askPage(url: string, places: EvidencePlaces): Promise<IndexPage | null> {
  const { status, body } = await get(url, { accept: ACCEPT, maxBytes: PAGE_BYTES }, places);
  if (status === 404) return null;
  if (status !== 200) throw new SourceUnavailable(url, `answered ${status}`);
  const text = body.toString("utf8");
  return readPage(url, text.trimStart().startsWith("{") ? "+json" : "html", text);
}

/** The largest real pages are about 40 MB. */
const PAGE_BYTES = 100_000_000;

function withoutCredentials(url: string): string {
  const parsed = new URL(url);
  parsed.username = "";
  parsed.password = "";
  return parsed.href;
}

/** A lock cannot send us to an index that neither pip's configuration nor the policy names. */
export function refuseForeign(lock: PythonLock, { admitted, configured }: Indexes): PythonLock {
  const isForeign = ({ index }: LockedFile) =>
    index !== null && !(URL.canParse(index) && admitted.has(new URL(index).origin));
  const unbound = lock.files.filter(isForeign).map((one): Unbound => {
    const found = one.index !== null && URL.canParse(one.index) ? withoutCredentials(one.index) : "";
    const denial: Denial = {
      code: "FOREIGN_REGISTRY",
      message: "the lock names an index that is neither configured nor in the policy",
      details: [{ name: "index", expected: configured.join(" "), found }],
      ...(found === "" ? {} : { hint: `if it is yours, add to the policy: "registries": {"pypi": ["${found}"]}` }),
    };
    return { package: packageRef(one.name, one.version), location: one.filename ?? one.name, denial };
  });
  return { ...lock, files: lock.files.filter((one) => !isForeign(one)), unbound: [...lock.unbound, ...unbound] };
}

/** Where a lock knows only hashes, the index says which files they are. A hash that it does not list is judged by digest alone. */
export async function withFileNames(lock: PythonLock, indexes: Indexes): Promise<PythonLock> {
  const named = lock.files.filter(({ filename }) => filename !== null);
  const nameless = lock.files.filter(({ filename }) => filename === null);
  const keys = [...new Set(nameless.map(({ name, version }) => `${name}==${version}`))];
  const found = await Promise.all(
    keys.map(async (key) => {
      const same = nameless.filter(({ name, version }) => `${name}==${version}` === key);
      return withoutBuilds(await Promise.all(same.map((one) => nameOf(one, indexes))));
    }),
  );
  return join([{ ...lock, files: named }, ...found]);
}

async function nameOf(one: LockedFile, indexes: Indexes): Promise<LockedFile> {
  const pages = await indexes.pages(packageRef(one.name, one.version).name, one.index).catch((error: unknown) => {
    if (!(error instanceof SourceUnavailable)) throw error;
    throw new SafeInstallError("unavailable", "INDEX_UNAVAILABLE", `${error.location}: ${error.reason}`, {
      hint: "the lock knows only hashes: the index has to say which files they are",
    });
  });
  const listed = pages.flatMap(({ files }) => files);
  const file = listed.find(
    ({ filename, hashes }) =>
      isNamedFor(filename, one.name, one.version) &&
      one.digests.some(({ algorithm, hex }) => hashes[algorithm]?.toLowerCase() === hex),
  );
  return file === undefined ? one : { ...one, filename: file.filename, url: file.url };
}

/** With the address that an index states, where the lock has none. */
export async function locate(one: LockedFile, indexes: Indexes): Promise<LockedFile> {
  if (one.url !== null || one.filename === null) return one;
  const pages = await indexes.pages(packageRef(one.name, one.version).name, one.index);
  const file = pages.flatMap(({ files }) => files).find(({ filename }) => filename === one.filename);
  return file === undefined ? one : { ...one, url: file.url };
}

/** Fetches one file into the private folder. */
export async function fetchTo(url: string | null, python: Python, places: EvidencePlaces): Promise<FetchOutcome> {
  if (url === null) return { failure: "no index lists it", tooLarge: false };
  try {
    const { status, body } = await get(url, { accept: "*/*", maxBytes: LIMITS.artifactBytes }, places);
    const absent = status === 404 || status === 410 ? ({ absent: true } as const) : {};
    if (status !== 200) return { failure: `answered ${status}`, tooLarge: false, ...absent };
    const file = joinPath(python.folder, `${createHash("sha256").update(url).digest("hex")}.bytes`);
    await writeFile(file, body, { mode: 0o600 });
    return { file };
  } catch (error) {
    return { failure: (error as Error).message, tooLarge: false };
  }
}
