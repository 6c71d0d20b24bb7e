import type { SafeInstallError } from "../../errors.ts";
import type { NotaryLevel, NotaryTimestamps } from "../../model/notary.ts";
import { parseName } from "../../policy/signers/distinguished-name.ts";
import { SUBJECT } from "../../policy/signers/notary.ts";
import type { StoreType } from "../../verify/notary/trust.ts";
import { misused } from "../../words.ts";

/** Who must have signed an envelope of the Notary Project, as it is typed. */
export interface NotaryAsked {
  readonly kind: "notary";
  readonly stores: readonly { readonly type: StoreType; readonly file: string }[];
  /** Empty: the name of whoever holds a certificate of the trust store is not compared. */
  readonly identities: readonly string[];
  readonly level: NotaryLevel;
  readonly timestamps: NotaryTimestamps;
  readonly mediaType: string | null;
}

const TEXT = { type: "string" } as const;
const TEXTS = { type: "string", multiple: true } as const;

export const NOTARY_OPTIONS = {
  "notary-trust-store": TEXTS,
  "notary-identity": TEXTS,
  "notary-level": TEXT,
  "notary-timestamp": TEXT,
  "media-type": TEXT,
} as const;

type Values = { readonly [K in keyof typeof NOTARY_OPTIONS]?: string | readonly string[] | undefined } & {
  readonly bundle?: string | undefined;
};

/** null: none of its options is there. @throws SafeInstallError usage */
export function notaryAsked(values: Values): NotaryAsked | null {
  const given = Object.keys(NOTARY_OPTIONS).filter((name) => values[name as keyof typeof NOTARY_OPTIONS] !== undefined);
  const [first] = given;
  if (first === undefined) return null;
  const stores = [values["notary-trust-store"] ?? []].flat().map(storeOf);
  if (stores.every(({ type }) => type === "tsa")) throw usage(`--${first} goes with --notary-trust-store PEM`);
  if (values.bundle === undefined) throw usage("say where the signature is: --bundle FILE.jws.sig");
  const foreign = Object.keys(values).find((name) => name !== "bundle" && !given.includes(name));
  if (foreign !== undefined) throw usage(`--${foreign} does not go with --notary-trust-store`);
  const identities = [values["notary-identity"] ?? []].flat();
  for (const text of identities) requireName(text);
  const hasTsa = stores.some(({ type }) => type === "tsa");
  if (values["notary-timestamp"] !== undefined && !hasTsa)
    throw usage("--notary-timestamp goes with --notary-trust-store tsa:PEM");
  return {
    kind: "notary",
    stores,
    identities,
    level: oneOf("notary-level", LEVELS, values["notary-level"]) ?? "strict",
    timestamps: oneOf("notary-timestamp", TIMESTAMPS, values["notary-timestamp"]) ?? "always",
    mediaType: [values["media-type"] ?? []].flat()[0] ?? null,
  };
}

const LEVELS: readonly NotaryLevel[] = ["strict", "permissive", "audit"];
const TIMESTAMPS: readonly NotaryTimestamps[] = ["always", "afterCertExpiry"];
const TYPES: readonly StoreType[] = ["ca", "signingAuthority", "tsa"];

/** `tsa:keys/root.pem`; without a type `ca`. */
function storeOf(text: string): { readonly type: StoreType; readonly file: string } {
  const type = TYPES.find((one) => text.startsWith(`${one}:`));
  return type === undefined ? { type: "ca", file: text } : { type, file: text.slice(type.length + 1) };
}

function requireName(text: string): void {
  const form = 'expected "x509.subject: C=US, O=Contoso, CN=release"';
  if (!text.startsWith(SUBJECT)) throw usage(`--notary-identity ${text}: ${form}`);
  const name = parseName(text.slice(SUBJECT.length));
  if (typeof name === "string") throw usage(`--notary-identity ${text}: ${name}`);
}

function oneOf<T extends string>(name: string, all: readonly T[], value: Values[keyof Values]): T | null {
  if (value === undefined) return null;
  const found = all.find((one) => one === value);
  if (found === undefined) throw usage(`--${name} ${String(value)}: expected ${all.join(" or ")}`);
  return found;
}

function usage(message: string): SafeInstallError {
  return misused(message, "verify");
}
