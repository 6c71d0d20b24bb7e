import type { Equivalent } from "./equivalent.ts";
import { isInSample, type Sample, type Spot } from "./sample.ts";

/** As far as it is read here: the report of mutation testing (mutation-testing-report-schema). */
export interface MutationReport {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly Found[] }>>;
}

interface Found extends Omit<Spot, "file"> {
  readonly id?: string;
  readonly status: string;
  readonly coveredBy?: readonly string[];
  readonly testsCompleted?: number;
}

/** One mutant that counts. */
export interface Tried {
  readonly file: string;
  readonly line: number;
  readonly text: string;
  readonly noticed: boolean;
  /** Noticed by nothing but that the tests came to no end in time. */
  readonly late: boolean;
  readonly reached: boolean;
  readonly of: string;
  readonly to: string;
  /** The file without it, and with it. */
  readonly source: string;
  readonly mutated: string;
}

export interface Score {
  readonly tried: number;
  readonly noticed: number;
  /** Of those, what end-to-end tests alone notice; null: they were not asked. */
  readonly endToEnd: number | null;
  /** Of those, the ones with which the tests came to no end in time: an endless loop, or a machine with other things to do. */
  readonly late: readonly Tried[];
  /** Of what is not noticed: what is listed as the same program, and what is left. */
  readonly same: number;
  readonly left: readonly Tried[];
  /** Run while a module loads, and were not tried. */
  readonly untried: number;
  /** Of which no test came to its end: to be tried by themselves, and not counted. */
  readonly unasked: readonly Tried[];
  /** Listed as the same program, and noticed by a test or no longer there. */
  readonly stale: readonly Equivalent[];
  /** Noticed of those that are another program. */
  readonly percent: number;
}

interface Asked {
  /** The mutants that a test came by while it was tried; absent: all of them. */
  readonly met?: ReadonlySet<string>;
  readonly paths: readonly string[];
  readonly sample: Sample;
  readonly equivalent: readonly Equivalent[];
}

export function scoreOf(report: MutationReport, { paths, sample, equivalent, met }: Asked): Score {
  const isUnmet = ({ id, status }: Found) => status === "Survived" && met !== undefined && !met.has(id ?? "");
  const asked = (file: string) => paths.some((path) => isBelow(file, path));
  const files = Object.entries(report.files).filter(([file]) => asked(file));
  const ofSample = (file: string, mutants: readonly Found[]) =>
    mutants.filter((one) => isInSample(sample, { ...one, file }));
  const untried = files.flatMap(([file, { mutants }]) =>
    ofSample(file, mutants).filter((one) => isUntried(one) || isUnmet(one)),
  ).length;
  const tried = files.flatMap(([file, { source, mutants }]) =>
    mutants
      .filter((one) => counts(one) && !isUnmet(one) && isInSample(sample, { ...one, file }))
      .map((one) => triedOf(file, source, one)),
  );
  const unnoticed = tried.filter(({ noticed }) => !noticed);
  const left = unnoticed.filter((one) => !equivalent.some((other) => isSame(one, other)));
  const noticed = tried.length - unnoticed.length;
  const mine = sample.oneIn === 1 ? equivalent.filter(({ file }) => asked(file)) : [];
  return {
    tried: tried.length,
    noticed,
    endToEnd: null,
    late: tried.filter(({ late }) => late),
    same: unnoticed.length - left.length,
    left,
    untried,
    unasked: files.flatMap(([file, { source, mutants }]) =>
      ofSample(file, mutants)
        .filter(isUnasked)
        .map((one) => triedOf(file, source, one)),
    ),
    stale: mine.filter((one) => !unnoticed.some((other) => isSame(other, one))),
    percent: percentOf(noticed, left.length),
  };
}

