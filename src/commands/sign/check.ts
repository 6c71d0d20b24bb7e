import { pinOf } from "../../author/propose/pin.ts";
import { EXIT } from "../../exit.ts";
import { readBeside } from "../../evidence/beside.ts";
import type { ClosableHost } from "../../io/host.ts";
import { LIMITS } from "../../limits.ts";
import type { Attestation } from "../../model/attestation.ts";
import { PUBLIC_GOOD, type TrustRoot } from "../../model/trust.ts";
import type { Layer } from "../../policy/layer.ts";
import type { Signer } from "../../policy/schema/index.ts";
import { matchRule } from "../../policy/match.ts";
import { matchSigner } from "../../policy/signers/signer.ts";
import { loadTrustRoot } from "../../project/trust.ts";
import { answer } from "../../report/answer.ts";
import { type Paint, printable } from "../../report/text.ts";
import type { Runtime } from "../../runtime.ts";
import { openTrust } from "../../trust/open.ts";
import { heldKey } from "../../verify/trust/held-key.ts";
import { createVerifier, type HeldKey } from "../../verify/verifier.ts";
import { required } from "../verify/expected.ts";
import { layersAtHand } from "./at-hand.ts";
import type { CheckArguments } from "./arguments.ts";
import { type FileRead, readFiles } from "./files.ts";
import { resolve } from "node:path";

/** One bundle beside a file, and who signed it. */
interface SeenBundle {
  readonly file: string;
  readonly location: string;
  /** What does not hold, or cannot be judged; null: it holds. */
  readonly fault: string | null;
  /** The signer of the policy that it is by; null: none of them. */
  readonly known: string | null;
  /** What would pin exactly that signer. */
  readonly entry: Signer | null;
}

/**
 * `safe-install sign --check`: judges what lies beside each file by the policy of those who install, and says the signer entry
 * that a policy lacks. Signs nothing. @returns 0, 65 where nobody is pinned who signed, 66 where a bundle does not hold
 */
export async function checkSigned(asked: CheckArguments, runtime: Runtime, host: ClosableHost): Promise<number> {
  const { cwd } = runtime;
  const atHand = await layersAtHand(asked.policy, cwd);
  const trust = await openTrust(atHand?.roots ?? [], host);
  const root = await namedRoot(asked.trustedRoot, cwd, host);
  const keys = [...(atHand?.keys ?? []), ...(await namedKey(asked.publicKey, cwd, host))];
  const verifier = createVerifier([...trust.roots, ...(root === null ? [] : [root])], keys, host.now());
  const seen: SeenBundle[] = [];
  for (const file of await readFiles(asked.files, cwd, host)) {
    const beside = await readBeside(resolve(cwd, `${file.file}.sigstore.json`), host);
    if (beside.length === 0)
      seen.push({ ...NOTHING, file: file.file, location: "", fault: "there is no bundle beside it" });
    for (const one of beside) {
      const verdict = verifier.verify(one, { names: [], digests: file.digests, bytes: file.bytes });
      const at = { file: file.file, location: one.location };
      if (verdict.status !== "verified")
        seen.push({ ...NOTHING, ...at, fault: "detail" in verdict ? verdict.detail : "its bytes are needed" });
      else seen.push({ ...at, fault: null, ...pinned(verdict.attestation, file, atHand?.layers ?? [], asked) });
    }
  }
  const exit = exitOf(seen, atHand !== null);
  const text = (paint: Paint) => seen.map((one) => shown(one, paint)).join("");
  return answer("sign", exit, { text, json: () => ({ checked: seen }) }, runtime);
}

const NOTHING = { known: null, entry: null };

async function namedRoot(file: string | null, cwd: string, host: ClosableHost): Promise<TrustRoot | null> {
  if (file === null) return null;
  const content = await required(file, LIMITS.trustedRootBytes, { cwd, host });
  return loadTrustRoot(content, file, { tlog: 0, sct: 0, timestamps: 1 });
}

async function namedKey(file: string | null, cwd: string, host: ClosableHost): Promise<readonly HeldKey[]> {
  if (file === null) return [];
  const content = await required(file, LIMITS.keyBytes, { cwd, host });
  return [heldKey(content, { usage: "policy", thresholds: { tlog: 0, sct: 0, timestamps: 0 } })];
}

function pinned(
  attestation: Attestation,
  { built }: FileRead,
  layers: readonly Layer[],
  { trustedRoot, publicKey }: CheckArguments,
): Pick<SeenBundle, "known" | "entry"> {
  const version = built?.package.version ?? null;
  for (const layer of layers)
    for (const name of namesFor(built, layer))
      if (matchSigner(layer, name, attestation, version).length === 0) return { known: name, entry: null };
  if (attestation.signer.kind === "key") {
    const files = [publicKey ?? "keys/KEY.pem"];
    return { known: null, entry: { publicKey: { files, tlog: 0 } } };
  }
  const named = layers.flatMap(({ roots }) => Object.entries(roots)).find(([, id]) => attestation.roots.includes(id));
  const trust = named?.[0] ?? (trustedRoot === null ? PUBLIC_GOOD : "instance");
  return { known: null, entry: pinOf(attestation, version ?? "", trust) };
}

/** Of the rule that speaks of the package; without one: whoever the policy knows. */
function namesFor(built: FileRead["built"], { policy }: Layer): readonly string[] {
  const match = built === null ? null : matchRule(policy, built.package);
  const named = match?.kind === "rule" ? match.rule.signedBy : undefined;
  return named ?? Object.keys(policy.signers ?? {});
}

function exitOf(seen: readonly SeenBundle[], hasPolicy: boolean): number {
  if (seen.some(({ fault }) => fault !== null)) return EXIT.doesNotHold;
  return hasPolicy && seen.some(({ known }) => known === null) ? EXIT.denied : EXIT.ok;
}

function shown({ file, fault, known, entry }: SeenBundle, paint: Paint): string {
  const head = (sign: string, said: string) => `${sign} ${paint("bold", printable(file))}  ${printable(said)}\n`;
  if (fault !== null) return head(paint("red", "✗"), fault);
  if (known !== null) return head(paint("green", "✓"), `signed by ${known}`);
  const said = "holds, and no policy at hand has this signer:";
  return `${head(paint("yellow", "!"), said)}    ${printable(JSON.stringify(entry))}\n`;
}
