import { SafeInstallError } from "../../../src/plugin.ts";
import { meaningOf } from "./project-keys.ts";
import { existsSync } from "node:fs";
import { basename } from "node:path";

/** What npm's configuration has of a project's own file, and what it has without it. */
export interface ProjectSettings {
  /** The project's own `.npmrc`, before npm expands `${VARIABLE}` in it. */
  readonly projectNpmrc: Readonly<Record<string, unknown>>;
  /** Keys of it, expanded, that would turn connections elsewhere. */
  readonly turned: readonly string[];
  /** Registries and credential keys that the user's side names: npm's defaults, its builtin, global and user npmrc, environment, command line. */
  readonly ownHosts: readonly string[];
}

/**
 * A `.npmrc` in the project may come with a stranger's clone: it may name registries and hold tokens of its own, but not
 * turn the user's connections elsewhere, nor send the user's environment to an origin that only it names.
 * @throws SafeInstallError PROJECT_NPMRC, before anything is asked of the network.
 */
export function refuseProjectNpmrc(config: ProjectSettings, admitted: readonly string[]): void {
  const known = new Set([...admitted.map(hostOf), ...config.ownHosts.map(hostOf)]);
  for (const [key, value] of Object.entries(config.projectNpmrc)) {
    const why = EXPANSION.test(key) ? EXPANDED : leakOf(key, value, known);
    if (why !== null) throw refusal(key, why);
  }
  for (const key of config.turned) throw refusal(key, "turns connections elsewhere");
}

/** Also with a backslash before it, or where npm would leave it as it stands: nobody needs that in a name. */
const EXPANSION = /\$\{[^}]*\}/;

const EXPANDED = "is the name of another key as soon as npm expands it; in an address it would send your environment";

/** `${VARIABLE}` in a place that travels: an address; or a credential for a host that only this file knows. */
function leakOf(key: string, value: unknown, known: ReadonlySet<string>): string | null {
  // Of a section, `[headers]`, npm takes nothing.
  const text = [value]
    .flat()
    .filter((one) => typeof one !== "object")
    .map(String)
    .join(" ");
  if (!EXPANSION.test(text)) return null;
  const meaning = meaningOf(key);
  if (meaning === "address") return "would send your environment as part of an address";
  if (meaning === "sent") return "would send your environment with every request";
  if (meaning !== "credential" || known.has(hostOf(key))) return null;
  return "would send your environment to an origin that only this file names";
}

/** `host:port` of a registry URL or of a key `//host:port/path/:_authToken`. */
function hostOf(address: string): string {
  const url = address.startsWith("//") ? `https:${address.replace(/:_?[A-Za-z]+$/, "")}` : address;
  return URL.canParse(url) ? new URL(url).host : "";
}

function refusal(key: string, why: string): SafeInstallError {
  return new SafeInstallError("usage", "PROJECT_NPMRC", `the project's .npmrc: ${key} ${why}`, {
    hint: 'put it into your own ~/.npmrc; or name the registry\'s origin in the policy: "registries": { "npm": [...] }',
  });
}

/** Of these keys, those that change what npm does: a value that is so anyhow (the default, empty, null) changes nothing. */
export function turnedBy(keys: readonly string[], own: Weighed, bare: Weighed): readonly string[] {
  const turned = keys.filter((key) => settled(key, own.config.get(key)) !== settled(key, bare.config.get(key)));
  if (turned.length > 0) return turned;
  const [before, after] = [bare.flat, own.flat];
  const options = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return options.some((one) => settled(one, before[one]) !== settled(one, after[one])) ? keys : [];
}

/** npm's configuration, with something in it or without. */
interface Weighed {
  readonly config: { get(key: string): unknown };
  readonly flat: Readonly<Record<string, unknown>>;
}

/** As npm's libraries take it: nothing, where it says nothing. */
function settled(key: string, value: unknown): string {
  const said = Array.isArray(value) ? value.filter((one) => one !== "") : value;
  const isEmpty = said === undefined || said === "" || (Array.isArray(said) && said.length === 0);
  // npm takes the word for a path.
  const isAbsent = key === "cafile" && basename(String(said)) === "null" && !existsSync(String(said));
  const isSection = key.startsWith("//") && typeof said === "object";
  if (isEmpty || isAbsent || isSection || (said === false && /proxy$/i.test(key))) return "null";
  return JSON.stringify(said);
}