/** The same score with what end-to-end tests notice of what unit tests left. */
export function withEndToEnd(score: Score, isNoticed: (one: Tried) => boolean): Score {
  const left = score.left.filter((one) => !isNoticed(one));
  const endToEnd = score.left.length - left.length;
  const noticed = score.noticed + endToEnd;
  return { ...score, noticed, endToEnd, left, percent: percentOf(noticed, left.length) };
}

function percentOf(noticed: number, left: number): number {
  return noticed + left === 0 ? 100 : (100 * noticed) / (noticed + left);
}

export function isBelow(file: string, path: string): boolean {
  return file === path || file.startsWith(`${path}/`);
}

/** In percent: what decides and proves is held to more than what knows one package manager. */
export function goalOf(path: string): number {
  return path.startsWith("plugins") ? 80 : 95;
}

export function printed({
  tried,
  noticed,
  endToEnd,
  late,
  same,
  left,
  untried,
  unasked,
  stale,
  percent,
}: Score): readonly string[] {
  const ways = [
    ...(endToEnd === null ? [] : [`${endToEnd} of them end to end`]),
    ...(late.length === 0 ? [] : [`${late.length} of them out of time`]),
  ];
  const how = ways.length === 0 ? "" : ` (${ways.join(", ")})`;
  return [
    ...late.map(({ file, line, of, to }) => `out of time: ${file}:${line} ${of} -> ${to}`),
    ...left.map(({ file, line, of, to, reached }) => `${file}:${line}${reached ? "" : " (no test)"} ${of} -> ${to}`),
    ...unasked.map(({ file, line, of, to }) => `to be tried by itself: ${file}:${line} ${of} -> ${to}`),
    ...stale.map(({ file, of, to }) => `no longer the same program, or gone: ${file} ${of} -> ${to}`),
    ...(untried === 0 ? [] : [`${untried} run only while a module loads, and were not tried: see --static`]),
    `${tried} mutants: ${noticed} noticed${how}, ${same} the same program, ${left.length} left: ${percent.toFixed(1)} %`,
  ];
}

function counts(one: Found): boolean {
  return ["Killed", "Timeout", "Survived", "NoCoverage"].includes(one.status) && !isUnasked(one);
}

/** Tests reach it, and none of them came to its end: nothing is known of it. */
function isUnasked({ status, coveredBy = [], testsCompleted }: Found): boolean {
  return status === "Survived" && coveredBy.length > 0 && testsCompleted === 0;
}

/** Also ignored is every text, for another reason. */
function isUntried({ status, mutatorName }: Found): boolean {
  return status === "Ignored" && mutatorName !== "StringLiteral";
}

function triedOf(file: string, source: string, { status, location, replacement }: Found): Tried {
  return {
    file,
    line: location.start.line,
    text: (source.split("\n")[location.start.line - 1] ?? "").trim(),
    noticed: status === "Killed" || status === "Timeout",
    late: status === "Timeout",
    reached: status !== "NoCoverage",
    of: flat(source.slice(...spanOf(source, location))),
    to: flat(replacement),
    source,
    mutated: mutatedOf(source, location, replacement),
  };
}

function mutatedOf(source: string, location: Found["location"], replacement: string): string {
  const [from, to] = spanOf(source, location);
  return `${source.slice(0, from)}${replacement}${source.slice(to)}`;
}

/** Lines and columns count from one. */
function spanOf(source: string, { start, end }: Found["location"]): readonly [from: number, to: number] {
  const lines = source.split("\n");
  const offset = ({ line, column }: Found["location"]["start"]) =>
    lines.slice(0, line - 1).reduce((sum, { length }) => sum + length + 1, column - 1);
  return [offset(start), offset(end)];
}

function flat(text: string): string {
  const one = text.replace(/\s+/g, " ").trim();
  return one.length > 120 ? `${one.slice(0, 117)}...` : one;
}

function isSame(one: Tried, other: Equivalent): boolean {
  return one.file === other.file && one.text === other.line && one.of === other.of && one.to === other.to;
}
