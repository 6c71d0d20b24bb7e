import { SafeInstallError } from "../../errors.ts";
import type { ClosableHost } from "../../io/host.ts";
import { pause } from "../../io/deadline.ts";
import { parseJson } from "../../json.ts";
import { LIMITS } from "../../limits.ts";
import type { TrustRoot } from "../../model/trust.ts";
import { warnAhead } from "../../policy/expiry.ts";
import { endOfRoot } from "../../project/endings.ts";
import { loadTrustRoot, publicGoodRoot } from "../../project/trust.ts";
import { printable } from "../../report/text.ts";
import type { Runtime } from "../../runtime.ts";
import { claimsForeseen, isOfAzure } from "../../sign/identity/claims.ts";
import { tokenSource } from "../../sign/identity/sources.ts";
import { requireLiving, type Token } from "../../sign/identity/token.ts";
import {
  instanceIn,
  isPublicInstance,
  isPublicRoot,
  PUBLIC_INSTANCE,
  type SigstoreInstance,
} from "../../sign/keyless/instance.ts";
import { keylessSignatory } from "../../sign/keyless/signatory.ts";
import type { Clock } from "../../sign/keyless/window.ts";
import { publicRecord, requireMayBePublic } from "../../sign/public-record.ts";
import type { Signatory } from "../../sign/sign.ts";
import { openTrust } from "../../trust/open.ts";
import { required } from "../verify/required.ts";
import { type PolicyAtHand, policyAtHand } from "./at-hand.ts";
import type { KeylessArguments } from "./arguments.ts";
import type { FileRead } from "./files.ts";
import { resolve } from "node:path";

interface Prepared {
  readonly signatory: Signatory;
  readonly token: Token;
}

/**
 * An identity of the environment, compared with who is expected, before anybody is asked for a certificate.
 * @throws SafeInstallError; ArtifactError UNTRUSTED_SIGNER
 */
export async function signatoryWithIdentity(
  asked: KeylessArguments,
  files: readonly FileRead[],
  runtime: Runtime,
  host: ClosableHost,
): Promise<Prepared> {
  const clock: Clock = { now: () => host.now(), pause: (ms) => pause(ms, runtime.signal) };
  const instance = await instanceOf(asked, runtime, host);
  const atHand = await policyAtHand(asked, files, runtime.cwd);
  for (const note of atHand?.notes ?? []) host.notice(note);
  const root = await trustRootOf(asked, instance, atHand, runtime, host);
  const ends = endOfRoot(root);
  for (const line of ends === null ? [] : warnAhead(`trust root ${root.name}`, ends, clock.now())) host.notice(line);
  const isPublic = isPublicInstance(instance) || isPublicRoot(root, publicGoodRoot());
  const token = await tokenFor(asked, isPublic, runtime, host);
  requireLiving(token, clock.now());
  const foreseen = claimsForeseen(token);
  atHand?.require(foreseen.claims, foreseen.isWhole);
  if (isPublic) sayWhatIsPublic(foreseen.claims, files, asked.publicLog, runtime);
  const certified = async () => {
    const { certify } = await import("../../sign/keyless/certificate.ts");
    const key = await certify(token, instance.authority, clock);
    atHand?.require(key.claims, true);
    return key;
  };
  const caller = { issuer: token.issuer, subject: token.subject };
  return { token, signatory: keylessSignatory({ instance, root, clock, caller, certified }) };
}

async function instanceOf(
  { signingConfig }: KeylessArguments,
  { cwd }: Runtime,
  host: ClosableHost,
): Promise<SigstoreInstance> {
  if (signingConfig === null) return PUBLIC_INSTANCE;
  const content = await required(signingConfig, LIMITS.trustedRootBytes, { cwd, host });
  return instanceIn(content.toString("utf8"), signingConfig, host.now());
}

/** The one by which those who install will judge: named, beside the configuration, the expected signer's, or the public one. */
async function trustRootOf(
  { trustedRoot, signingConfig }: KeylessArguments,
  instance: SigstoreInstance,
  atHand: PolicyAtHand | null,
  { cwd }: Runtime,
  host: ClosableHost,
): Promise<TrustRoot> {
  for (const file of [trustedRoot, signingConfig]) {
    if (file === null) continue;
    const content = await required(file, LIMITS.trustedRootBytes, { cwd, host });
    if (file === trustedRoot || holdsRoot(content)) return rootIn(content, file, instance);
  }
  const isPublic = isPublicInstance(instance);
  const { roots } = await openTrust(atHand?.roots ?? [], host);
  const found = isPublic ? roots[0] : roots.find(({ id }) => id === atHand?.rootId);
  if (found !== undefined) return found;
  throw new SafeInstallError("usage", "SIGNING_CONFIG", "by which trust root is it judged what the instance signs?", {
    hint: "--trusted-root FILE, a ClientTrustConfig, or a policy whose signer has it",
  });
}

type Json = Readonly<Record<string, unknown>>;

function holdsRoot(content: Buffer): boolean {
  return (parseJson(content.toString("utf8")) as Json)["trustedRoot"] !== undefined;
}

/** As much as the instance gives. */
function rootIn(content: Buffer, file: string, { logs }: SigstoreInstance): TrustRoot {
  const json = parseJson(content.toString("utf8")) as Json;
  const root = (json["trustedRoot"] ?? json) as Json;
  const { ctlogs } = root;
  const sct = Array.isArray(ctlogs) && ctlogs.length > 0 ? 1 : 0;
  const encoded = Buffer.from(JSON.stringify(root), "utf8");
  return loadTrustRoot(encoded, file, { tlog: logs.length > 0 ? 1 : 0, sct, timestamps: 1 });
}

async function tokenFor(
  { tokenFile, audience, serviceConnection }: KeylessArguments,
  isPublic: boolean,
  { cwd }: Runtime,
  host: ClosableHost,
): Promise<Token> {
  const file = tokenFile === null ? null : resolve(cwd, tokenFile);
  const source = tokenSource({ tokenFile: file, audience, serviceConnection }, host);
  if (isPublic && source.name.startsWith("Azure")) throw notTaken();
  const token = await source.ask();
  if (isPublic && isOfAzure(token)) throw notTaken();
  return token;
}

function notTaken(): SafeInstallError {
  return new SafeInstallError(
    "usage",
    "ISSUER_NOT_TAKEN",
    "the public Sigstore instance takes no token of Azure DevOps: their audience is fixed, and their issuers are not configured there",
    {
      hint: "an instance of your own with --signing-config (docs/private.md), or a key: --key-command with Azure Key Vault",
    },
  );
}

/** @throws SafeInstallError PUBLIC_LOG */
function sayWhatIsPublic(
  claims: Parameters<typeof publicRecord>[0],
  files: readonly FileRead[],
  isAllowed: boolean,
  { stderr }: Runtime,
): void {
  const lines = publicRecord(
    claims,
    files.flatMap(({ digests }) => digests),
  );
  const rows = lines.map(({ name, value }) => `    ${name.padEnd(12)}${printable(value)}\n`);
  stderr.write(`a public log will show, for ever:\n${rows.join("")}`);
  requireMayBePublic(claims, isAllowed);
}
