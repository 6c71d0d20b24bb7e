import { digestOf, LIMITS, normalName, parseJson, tableOf, text } from "../../../src/plugin.ts";
import { takeFile } from "../bytes/kept.ts";
import { packageRef } from "../distribution.ts";
import type { Python } from "../python/run.ts";
import type { Chosen } from "../report.ts";
import type { IndexPage } from "../simple.ts";
import { sameWords } from "./said.ts";
import type { Present } from "./resolve.ts";
import * as v from "valibot";

const word = v.pipe(text, v.maxLength(LIMITS.pathLength));
const words = v.pipe(v.array(word), v.readonly());

const wheel = v.strictObject({
  version: word,
  filename: word,
  url: word,
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  provenance: v.nullable(word),
  /** The page of the index that lists it. */
  page: word,
  said: v.strictObject({ requires: words, extras: words, python: words, is: v.pipe(v.array(words), v.readonly()) }),
});

/**
 * A wheel that an earlier run has let into this environment. That is a hint and no more: its bytes are hashed and judged
 * again, and what lies in the environment is compared with them. It spares the question to an index.
 */
export type KnownWheel = v.InferOutput<typeof wheel>;

/** By normal name. */
export type KnownWheels = ReadonlyMap<string, KnownWheel>;

/** Nothing where it cannot be read. Addresses that the user's indexes do not have are not asked: then it is not known. */
export async function knownWheels(
  environment: string,
  origins: ReadonlySet<string>,
  { host }: Python,
): Promise<KnownWheels> {
  const kept = await host.cache.get(keyOf(environment));
  const isOurs = (url: string) => URL.canParse(url) && origins.has(new URL(url).origin);
  try {
    const found = v.parse(tableOf(wheel), kept === null ? {} : parseJson(kept.toString("utf8")));
    const entries = Object.entries(found).filter(
      ([, { page, provenance }]) => isOurs(page) && (provenance === null || isOurs(provenance)),
    );
    return new Map(entries);
  } catch {
    return new Map();
  }
}

/** For the next run: these and what was known before. */
export async function keepKnown(environment: string, wheels: KnownWheels, { host }: Python): Promise<void> {
  if (wheels.size === 0) return;
  await host.cache.put(keyOf(environment), Buffer.from(JSON.stringify(Object.fromEntries(wheels))));
}

function keyOf(environment: string): string {
  return `pip-installed:${environment}`;
}

/** Of what was chosen, as far as an index lists it. */
export function knownOf(
  chosen: readonly Chosen[],
  pages: readonly IndexPage[],
  sha256: (one: Chosen) => string,
  said: (one: Chosen) => KnownWheel["said"] | null,
): KnownWheels {
  const known = chosen.flatMap((one): readonly (readonly [string, KnownWheel])[] => {
    const page = pages.find(({ files }) => files.some(({ url }) => url === one.url));
    const words = said(one);
    if (page === undefined || words === null) return [];
    const provenance = page.files.find(({ url }) => url === one.url)?.provenance ?? null;
    const { package: ref, filename, url } = one;
    const { version, name } = ref;
    return [[name, { version, filename, url, sha256: sha256(one), provenance, page: page.url, said: words }]];
  });
  return new Map(known);
}

/**
 * What is installed and known, in the place of what an index would list.
 * @returns null where its bytes are not at hand, or the environment says otherwise of itself than the wheel did: then it is
 * not known at all
 */
export async function takeKnown(
  present: readonly Present[],
  known: KnownWheels,
  python: Python,
): Promise<{ readonly chosen: readonly Chosen[]; readonly pages: readonly IndexPage[] } | null> {
  const taken = await Promise.all(
    present.map(async ({ name, version, said }) => {
      const one = known.get(normalName("pypi", name));
      const digest = one === undefined ? null : digestOf("sha256", one.sha256);
      if (one === undefined || digest === null || !sameWords(one.said, said)) return null;
      const file = await takeFile([digest], python);
      if (file === null) return null;
      const { filename, url } = one;
      const chosen: Chosen = {
        package: packageRef(name, version),
        filename,
        url,
        stated: [digest],
        fetched: { file },
        listedOn: one.page,
      };
      return { chosen, page: { url: one.page, files: [fileOf(one)] } };
    }),
  );
  const found = taken.filter((one) => one !== null);
  if (found.length < taken.length) return null;
  return { chosen: found.map(({ chosen }) => chosen), pages: found.map(({ page }) => page) };
}

function fileOf({ filename, url, sha256, provenance }: KnownWheel) {
  return { filename, url, hashes: { sha256 }, provenance };
}
