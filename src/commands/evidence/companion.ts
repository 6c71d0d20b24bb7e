import { SafeInstallError } from "../../errors.ts";
import { EXIT } from "../../exit.ts";
import { readBounded } from "../../io/files.ts";
import { writeOutput } from "../../io/output.ts";
import { parseJson } from "../../json.ts";
import { LIMITS } from "../../limits.ts";
import { companionMaker } from "../../plugins.ts";
import { answer } from "../../report/answer.ts";
import type { Runtime } from "../../runtime.ts";
import { misused } from "../../words.ts";
import { basename, resolve } from "node:path";

/** `safe-install evidence companion PACKAGE.nupkg BUNDLE [OUT.nupkg]`: a package that carries a bundle. @returns the exit code */
export async function companion(args: readonly string[], runtime: Runtime): Promise<number> {
  const [nupkg, bundle, out, ...more] = args;
  if (nupkg === undefined || bundle === undefined || more.length > 0) throw usage();
  const text = await read(bundle, LIMITS.bundleBytes, runtime);
  requireJson(text.toString("utf8"), bundle);
  const makeCompanion = await companionMaker();
  const made = makeCompanion(await read(nupkg, LIMITS.artifactBytes, runtime), text.toString("utf8"));
  const name = out ?? basename(`${made.id}.${made.version}.nupkg`);
  await writeOutput(name, made.bytes, runtime.cwd);
  const file = resolve(runtime.cwd, name);
  return answer("evidence companion", EXIT.ok, { text: () => `${file}\n`, json: () => ({ file }) }, runtime);
}

async function read(path: string, maxBytes: number, { cwd }: Runtime): Promise<Buffer> {
  const content = await readBounded(resolve(cwd, path), { maxBytes });
  if (content !== null) return content;
  throw new SafeInstallError("usage", "NO_SUCH_FILE", `${path} does not exist`);
}

function requireJson(text: string, path: string): void {
  try {
    parseJson(text);
  } catch (error) {
    throw new SafeInstallError("usage", "NOT_A_BUNDLE", `${path}: ${(error as Error).message}`);
  }
}

function usage(): SafeInstallError {
  return misused("expected: evidence companion PACKAGE.nupkg BUNDLE.sigstore.json [OUT.nupkg]", "evidence");
}
