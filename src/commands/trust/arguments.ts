import type { SafeInstallError } from "../../errors.ts";
import { nearest } from "../../nearest.ts";
import { misused, readWords } from "../../words.ts";

/** What `safe-install trust` is asked. */
export interface TrustArguments {
  readonly action: "show" | "update" | "pin";
  /** `--offline-bundle FILE`, of update. */
  readonly bundle: string | null;
  /** `--digest sha256:HEX`: of the bundle, which then counts without a chain. */
  readonly digest: string | null;
  /** Of pin: where to write. */
  readonly file: string | null;
}

/** @throws SafeInstallError usage */
export function parseTrust(args: readonly string[]): TrustArguments {
  const { values, positionals } = readWords(args, OPTIONS, "trust");
  const [action = "show", ...files] = positionals;
  const { digest = null, "offline-bundle": bundle = null } = values;
  if (action !== "show" && action !== "update" && action !== "pin")
    throw usage(`trust ${action}: expected show, update or pin${nearest(action, ["show", "update", "pin"])}`);
  if (files.length > (action === "pin" ? 1 : 0)) throw usage(`trust ${action}: ${files.at(-1)} is not expected`);
  if (action === "pin" && files.length === 0) throw usage("trust pin: name the FILE to write");
  if (action !== "update" && bundle !== null) throw usage("--offline-bundle goes with trust update");
  if (digest !== null && (bundle === null || !/^sha256:[0-9a-f]{64}$/.test(digest)))
    throw usage("--digest sha256:HEX goes with --offline-bundle, whose digest it is");
  return { action, bundle, digest, file: files[0] ?? null };
}

const OPTIONS = {
  "offline-bundle": { type: "string" },
  digest: { type: "string" },
} as const;

function usage(message: string): SafeInstallError {
  return misused(message, "trust");
}
