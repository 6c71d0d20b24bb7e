import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";

/** One member of an archive; `path` as it stands in the archive (npm's own begin with `package/`). */
export interface TarEntry {
  readonly path: string;
  readonly content?: string | Uint8Array;
  /** POSIX permission bits, 0o644 unless told. */
  readonly mode?: number;
  /** ustar type flag: "0" file, "1" hard link, "2" symbolic link, "5" folder. */
  readonly type?: string;
  readonly linkpath?: string;
}

export interface PackageContent {
  readonly name: string;
  readonly version: string;
  /** Path below the package -> content. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly bin?: string | Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  /** Packages that travel inside: under `node_modules/NAME`, named in `bundleDependencies`. */
  readonly bundled?: readonly PackageContent[];
  /** Anything else of package.json; wins over the rest. */
  readonly manifest?: Readonly<Record<string, unknown>>;
  /** Members after the usual ones, for archives that are not as they should be. */
  readonly extra?: readonly TarEntry[];
}

/** An npm tarball: the same bytes for the same content, on every machine. */
export function makeTarball(content: PackageContent): Buffer {
  return gzipSync(makeTar([...entriesOf(content, "package"), ...(content.extra ?? [])]), { level: 9 });
}

/** package.json of a package, as an object. */
export function manifestOf(content: PackageContent): Record<string, unknown> {
  const { name, version, files: _, bundled, manifest, extra: __, ...rest } = content;
  const bundle = bundled === undefined ? {} : { bundleDependencies: bundled.map((one) => one.name) };
  return { name, version, main: "index.js", ...rest, ...bundle, ...manifest };
}

export function sriOf(bytes: Buffer, algorithm: "sha1" | "sha256" | "sha384" | "sha512" = "sha512"): string {
  return `${algorithm}-${createHash(algorithm).update(bytes).digest("base64")}`;
}

export function hexOf(bytes: Buffer, algorithm: "sha1" | "sha256" | "sha384" | "sha512" = "sha512"): string {
  return createHash(algorithm).update(bytes).digest("hex");
}

/** A bare tar archive (POSIX ustar), with nothing that depends on the clock or the user. */
export function makeTar(entries: readonly TarEntry[]): Buffer {
  return Buffer.concat([...entries.flatMap(member), Buffer.alloc(1024)]);
}

function entriesOf(content: PackageContent, folder: string): readonly TarEntry[] {
  const files = {
    "index.js": `module.exports = ${JSON.stringify(`${content.name}@${content.version}`)};\n`,
    ...content.files,
  };
  return [
    { path: `${folder}/package.json`, content: `${JSON.stringify(manifestOf(content), null, 2)}\n` },
    ...Object.entries(files).map(([path, text]) => ({ path: `${folder}/${path}`, content: text, mode: 0o755 })),
    ...(content.bundled ?? []).flatMap((inner) => entriesOf(inner, `${folder}/node_modules/${inner.name}`)),
  ];
}

function member(entry: TarEntry): readonly Buffer[] {
  const content = Buffer.from(entry.content ?? "");
  return [header(entry, content.length), content, Buffer.alloc((512 - (content.length % 512)) % 512)];
}

/** POSIX.1-1988 ustar header block. */
function header(entry: TarEntry, size: number): Buffer {
  const block = Buffer.alloc(512);
  const { name, prefix } = splitPath(entry.path);
  block.write(name, 0, 100);
  block.write(octal(entry.mode ?? 0o644, 8), 100);
  block.write(octal(0, 8), 108);
  block.write(octal(0, 8), 116);
  block.write(octal(size, 12), 124);
  block.write(octal(499162500, 12), 136);
  block.write(" ".repeat(8), 148);
  block.write(entry.type ?? "0", 156);
  block.write(entry.linkpath ?? "", 157, 100);
  block.write("ustar\u000000", 257);
  block.write(prefix, 345, 155);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}

function splitPath(path: string): { name: string; prefix: string } {
  if (Buffer.byteLength(path) <= 100) return { name: path, prefix: "" };
  const slash = path.indexOf("/", Math.max(0, path.length - 100));
  return { name: path.slice(slash + 1), prefix: path.slice(0, slash) };
}

function octal(value: number, width: number): string {
  return `${value.toString(8).padStart(width - 1, "0")}\0`;
}
