import { SafeInstallError } from "../../../src/plugin.ts";
import type { Python } from "../python/run.ts";
import { withoutSecrets } from "../report.ts";

/** How a resolution ended. */
interface Ended {
  readonly status: number;
  readonly failure: { readonly type: string; readonly message: string } | null;
  readonly refused: readonly { readonly program: string }[];
  /** pip's own words for why requirements do not go together. */
  readonly conflict: readonly string[];
  /** Origins of indexes that gave no answer at all. */
  readonly unreached?: readonly string[];
}

/** `--require-virtualenv`, outside of one (pip's `status_codes`). */
const NO_ENVIRONMENT = 3;

export function failed(
  { failure, refused, status, conflict, unreached = [] }: Ended,
  python: Python,
): SafeInstallError {
  if (python.host.offline) {
    return new SafeInstallError("unavailable", "RESOLUTION_FAILED", "pip cannot resolve without the network", {
      hint: "leave out --offline; what is locked is judged from what was fetched before: safe-install check --offline",
    });
  }
  if (failure?.type === "ExternallyManagedEnvironment" || status === NO_ENVIRONMENT)
    return new SafeInstallError(
      "usage",
      "PIP_USAGE",
      "pip does not install into this environment: see its words above",
    );
  const [child] = refused;
  if (child !== undefined && failure === null) {
    return new SafeInstallError("unbound", "RESOLUTION_FAILED", `pip wanted to start ${child.program} while resolving`);
  }
  for (const line of conflict.flatMap((text) => text.split("\n"))) python.host.notice(withoutSecrets(line));
  if (unreached.length > 0) return silent(unreached);
  const detail = failure === null ? "see its words above" : withoutSecrets(failure.message.split("\n")[0] ?? "");
  return new SafeInstallError("unavailable", "RESOLUTION_FAILED", `pip could not resolve the requirements: ${detail}`, {
    hint: "only wheels are considered; nothing was installed",
  });
}

/** pip goes on without an index that it cannot reach, and then finds nothing that fits. */
function silent(indexes: readonly string[]): SafeInstallError {
  const named = indexes.map(withoutSecrets).join(", ");
  return new SafeInstallError("unavailable", "RESOLUTION_FAILED", `pip could not reach ${named}`, {
    hint: "look at the address (pip config list, PIP_INDEX_URL), at the network and at the proxy; nothing was installed",
  });
}

export function strange(found: string): SafeInstallError {
  const what = withoutSecrets(found.split("\n")[0] ?? "");
  return new SafeInstallError("unbound", "PIP_REQUIREMENTS", `this is no requirement of an index: ${what}`, {
    hint: "name a package, its version and its marker, and nothing else",
  });
}
