import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { SafeInstallError } from "../../errors.ts";
import { EXIT } from "../../exit.ts";
import { LIMITS } from "../../limits.ts";
import type { Refreshed, TrustRoot } from "../../model/trust.ts";
import { answer } from "../../report/answer.ts";
import { printable } from "../../report/text.ts";
import type { Runtime } from "../../runtime.ts";
import { decodeBundle, type TrustBundle } from "../../trust/bundle.ts";
import { takeCarried } from "../../trust/carried.ts";
import { mayRefresh, refresh } from "../../trust/refresh.ts";
import { sourceOf, type TrustRepository } from "../../trust/repository.ts";
import { versionsOf } from "../../trust/update.ts";
import type { TrustArguments } from "./arguments.ts";
import type { CommandHost } from "./index.ts";

interface Outcome {
  readonly repository: TrustRepository;
  readonly refreshed: Refreshed;
}

/** Refreshes every root here, from its mirror or from a file. @returns 0, or 69 where one was not */
export async function updateRoots(
  roots: readonly TrustRoot[],
  { bundle, digest }: TrustArguments,
  runtime: Runtime,
  host: CommandHost,
): Promise<number> {
  const all = roots.flatMap((root) => sourceOf(root, host.trust.settings.mirrors) ?? []);
  const repositories = [...new Map(all.map((one) => [one.key, one])).values()];
  const outcomes =
    bundle === null
      ? await fromMirrors(repositories, host)
      : await fromFile(repositories, resolve(runtime.cwd, bundle), digest, host);
  host.trust.refreshes.clear();
  const exit = outcomes.every(({ refreshed }) => "held" in refreshed) ? EXIT.ok : EXIT.unavailable;
  const text = () => outcomes.map(line).join("");
  return answer("trust update", exit, { text, json: () => ({ roots: outcomes.map(described) }) }, runtime);
}

async function fromMirrors(repositories: readonly TrustRepository[], host: CommandHost): Promise<readonly Outcome[]> {
  if (!mayRefresh(host)) {
    throw new SafeInstallError(
      "unavailable",
      "TRUST_UNAVAILABLE",
      "SAFE_INSTALL_TRUST_MIRROR is off: no mirror is asked",
      {
        hint: "name a mirror, or carry a file: safe-install trust update --offline-bundle FILE",
      },
    );
  }
  return Promise.all(
    repositories.map(async (repository) => ({ repository, refreshed: await refresh(repository, host) })),
  );
}

/** Only what the file holds is judged; the other roots stay as they are. */
async function fromFile(
  repositories: readonly TrustRepository[],
  file: string,
  digest: string | null,
  host: CommandHost,
): Promise<readonly Outcome[]> {
  const { bundle, isVouched } = await carried(file, digest, host);
  const outcomes: Outcome[] = [];
  for (const repository of repositories) {
    const own = bundle.repositories.find(
      ({ name, mirror }) => name === repository.name || mirror === repository.mirror,
    );
    if (own === undefined) continue;
    outcomes.push({ repository, refreshed: await takeCarried(repository, own, isVouched, host) });
  }
  if (outcomes.length > 0) return outcomes;
  throw new SafeInstallError("usage", "TRUST_BUNDLE", `${file} holds none of the trust roots here`, {
    hint: "safe-install trust show says which they are",
  });
}

async function carried(
  file: string,
  digest: string | null,
  host: CommandHost,
): Promise<{ readonly bundle: TrustBundle; readonly isVouched: boolean }> {
  const bytes = await host.read(file, { maxBytes: LIMITS.heldTrustBytes });
  if (bytes === null) throw new SafeInstallError("usage", "FILE_MISSING", `there is no file ${file}`);
  const found = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  if (digest !== null && digest !== found)
    throw new SafeInstallError("usage", "TRUST_BUNDLE", `${file} is ${found}, not ${digest}`, {
      hint: "do not use it",
    });
  const bundle = decodeBundle(bytes);
  if (bundle !== null) return { bundle, isVouched: digest !== null };
  throw new SafeInstallError("usage", "TRUST_BUNDLE", `${file} is no bundle of trust roots`, {
    hint: "safe-install trust pin FILE writes one",
  });
}

function described({ repository: { name, mirror }, refreshed }: Outcome) {
  if ("held" in refreshed) return { name, mirror, updated: true };
  const { reason, stands } = refreshed;
  return { name, mirror, updated: false, reason, ...(stands === undefined ? {} : { held: stands.age }) };
}

function line({ repository: { name }, refreshed }: Outcome): string {
  if ("held" in refreshed) return `✓ ${printable(name)}  current (${versionsOf(refreshed.held)})\n`;
  const { reason, stands } = refreshed;
  const said = `✗ ${printable(name)}  not refreshed: ${printable(reason)};`;
  if (stands?.age === null) return `${said} nothing is held\n`;
  return `${said} what was held before still counts${stands === undefined ? "" : ` (${stands.age})`}\n`;
}
