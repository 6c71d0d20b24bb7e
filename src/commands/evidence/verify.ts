import { EXIT } from "../../exit.ts";
import { damaged, openPack } from "../../exported/pack.ts";
import { filesOf } from "../../exported/index.ts";
import { answer } from "../../report/answer.ts";
import { plural, printable } from "../../report/text.ts";
import type { Runtime } from "../../runtime.ts";
import { misused, readWords } from "../../words.ts";

/**
 * `safe-install evidence verify FILE|DIR`: whether an export is whole, and what it holds; who signed what, and whether that
 * suffices, says `check --evidence`. @returns 0 @throws SafeInstallError EVIDENCE_DAMAGED
 */
export async function verifyExport(args: readonly string[], runtime: Runtime): Promise<number> {
  const { values, positionals } = readWords(args, { digest: { type: "string" } } as const, "evidence");
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0)
    throw misused("expected: evidence verify FILE [--digest sha256:HEX]", "evidence");
  const { index, digest, size } = await openPack(path, runtime.cwd);
  if (values.digest !== undefined && values.digest !== digest)
    throw damaged(path, `its digest is ${digest}, not ${values.digest}`);
  const { tool, exported, policies, answers } = index;
  const packages = new Set(answers.map((one) => one.package)).size;
  const files = filesOf(index).length;
  const text = () =>
    [
      `${printable(path)} is whole: ${plural(files, "file")}, ${size} bytes, ${digest}`,
      `  exported ${printable(exported)} by ${printable(tool)}: evidence of ${plural(packages, "package")}`,
      ...policies.map((one) => `  under ${printable(one.name)} ${one.digest}${one.mode === "audit" ? " (audit)" : ""}`),
      `  nothing in it was judged: safe-install check --evidence ${printable(path)}`,
      "",
    ].join("\n");
  const json = () => ({ evidence: path, digest, exported, tool, policies, packages, files, bytes: size });
  return answer("evidence verify", EXIT.ok, { text, json }, runtime);
}
