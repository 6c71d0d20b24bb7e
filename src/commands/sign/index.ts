import { ArtifactError } from "../../errors.ts";
import { EXIT } from "../../exit.ts";
import type { ClosableHost } from "../../io/host.ts";
import { LIMITS } from "../../limits.ts";
import { CODES, type Denial } from "../../model/codes.ts";
import { answer } from "../../report/answer.ts";
import { denialBlock } from "../../report/denial.ts";
import { type Paint, printable } from "../../report/text.ts";
import type { Runtime } from "../../runtime.ts";
import { auditLog } from "../../sign/audit.ts";
import type { SigningContent } from "../../sign/content.ts";
import { claimsForeseen } from "../../sign/identity/claims.ts";
import { provenanceOf, requireAgreeing } from "../../sign/provenance.ts";
import { type Signatory, type SignedFile, signFiles } from "../../sign/sign.ts";
import { type Predicate, predicateIn, statementAbout } from "../../sign/statement.ts";
import { toolVersion } from "../../version.ts";
import { required } from "../verify/required.ts";
import { withHost } from "../with-host.ts";
import { parseSign, type SignArguments } from "./arguments.ts";
import { type FileRead, readFiles } from "./files.ts";
import { bundlePlaces } from "./places.ts";
import { basename } from "node:path";

/** `safe-install sign FILE...`: writes `FILE.sigstore.json` beside each. @returns the exit code */
export function sign(args: readonly string[], runtime: Runtime): Promise<number> {
  const asked = parseSign(args);
  return withHost({ offline: asked.kind === "check" }, runtime, async (host) => {
    if (asked.kind === "check") {
      const { checkSigned } = await import("./check.ts");
      return checkSigned(asked, runtime, host);
    }
    try {
      const signed = await signAll(asked, runtime, host);
      return answer("sign", EXIT.ok, { text: (paint) => shown(signed, paint), json: () => ({ signed }) }, runtime);
    } catch (error) {
      if (error instanceof ArtifactError) return refused(error.denial, runtime);
      throw error;
    }
  });
}

async function signAll(asked: SignArguments, runtime: Runtime, host: ClosableHost): Promise<readonly SignedFile[]> {
  const { cwd } = runtime;
  const places = await bundlePlaces(asked.files, asked.append, cwd);
  const read = await readFiles(asked.files, cwd, host);
  const stated = await predicatesOf(asked, read, runtime, host);
  const signatory = await signatoryOf(asked, stated[0] ?? null, read, runtime, host);
  const files = read.map((one, at) => ({
    file: one.file,
    bytes: one.bytes,
    content: contentOf(one, stated[at] ?? null),
  }));
  const now = () => host.now();
  const audit = auditLog({ file: asked.auditLog, cwd, tool: `safe-install ${await toolVersion()}`, now });
  return signFiles(files, signatory, { audit, now, write: (file, bundle) => places.write(file, bundle) });
}

/** What is stated of each file; null: its own bytes are signed. */
async function predicatesOf(
  { what }: SignArguments,
  read: readonly FileRead[],
  { cwd, env }: Runtime,
  host: ClosableHost,
): Promise<readonly (Predicate | null)[]> {
  switch (what.kind) {
    case "blob":
      return read.map(() => null);
    case "provenance": {
      const predicate = provenanceOf(env);
      return read.map(() => predicate);
    }
    case "predicate": {
      const text = (await required(what.file, LIMITS.bundleBytes, { cwd, host })).toString("utf8");
      const predicate = { type: what.type, value: predicateIn(text, what.file) };
      return read.map(() => predicate);
    }
    case "summary": {
      const { summariesOf } = await import("./summaries.ts");
      return summariesOf(what, read, cwd, host);
    }
    default:
      return what satisfies never;
  }
}

async function signatoryOf(
  { by, what }: SignArguments,
  predicate: Predicate | null,
  read: readonly FileRead[],
  runtime: Runtime,
  host: ClosableHost,
): Promise<Signatory> {
  if (by.kind !== "identity") {
    const { signatoryWithKey } = await import("./keys.ts");
    return signatoryWithKey(by, runtime, host);
  }
  const { signatoryWithIdentity } = await import("./keyless.ts");
  const { signatory, token } = await signatoryWithIdentity(by, read, runtime, host);
  if (what.kind === "provenance" && predicate !== null) requireAgreeing(predicate, claimsForeseen(token));
  return signatory;
}

function contentOf({ file, bytes, digests, built }: FileRead, predicate: Predicate | null): SigningContent {
  if (predicate === null) return { kind: "message", bytes };
  return statementAbout({ name: built?.subjectNames[0] ?? basename(file), digests }, predicate);
}

function shown(signed: readonly SignedFile[], paint: Paint): string {
  return signed
    .map(({ file, bundle }) => `${paint("green", "✓")} ${paint("bold", printable(file))}\n    ${printable(bundle)}\n`)
    .join("");
}

function refused(denial: Denial, runtime: Runtime): number {
  const { exit } = CODES[denial.code];
  const text = (paint: Paint, columns: number) => `${denialBlock("sign", denial, "✗", paint, columns)}\n`;
  return answer("sign", exit, { text, json: () => ({ signed: [], denials: [denial] }) }, runtime);
}
