import { SourceUnavailable } from "../errors.ts";
import { LIMITS } from "../limits.ts";
import { type Digest, formatDigest } from "../model/digest.ts";
import type { Evidence } from "../model/evidence.ts";
import type { Fetched, Host } from "../plugin.ts";
import { readDocument } from "./document.ts";
import { withBundles } from "./github-bundles.ts";
import { keptAnswer, readAndKeep } from "./kept.ts";
import { meansNone } from "./url.ts";

/**
 * Asks GitHub's attestation store for the bundles about a digest, in each repository that an expected signer names
 * (`GET /repos/{owner}/{repo}/attestations/{digest}`, GitHub REST API). The token of the environment goes along.
 * @throws SourceUnavailable also where the rate limit is used up (without a token: 60 requests an hour); then nothing more is asked in this run.
 */
export async function askGithub(
  repositories: readonly string[],
  digests: readonly Digest[],
  fresh: boolean,
  host: Host,
): Promise<readonly Evidence[]> {
  const sha256 = digests.filter(({ algorithm }) => algorithm === "sha256");
  const found: Evidence[] = [];
  try {
    for (const repository of new Set(repositories)) {
      for (const digest of sha256) found.push(...(await askOne(repository, digest, fresh, host)));
    }
  } catch (error) {
    if (!(error instanceof SourceUnavailable)) throw error;
    throw new SourceUnavailable(error.location, error.reason, [...found, ...error.partial]);
  }
  return found;
}

async function askOne(repository: string, digest: Digest, fresh: boolean, host: Host): Promise<readonly Evidence[]> {
  const url = `${api(host.env)}/repos/${repository}/attestations/${formatDigest(digest)}?per_page=100`;
  const asked = { key: `github:${url}`, fresh, read: (answer: Buffer) => readAnswer(answer, url) };
  const kept = await keptAnswer(asked, host);
  if (kept !== null) return kept;
  const limited = host.limits.get(api(host.env));
  if (limited !== undefined) throw new SourceUnavailable(url, `not asked: ${untilThen(limited)}`);
  const answered = await host.fetch(url, {
    maxBytes: LIMITS.evidenceBytes,
    accept: MEDIA_TYPE,
    obeysLimits: true,
    ...token(host.env),
  });
  const { status, body } = answered;
  if (meansNone(status)) return [];
  const until = limitedUntil(answered, host.now());
  if (until !== null) {
    host.limits.set(api(host.env), until);
    throw new SourceUnavailable(url, `answered ${status}: ${untilThen(until)}`);
  }
  if (status !== 200) throw new SourceUnavailable(url, reasonOf(status));
  const filled = await withBundles(body, url, host);
  if (filled.missing === null) return readAndKeep(filled.body, asked, host);
  // Not kept: the next run asks for the rest.
  const { location, reason } = filled.missing;
  throw new SourceUnavailable(location, reason, readAnswer(filled.body, url));
}

function untilThen(until: Date): string {
  const end = until.toISOString().replace(/\.\d+/, "");
  return `GitHub's rate limit is used up until ${end}; with GITHUB_TOKEN or GH_TOKEN it is higher`;
}

const MEDIA_TYPE = "application/vnd.github+json";

/** `GITHUB_API_URL` is what GitHub Actions sets, also on an enterprise's own server. */
function api(env: Host["env"]): string {
  return (env["GITHUB_API_URL"] ?? "https://api.github.com").replace(/\/*$/, "");
}

function token(env: Host["env"]): { readonly authorization?: string } {
  const value = env["GH_TOKEN"] ?? env["GITHUB_TOKEN"];
  return value === undefined || value === "" ? {} : { authorization: `Bearer ${value}` };
}

function readAnswer(body: Buffer, url: string): readonly Evidence[] {
  return readDocument(body.toString("utf8"), "github", url);
}

function reasonOf(status: number): string {
  if (status === 403) return "answered 403: no access; set GITHUB_TOKEN";
  return status === 401 ? "answered 401: the token in GITHUB_TOKEN or GH_TOKEN is not valid" : `answered ${status}`;
}

/**
 * Until when an answer forbids to ask again; null: it does not (GitHub REST API, "Rate limits": `retry-after` before
 * `x-ratelimit-reset`, and a minute where neither says anything).
 */
export function limitedUntil({ status, limits = {} }: Pick<Fetched, "status" | "limits">, now: Date): Date | null {
  if (status !== 403 && status !== 429) return null;
  const after = limits["retry-after"];
  const isUsedUp = limits["x-ratelimit-remaining"] === "0";
  if (after !== undefined) return orInAMinute(/^\d+$/.test(after) ? later(now, Number(after)) : new Date(after), now);
  if (isUsedUp) return orInAMinute(new Date(Number(limits["x-ratelimit-reset"] ?? Number.NaN) * 1000), now);
  return status === 429 ? later(now, 60) : null;
}

function orInAMinute(date: Date, now: Date): Date {
  return Number.isNaN(date.getTime()) ? later(now, 60) : date;
}

function later(now: Date, seconds: number): Date {
  return new Date(now.getTime() + seconds * 1000);
}
