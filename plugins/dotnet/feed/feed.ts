import {
  type Fetched,
  type Host,
  isAllowedUrl,
  LIMITS,
  type PackageRef,
  parseJson,
  redactUrl,
  SourceUnavailable,
} from "../../../src/plugin.ts";
import { fileName, lower } from "../names.ts";
import type { Credentials, NuGetSettings } from "./settings.ts";
import { askProviders } from "./providers.ts";

/** One place that holds packages: a NuGet v3 service index, or a folder. */
export interface Feed {
  readonly name: string;
  /** URL of the service index, or an absolute folder. */
  readonly address: string;
  readonly credentials: Credentials | null;
  /** The folder that it was configured for: no credential provider inside of it is asked. */
  readonly project: string;
  readonly learnt: Learnt;
}

/** The feeds that may hold a package: where sources are mapped, those whose longest pattern matches best. */
export function feedsFor(
  id: string,
  settings: NuGetSettings,
  project: string,
  learnt: LearntFeeds,
  env: Host["env"],
): readonly Feed[] {
  const all = [...settings.sources].map(([name, address]) => ({
    name,
    address,
    credentials: named(settings.credentials, name) ?? endpointCredentials(address, env),
    project,
    learnt: learntOf(address, learnt),
  }));
  if (settings.mapping.size === 0) return all;
  const longest = Math.max(...[...settings.mapping.values()].map((patterns) => specificity(id, patterns)));
  return all.filter(({ name }) => longest >= 0 && specificity(id, named(settings.mapping, name) ?? []) === longest);
}

/** NuGet knows a source by its name in any case; one that is spelled alike comes first. */
function named<T>(of: ReadonlyMap<string, T>, name: string): T | undefined {
  return of.get(name) ?? [...of].find(([key]) => lower(key) === lower(name))?.[1];
}

/** The length of the longest pattern that matches: an id, or a beginning with `*`; -1 for none. */
function specificity(id: string, patterns: readonly string[]): number {
  const name = lower(id);
  const lengths = patterns.map(lower).map((pattern) => {
    if (pattern === name) return Number.MAX_SAFE_INTEGER;
    return pattern.endsWith("*") && name.startsWith(pattern.slice(0, -1)) ? pattern.length : -1;
  });
  return Math.max(-1, ...lengths);
}

/** What the Azure Artifacts credential provider reads for non-interactive use. */
function endpointCredentials(address: string, env: Host["env"]): Credentials | null {
  const text =
    env["ARTIFACTS_CREDENTIALPROVIDER_EXTERNAL_FEED_ENDPOINTS"] ?? env["VSS_NUGET_EXTERNAL_FEED_ENDPOINTS"] ?? "{}";
  const { endpointCredentials = [] } = parseLoosely(text) as {
    endpointCredentials?: { endpoint?: string; username?: string; password?: string }[];
  };
  const found = endpointCredentials.find(({ endpoint }) => endpoint === address);
  return found?.password === undefined ? null : { username: found.username ?? "any", password: found.password };
}

