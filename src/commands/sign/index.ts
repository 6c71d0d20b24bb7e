import { EXIT } from "../../exit.ts";
import { LIMITS } from "../../limits.ts";
import { answer } from "../../report/answer.ts";
import { type Paint, printable } from "../../report/text.ts";
import type { Runtime } from "../../runtime.ts";
import { auditLog } from "../../sign/audit.ts";
import type { SigningContent } from "../../sign/content.ts";
import { type SignedFile, signFiles } from "../../sign/sign.ts";
import { predicateIn, statementAbout } from "../../sign/statement.ts";
import { toolVersion } from "../../version.ts";
import { required } from "../verify/expected.ts";
import { withHost } from "../with-host.ts";
import { parseSign, type SignArguments } from "./arguments.ts";
import { type ReadFile, readFiles } from "./files.ts";
import { signatoryWithKey } from "./keys.ts";
import { bundlePlaces } from "./places.ts";
import type { ClosableHost } from "../../io/host.ts";
import { basename } from "node:path";

/** `safe-install sign FILE...`: writes `FILE.sigstore.json` beside each. @returns the exit code */
export function sign(args: readonly string[], runtime: Runtime): Promise<number> {
  const asked = parseSign(args);
  return withHost({ offline: false }, runtime, async (host) => {
    const { cwd } = runtime;
    const places = await bundlePlaces(asked.files, asked.append, cwd);
    const read = await readFiles(asked.files, cwd, host);
    const contentOf = await contents(asked, runtime, host);
    const files = read.map((one) => ({ file: one.file, bytes: one.bytes, content: contentOf(one) }));
    const signatory = await signatoryWithKey(asked.by, runtime, host);
    const now = () => host.now();
    const audit = auditLog({ file: asked.auditLog, cwd, tool: `safe-install ${await toolVersion()}`, now });
    const signed = await signFiles(files, signatory, {
      audit,
      now,
      write: (file, bundle) => places.write(file, bundle),
    });
    return answer("sign", EXIT.ok, { text: (paint) => shown(signed, paint), json: () => ({ signed }) }, runtime);
  });
}

/** What is signed of each file. */
async function contents(
  { what }: SignArguments,
  { cwd }: Runtime,
  host: ClosableHost,
): Promise<(one: ReadFile) => SigningContent> {
  if (what.kind === "blob") return ({ bytes }) => ({ kind: "message", bytes });
  const text = (await required(what.file, LIMITS.bundleBytes, { cwd, host })).toString("utf8");
  const predicate = { type: what.type, value: predicateIn(text, what.file) };
  return ({ file, digests, built }) =>
    statementAbout({ name: built?.subjectNames[0] ?? basename(file), digests }, predicate);
}

function shown(signed: readonly SignedFile[], paint: Paint): string {
  return signed
    .map(({ file, bundle }) => `${paint("green", "✓")} ${paint("bold", printable(file))}\n    ${printable(bundle)}\n`)
    .join("");
}
