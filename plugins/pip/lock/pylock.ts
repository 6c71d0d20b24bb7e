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

/** pylock.toml (PEP 751, version 1). Recorded attestation identities are a recording, not a policy: they decide nothing. */
export function readPylock(lock: Table): Lock {
  const version = textOf(lock["lock-version"]) ?? "";
  if (!/^1\.\d+$/.test(version)) return unusable("pylock.toml", null, `lock-version "${version}" is not known`);
  return join(tables(lock["packages"]).map(readPackage));
}

function readPackage(entry: Table): Lock {
  const name = textOf(entry["name"]) ?? "";
  const version = textOf(entry["version"]);
  const { vcs, directory, archive } = entry;
  if (isTable(vcs)) return elsewhere(name, version, "vcs", addressOf(vcs));
  if (isTable(directory)) {
    const path = textOf(directory["path"]) ?? "";
    return isInProject(path) ? firstParty(name, path) : elsewhere(name, version, "file", path);
  }
  if (isTable(archive))
    return elsewhere(name, version, textOf(archive["url"]) === null ? "file" : "url", addressOf(archive));
  const sdist = isTable(entry["sdist"]) ? [entry["sdist"]] : [];
  const files = [...tables(entry["wheels"]), ...sdist].map(fileOf);
  const stated = version ?? versionIn(files.map(({ filename }) => filename));
  if (stated === null) return unusable(name, null, "an entry without version");
  const lock = filesOf(name, stated, textOf(entry["index"]), files);
  const marker = textOf(entry["marker"]);
  return marker === null ? lock : { ...lock, files: lock.files.map((one) => ({ ...one, marker })) };
}

function fileOf(file: Table) {
  const address = textOf(file["name"]) ?? textOf(file["url"]) ?? textOf(file["path"]) ?? "";
  return { filename: nameIn(address), url: textOf(file["url"]), hash: file["hashes"] };
}

function versionIn(names: readonly (string | null)[]): string | null {
  const [first] = names;
  return first?.endsWith(".whl") === true ? (first.split("-")[1] ?? null) : null;
}

function addressOf(place: Table): string {
  return textOf(place["url"]) ?? textOf(place["path"]) ?? "";
}
