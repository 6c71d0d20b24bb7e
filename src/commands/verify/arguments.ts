import { parseArgs } from "node:util";
import { SafeInstallError } from "../../errors.ts";

/** What `safe-install verify` is asked. */
export interface VerifyArguments {
  readonly artifact: string;
  readonly bundle: string;
  readonly by:
    | { readonly kind: "certificate"; readonly identity: string; readonly issuer: string }
    | { readonly kind: "key"; readonly file: string }
    | { readonly kind: "signer"; readonly name: string; readonly version: string | null };
  readonly trustedRoot: string | undefined;
}

/** @throws SafeInstallError usage */
export function parseVerify(args: readonly string[]): VerifyArguments {
  const { values, positionals } = options(args);
  const { bundle, key, signer, "certificate-identity": identity, "certificate-oidc-issuer": issuer } = values;
  const [artifact, ...more] = positionals;
  if (artifact === undefined || more.length > 0) throw usage("name one FILE, or its digest as sha256:HEX");
  if (bundle === undefined) throw usage("say where the bundle is: --bundle FILE");
  const version = values["artifact-version"] ?? null;
  const by = expectedBy(identity, issuer, key, signer === undefined ? undefined : { name: signer, version });
  if (by.kind === "signer" && values["trusted-root"] !== undefined) {
    throw usage("--trusted-root does not go with --signer: the policy says which trust root a signer has");
  }
  return { artifact, bundle, by, trustedRoot: values["trusted-root"] };
}

function options(args: readonly string[]) {
  const text = { type: "string" } as const;
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        bundle: text,
        key: text,
        signer: text,
        "certificate-identity": text,
        "certificate-oidc-issuer": text,
        "trusted-root": text,
        "artifact-version": text,
      },
    });
  } catch (error) {
    throw usage(error instanceof Error ? error.message : String(error));
  }
}

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
  return new SafeInstallError("usage", "USAGE", message, { hint: "safe-install help verify" });
}
