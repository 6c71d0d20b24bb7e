import { SafeInstallError } from "../../errors.ts";
import { parseJsonOr } from "../../json.ts";
import type { TrustRoot } from "../../model/trust.ts";
import { said } from "../../policy/signers/said.ts";
import { isAllowedUrl } from "../../url.ts";

/** The services of a Sigstore instance that take part in one signature. */
export interface SigstoreInstance {
  /** Fulcio. */
  readonly authority: string;
  readonly logs: readonly LogService[];
  readonly timestamps: readonly string[];
}

export interface LogService {
  readonly url: string;
  /** Rekor's. */
  readonly version: 1 | 2;
}

/** The public-good instance. */
export const PUBLIC_INSTANCE: SigstoreInstance = {
  authority: "https://fulcio.sigstore.dev",
  logs: [{ url: "https://rekor.sigstore.dev", version: 1 }],
  timestamps: [],
};

/** The public instance's, and its trial's. A name may end in the dot of the root zone (RFC 1034 section 3.1). */
const PUBLIC_HOST = /(?:^|\.)(?:sigstore\.dev|sigstage\.dev)\.?$/;

/** Whether anybody can read what is signed there. */
export function isPublicInstance({ authority, logs }: SigstoreInstance): boolean {
  const hosts = [authority, ...logs.map(({ url }) => url)].map((url) => new URL(url).hostname);
  return hosts.some((host) => PUBLIC_HOST.test(host));
}

/** Whether the logs of a trust root are all the public instance's: whatever address stands before them, they are read by anybody. */
export function isPublicRoot({ json }: TrustRoot, publicGood: TrustRoot): boolean {
  const known = new Set(logKeys(publicGood.json));
  const keys = logKeys(json);
  return keys.length > 0 && keys.every((one) => known.has(one));
}

function logKeys(root: unknown): readonly string[] {
  // One, or several instances' (`loadTrustRoot`).
  const logs = [root].flat().flatMap((one) => [...said.items(one, "tlogs"), ...said.items(one, "ctlogs")]);
  return logs.map((one) => said.text(one, "publicKey", "rawBytes") ?? "");
}

/**
 * What of a SigningConfig (v0.2, protobuf-specs `sigstore_trustroot.proto`), or of a ClientTrustConfig around one, counts now: of
 * each kind the services that are valid, the newest version that is known, as many as the selector says.
 * @throws SafeInstallError SIGNING_CONFIG
 */
export function instanceIn(text: string, file: string, now: Date): SigstoreInstance {
  const config = configIn(text, file);
  const of = (key: string, versions: number) => servicesIn(config[key], { key, file, versions, now });
  const [authority] = of("caUrls", 1);
  if (authority === undefined) throw invalid(file, "names no certificate authority (caUrls) that counts now");
  return {
    authority: authority.url,
    logs: selected(of("rekorTlogUrls", 2), config["rekorTlogConfig"], file).map(({ url, version }) => ({
      url,
      version: version === 2 ? 2 : 1,
    })),
    timestamps: selected(of("tsaUrls", 1), config["tsaConfig"], file).map(({ url }) => url),
  };
}

type Json = Readonly<Record<string, unknown>>;

function configIn(text: string, file: string): Json {
  const found = objectIn(parsed(text, file), file);
  const config = found["signingConfig"] === undefined ? found : objectIn(found["signingConfig"], file);
  const { mediaType } = config;
  if (mediaType !== "application/vnd.dev.sigstore.signingconfig.v0.2+json")
    throw invalid(file, `is a signing configuration of another kind: ${String(mediaType).slice(0, 80)}`);
  return config;
}

function parsed(text: string, file: string): unknown {
  return parseJsonOr(text, (why) => {
    throw invalid(file, why);
  });
}

function objectIn(value: unknown, file: string): Json {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Json;
  throw invalid(file, "is no signing configuration");
}

interface Service {
  readonly url: string;
  readonly version: number;
  readonly operator: string;
}

interface Sought {
  readonly key: string;
  readonly file: string;
  /** The newest that is known. */
  readonly versions: number;
  readonly now: Date;
}

/** Valid and known, the newest version first, then the one that began last. */
function servicesIn(value: unknown, { key, file, versions, now }: Sought): readonly Service[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw invalid(file, `${key} is no list`);
  const read = value.map((one) => {
    const { url, majorApiVersion: version, validFor, operator } = objectIn(one, file);
    const { start, end } = objectIn(validFor ?? {}, file);
    if (typeof url !== "string" || !isAllowedUrl(url)) throw invalid(file, `${key} names what is no https address`);
    return {
      url: url.replace(/\/$/, ""),
      version: Number(version),
      operator: typeof operator === "string" ? operator : url,
      start: timeOf(start, file) ?? 0,
      end: timeOf(end, file) ?? Number.POSITIVE_INFINITY,
    };
  });
  return read
    .filter(
      ({ version, start, end }) =>
        version >= 1 && version <= versions && start <= now.getTime() && end >= now.getTime(),
    )
    .toSorted((left, right) => right.version - left.version || right.start - left.start);
}

function timeOf(value: unknown, file: string): number | null {
  if (value === undefined) return null;
  const time = typeof value === "string" ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(time)) throw invalid(file, "holds a time that is none");
  return time;
}

/** Of each operator one; `ANY`: the first of all; `EXACT`: so many; `ALL`: each. */
function selected(services: readonly Service[], config: unknown, file: string): readonly Service[] {
  if (config === undefined) return [];
  const { selector, count } = objectIn(config, file);
  const distinct = services.filter((one, at) => services.findIndex(({ operator }) => operator === one.operator) === at);
  const wanted = { ANY: 1, ALL: distinct.length, EXACT: Number(count) }[String(selector)];
  if (wanted === undefined || !Number.isInteger(wanted))
    throw invalid(file, `the selector ${String(selector)} is not known`);
  if (wanted > distinct.length || (selector === "ANY" && distinct.length === 0))
    throw invalid(file, `asks for ${wanted} services of different operators, and ${distinct.length} count now`);
  return distinct.slice(0, wanted);
}

function invalid(file: string, why: string): SafeInstallError {
  return new SafeInstallError("usage", "SIGNING_CONFIG", `${file}: ${why}`, {
    hint: "give the instance's SigningConfig v0.2, or the ClientTrustConfig that holds it",
  });
}
