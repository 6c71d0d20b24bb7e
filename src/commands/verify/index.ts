import { loadPolicy } from "../../gate/ground.ts";
import { SafeInstallError } from "../../errors.ts";
import { publicGoodRoot } from "../../project/trust.ts";
import { revocationsOfAttestation } from "../../policy/revoked.ts";
import { matchSigner, signerOf } from "../../policy/signers/signer.ts";
import { paintFor } from "../../report/text.ts";
import type { Runtime } from "../../runtime.ts";
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
      signerNamed: (name, version) => signerNamed(name, version, runtime),
    }),
  );
}

/** A signer of the innermost policy that has one of that name. @throws SafeInstallError kind "policy" */
async function signerNamed(name: string, version: string | null, runtime: Runtime): Promise<ExpectedSigner> {
  const { layers, roots, keys } = await loadPolicy(runtime.cwd, null, runtime.cwd);
  const layer = layers.findLast((one) => signerOf(one, name) !== null);
  if (layer === undefined) throw noSuchSigner(name, layers.map((one) => one.name).join(", "));
  return {
    roots: [publicGoodRoot(), ...roots],
    keys,
    compare: (attestation) => matchSigner(layer, name, attestation, version),
    revoked: (attestation) => revocationsOfAttestation(layers, attestation, version),
  };
}

function noSuchSigner(name: string, where: string): SafeInstallError {
  return new SafeInstallError("policy", "NO_SUCH_SIGNER", `${where} has no signer "${name}"`, {
    hint: "name one of its signers, or say the identity with --certificate-identity and --certificate-oidc-issuer",
  });
}
