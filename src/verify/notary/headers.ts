import type { NotaryScheme } from "../../model/notary.ts";
import type { Headers } from "./envelope.ts";
import { malformed } from "./malformed.ts";

/** The protected headers as either format has them. */
export interface StatedHeaders {
  readonly contentType: unknown;
  /** Names that must be understood; not a list of names where it is something else. */
  readonly critical: unknown;
  /** All others, by name. */
  readonly named: ReadonlyMap<string, unknown>;
  /** How the format writes a time; null where it is none. */
  readonly timeOf: (value: unknown) => Date | null;
}

const PAYLOAD_TYPE = "application/vnd.cncf.notary.payload.v1+json";
const SCHEME = "io.cncf.notary.signingScheme";
const SIGNING_TIME = "io.cncf.notary.signingTime";
const AUTHENTIC_TIME = "io.cncf.notary.authenticSigningTime";
const EXPIRY = "io.cncf.notary.expiry";
const PLUGIN = "io.cncf.notary.verificationPlugin";

const SCHEMES: readonly string[] = ["notary.x509", "notary.x509.signingAuthority"] satisfies NotaryScheme[];

/** What may be named as critical, because it is obeyed here. */
const UNDERSTOOD: readonly string[] = [SCHEME, AUTHENTIC_TIME, EXPIRY];

/** The signed attributes (signature-specification.md, "Signed Attributes"). @throws Fault */
export function readHeaders(stated: StatedHeaders): Headers {
  const { contentType, named } = stated;
  if (contentType !== PAYLOAD_TYPE) malformed(`has a payload that is not ${PAYLOAD_TYPE}`);
  if (named.has(PLUGIN)) malformed("asks for a verification plugin, and none is run here");
  const scheme = named.get(SCHEME);
  if (!isScheme(scheme)) return malformed("has no signing scheme that is known");
  const critical = criticalIn(stated);
  requireCritical(critical, named, scheme);
  const signingTime = signingTimeOf(scheme, stated);
  const expiry = named.has(EXPIRY) ? timeIn(EXPIRY, stated) : null;
  if (expiry !== null && expiry <= signingTime) malformed("expires before it was signed");
  return { scheme, signingTime, expiry };
}

function isScheme(value: unknown): value is NotaryScheme {
  return typeof value === "string" && SCHEMES.includes(value);
}

/** Each is there, is understood, and is named once (RFC 7515 section 4.1.11, RFC 9052 section 3.1). */
function criticalIn({ critical, named }: StatedHeaders): readonly string[] {
  if (!Array.isArray(critical) || critical.length === 0) return malformed("names no critical headers");
  for (const name of critical as readonly unknown[]) {
    if (typeof name !== "string" || !UNDERSTOOD.includes(name))
      return malformed(`has a critical header that is not known: ${JSON.stringify(String(name).slice(0, 100))}`);
    if (!named.has(name)) return malformed(`names ${name} as critical, and does not have it`);
  }
  const names = critical as readonly string[];
  return new Set(names).size === names.length ? names : malformed("names a critical header twice");
}

function requireCritical(critical: readonly string[], named: StatedHeaders["named"], scheme: NotaryScheme): void {
  const asked = [SCHEME, ...(named.has(EXPIRY) ? [EXPIRY] : []), ...(scheme === "notary.x509" ? [] : [AUTHENTIC_TIME])];
  const missing = asked.find((name) => !critical.includes(name));
  if (missing !== undefined) malformed(`does not name ${missing} as critical`);
}

/** Each scheme has the one time and never the other's: two readers would take two. */
function signingTimeOf(scheme: NotaryScheme, stated: StatedHeaders): Date {
  const [own, other] = scheme === "notary.x509" ? [SIGNING_TIME, AUTHENTIC_TIME] : [AUTHENTIC_TIME, SIGNING_TIME];
  if (stated.named.has(other)) malformed(`has ${other}, which is not of the scheme ${scheme}`);
  return timeIn(own, stated);
}

function timeIn(name: string, { named, timeOf }: StatedHeaders): Date {
  const time = named.has(name) ? timeOf(named.get(name)) : null;
  return time === null || Number.isNaN(time.getTime()) ? malformed(`has no ${name} that is a time`) : time;
}
