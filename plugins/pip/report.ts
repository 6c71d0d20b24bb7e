import { type Denial, type Digest, digestOf, type PackageRef, parseJson, type Unbound } from "../../src/plugin.ts";
import { packageRef } from "./distribution.ts";
import { notUnderstood } from "./python/run.ts";
import { type IndexPage, lastSegment } from "./simple.ts";
import { readFile } from "node:fs/promises";

/** One file that pip would install. */
export interface Chosen {
  readonly package: PackageRef;
  readonly filename: string;
  readonly url: string;
  /** What report and index state. */
  readonly stated: readonly Digest[];
  /** Fetched into a private file, or why not. */
  readonly fetched: FetchOutcome;
  /** The page that listed it in an earlier run; absent: this run has its page. */
  readonly listedOn?: string;
}

export type FetchOutcome =
  | { readonly file: string }
  | { readonly failure: string; readonly tooLarge: boolean; readonly absent?: true };

/** One archive that the resolution fetched, or why not. */
export interface FetchedFile {
  readonly url: string;
  readonly file?: string;
  /** Not fetched: an earlier run may have kept bytes of this sha256. */
  readonly kept?: string;
  readonly failure?: string;
  readonly tooLarge?: boolean;
}

interface ReportItem {
  readonly metadata: { readonly name: string; readonly version: string };
  readonly is_direct: boolean;
  readonly download_info: {
    readonly url: string;
    readonly vcs_info?: unknown;
    readonly archive_info?: { readonly hash?: string; readonly hashes?: Readonly<Record<string, string>> };
  };
}

/** pip's installation report (version 1). Its names and versions are the index's words until the bytes were proven. */
export async function readInstalled(path: string): Promise<readonly ReportItem[]> {
  const { version, install } = parseJson(await readFile(path, "utf8")) as { version?: unknown; install?: ReportItem[] };
  if (version !== "1" || !Array.isArray(install)) throw notUnderstood("its report has another form");
  return install;
}

export function statedBy({ download_info: { archive_info: info } }: ReportItem): readonly Digest[] {
  const [algorithm = "", hex = ""] = (info?.hash ?? "").split("=");
  const all = [...Object.entries(info?.hashes ?? {}), [algorithm, hex] as const];
  return unique(all.map(([name, value]) => digestOf(name, value)).filter((one) => one !== null));
}

/** What pip chose, joined with what the index pages state and with the files that were fetched. */
export async function readChosen(
  report: string,
  fetchedFiles: readonly FetchedFile[],
  pages: readonly IndexPage[],
): Promise<{ readonly chosen: readonly Chosen[]; readonly unbound: readonly Unbound[] }> {
  const items = await readInstalled(report);
  const files = new Map(fetchedFiles.map((one) => [one.url, one]));
  const onPages = new Map(pages.flatMap((page) => page.files.map((file) => [file.url, file] as const)));
  const chosen: Chosen[] = [];
  const unbound: Unbound[] = [];
  for (const item of items) {
    const { name, version } = item.metadata;
    const ref = packageRef(name, version);
    const url = item.download_info.url.split("#")[0] ?? "";
    if (item.is_direct)
      unbound.push({
        package: ref,
        location: withoutSecrets(url),
        denial: byUrl(url, item.download_info.vcs_info !== undefined),
      });
    else {
      const onPage = Object.entries(onPages.get(url)?.hashes ?? {}).map(([one, hex]) => digestOf(one, hex));
      const stated = unique([...statedBy(item), ...onPage.filter((one) => one !== null)]);
      const { file, failure = "was not fetched", tooLarge = false } = files.get(url) ?? {};
      const fetched: FetchOutcome = file === undefined ? { failure, tooLarge } : { file };
      const filename = (URL.canParse(url) ? lastSegment(new URL(url)) : null) ?? "";
      chosen.push({ package: ref, filename, url, stated, fetched });
    }
  }
  return { chosen, unbound };
}

/** Of a dependency by URL. */
export function byUrl(found: string, isVcs: boolean): Denial {
  return {
    code: isVcs ? "GIT_DEPENDENCY" : "REMOTE_DEPENDENCY",
    message: "a package depends on it by URL, outside of every index",
    details: [{ name: "source", expected: "an index", found: withoutSecrets(found) }],
    hint: "constrain the package that asks for it to a version that does not",
  };
}

/** Without the user names, passwords and queries (signed addresses) of the addresses in it. */
export function withoutSecrets(text: string): string {
  return text.replaceAll(/\/\/[^/@\s]*@/g, "//").replaceAll(/(:\/\/[^\s?#'"]+)\?[^\s#'"]*/g, "$1");
}

export function unique<T extends Digest | string>(items: readonly T[]): readonly T[] {
  return [...new Map(items.map((one) => [JSON.stringify(one), one])).values()];
}
