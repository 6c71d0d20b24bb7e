/**
 * A feed that does not have all that there ever was: a version that it lacks is replaced by the next one that it has, for plain
 * dotnet as for us. With the registry itself nothing is replaced.
 */
import type { FeedProxy } from "./feed.ts";
import type { Shape } from "./shape.ts";
import pMap from "p-map";

/** What was replaced or left out, beside the shape without it: `ID 1.0.0 -> 1.0.1`. */
export interface Available {
  readonly shape: Shape;
  readonly replaced: readonly string[];
}

const EXACT = /^\[?(\d+(?:\.\d+)*(?:-[\w.-]+)?)\]?$/;

export async function available(shape: Shape, feed: FeedProxy): Promise<Available> {
  const properties = propertiesOf(shape);
  await pMap(idsIn(shape), (id) => feed.versions(id), { concurrency: 16 });
  const replaced = new Set<string>();
  const entries: (readonly [string, string])[] = [];
  for (const [path, text] of Object.entries(shape)) entries.push([path, await changed(path, text)]);
  return { shape: Object.fromEntries(entries), replaced: [...replaced] };

  async function changed(path: string, text: string): Promise<string> {
    if (isLock(path)) return text;
    let after = text;
    for (const [whole, ...groups] of text.matchAll(NAMED)) {
      const [id = "", version = ""] = groups.filter((one) => one !== undefined);
      const said = EXACT.exec(
        version.replaceAll(/\$\(([\w-]+)\)/g, (_, name: string) => properties.get(name.toLowerCase()) ?? ""),
      )?.[1];
      const found = said === undefined ? undefined : nearest(said, await feed.versions(id));
      if (said === undefined || found === undefined || found === said.toLowerCase()) continue;
      replaced.add(`${id} ${said} -> ${found}`);
      after = after.replaceAll(
        whole,
        whole.slice(0, whole.lastIndexOf(version)) +
          whole.slice(whole.lastIndexOf(version)).replace(version, () => found),
      );
    }
    return after;
  }
}

/** References with their versions, project SDKs, and the tools of a manifest. */
const NAMED =
  /(?:(?:Include|Update)="([\w.-]+)"(?: [A-Z]\w*="[^"]*")*? (?:Version|VersionOverride)="([^"]+)")|(?:Sdk="([\w.-]+)\/([^"]+)")|(?:<Sdk Name="([\w.-]+)" Version="([^"]+)")|(?:"([\w.-]+)":\s*\{\s*"version":\s*"([^"]+)")|(?:"([\w.-]+\.Sdk)":\s*"([^"]+)")/g;

/** Asked for together: one after the other takes minutes. */
function idsIn(shape: Shape): readonly string[] {
  const all = Object.entries(shape).flatMap(([path, text]) => (isLock(path) ? [] : [...text.matchAll(NAMED)]));
  return [...new Set(all.map(([, ...groups]) => groups.find((one) => one !== undefined) ?? ""))];
}

function isLock(path: string): boolean {
  return /packages\.lock\.json$/i.test(path);
}

function propertiesOf(shape: Shape): ReadonlyMap<string, string> {
  const all = Object.values(shape).flatMap((text) => [...text.matchAll(/<(\w+)>([^<$]+)<\/\1>/g)]);
  return new Map(all.map(([, name = "", value = ""]) => [name.toLowerCase(), value]));
}

/** Itself, else the next one, else the last one. */
function nearest(wanted: string, versions: readonly string[]): string | undefined {
  const like = versions.filter((one) => one.includes("-") === wanted.includes("-"));
  if (versions.length === 0 || versions.includes(wanted.toLowerCase()))
    return versions.length === 0 ? undefined : wanted.toLowerCase();
  const among = like.length > 0 ? like : versions;
  return among.find((one) => compare(one, wanted) >= 0) ?? among.at(-1);
}

function compare(a: string, b: string): number {
  const [left, right] = [a, b].map((one) => one.split(/[.+-]/).map(Number));
  for (let at = 0; at < 4; at++) {
    const by = (left?.[at] || 0) - (right?.[at] || 0);
    if (by !== 0) return by;
  }
  return 0;
}

/**
 * What NuGet says of a feed that is not whole: a package that it has no version of is left out, with those that need it; one that
 * another needs newer is taken newer; so is a framework whose packs it lacks.
 */
export async function repaired(shape: Shape, said: string, feed: FeedProxy): Promise<Available> {
  const replaced = new Set<string>();
  let texts = shape;
  for (const [, id = "", version = ""] of said.matchAll(/Detected package downgrade: (\S+) from (\S+) to /g))
    change(`${id} -> ${version}`, (text) =>
      text.replaceAll(versionOf(id), (_, before: string) => `${before}${version}"`),
    );
  for (const [, id = ""] of said.matchAll(/NU1101: Unable to find package ([\w.-]+)\./g))
    for (const one of await namersOf(id)) change(`without ${one} (${id})`, (text) => text.replaceAll(linesOf(one), ""));
  for (const [, major = ""] of said.matchAll(/NU1102: Unable to find package \S+\.App\.Ref with version \(= (\d+)\./g))
    change(`without net${major}.0`, (text) => text.replaceAll(new RegExp(`\\bnet${major}\\.0;?`, "g"), ""));
  for (const [, id = "", version = ""] of said.matchAll(
    /Unable to find package (\S+) with version [^]*?Nearest version: (\S+)/g,
  ))
    if (!id.endsWith(".App.Ref"))
      change(`${id} -> ${version}`, (text) =>
        text.replaceAll(versionOf(id), (_, before: string) => `${before}${version}"`),
      );
  return { shape: texts, replaced: [...replaced] };

  function change(what: string, act: (text: string) => string): void {
    const after = Object.fromEntries(
      Object.entries(texts).map(([path, text]) => [path, isLock(path) ? text : act(text)]),
    );
    if (JSON.stringify(after) === JSON.stringify(texts)) return;
    replaced.add(what);
    texts = after;
  }

  /** It itself, or who needs it. */
  async function namersOf(id: string): Promise<readonly string[]> {
    const named = idsIn(texts);
    if (named.some((one) => one.toLowerCase() === id.toLowerCase())) return [id];
    const needs = await pMap(
      named,
      async (one) => {
        const version = (await feed.versions(one)).at(-1) ?? "";
        return (await feed.nuspec(one, version)).toLowerCase().includes(`id="${id.toLowerCase()}"`) ? [one] : [];
      },
      { concurrency: 16 },
    );
    return needs.flat();
  }
}

function versionOf(id: string): RegExp {
  return new RegExp(
    `((?:Include|Update)="${id.replaceAll(".", "\\.")}"(?: [A-Z]\\w*="[^"]*")*? Version(?:Override)?=")[^"]*"`,
    "gi",
  );
}

/** An element of that name, alone or with its metadata. */
function linesOf(id: string): RegExp {
  const name = id.replaceAll(".", "\\.");
  return new RegExp(`^ *<(\\w+) (?:Include|Update)="${name}"(?:[^>]*/>|[^>]*>[^]*?</\\1>)\\n`, "gim");
}