function parseLoosely(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

export function isRemote({ address }: Feed): boolean {
  return /^https?:/i.test(address);
}

/** The only one of these feeds that is a server, for people. null: nothing tells which, or it is the public one, which mirrors nothing. */
export function mirrorIn(feeds: readonly Feed[]): string | null {
  const [feed, ...others] = feeds.filter(isRemote);
  if (feed === undefined || others.length > 0 || !URL.canParse(feed.address)) return null;
  return /(?:^|\.)nuget\.org$/i.test(new URL(feed.address).hostname) ? null : redactUrl(feed.address);
}

/** `{base}/{id}/{version}/{id}.{version}.nupkg`, all lower case (NuGet server API, PackageBaseAddress/3.0.0). */
export async function packageUrl(feed: Feed, ref: Pick<PackageRef, "name" | "version">, host: Host): Promise<string> {
  const base = await baseAddress(feed, host);
  const path = [lower(ref.name), lower(ref.version), fileName(ref)].map(encodeURIComponent).join("/");
  return `${base.replace(/\/*$/, "")}/${path}`;
}

/** GET with the feed's credentials, which go to the feed's own origin only. Credential providers are asked where it wants others. */
export async function get(
  feed: Feed,
  url: string,
  maxBytes: number,
  host: Host,
  receive?: () => (chunk: Buffer) => void,
): Promise<Fetched> {
  if (!isAllowedUrl(url)) throw new SourceUnavailable(redactUrl(url), WHERE);
  const own = new URL(url).origin === new URL(feed.address).origin;
  const ask = (credentials: Credentials | null) =>
    host
      .fetch(url, {
        maxBytes,
        accept: "*/*",
        ...(receive === undefined ? {} : { receive }),
        ...(credentials === null ? {} : { authorization: basic(credentials) }),
      })
      .catch(withoutSecrets);
  if (!own) return ask(null);
  const provided = providedFor(feed.address, feed.project, feed.learnt, host);
  let answer = await ask((await provided.known()) ?? feed.credentials);
  for (let tries = 0; answer.status === 401 && tries < 2; tries++) {
    const credentials = await provided.next(tries);
    if (credentials === null) return answer;
    answer = await ask(credentials);
  }
  return answer;
}

const WHERE = "is asked by https only (http on loopback), with credentials from NuGet.config, never in the address";

/** A feed's address may carry a token. */
function withoutSecrets(error: unknown): never {
  if (error instanceof SourceUnavailable) throw new SourceUnavailable(redactUrl(error.location), error.reason);
  throw error;
}

/** From the service index, asked once a run. */
function baseAddress(feed: Feed, host: Host): Promise<string> {
  return (feed.learnt.base ??= findBase(feed, host));
}

async function findBase(feed: Feed, host: Host): Promise<string> {
  const { status, body } = await get(feed, feed.address, LIMITS.manifestBytes, host);
  const shown = redactUrl(feed.address);
  if (status !== 200) throw new SourceUnavailable(shown, reasonOf(status));
  const { resources } = readIndex(body, shown);
  const found = resources.find((one) =>
    [one["@type"]].flat().some((type) => String(type).startsWith("PackageBaseAddress")),
  );
  if (typeof found?.["@id"] !== "string") throw new SourceUnavailable(shown, "offers no PackageBaseAddress");
  return new URL(found["@id"], feed.address).href;
}

function readIndex(body: Buffer, address: string) {
  try {
    const index = parseJson(body.toString("utf8").replace(/^\uFEFF/, "")) as { resources?: Record<string, unknown>[] };
    if (Array.isArray(index.resources)) return { resources: index.resources };
  } catch {
    // Not JSON: the same as an index without resources.
  }
  throw new SourceUnavailable(address, "is not a NuGet v3 service index");
}

function basic({ username, password }: Credentials): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

/** In words for people. */
export function reasonOf(status: number): string {
  if (status === 401 || status === 403)
    return `answered ${status}: credentials come from NuGet.config, VSS_NUGET_EXTERNAL_FEED_ENDPOINTS or a credential provider`;
  return `answered ${status}`;
}

/** What one run has learnt of a feed, so that it is asked once. */
interface Learnt {
  /** The address of its packages, from its service index. */
  base: Promise<string> | null;
  /** What credential providers gave, in the order of asking. */
  readonly provided: Promise<Credentials | null>[];
}

/** Of all feeds, by address; made once a run. */
export type LearntFeeds = Map<string, Learnt>;

function learntOf(address: string, feeds: LearntFeeds): Learnt {
  const learnt = feeds.get(address) ?? nothingLearnt();
  feeds.set(address, learnt);
  return learnt;
}

export function nothingLearnt(): Learnt {
  return { base: null, provided: [] };
}

/** What credential providers gave for one feed in this run. */
interface Provided {
  /** The newest, while somebody is asking too; null: nobody was asked yet, or had any. */
  known(): Promise<Credentials | null>;
  /** Asks: first for any, then (1) because the first were not accepted. Many who ask at once are one question. */
  next(tries: number): Promise<Credentials | null>;
}

/** @param project no provider inside of it is asked */
function providedFor(address: string, project: string, { provided }: Learnt, host: Host): Provided {
  return {
    known: async () => (await provided.at(-1)) ?? null,
    next: (tries) => (provided[tries] ??= askProviders({ address, isRetry: tries > 0 }, project, host)),
  };
}
