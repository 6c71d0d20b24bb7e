const TAGS = "refs/tags/";

/**
 * A ref as a signer pins it: in a tag that spells the package's version (once, and as a whole), the version becomes `{version}`.
 * Everything else stays literal: one observed branch says nothing about others.
 */
export function generaliseRef(ref: string, version: string): string {
  if (!ref.startsWith(TAGS)) return ref;
  const tag = ref.slice(TAGS.length);
  const at = tag.indexOf(version);
  if (at < 0 || tag.indexOf(version, at + 1) >= 0) return ref;
  const before = tag.slice(0, at);
  const after = tag.slice(at + version.length);
  if (/[0-9]\.?$/.test(before) || /^[0-9A-Za-z.+-]/.test(after)) return ref;
  return `${TAGS}${before}{version}${after}`;
}

/** The same where tags also name the package, as monorepos do: its name becomes `*`, which never goes past a `/`. */
export function generaliseName(ref: string, name: string): string {
  if (!ref.startsWith(TAGS) || !ref.includes("{version}")) return ref;
  const own = name.split("/").at(-1) ?? name;
  const tag = ref.slice(TAGS.length);
  const at = tag.indexOf(own);
  if (at < 0 || tag.indexOf(own, at + 1) >= 0) return ref;
  const before = tag.slice(0, at);
  const after = tag.slice(at + own.length);
  if (/[A-Za-z0-9]$/.test(before) || /^[A-Za-z0-9]/.test(after)) return ref;
  return `${TAGS}${before}*${after}`;
}
