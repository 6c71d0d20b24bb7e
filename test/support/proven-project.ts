import { temporaryFolder } from "./folder.ts";
import { writeProject } from "./project.ts";
import { startRegistry } from "./registry.ts";
import { createInstance, policyFor, publishSigned } from "./signed.ts";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A project of one package, `widget`, which the pipeline that its policy names has signed; for as long as the test runs. */
export async function provenProject(): Promise<string> {
  const registry = await startRegistry();
  onTestFinished(() => registry.close());
  const instance = await createInstance();
  await publishSigned(registry, instance, { name: "widget", version: "1.0.0" });
  const project = join(temporaryFolder(), "project");
  writeProject(project, registry, {
    locked: [{ name: "widget", version: "1.0.0" }],
    policy: policyFor(["widget"]),
    files: { "trust/root.json": instance.trustedRoot },
  });
  return project;
}
