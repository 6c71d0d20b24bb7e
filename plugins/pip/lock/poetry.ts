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
import { isInProject } from "./uv.ts";

/** poetry.lock: versions 1.1 (files under `metadata`) to 2.1 (files in the package). */
export function readPoetry(lock: Table): Lock {
  const metadata = isTable(lock["metadata"]) ? lock["metadata"] : {};
  const version = textOf(metadata["lock-version"]) ?? "";
  if (!/^[12]\./.test(version)) return unusable("poetry.lock", null, `lock-version "${version}" is not known`);
  const older = isTable(metadata["files"]) ? metadata["files"] : {};
  return join(tables(lock["package"]).map((entry) => readPackage(entry, older)));
}

const KINDS: Readonly<Record<string, "vcs" | "url" | "file">> = { git: "vcs", url: "url", file: "file" };

function readPackage(entry: Table, older: Table): Lock {
  const name = textOf(entry["name"]) ?? "";
  const version = textOf(entry["version"]);
  if (version === null) return unusable(name, null, "an entry without version");
  const source = isTable(entry["source"]) ? entry["source"] : null;
  const type = textOf(source?.["type"]) ?? "legacy";
  const url = textOf(source?.["url"]);
  if (type === "directory" && url !== null && isInProject(url)) return firstParty(name, url);
  if (type !== "legacy") return elsewhere(name, version, KINDS[type] ?? "file", url ?? type);
  const listed = tables(entry["files"]);
  const files = listed.length > 0 ? listed : tables(older[name]);
  return filesOf(
    name,
    version,
    url,
    files.map(({ file, hash }) => ({ filename: nameIn(textOf(file) ?? ""), url: null, hash })),
  );
}
