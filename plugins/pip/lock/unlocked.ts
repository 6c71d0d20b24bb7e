/** What a lock's own tool fetches and runs, although no lock holds it. */
import { free, LIMITS, type Host, normalName, type NotGated } from "../../../src/plugin.ts";
import { parseDistribution } from "../distribution.ts";
import { basename, dirname, join } from "node:path";
import { parse } from "smol-toml";
import * as v from "valibot";

/** A file that a lock admits, as far as it counts here. */
interface File {
  readonly name: string;
  readonly version: string;
  readonly filename: string | null;
}

/** Of the lock at this path: what the project's settings beside it have its tool do. */
export async function unlockedBeside(
  path: string,
  files: readonly File[],
  host: Pick<Host, "read">,
): Promise<readonly NotGated[]> {
  const settings = (name: string) => readSettings(join(dirname(path), name), host);
  switch (basename(path)) {
    case "uv.lock":
      return [
        ...noBinaryOf(await settings("pyproject.toml"), "pyproject.toml", ["tool", "uv"], files),
        ...noBinaryOf(await settings("uv.toml"), "uv.toml", [], files),
      ];
    case "poetry.lock":
      return [
        ...pluginsOf(await settings("pyproject.toml")),
        ...noBinaryOf(await settings("poetry.toml"), "poetry.toml", ["installer"], files),
      ];
    case "Pipfile.lock":
      return buildSystemOf(await settings("Pipfile"));
    default:
      return [];
  }
}

/** Where no wheel of a release fits, installers build it, with requirements that no lock holds. */
export function buildsElsewhere(files: readonly File[]): readonly NotGated[] {
  const source = files.find(({ filename }) => filename !== null && !filename.endsWith(".whl"));
  const fitsAll = files.some(({ filename }) =>
    parseDistribution(filename ?? "")?.tags.some((tag) => FITS_ALL.test(tag)),
  );
  return source === undefined || fitsAll ? [] : [builtFrom(source, "no wheel of it fits every platform")];
}

const FITS_ALL = /^py3\d*-none-any$/;

const FORBID =
  "its build requirements, the newest and without hashes: forbid builds (uv --no-build, pip --only-binary)";

/** The build requirements of a release or folder that is built for this reason. */
export function builtFrom(
  { name, version }: { readonly name: string; readonly version: string | null },
  why: string,
): NotGated {
  const what = version === null ? name : `${name} ${version}`;
  return { kind: "unlocked", name: `what builds ${what} (${why})`, detail: FORBID };
}

/** `[tool.poetry.requires-plugins]`: Poetry installs them and loads them into itself before it reads the lock. */
function pluginsOf(settings: Settings): readonly NotGated[] {
  if (settings === "unreadable") return [unreadable("pyproject.toml")];
  const plugins = within(settings, ["tool", "poetry", "requires-plugins"]);
  if (plugins === undefined) return [];
  if (!v.is(free, plugins)) return [unreadable("pyproject.toml")];
  return Object.keys(plugins).map((name) => ({
    kind: "unlocked",
    name: `Poetry's plugin ${name} (requires-plugins)`,
    detail: "with all that it requires, the newest and without hashes: poetry install --no-plugins",
  }));
}

/** `[build-system] requires` of a Pipfile: pipenv installs them before all that the lock holds, to build with. */
function buildSystemOf(settings: Settings): readonly NotGated[] {
  if (settings === "unreadable") return [unreadable("Pipfile")];
  const requires = within(settings, ["build-system", "requires"]);
  if (requires === undefined) return [];
  if (!v.is(v.array(v.string()), requires)) return [unreadable("Pipfile")];
  return requires.map((name) => ({
    kind: "unlocked",
    name: `pipenv's build requirement ${name} ([build-system] of Pipfile)`,
    detail: "with all that it requires, the newest and without hashes: take it out of the Pipfile",
  }));
}

/** `no-binary` and `no-binary-package`: a build although a wheel fits. */
function noBinaryOf(
  settings: Settings,
  file: string,
  at: readonly string[],
  files: readonly File[],
): readonly NotGated[] {
  if (settings === "unreadable") return [unreadable(file)];
  const table = within(settings, at);
  const asked = [within(table, ["no-binary"]), within(table, ["no-binary-package"])].flatMap(namesIn);
  if (asked.includes(null)) return [unreadable(file)];
  const names = new Set(asked.map((name) => (name === ALL ? ALL : normalName("pypi", name ?? ""))));
  const built = files.filter(({ name }) => names.has(ALL) || names.has(normalName("pypi", name)));
  const releases = new Map(built.map((one) => [`${one.name} ${one.version}`, one]));
  return [...releases.values()].map((one) => builtFrom(one, `no-binary of ${file}`));
}

const ALL = ":all:";

/** true, a list, or a text with commas (Poetry); null: what is none of them. */
function namesIn(value: unknown): readonly (string | null)[] {
  if (value === undefined || value === false) return [];
  if (value === true) return [ALL];
  if (typeof value === "string") return value.split(",").map((name) => name.trim());
  if (!Array.isArray(value)) return [null];
  return value.map((name: unknown) => (typeof name === "string" ? name : null));
}

type Settings = Readonly<Record<string, unknown>> | "unreadable";

/** Nothing where there is no such file. */
async function readSettings(file: string, host: Pick<Host, "read">): Promise<Settings> {
  const content = await host.read(file, { maxBytes: LIMITS.manifestBytes });
  try {
    return content === null ? {} : parse(content.toString("utf8").replace(/^\uFEFF/, ""));
  } catch {
    return "unreadable";
  }
}

function within(value: unknown, at: readonly string[]): unknown {
  return at.reduce((one, key) => (v.is(free, one) && Object.hasOwn(one, key) ? one[key] : undefined), value);
}

function unreadable(file: string): NotGated {
  return { kind: "unlocked", name: `what ${file} has it run`, detail: "its text cannot be read as a tool would" };
}
