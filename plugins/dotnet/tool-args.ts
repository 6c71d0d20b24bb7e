import type { Invocation } from "../../src/plugin.ts";

/** What `dotnet tool restore` asks for. */
interface ToolWords {
  /** The manifest that was named; null: those that are found. */
  readonly manifest: string | null;
  /** The first word that is not understood: it may name another source. */
  readonly strange: string | null;
}

const ALONE: ReadonlySet<string> = new Set([
  "--disable-parallel",
  "--ignore-failed-sources",
  "--interactive",
  "--no-cache",
  "--no-http-cache",
]);
const WITH_VALUE: ReadonlySet<string> = new Set(["--tool-manifest", "-v", "--verbosity"]);

/** Pure: looks at the words alone. */
export function classifyTools(args: readonly string[]): Invocation {
  const { strange } = readToolWords(args);
  if (strange === null) return { kind: "gate" };
  const reason = `dotnet tool restore ${strange} would lead the restore past the gate, or is not understood`;
  return { kind: "refuse", reason, hint: "say sources in NuGet.config; gated: tool restore [--tool-manifest FILE]" };
}

/** Reads the words of `dotnet tool restore`. */
export function readToolWords(args: readonly string[]): ToolWords {
  let manifest: string | null = null;
  for (let at = 2; at < args.length; at++) {
    const word = args[at] ?? "";
    const [, name = word, stated] = /^(--?[a-z][a-z-]*)[=:](.*)$/is.exec(word) ?? [];
    const value = stated ?? (WITH_VALUE.has(name) ? args[++at] : undefined);
    if (!WITH_VALUE.has(name) && !ALONE.has(word)) return { manifest, strange: word };
    if (name === "--tool-manifest") manifest = value ?? null;
  }
  return { manifest, strange: null };
}
