import { EXIT } from "../../exit.ts";
import { loadPolicy } from "../../gate/ground.ts";
import { SafeInstallError } from "../../errors.ts";
import { openTrust } from "../../trust/open.ts";
import { revocationsOfAttestation } from "../../policy/revoked.ts";
import { matchSigner, signerOf } from "../../policy/signers/signer.ts";
import { paintFor } from "../../report/text.ts";
import type { RevocationQuestion } from "../../model/notary.ts";
import { askRevocation } from "../../trust/revocation.ts";
import type { Runtime } from "../../runtime.ts";
import type { Unavailable } from "../../model/decision.ts";
import type { ClosableHost } from "../../io/host.ts";
import { PUBLIC_GOOD, type TrustRoot } from "../../model/trust.ts";
import { withHost } from "../with-host.ts";
import { type ExpectedSigner, verifyCommand } from "./verify.ts";

/** `safe-install verify`, joined with the policy that is found from here. @returns the exit code */
export function verify(args: readonly string[], runtime: Runtime): Promise<number> {
  return withHost({ offline: true }, runtime, (host) =>
    verifyCommand(args, {
      cwd: runtime.cwd,
      host,
      write: (text) => runtime.stdout.write(text),
      paint: paintFor(runtime.stdout, runtime.env),
      columns: runtime.stdout.columns,
      json: runtime.json === true,
      publicGood: () => publicGood(host),
      ...(args.includes("--offline") ? {} : { revocation: (question) => asked(question, runtime) }),
      signerNamed: (name, version) => signerNamed(name, version, runtime, host),
    }),
  );
}

/** The one thing that somebody is asked for: an authority's own word, which nobody can hold for it. */
async function asked(question: RevocationQuestion, runtime: Runtime): Promise<Buffer | string> {
  let answer: Buffer | string = "not asked";
  await withHost({ offline: false }, runtime, async (host) => {
    answer = await askRevocation(question, host);
    return EXIT.ok;
  });
  return answer;
}

/** The network is not asked: what is held counts, as old as it is. */
async function publicGood(host: ClosableHost): Promise<TrustRoot> {
  const [root] = (await openTrust([], host)).roots;
  if (root === undefined) throw new Error("the built-in trust root is missing");
  return root;
}

/** A signer of the innermost policy that has one of that name. @throws SafeInstallError kind "policy" */
async function signerNamed(
  name: string,
  version: string | null,
  runtime: Runtime,
  host: ClosableHost,
): Promise<ExpectedSigner> {
  const { layers, roots, keys, notary } = await loadPolicy(runtime.cwd, null, runtime.cwd);
  const layer = layers.findLast((one) => signerOf(one, name) !== null);
  if (layer === undefined) throw noSuchSigner(name, layers.map((one) => one.name).join(", "));
  const trust = await openTrust(roots, host);
  const lacking = trust.missing.get(layer.roots[signerOf(layer, name)?.trust ?? PUBLIC_GOOD] ?? "");
  if (lacking !== undefined) throw unavailable(lacking);
  return {
    roots: trust.roots,
    keys,
    notary,
    compare: (attestation) => matchSigner(layer, name, attestation, version),
    revoked: (attestation) => revocationsOfAttestation(layers, attestation, version),
  };
}

function unavailable({ location, reason }: Unavailable): SafeInstallError {
  return new SafeInstallError("unavailable", "TRUST_UNAVAILABLE", `${reason} (${location})`, {
    hint: "safe-install trust update",
  });
}

function noSuchSigner(name: string, where: string): SafeInstallError {
  return new SafeInstallError("policy", "NO_SUCH_SIGNER", `${where} has no signer "${name}"`, {
    hint: "name one of its signers, or say the identity with --certificate-identity and --certificate-oidc-issuer",
  });
}
