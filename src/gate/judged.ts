import { SafeInstallError } from "../errors.ts";
import { mayBeInside } from "../io/inside.ts";
import type { Options } from "../options.ts";
import type { PolicyGround } from "./ground.ts";
import { realpath } from "node:fs/promises";
import { dirname, resolve } from "node:path";

interface Judging {
  readonly bounds: PolicyGround;
  readonly options: Pick<Options, "policy">;
  /** Absolute, where the command was typed. */
  readonly cwd: string;
}

/**
 * What is judged says by no policy of its own: none of these folders holds one that counts, nor a key, a root or a recorded
 * file that it names. @throws SafeInstallError POLICY_JUDGED
 */
export async function refuseJudged(
  folders: readonly string[],
  { bounds, options, cwd }: Judging,
  hint = "keep it where a build does not write; --policy FILE names one",
): Promise<void> {
  const base = await baseOf(options, bounds, cwd);
  for (const name of bounds.loaded.files.keys())
    for (const folder of folders)
      if (await mayBeInside(resolve(base, name), folder))
        throw new SafeInstallError("usage", "POLICY_JUDGED", `${name} lies in the folder that it would judge`, {
          hint,
        });
}

/** What `LoadedPolicy.files` are relative to: a policy that was named ends at its own folder. */
async function baseOf({ policy }: Judging["options"], { repositoryRoot }: PolicyGround, cwd: string): Promise<string> {
  return policy === null ? repositoryRoot : dirname(await realpath(resolve(cwd, policy)));
}
