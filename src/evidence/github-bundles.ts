import { SourceUnavailable } from "../errors.ts";
import { JsonError, parseJson } from "../json.ts";
import { LIMITS } from "../limits.ts";
import type { Host } from "../plugin.ts";
import { isAllowedUrl, redactUrl } from "../url.ts";
import { SnappyFault, unpackSnappy } from "./snappy.ts";
import { Buffer } from "node:buffer";

/** The answer with what could be had, and why something could not. */
interface FilledAnswer {
  readonly body: Buffer;
  readonly missing: SourceUnavailable | null;
}

/**
 * The answer of GitHub's attestation store with the bundles in it. The store may keep one elsewhere, and answers with
 * `"bundle": null` and a `bundle_url`: a pre-signed address, to which no token is sent, of the bundle as raw Snappy.
 * Such an address is good for an hour, so what is kept for another run is what was found there.
 * Where one of them is not to be had, the others are still judged.
 * @throws SourceUnavailable what was answered is no JSON, or all are too large together
 */
export async function withBundles(body: Buffer, url: string, host: Host): Promise<FilledAnswer> {
  const answer = parsed(body.toString("utf8"));
  const attestations = isObject(answer) ? answer["attestations"] : undefined;
  if (!Array.isArray(attestations) || attestations.length > LIMITS.bundlesPerArtifact) return { body, missing: null };
  if (!attestations.some(isElsewhere)) return { body, missing: null };
  const filled: unknown[] = [];
  let missing: SourceUnavailable | null = null;
  let size = 0;
  for (const one of attestations as readonly unknown[]) {
    const found = isElsewhere(one) ? await elsewhere(one["bundle_url"]).catch(unavailable) : null;
    if (found instanceof SourceUnavailable) {
      missing ??= found;
      continue;
    }
    size += found?.size ?? 0;
    if (size > LIMITS.evidenceBytes) throw new SourceUnavailable(url, `has more than ${LIMITS.evidenceBytes} bytes`);
    filled.push(found === null ? one : { bundle: found.bundle });
  }
  return { body: Buffer.from(JSON.stringify({ attestations: filled }), "utf8"), missing };

  async function elsewhere(address: unknown): Promise<{ readonly size: number; readonly bundle: unknown }> {
    const text = await bundleAt(address, url, host);
    return { size: text.length, bundle: parsed(text) };
  }

  function parsed(text: string): unknown {
    try {
      return parseJson(text);
    } catch (error) {
      if (error instanceof JsonError) throw new SourceUnavailable(url, `answered what is not JSON: ${error.message}`);
      throw error;
    }
  }
}

function unavailable(error: unknown): SourceUnavailable {
  if (error instanceof SourceUnavailable) return error;
  throw error;
}

type Elsewhere = Readonly<Record<string, unknown>>;

function isElsewhere(one: unknown): one is Elsewhere {
  return isObject(one) && (one["bundle"] === null || one["bundle"] === undefined);
}

async function bundleAt(address: unknown, from: string, host: Host): Promise<string> {
  if (typeof address !== "string" || !URL.canParse(address))
    throw new SourceUnavailable(from, "answered without the bundle itself");
  const shown = redactUrl(address);
  if (!isAllowedUrl(address)) throw new SourceUnavailable(shown, "is asked by https only");
  const { status, body } = await host
    .fetch(address, { maxBytes: LIMITS.bundleBytes, accept: "*/*", from })
    .catch((error: unknown) => {
      throw error instanceof SourceUnavailable ? new SourceUnavailable(shown, error.reason) : error;
    });
  if (status !== 200) throw new SourceUnavailable(shown, `answered ${status}`);
  try {
    return unpackSnappy(body, LIMITS.bundleBytes).toString("utf8");
  } catch (error) {
    if (error instanceof SnappyFault) throw new SourceUnavailable(shown, `has no bundle: ${error.message}`);
    throw error;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
