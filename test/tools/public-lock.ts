/**
 * Keeps a public lock for `test/real/public-locks`: `node .build/test/tools/public-lock.js GIT_DIRECTORY [FOLDER]`, of which the
 * lock of that folder at HEAD is read. Prints what the table wants to know. `SAFE_INSTALL_LOCKS_CACHE`: a folder for the
 * registry's answers.
 */
import {
  differences,
  digestOf,
  type Entry,
  entryOf,
  isArchive,
  type KeptLock,
  type Manifest,
  readOf,
  sha1Of,
} from "../support/public-locks/kept.ts";
import { startProxy } from "../support/public-locks/proxy.ts";
import { manifestsOf } from "../support/public-locks/rebuild.ts";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, posix } from "node:path";
import { brotliCompressSync } from "node:zlib";

/** What npm reads of a package.json when it installs what a lock says. */
const MEMBERS = [
  "name",
  "version",
  "bin",
  "engines",
  "os",
  "cpu",
  "workspaces",
  "overrides",
  "dependencies",
  "devDependencies",
  "optionalDependencies",
  "peerDependencies",
  "peerDependenciesMeta",
  "bundleDependencies",
  "bundledDependencies",
];

/** How npm installs, and nothing of where from. */
const SETTINGS =
  /^\s*(?:legacy-peer-deps|strict-peer-deps|engine-strict|install-links|omit|include|force|prefer-dedupe|install-strategy|legacy-bundling|global-style|workspaces-update|package-lock|lockfile-version|save-exact)\s*=/;

const ARCHIVE = /^https:\/\/[^/]+\/.+\/-\/[^/]+\.tgz/;

const [git = "", folder = ""] = process.argv.slice(2);
await keep();

async function keep(): Promise<void> {
  const file = ["npm-shrinkwrap.json", "package-lock.json"].find((name) => show(posix.join(folder, name)) !== null);
  if (file === undefined) throw new Error(`no lock in ${folder} of ${git}`);
  const lock = json(posix.join(folder, file)) as {
    readonly lockfileVersion?: number;
    readonly packages: Readonly<Record<string, Entry>>;
  };
  const read = Object.fromEntries(Object.entries(lock.packages).map(([place, entry]) => [place, readOf(place, entry)]));
  const archives = Object.entries(read).filter(
    ([place, entry]) => isArchive(place, entry) && ofRegistry(lock.packages[place]),
  );
  const registry = await startProxy(
    process.env["SAFE_INSTALL_LOCKS_CACHE"] ?? mkdtempSync(join(tmpdir(), "safe-install-locks-")),
  );
  const manifests = await manifestsOf(archives.map(specOf), registry);
  const known = archives.flatMap(([place, entry]) => {
    const manifest = manifests.get(specOf([place, entry]));
    return manifest === undefined ? [] : [[place, specOf([place, entry]), other(place, entry, manifest)] as const];
  });
  const places = new Set(known.map(([place]) => place));
  const others = Object.fromEntries(Object.entries(read).filter(([place]) => !places.has(place)));
  const kept: KeptLock = {
    file: file as KeptLock["file"],
    lockfileVersion: lock.lockfileVersion ?? 1,
    manifests: manifestsBeside(lock.packages),
    npmrc: (show(posix.join(folder, ".npmrc")) ?? "").split(/\r?\n/).filter((line) => SETTINGS.test(line)),
    packages: known.map(([place, spec, said]) =>
      Object.keys(said).length === 0 ? [place, spec] : [place, spec, said],
    ),
    others,
    digest: digestOf(read),
  };
  const name = [basename(dirname(git)), ...folder.split("/").filter((part) => part !== "" && part !== ".")].join("+");
  const body = brotliCompressSync(JSON.stringify(kept));
  mkdirSync("test/real/locks", { recursive: true });
  writeFileSync(join("test/real/locks", `${name}.br`), body);
  const elsewhere = Object.entries(others).filter(([place, entry]) => isArchive(place, entry));
  const said = known.filter(([, , difference]) => Object.keys(difference).length > 0).length;
  const commit = execFileSync("git", ["--git-dir", git, "rev-parse", "HEAD"], { encoding: "utf8" }).trim();
  console.log(
    JSON.stringify({
      name,
      commit,
      packages: archives.length,
      differing: said,
      unknown: elsewhere.length,
      bytes: body.length,
    }),
  );
  for (const [place] of elsewhere) console.log("  not of the registry:", place, lock.packages[place]?.["resolved"]);
  await registry.close();
}

function specOf([place, { name, version }]: readonly [string, Entry]): string {
  const last = place.slice(place.lastIndexOf("node_modules/") + "node_modules/".length);
  return `${typeof name === "string" ? name : last}@${String(version)}`;
}

/** A lock says sha1 where npm had nothing better: the registry's own is meant. */
function other(place: string, entry: Entry, manifest: Manifest): Entry {
  const sha1 = sha1Of((manifest["dist"] as { readonly shasum?: string } | undefined)?.shasum);
  const said = differences(entry, entryOf(manifest, place));
  return said["integrity"] === sha1 && sha1 !== undefined ? { ...said, integrity: sha1 } : said;
}

/** npm archives lie at `NAME/-/FILE.tgz` of a registry. */
function ofRegistry(entry: Entry = {}): boolean {
  const { resolved } = entry;
  return resolved === undefined || (typeof resolved === "string" && ARCHIVE.test(resolved));
}

function manifestsBeside(packages: Readonly<Record<string, Entry>>): KeptLock["manifests"] {
  const folders = Object.keys(packages).filter((place) => !/(?:^|\/)node_modules\//.test(place));
  return Object.fromEntries(
    folders.flatMap((place) => {
      const manifest = json(posix.join(folder, place, "package.json")) as Manifest | null;
      return manifest === null ? [] : [[place, reduced(manifest)]];
    }),
  );
}

function reduced(manifest: Manifest): Manifest {
  return Object.fromEntries(MEMBERS.filter((member) => member in manifest).map((member) => [member, manifest[member]]));
}

function json(path: string): unknown {
  const text = show(path);
  return text === null ? null : JSON.parse(text.replace(/^\uFEFF/, ""));
}

function show(path: string): string | null {
  try {
    return execFileSync("git", ["--git-dir", git, "show", `HEAD:${path}`], {
      encoding: "utf8",
      maxBuffer: 1e9,
      stdio: ["ignore", "pipe", "ignore"],
    });
  } catch {
    return null;
  }
}
