import { SafeInstallError } from "../../errors.ts";
import { filter } from "../../io/filter.ts";
import { readBounded } from "../../io/files.ts";
import { writeOutput } from "../../io/output.ts";
import { which } from "../../io/program.ts";
import type { Host } from "../../host.ts";
import { LIMITS } from "../../limits.ts";
import { warnAhead } from "../../policy/expiry.ts";
import { groundsOf } from "../../project/ends.ts";
import type { Runtime } from "../../runtime.ts";
import { callerHere } from "../../sign/caller.ts";
import { wordsOf } from "../../sign/key/command-words.ts";
import { openPrivateKey, PASSWORD } from "../../sign/key/private-key.ts";
import { keySignatory } from "../../sign/key/signatory.ts";
import { heldByProgram, heldHere, type RunFilter, type SigningKey } from "../../sign/key/signing-key.ts";
import type { Signatory } from "../../sign/sign.ts";
import { heldKey } from "../../verify/trust/held-key.ts";
import { required } from "../verify/required.ts";
import type { SignArguments } from "./arguments.ts";
import { createPublicKey } from "node:crypto";
import { resolve } from "node:path";

/** A key of a file, or of a program (KMS, HSM), ready to sign. @throws SafeInstallError SIGNING_KEY, SIGNING_FAILED */
export async function signatoryWithKey(
  by: By<"file" | "command">,
  runtime: Runtime,
  host: Pick<Host, "temporary" | "now" | "notice">,
): Promise<Signatory> {
  sayEnd(by.ends, host);
  const key = by.kind === "file" ? await keyOfFile(by, runtime) : await keyOfProgram(by, runtime, host);
  const signatory = keySignatory(key, callerHere(runtime.env));
  return by.publicKeyOut === null ? signatory : announcing(signatory, key, by.publicKeyOut, runtime);
}

/** Who installs pins what is written: not before a signature held under it. */
function announcing(signatory: Signatory, { publicKey }: SigningKey, file: string, { cwd }: Runtime): Signatory {
  const pem = publicKey.export({ format: "pem", type: "spki" }).toString();
  return {
    ...signatory,
    seal: async (one) => {
      const sealed = await signatory.seal(one);
      await writeOutput(file, pem, cwd);
      return sealed;
    },
  };
}

/** Warned about at every signing, as far ahead as a policy's own dates. @throws SafeInstallError SIGNING_KEY: it has ended */
function sayEnd(ends: Date | null, host: Pick<Host, "now" | "notice">): void {
  if (ends === null) return;
  const [warning] = warnAhead("the key", ends, host.now());
  if (warning === undefined) return;
  if (ends > host.now()) return host.notice(warning);
  throw new SafeInstallError("usage", "SIGNING_KEY", warning, {
    hint: "sign with its successor; --key-ends says when",
  });
}

type By<K> = Extract<SignArguments["by"], { readonly kind: K }>;

async function keyOfFile({ file, padding }: By<"file">, runtime: Runtime): Promise<SigningKey> {
  const encoded = await required(file, LIMITS.keyBytes, ioOf(runtime));
  const { key, warnings } = await openPrivateKey(encoded, file, () => passwordFor(file, runtime));
  for (const warning of warnings) runtime.stderr.write(`${warning}\n`);
  return heldHere(key, padding);
}

async function passwordFor(file: string, { env, askSecret }: Runtime): Promise<string> {
  const known = env[PASSWORD];
  if (known !== undefined) return known;
  if (askSecret !== undefined) return askSecret(`Password of ${file}: `);
  throw new SafeInstallError("usage", "SIGNING_KEY", `${file} is encrypted, and there is no password`, {
    hint: `set ${PASSWORD}, or run it in a terminal`,
  });
}

async function keyOfProgram(
  { command, publicKey, form }: By<"command">,
  runtime: Runtime,
  host: Pick<Host, "temporary">,
): Promise<SigningKey> {
  const { spki } = heldKey(await required(publicKey, LIMITS.keyBytes, ioOf(runtime)), NOT_YET);
  return heldByProgram(
    createPublicKey({ key: spki, format: "der", type: "spki" }),
    form,
    await running(command, runtime, host),
  );
}

/** Read as a policy reads it. */
const NOT_YET = { usage: "policy", thresholds: { tlog: 0, sct: 0, timestamps: 0 } };

/** A path as it is typed; a name from PATH, and never out of the repository: a checkout brings no program that signs. */
async function running(
  command: string,
  { cwd, env, signal }: Runtime,
  host: Pick<Host, "temporary">,
): Promise<RunFilter> {
  const [name, ...args] = wordsOf(command);
  const isPath = /[\\/]/.test(name);
  const file = isPath ? resolve(cwd, name) : (await which([name], { outside: await groundsOf(cwd), env }))?.path;
  if (file === undefined) throw failed(name, "is not on PATH outside of the repository", "name it by its path");
  const { [PASSWORD]: _, ...others } = env;
  return async (input) => {
    const folder = await host.temporary("to-sign");
    const options = { input, folder, maxBytes: LIMITS.signatureBytes, timeoutMs: LIMITS.signatureMs, signal };
    const ended = await filter({ file, args, cwd, env: others }, options);
    if ("output" in ended) return ended.output;
    throw failed(name, ended.failed, "what it says above is its own reason");
  };
}

function failed(name: string, how: string, hint: string): SafeInstallError {
  return new SafeInstallError("unavailable", "SIGNING_FAILED", `${name}: ${how}; nothing was signed`, { hint });
}

function ioOf({ cwd }: Runtime) {
  return { cwd, host: { read: readBounded, now: () => new Date() } };
}
