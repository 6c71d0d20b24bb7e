import {
  elsewhere,
  filesOf,
  firstParty,
  isTable,
  join,
  type Lock,
  nameIn,
  type Table,
  tables,
  textOf,
  unusable,
} from "./locked.ts";

/** uv.lock, version 1 (uv 0.4 to 0.12). */
export function readUv(lock: Table): Lock {
  if (lock["version"] !== 1)
    return unusable("uv.lock", null, `version ${String(lock["version"])} of uv.lock is not known`);
  return join(tables(lock["package"]).map(readPackage));
}

function readPackage(entry: Table): Lock {
  const name = textOf(entry["name"]) ?? "";
  const version = textOf(entry["version"]);
  const source = isTable(entry["source"]) ? entry["source"] : {};
  const own = textOf(source["editable"]) ?? textOf(source["virtual"]) ?? textOf(source["directory"]);
  if (own !== null) return isInProject(own) ? firstParty(name, own) : elsewhere(name, version, "file", own);
  for (const [key, kind] of [
    ["git", "vcs"],
    ["url", "url"],
    ["path", "file"],
  ] as const) {
    const found = textOf(source[key]);
    if (found !== null) return elsewhere(name, version, kind, found);
  }
  const index = textOf(source["registry"]);
  if (index === null || version === null) return unusable(name, version, "an entry without registry or version");
  const files = [...tables(entry["wheels"]), ...(isTable(entry["sdist"]) ? [entry["sdist"]] : [])];
  return filesOf(name, version, index, files.map(fileOf));
}

function fileOf(file: Table) {
  const url = textOf(file["url"]);
  const address = url ?? textOf(file["path"]) ?? textOf(file["filename"]) ?? "";
  return { filename: nameIn(address), url, hash: file["hash"] };
}

/** uv writes folders relative to the lock; what climbs out of it is somebody else's. */
export function isInProject(folder: string): boolean {
  return !/^(?:[/\\]|[A-Za-z]:)/.test(folder) && !folder.split(/[/\\]/).includes("..");
}
