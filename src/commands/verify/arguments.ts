import type { SafeInstallError } from "../../errors.ts";
import type { Thresholds } from "../../model/trust.ts";
import { misused, readWords } from "../../words.ts";
import { NOTARY_OPTIONS, type NotaryAsked, notaryAsked } from "./notary-arguments.ts";

/** What `safe-install verify` is asked. */
export interface VerifyArguments {
  readonly artifact: string;
  /** null: the package's own signatures. */
  readonly bundle: string | null;
  readonly by:
    | { readonly kind: "certificate"; readonly identity: string; readonly issuer: string }
    | { readonly kind: "key"; readonly file: string }
    | { readonly kind: "signer"; readonly name: string; readonly version: string | null }
    /** Of a package's own signatures alone: it is told who made them. */
    | { readonly kind: "anybody" }
    | NotaryAsked;
  readonly trustedRoot: string | undefined;
  /** What of a trust root's kinds must vouch, each at least so often; what is not said is as usual. */
  readonly thresholds: Partial<Thresholds>;
}

/** Whether a file is of a kind that carries its own signatures. */
function carriesOwn(file: string): boolean {
  return /\.s?nupkg$/i.test(file);
}

/** @throws SafeInstallError usage */
export function parseVerify(args: readonly string[]): VerifyArguments {
  const { values: read, positionals } = readWords(args, OPTIONS, "verify");
  const { offline: _, ...values } = read;
  const { bundle, key, signer, "certificate-identity": identity, "certificate-oidc-issuer": issuer } = values;
  const [artifact, ...more] = positionals;
  if (artifact === undefined || more.length > 0) throw usage("name one FILE, or its digest as sha256:HEX");
  if (bundle === undefined && !carriesOwn(artifact)) throw usage("say where the bundle is: --bundle FILE");
  const notary = notaryAsked(values);
  if (notary !== null) return { artifact, bundle: bundle ?? null, by: notary, trustedRoot: undefined, thresholds: {} };
  const isOpen = bundle === undefined && [key, signer, identity, issuer].every((one) => one === undefined);
  const version = values["artifact-version"] ?? null;
  const by: VerifyArguments["by"] = isOpen
    ? { kind: "anybody" }
    : expectedBy(identity, issuer, key, signer === undefined ? undefined : { name: signer, version });
  if (by.kind === "signer" && values["trusted-root"] !== undefined) {
    throw usage("--trusted-root does not go with --signer: the policy says which trust root a signer has");
  }
  return {
    artifact,
    bundle: bundle ?? null,
    by,
    trustedRoot: values["trusted-root"],
    thresholds: thresholdsIn(values, by.kind),
  };
}

/** The built-in root's are its own: a certificate of it without a log is none that it issued. */
function thresholdsIn(
  values: Omit<ReturnType<typeof readWords<typeof OPTIONS>>["values"], "offline">,
  kind: VerifyArguments["by"]["kind"],
): VerifyArguments["thresholds"] {
  const stated = THRESHOLDS.flatMap((name) => {
    const text = values[name];
    if (text === undefined) return [];
    if (!/^\d{1,2}$/.test(text)) throw usage(`--${name} ${text}: not a small count`);
    return [[name, Number(text)] as const];
  });
  const [first] = stated;
  if (first === undefined) return {};
  if (kind === "anybody") throw usage(`--${first[0]} goes with --bundle`);
  if (kind === "signer") throw usage(`--${first[0]} does not go with --signer: the policy says what must vouch`);
  if (kind === "key" && values.sct !== undefined) throw usage("--sct does not go with --key: a key has no certificate");
  if (kind === "certificate" && values["trusted-root"] === undefined) {
    throw usage(`--${first[0]} goes with --trusted-root or --key: what the built-in root asks for is its own`);
  }
  return Object.fromEntries(stated);
}

const THRESHOLDS = ["tlog", "sct", "timestamps"] as const;

const TEXT = { type: "string" } as const;

const OPTIONS = {
  bundle: TEXT,
  key: TEXT,
  signer: TEXT,
  "certificate-identity": TEXT,
  "certificate-oidc-issuer": TEXT,
  "trusted-root": TEXT,
  "artifact-version": TEXT,
  tlog: TEXT,
  sct: TEXT,
  timestamps: TEXT,
  ...NOTARY_OPTIONS,
  offline: { type: "boolean" },
} as const;

/** Exactly one way to say who; leaving it open cannot be said. */
function expectedBy(
  identity?: string,
  issuer?: string,
  key?: string,
  signer?: { readonly name: string; readonly version: string | null },
): VerifyArguments["by"] {
  const certificate = identity !== undefined || issuer !== undefined;
  if ([certificate, key !== undefined, signer !== undefined].filter(Boolean).length !== 1) {
    throw usage(
      "say who must have signed: --certificate-identity and --certificate-oidc-issuer, or --key, or --signer",
    );
  }
  if (key !== undefined) return { kind: "key", file: key };
  if (signer !== undefined) return { kind: "signer", ...signer };
  if (!identity || !issuer) throw usage("--certificate-identity and --certificate-oidc-issuer go together");
  return { kind: "certificate", identity, issuer };
}

function usage(message: string): SafeInstallError {
  return misused(message, "verify");
}
