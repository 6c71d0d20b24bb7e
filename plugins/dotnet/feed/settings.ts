import type { Bounds, Host } from "../../../src/plugin.ts";
import { type ConfigFile, configFilesFor, decodeName, homeOf, readConfigFiles } from "./config-files.ts";
import { refuseRepositoryConfig } from "./repository-config.ts";
import { expand, itemsOf, kindOf } from "./config-files.ts";
import { lower } from "../names.ts";
import { attribute, children, type XmlElement } from "../xml.ts";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** What NuGet.config files say, merged as NuGet merges them: the nearer file wins, `<clear />` forgets what was there. */
export interface NuGetSettings {
  /** The files, nearest first. */
  readonly files: readonly string[];
  /** Name to URL or absolute folder, in order; without the disabled ones. */
  readonly sources: ReadonlyMap<string, string>;
  /** Names of sources that may be asked without TLS. */
  readonly insecure: ReadonlySet<string>;
  readonly credentials: ReadonlyMap<string, Credentials>;
  /** Source name to patterns (`packageSourceMapping`); empty: every source may hold every package. */
  readonly mapping: ReadonlyMap<string, readonly string[]>;
  /** What else `config` says, but for the places of packages. */
  readonly config: ReadonlyMap<string, string>;
  /** Of the user: where bytes of earlier restores may be found, by digest only. */
  readonly globalPackagesFolder: string;
}

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** Where the settings of strangers end: what they may not do depends on it. */
type Around = Bounds;

/** Reads the files that apply to a folder. @throws SafeInstallError where one of the repository would leak what is the user's */
export async function readSettings(
  folder: string,
  around: Around,
  host: Pick<Host, "env" | "read">,
): Promise<NuGetSettings> {
  return readSettingsFiles(await configFilesFor(folder, host), around, host);
}

/** Reads exactly these files, nearest first. @throws as `readSettings` */
export async function readSettingsFiles(
  files: readonly string[],
  around: Around,
  host: Pick<Host, "env" | "read">,
): Promise<NuGetSettings> {
  const furthestFirst = (await readConfigFiles(files, host)).toReversed();
  await refuseRepositoryConfig(furthestFirst, around, host.env);
  const sources = merge(furthestFirst, "packageSources", (value, file) => addressOf(expand(value, host.env), file));
  const disabled = new Set([...merge(furthestFirst, "disabledPackageSources").keys()].map(lower));
  for (const name of [...sources.keys()].filter((one) => disabled.has(lower(one)))) sources.delete(name);
  const config = merge(furthestFirst, "config", (value, file) => resolve(dirname(file), expand(value, host.env)));
  const insecure = merge(furthestFirst, "packageSources", (_, __, item) => attribute(item, INSECURE) ?? "");
  const values = merge(furthestFirst, "config", (value) => expand(value, host.env));
  return {
    files,
    sources,
    insecure: new Set([...insecure].flatMap(([name, allowed]) => (/^true$/i.test(allowed) ? [name] : []))),
    config: new Map([...values].filter(([key]) => !PLACES.test(key))),
    credentials: new Map([...credentialsOf(furthestFirst, host.env), ...credentialsOfEnvironment(host.env)]),
    mapping: mappingOf(furthestFirst),
    globalPackagesFolder:
      host.env["NUGET_PACKAGES"] ?? config.get("globalPackagesFolder") ?? join(homeOf(host.env), ".nuget", "packages"),
  };
}

type Read = (value: string, file: string, item: XmlElement) => string;

const INSECURE = "allowInsecureConnections";
const PLACES = /^(?:globalPackagesFolder|repositoryPath|signatureValidationMode)$/i;

/** `<add key value />` and `<clear />` of one section over all files; NuGet knows no other item there. */
function merge(files: readonly ConfigFile[], section: string, read: Read = (value) => value): Map<string, string> {
  const merged = new Map<string, string>();
  for (const { root, file } of files) {
    const { isCleared, items } = itemsOf(root, section);
    if (isCleared) merged.clear();
    for (const item of items.filter((one) => kindOf(one) === "add"))
      merged.set(attribute(item, "key") ?? "", read(attribute(item, "value") ?? "", file, item));
  }
  return merged;
}

/** A URL, or a folder relative to the file that names it. */
function addressOf(value: string, file: string): string {
  if (value.startsWith("file://")) return fileURLToPath(value);
  return URL.canParse(value) && /^https?:/i.test(value) ? value : resolve(dirname(file), value);
}

function credentialsOf(files: readonly ConfigFile[], env: Host["env"]): Map<string, Credentials> {
  const found = new Map<string, Credentials>();
  for (const { root } of files) {
    for (const source of itemsOf(root, "packageSourceCredentials").items) {
      const values = new Map(
        children(source)
          .filter((one) => kindOf(one) === "add")
          .map((one) => [attribute(one, "key")?.toLowerCase(), expand(attribute(one, "value") ?? "", env)]),
      );
      const [username, password] = [values.get("username"), values.get("cleartextpassword")];
      if (username !== undefined && password !== undefined) found.set(decodeName(source.name), { username, password });
    }
  }
  return found;
}

/** `NuGetPackageSourceCredentials_NAME=Username=u;Password=p`. */
function credentialsOfEnvironment(env: Host["env"]): ReadonlyMap<string, Credentials> {
  const prefix = "NuGetPackageSourceCredentials_";
  const found = Object.entries(env).flatMap(([name, value]) => {
    const [, username, password] =
      /^Username=(.*?);\s*Password=(.*?)(?:;\s*ValidAuthenticationTypes=.*)?$/.exec(value ?? "") ?? [];
    if (!name.startsWith(prefix) || username === undefined || password === undefined) return [];
    return [[name.slice(prefix.length), { username, password }] as const];
  });
  return new Map(found);
}

function mappingOf(files: readonly ConfigFile[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const { root } of files) {
    const { isCleared, items } = itemsOf(root, "packageSourceMapping");
    if (isCleared) found.clear();
    for (const item of items.filter((one) => kindOf(one) === "packagesource")) {
      const packages = children(item).filter((one) => kindOf(one) === "package");
      found.set(
        attribute(item, "key") ?? "",
        packages.flatMap((one) => attribute(one, "pattern") ?? []),
      );
    }
  }
  return found;
}
