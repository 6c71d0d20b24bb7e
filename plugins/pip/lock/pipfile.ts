import {
  elsewhere,
  EMPTY,
  firstParty,
  isRelease,
  isTable,
  join,
  type Lock,
  type Table,
  tables,
  textOf,
  unusable,
  digestsIn,
} from "./locked.ts";
import { isInProject } from "./uv.ts";

/** Pipfile.lock (pipfile-spec 6): hashes without file names, so that the index has to say which files they are. */
export function readPipfile(lock: Table): Lock {
  const meta = isTable(lock["_meta"]) ? lock["_meta"] : {};
  if (meta["pipfile-spec"] !== 6) return unusable("Pipfile.lock", null, "its pipfile-spec is not 6");
  const sources = new Map(tables(meta["sources"]).map((one) => [textOf(one["name"]) ?? "", textOf(one["url"])]));
  const groups = Object.entries(lock).filter(([key]) => key !== "_meta");
  return join(
    groups.flatMap(([, group]) =>
      Object.entries(isTable(group) ? group : {}).map(([name, entry]) =>
        readEntry(name, isTable(entry) ? entry : {}, sources),
      ),
    ),
  );
}

function readEntry(name: string, entry: Table, sources: ReadonlyMap<string, string | null>): Lock {
  for (const [key, kind] of [
    ["git", "vcs"],
    ["hg", "vcs"],
    ["svn", "vcs"],
    ["bzr", "vcs"],
    ["file", "url"],
    ["uri", "url"],
    ["url", "url"],
  ] as const) {
    const found = textOf(entry[key]);
    if (found !== null) return elsewhere(name, null, kind, found);
  }
  const path = textOf(entry["path"]);
  if (path !== null) return isInProject(path) ? firstParty(name, path) : elsewhere(name, null, "file", path);
  const [, version] = /^==([^*\s]+)$/.exec(textOf(entry["version"]) ?? "") ?? [];
  const hashes = Array.isArray(entry["hashes"]) ? entry["hashes"] : [];
  if (version === undefined || hashes.length === 0)
    return unusable(name, null, "an entry without exact version or hashes");
  if (!isRelease(name, version)) return unusable(name, null, "what it names is not a package and a version");
  const digests = hashes.map(digestsIn);
  if (digests.includes(null)) return unusable(name, version, "a hash that is neither sha256, sha384 nor sha512");
  const index = sources.get(textOf(entry["index"]) ?? "") ?? null;
  const files = digests.map((one) => ({ name, version, filename: null, url: null, digests: one ?? [], index }));
  return { ...EMPTY, files };
}
