import { SafeInstallError } from "../errors.ts";
import { EXIT } from "../exit.ts";
import { cacheFolder } from "../io/cache.ts";
import { isOwnFolder } from "../io/store/entry.ts";
import { type CacheFile, type Kind, listCache, prune } from "../io/store/prune.ts";
import { LIMITS } from "../limits.ts";
import { durationOf } from "../policy/signers/signed.ts";
import { answer } from "../report/answer.ts";
import { printable } from "../report/text.ts";
import type { Runtime } from "../runtime.ts";
import { misused, readWords } from "../words.ts";
import { existsSync } from "node:fs";

/** `safe-install cache [prune]`: what survives between runs, and less of it. @throws SafeInstallError USAGE, CACHE_FOREIGN */
export async function cache(args: readonly string[], runtime: Runtime): Promise<number> {
  const { action, bounds } = parse(args);
  const folder = cacheFolder(runtime.env, runtime.home);
  if (existsSync(folder) && !isOwnFolder(folder)) throw foreign(folder);
  if (action === "show") return shown(folder, await listCache(folder), runtime);
  const { removed, left } = await prune(folder, { ...bounds, now: new Date() });
  return answer(
    "cache prune",
    EXIT.ok,
    {
      text: () => `removed ${figures(removed)}; ${figures(left)} left in ${printable(folder)}\n`,
      json: () => ({ folder, removed: sumOf(removed), left: sumOf(left) }),
    },
    runtime,
  );
}

function shown(folder: string, all: readonly CacheFile[], runtime: Runtime): number {
  const kinds = () => KINDS.map((kind) => [kind, sumOf(all.filter((one) => one.kind === kind))] as const);
  const json = () => ({ folder, kinds: Object.fromEntries(kinds()) });
  return answer("cache", EXIT.ok, { text: () => table(folder, all), json }, runtime);
}

function sumOf(kept: readonly CacheFile[]) {
  return { files: kept.length, bytes: kept.reduce((sum, { bytes }) => sum + bytes, 0) };
}

const OPTIONS = { "older-than": { type: "string" }, "max-size": { type: "string" } } as const;

function parse(args: readonly string[]) {
  const { values, positionals } = readWords(args, OPTIONS, "cache");
  const { "older-than": age, "max-size": size } = values;
  const [action = "show", ...more] = positionals;
  const pruning = age !== undefined || size !== undefined;
  if (more.length > 0 || !["show", "prune"].includes(action) || (action === "show" && pruning))
    throw usage(`${["cache", ...args].join(" ")}: expected nothing, or prune with its options`);
  const olderThanMs = age === undefined ? LIMITS.cacheAgeMs : durationOf(age);
  if (!Number.isFinite(olderThanMs) || olderThanMs < 0) throw usage(`--older-than ${age}: expected for instance 30d`);
  return { action, bounds: { olderThanMs, maxBytes: size === undefined ? LIMITS.cacheBytes : bytesOf(size) } };
}

const UNITS: readonly (readonly [string, number])[] = [
  ["GB", 1e9],
  ["MB", 1e6],
  ["kB", 1e3],
  ["B", 1],
];

/** `2GB`, `500MB`, `0`: decimal units (IEC 80000-13). */
function bytesOf(text: string): number {
  const [, count = "", unit = ""] = /^(\d{1,9}(?:\.\d{1,3})?)(B|kB|MB|GB)?$/i.exec(text) ?? [];
  const found = UNITS.find(([name]) => name.toLowerCase() === (unit || "B").toLowerCase());
  if (count === "" || found === undefined) throw usage(`--max-size ${text}: expected for instance 2GB`);
  return Number(count) * found[1];
}

const KINDS = ["packages", "evidence", "index", "unfinished"] as const satisfies readonly Kind[];

function table(folder: string, all: readonly CacheFile[]): string {
  const rows = KINDS.map((kind) => [kind, all.filter((one) => one.kind === kind)] as const);
  const shown = rows.filter(([, kept]) => kept.length > 0).map(([kind, kept]) => `  ${kind.padEnd(12)}${row(kept)}\n`);
  return `${printable(folder)}\n${shown.join("") || "  nothing\n"}${PROMISE}`;
}

function row(kept: readonly CacheFile[]): string {
  const days = kept.map(({ lastUsed }) => new Date(lastUsed).toISOString().slice(0, 10)).sort();
  const [first, last] = [days[0], days.at(-1)];
  const used = first === last ? `used on ${first}` : `used between ${first} and ${last}`;
  return `${String(kept.length).padStart(7)}  ${sizeOf(kept).padStart(9)}  ${used}`;
}

const PROMISE = `Proven again at each use. Unused for ${LIMITS.cacheAgeMs / 86_400_000} days, or beyond ${shownBytes(LIMITS.cacheBytes)}, it goes by itself.\n`;

function figures(kept: readonly CacheFile[]): string {
  return `${kept.length} ${kept.length === 1 ? "file" : "files"} (${sizeOf(kept)})`;
}

function sizeOf(kept: readonly CacheFile[]): string {
  return shownBytes(kept.reduce((sum, { bytes }) => sum + bytes, 0));
}

function shownBytes(bytes: number): string {
  const [unit, one] = UNITS.find(([, size]) => bytes >= size) ?? ["B", 1];
  return `${one === 1 ? bytes : (bytes / one).toFixed(1).replace(/\.0$/, "")} ${unit}`;
}

function usage(message: string): SafeInstallError {
  return misused(message, "cache");
}

function foreign(folder: string): SafeInstallError {
  const message = `${folder} is not a folder of yours: nothing in it is read or written`;
  return new SafeInstallError("unavailable", "CACHE_FOREIGN", message, {
    hint: "name another one: SAFE_INSTALL_CACHE=FOLDER",
  });
}
