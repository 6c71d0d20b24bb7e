/** The Notary Project's envelopes of the corpus: made by its own tool, each with the policy that judges it. */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { CORPUS } from "../corpus.ts";

export interface NotaryCase {
  readonly id: string;
  readonly path: string;
  readonly format: "jws" | "cose";
  readonly artifact: string;
  readonly expected: "accept" | "reject" | "either";
  readonly oracle: { readonly verdict: string };
  readonly kind: "good" | "bad" | "edge" | "level";
  readonly how: string;
  readonly policy: NotaryCasePolicy;
}

export interface NotaryCasePolicy {
  readonly level: "strict" | "permissive" | "audit";
  readonly trustStores: readonly { readonly type: "ca" | "signingAuthority" | "tsa"; readonly file: string }[];
  readonly trustedIdentities: readonly string[];
  readonly verifyTimestamp: "always" | "afterCertExpiry";
  readonly mediaTypeAsked?: string;
}

/** Compiled, this file lies elsewhere. */
const FURTHER = join(existsSync(CORPUS) ? CORPUS : resolve("../shared/corpus"), "further");
const MADE = join(FURTHER, "notary-made");

export const hasNotaryCorpus = existsSync(join(MADE, "manifest.json"));

export const notaryFile = (path: string): Buffer => readFileSync(join(MADE, path));

export const notationFile = (path: string): Buffer => readFileSync(join(FURTHER, "notation", path));

export function notaryCases(): readonly NotaryCase[] {
  const manifest = JSON.parse(notaryFile("manifest.json").toString("utf8")) as {
    readonly cases: readonly NotaryCase[];
  };
  return manifest.cases;
}

/** What stands at the addresses of the certificates: of OCSP by the beginning of the question. */
export function notaryAnswer(url: string): Buffer | string {
  const served = JSON.parse(notaryFile("revocation/urls.json").toString("utf8")) as readonly {
    readonly url: string;
    readonly file: string;
  }[];
  const one = served.find((entry) => (entry.url.endsWith("/") ? url.startsWith(entry.url) : url === entry.url));
  return one === undefined ? "nobody answers" : notaryFile(one.file);
}
