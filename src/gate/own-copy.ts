import { SafeInstallError } from "../errors.ts";
import { mayBeInside } from "../io/inside.ts";
import { groundsOf } from "../project/ends.ts";
import { isInCi, type Runtime } from "../runtime.ts";
import { fileURLToPath } from "node:url";

/** For what judges, or writes what will, without opening a project. @throws SafeInstallError GATE_INSIDE_PROJECT, in CI */
export async function refuseOwnCopyAround(
  { cwd, env, stderr }: Pick<Runtime, "cwd" | "env" | "stderr">,
  own?: string,
): Promise<void> {
  await refuseOwnCopy(await groundsOf(cwd), env, (text) => stderr.write(`${text}\n`), own);
}

/**
 * A gate that a project brings along says what the project wants it to say. On a developer's machine that is a choice, and
 * is only told; where changes of others are judged it is refused.
 * @param repository the widest folder that a change to the project can reach; absolute
 * @param own this program's file
 * @throws SafeInstallError GATE_INSIDE_PROJECT, in CI
 */
export async function refuseOwnCopy(
  repository: string,
  env: Readonly<Record<string, string | undefined>>,
  notice: (text: string) => void,
  own = fileURLToPath(import.meta.url),
): Promise<void> {
  if (!(await mayBeInside(own, repository))) return;
  const said = "this safe-install lies inside the project that it judges: a change can bring another one";
  if (!isInCi(env)) return notice(`safe-install: ${said}`);
  throw new SafeInstallError("usage", "GATE_INSIDE_PROJECT", said, {
    hint: "in CI, install it outside of the checkout, from a tarball whose digest is checked: docs/ci.md",
  });
}
