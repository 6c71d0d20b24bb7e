/** One lock in many shapes, read by us and by its tool: whatever the tool would install is judged, or the lock is refused. */
import { SafeInstallError } from "../../../src/errors.ts";
import { mutantsOf, type Value } from "../lock-mutants.ts";
import { type Chance, chanceOf } from "./chance.ts";
import { twisted } from "./twists.ts";

/** What a tool would install for an entry of the lock. */
export interface Installed {
  /** As both sides spell it: name and version in their normal form. */
  readonly key: string;
  /** Every digest (in hex) with which the tool takes bytes for it; empty: any bytes; null: it does not say. */
  readonly hashes: readonly string[] | null;
  /** Absolute; a folder that is linked or built, in place of bytes from elsewhere. */
  readonly folder?: string;
}

/** What we judge. */
export interface Judged {
  /** Digests in hex by key. */
  readonly files: ReadonlyMap<string, ReadonlySet<string>>;
  /** Absolute: named in the report as ours. */
  readonly folders: ReadonlySet<string>;
}

export interface Contest {
  readonly lock: Value;
  /** null: no file has this content. */
  readonly spell: (lock: Value, chance: Chance) => string | null;
  /** What its tool would install of these; null: it refuses. In the order of the texts. */
  readonly tool: (texts: readonly string[]) => Promise<readonly (readonly Installed[] | null)[]>;
  /** null: we refuse. A SafeInstallError says the same; every other error is a fault. */
  readonly ours: (text: string) => Promise<Judged | null>;
}

export interface Outcome {
  readonly made: number;
  /** Of those: the tool would install something. */
  readonly accepted: number;
  /** Of the accepted: exit 0 as far as the lock goes. */
  readonly judged: number;
  readonly refused: number;
  /** Refused by the tool and judged by us: no harm. */
  readonly stricter: number;
  readonly faults: readonly string[];
}

/** `SAFE_INSTALL_TEST_MUTANTS=200`, `SAFE_INSTALL_TEST_SEED=7`: so many that the tool accepts, or others. */
const ACCEPTED = Number(process.env["SAFE_INSTALL_TEST_MUTANTS"] ?? 2000);
const SEED = Number(process.env["SAFE_INSTALL_TEST_SEED"] ?? 1);

/** For what takes seconds a mutant: a sample, and no more of it than of the rest. */
export function fewer(sample: number): number {
  return Math.min(sample, ACCEPTED);
}

const BATCH = 25;

/**
 * Mutants until the tool has accepted that many, each of its own seed: what is found is found again with that seed. What was
 * counted is printed under this name.
 */
export async function contest(
  name: string,
  { lock, spell, tool, ours }: Contest,
  { accepted: enough = ACCEPTED, seed = SEED }: { readonly accepted?: number; readonly seed?: number } = {},
): Promise<Outcome> {
  const odd = mutantsOf(lock);
  const seen = new Set<string>();
  const faults: string[] = [];
  const count = { made: 0, accepted: 0, judged: 0, refused: 0, stricter: 0 };
  for (let number = 0; count.accepted < enough && number < enough * 40;) {
    const texts: string[] = [];
    for (; texts.length < Math.min(BATCH, enough); number += 1) {
      const chance = chanceOf(seed * 1_000_003 + number);
      const one = twisted(lock, odd, chance);
      const text = one === null ? null : spell(one, chance);
      if (text === null || seen.has(text)) continue;
      seen.add(text);
      texts.push(text);
    }
    const installed = await tool(texts);
    for (const [index, text] of texts.entries()) {
      const found = installed[index] ?? null;
      const judged = await judgedOr(ours, text);
      count.made += 1;
      if (judged instanceof Error) faults.push(`${judged.stack}\n${text}`);
      if (found === null || found.length === 0) {
        if (judged !== null) count.stricter += 1;
        continue;
      }
      count.accepted += 1;
      if (judged === null) count.refused += 1;
      if (judged === null || judged instanceof Error) continue;
      count.judged += 1;
      const missed = found.filter((entry) => !isJudged(entry, judged));
      if (missed.length > 0) faults.push(`not judged: ${JSON.stringify(missed)}\n${text}`);
    }
  }
  console.log(name, JSON.stringify({ ...count, faults: faults.length }));
  return { ...count, faults };
}

async function judgedOr(ours: Contest["ours"], text: string): Promise<Judged | null | Error> {
  try {
    return await ours(text);
  } catch (error) {
    return error instanceof SafeInstallError ? null : (error as Error);
  }
}

function isJudged({ key, hashes, folder }: Installed, { files, folders }: Judged): boolean {
  if (folder !== undefined) return folders.has(folder);
  if (hashes === null) return files.has(key);
  // No digest on either side: its bytes are judged as the registry serves them.
  if (hashes.length === 0) return files.get(key)?.size === 0;
  return hashes.every((hex) => files.get(key)?.has(hex) === true);
}
