import { makeWheel, startIndex } from "../support/pypi.ts";
import { makeEnvironment, NEWEST_PIP } from "../support/pypi/pythons.ts";
import { pipelineOf, policyFor, publishSigned } from "../support/pypi/signed.ts";
import type { Instance } from "../support/sigstore.ts";
import type { Stage } from "./stage.ts";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The same for pip: a higher version of an internal name on another index is refused by the pin. */
export async function sameForPip(stage: Stage, folder: string, instance: Instance): Promise<void> {
  if (NEWEST_PIP === null) return;
  stage.scene(`The same for pip ${NEWEST_PIP.version}: one name on two indexes`, [
    "acme-tools 1.0 is on the company's index, built by acme/acme_tools. Somebody put",
    "acme-tools 99.0 on another index, signed as well; pip takes the higher version.",
  ]);
  const [ours, theirs] = [await startIndex(), await startIndex()];
  try {
    const wheel = (version: string) => makeWheel({ name: "acme_tools", version });
    await publishSigned(ours, instance, wheel("1.0"));
    await publishSigned(theirs, instance, wheel("99.0"), { identity: pipelineOf("mallory", "99.0") });
    const { pip, installed } = makeEnvironment(join(folder, "venv"), NEWEST_PIP);
    const project = join(folder, "project");
    mkdirSync(join(project, "trust"), { recursive: true });
    writeFileSync(join(project, "trust", "root.json"), JSON.stringify(instance.trustedRoot));
    const policy = policyFor(["acme-tools"]) as { signers: Record<string, { githubActions: { repository: string } }> };
    const { githubActions } = policy.signers["acme-tools"] ?? { githubActions: { repository: "" } };
    githubActions.repository = "acme/acme_tools";
    writeFileSync(join(project, ".signing-policy.json"), JSON.stringify(policy));

    const both = [pip, "install", "-i", ours.url, "--extra-index-url", theirs.url, "acme-tools"];
    const refused = await stage.safeInstall(project, both);
    stage.expect("is refused", refused, { exit: 65, says: ["UNTRUSTED_SIGNER", "acme/mallory"] });
    stage.fact("nothing was installed", installed().length === 0);
    const good = await stage.safeInstall(project, [pip, "install", "-i", ours.url, "acme-tools"]);
    stage.expect("is allowed", good, { exit: 0, says: ["Successfully installed"] });
    stage.fact("acme-tools 1.0 is installed, and nothing else", installed().join() === "acme_tools==1.0");
  } finally {
    await ours.close();
    await theirs.close();
  }
}
