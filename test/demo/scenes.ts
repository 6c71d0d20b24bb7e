import type { Registry } from "../support/registry.ts";
import type { Cast } from "./cast.ts";
import type { Project } from "./project.ts";
import type { Stage } from "./stage.ts";

export interface Play {
  readonly stage: Stage;
  readonly project: Project;
  readonly registry: Registry;
  readonly cast: Cast;
}

/** The packages come from the pipelines that the policy names: npm installs them, the program runs. */
export async function allGood({ stage, project }: Play): Promise<void> {
  stage.scene("All good", [
    "A shop needs three packages. Its policy says which pipeline must have built",
    "each of them: GitHub Actions, GitLab or Azure Pipelines. No rule: denied.",
  ]);
  stage.file(".signing-policy.json", project.policy);
  const { folder } = project;
  stage.expect("is allowed", await stage.safeInstall(folder, ["npm", "ci"]), { exit: 0, says: ["✓", "added 3"] });
  stage.expect("runs", await stage.node(folder, "shop.js"), { exit: 0, says: ["paid to ACME"] });
}

/** A valid signature by the right company's wrong repository is refused; what was installed stays. */
export async function wrongRepository({ stage, project, registry, cast }: Play): Promise<void> {
  stage.scene("The right company, the wrong repository", [
    "@acme/widget 2.2.0 is signed, validly, by acme/playground. The policy asks for",
    "acme/widget: the whole update is refused and node_modules stays as it was.",
  ]);
  const before = project.installed();
  registry.publish(cast.fromPlayground);
  project.lock([cast.fromPlayground, ...cast.published.slice(1)]);
  stage.file(".signing-policy.json", project.fragment('"acme"', 2));
  const refused = await stage.safeInstall(project.folder, ["npm", "ci"]);
  stage.expect("is refused", refused, { exit: 65, says: ["UNTRUSTED_SIGNER", "acme/playground"] });
  stage.fact("node_modules is byte for byte what it was", project.installed() === before);
}

/** The registry serves other bytes and the lock agrees: npm alone installs them, the gate does not. */
export async function tamperedTarball({ stage, project, registry, cast }: Play): Promise<void> {
  stage.scene("A tampered tarball, and a lockfile changed to match", [
    "The registry now serves other bytes for @acme/widget 2.1.0 and a pull request",
    "put their hash into the lockfile. npm alone (in a copy) has no objection:",
  ]);
  const before = project.installed();
  registry.publish(cast.tampered);
  project.lock(cast.published);
  const copy = project.copy("shop-without-gate");
  stage.expect("is installed by npm alone", await stage.npm(copy, ["ci"]), { exit: 0, says: ["added 3"] });
  stage.expect("takes the money", await stage.node(copy, "shop.js"), { exit: 0, says: ["paid to Mallory"] });
  stage.say(["With the gate: the signed statement is about other bytes than these."]);
  const refused = await stage.safeInstall(project.folder, ["npm", "ci"]);
  stage.expect("is refused", refused, { exit: 66, says: ["SUBJECT_MISMATCH", "@acme/widget"] });
  stage.fact("node_modules is byte for byte what it was", project.installed() === before);
}

/** Audit lets through what is merely unexpected, says so, and calls nothing verified. */
export async function auditOnly({ stage, project, registry, cast }: Play): Promise<void> {
  stage.scene("Audit mode, for rolling it out", [
    "The same project as in scene 2, but the policy only audits: it installs and",
    "tells what it would have refused. (Scene 3 would be refused in audit too.)",
  ]);
  for (const one of cast.published) registry.publish(one);
  project.lock([cast.fromPlayground, ...cast.published.slice(1)]);
  project.writePolicy(project.policy.replace('"version": 1,', '"version": 1,\n  "mode": "audit",'));
  stage.file(".signing-policy.json", project.fragment('"mode"', 1));
  const audited = await stage.safeInstall(project.folder, ["npm", "ci"]);
  stage.expect("is let through", audited, { exit: 0, says: ["UNTRUSTED_SIGNER", "audit", "added 3"] });
  registry.publish(cast.tampered);
  project.lock(cast.published);
  const refused = await stage.safeInstall(project.folder, ["check"], { quietly: true });
  stage.expect("stops what does not hold in audit too", refused, { exit: 66, says: ["SUBJECT_MISMATCH"] });
}
