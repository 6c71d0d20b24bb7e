import { JsonError, parseJson, SafeInstallError } from "../../../src/plugin.ts";
import { isTable, type Lock, type Table } from "./locked.ts";
import { readPipfile } from "./pipfile.ts";
import { readPoetry } from "./poetry.ts";
import { readPylock } from "./pylock.ts";
import { readUv } from "./uv.ts";
import { basename } from "node:path";
import { parse, TomlError } from "smol-toml";

/** @throws SafeInstallError where it is not there, or not what its name says */
export function readLockfile(path: string, content: Buffer | null): Lock {
  if (content === null) {
    throw new SafeInstallError("usage", "LOCK_MISSING", `there is no ${path}`, { hint: "name the lockfile to check" });
  }
  const text = content.toString("utf8");
  switch (basename(path)) {
    case "uv.lock":
      return readUv(readToml(text, path));
    case "poetry.lock":
      return readPoetry(readToml(text, path));
    case "Pipfile.lock":
      return readPipfile(readJson(text, path));
    default:
      return readPylock(readToml(text, path));
  }
}

function readToml(text: string, path: string): Table {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof TomlError) throw malformed(path, error.message.split("\n")[0] ?? "");
    throw error;
  }
}

function readJson(text: string, path: string): Table {
  try {
    const value = parseJson(text);
    return isTable(value) ? value : {};
  } catch (error) {
    if (error instanceof JsonError) throw malformed(path, error.message);
    throw error;
  }
}

function malformed(path: string, why: string): SafeInstallError {
  return new SafeInstallError("unbound", "LOCK_MALFORMED", `${path} cannot be read: ${why}`);
}
