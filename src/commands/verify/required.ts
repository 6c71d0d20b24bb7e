import { resolve } from "node:path";
import { SafeInstallError } from "../../errors.ts";
import type { ExpectationSources } from "./expectation.ts";

/** A file that has to be there. @throws SafeInstallError */
export async function required(
  file: string,
  maxBytes: number,
  { cwd, host }: Pick<ExpectationSources, "cwd" | "host">,
): Promise<Buffer> {
  const bytes = await host.read(resolve(cwd, file), { maxBytes });
  if (bytes === null) throw new SafeInstallError("usage", "FILE_MISSING", `there is no file ${file}`);
  return bytes;
}
