import { createHash } from "node:crypto";
import { SafeInstallError } from "../../errors.ts";
import { EXIT } from "../../exit.ts";
import { writeOutput } from "../../io/output.ts";
import type { TrustRoot } from "../../model/trust.ts";
import { answer } from "../../report/answer.ts";
import { printable } from "../../report/text.ts";
import type { Runtime } from "../../runtime.ts";
import { type CarriedRepository, encodeBundle } from "../../trust/bundle.ts";
import { sourceOf } from "../../trust/repository.ts";
import { heldOf } from "../../trust/state.ts";
import type { CommandHost } from "./index.ts";

/** Writes what is held of the roots here into one file, for a machine without a network. @returns 0. @throws SafeInstallError nothing is held */
export async function pinRoots(
  roots: readonly TrustRoot[],
  file: string,
  runtime: Runtime,
  host: CommandHost,
): Promise<number> {
  const repositories: CarriedRepository[] = [];
  for (const root of roots) {
    const source = sourceOf(root, host.trust.settings.mirrors);
    const held = source === null ? null : await heldOf(source, host);
    if (source !== null && held !== null) repositories.push({ name: source.name, mirror: source.mirror, held });
  }
  if (repositories.length === 0) {
    throw new SafeInstallError("unavailable", "TRUST_UNAVAILABLE", "no trust root was refreshed here yet", {
      hint: "safe-install trust update, then pin",
    });
  }
  const text = encodeBundle({ repositories });
  await writeOutput(file, text, runtime.cwd);
  const names = repositories.map(({ name }) => name);
  const digest = `sha256:${createHash("sha256").update(text).digest("hex")}`;
  return answer(
    "trust pin",
    EXIT.ok,
    {
      text: () => `${printable(file)}: ${printable(names.join(", "))}\n${digest}\n`,
      json: () => ({ file, roots: names, digest }),
    },
    runtime,
  );
}
