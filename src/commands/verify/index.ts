import { loadPolicy } from "../../gate/ground.ts";
import { SafeInstallError } from "../../errors.ts";
import { publicGoodRoot } from "../../project/trust.ts";
import { revocationsOfAttestation } from "../../policy/revoked.ts";
import { matchSigner, signerOf } from "../../policy/signers/signer.ts";
import { paintFor } from "../../report/text.ts";
import type { World } from "../../runtime.ts";
import { withHost } from "../with-host.ts";
import { type Expected, verifyCommand } from "./verify.ts";

/** `safe-install verify`, joined with the policy that is found from here. @returns the exit code */
export function verify(args: readonly string[], world: World): Promise<number> {
  return withHost({ offline: true }, world, (host) =>
    verifyCommand(args, {
      cwd: world.cwd,
      host,
      write: (text) => world.stdout.write(text),
      paint: paintFor(world.stdout, world.env),
      columns: world.stdout.columns,
      signerNamed: (name, version) => signerNamed(name, version, world),
    }),
  );
}

/** A signer of the innermost policy that has one of that name. @throws SafeInstallError kind "policy" */
async function signerNamed(name: string, version: string | null, world: World): Promise<Expected> {
  const { layers, roots, keys } = await loadPolicy(world.cwd, null, world.cwd);
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
