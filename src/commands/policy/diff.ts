import { isInside, wayTo } from "../../io/inside.ts";
import { parseAsked } from "../../author/arguments.ts";
import { findFoundation } from "../../author/foundation.ts";
import { survey } from "../../author/survey.ts";
import { SafeInstallError } from "../../errors.ts";
import { EXIT } from "../../exit.ts";
import { openRevision, loadAt } from "../../project/revision.ts";
import { findRepository } from "../../project/ends.ts";
import { revisionText } from "../../project/ref.ts";
import { type LoadedPolicy, unique } from "../../project/policy-file.ts";
import { loadTrustRoot } from "../../project/trust.ts";
import type { Host } from "../../plugin.ts";
import { differences } from "../../author/compare.ts";
import { remarks } from "../../author/remarks.ts";
import { silent } from "../../gate/progress.ts";
import { differenceText } from "../../author/words/change.ts";
import { answer } from "../../report/answer.ts";
import { terminalProgress } from "../../report/progress.ts";
import type { Runtime } from "../../runtime.ts";
import { withHost } from "../with-host.ts";
import { realpath } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";

/** `safe-install policy diff REV`: what the policy here newly allows or forbids of the current lock. @returns 0 */
export async function diff(args: readonly string[], runtime: Runtime): Promise<number> {
  const asked = parseAsked(args, ["lockfile"], "policy");
  const [revision] = asked.words;
  if (revision === undefined || asked.words.length > 1) throw oneRevision();
  return withHost(asked.options, runtime, async (host) => {
    const now = await findFoundation(asked, runtime);
    const { named, ...then } = await policyAt(revision, asked.options.policy, runtime, host);
    const layers = [...now.layers, ...then.layers];
    const [roots, keys] = [unique([...now.roots, ...then.roots]), unique([...now.keys, ...then.keys])];
    const ground = { ...now, layers, roots, keys, baseline: [] };
    const progress = asked.options.quiet ? silent : await terminalProgress(runtime);
    const { facts } = await survey(asked.lockfiles, ground, { runtime, host, progress });
    const found = differences(then.layers, now.layers, facts, host.now());
    const said = remarks(then, now);
    const packages = facts.length;
    const compared = { revision: named, found, said, packages };
    return answer(
      "policy diff",
      EXIT.ok,
      {
        text: (paint, columns) => differenceText(compared, paint, columns),
        json: () => ({
          revision: named,
          packages,
          differences: found.map(({ package: { purl }, ...one }) => ({ purl, ...one })),
          policy: said,
        }),
      },
      runtime,
    );
  });
}

/** No policy at that revision is an answer too: then everything is new. */
async function policyAt(
  revision: string,
  policy: string | null,
  runtime: Runtime,
  host: Host,
): Promise<Pick<LoadedPolicy, "layers" | "roots" | "keys" | "notary" | "files"> & { readonly named: string }> {
  const project = await realpath(runtime.cwd);
  const file = policy === null ? null : await inItsRepository(resolve(runtime.cwd, policy), project);
  const snapshot = await openRevision(project, revision, host, file === null ? [] : [file.name]);
  const options = { project, loadTrustRoot, ...(file === null ? {} : { policy: file.path }) };
  const named = snapshot.revision === null ? revision : revisionText(snapshot.revision);
  const loaded = await loadAt(snapshot, options).catch((error: unknown) => {
    if (error instanceof SafeInstallError && error.code === "NO_POLICY")
      return { layers: [], roots: [], keys: [], notary: [], files: new Map() };
    throw error;
  });
  return { ...loaded, named };
}

/** `--policy FILE` means the same file on both sides: one that git can know. */
async function inItsRepository(policy: string, project: string): Promise<{ path: string; name: string }> {
  const root = (await findRepository(project)) ?? project;
  const path = join(await realpath(dirname(policy)), basename(policy));
  if (isInside(path, root)) return { path, name: wayTo(root, path) };
  throw new SafeInstallError("usage", "USAGE", `policy diff: ${policy} is outside of the repository`, {
    hint: "git knows no earlier version of it",
  });
}

function oneRevision(): SafeInstallError {
  return new SafeInstallError("usage", "USAGE", "policy diff: expected one revision", {
    hint: "safe-install policy diff refs/remotes/origin/main",
  });
}
