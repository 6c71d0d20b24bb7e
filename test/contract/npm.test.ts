import { npm } from "../../plugins/npm/index.ts";
import { isolated } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { writeProject } from "../support/project.ts";
import { startRegistry } from "../support/registry.ts";
import { keepsTheContract, type Laid } from "./suite.ts";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, onTestFinished } from "vitest";

const PACKAGES = [
  { name: "widget", version: "1.0.0" },
  { name: "@acme/gadget", version: "2.1.0" },
];

describe("npm keeps the contract", () => keepsTheContract({ plugin: npm, lay }));

async function lay(): Promise<Laid> {
  const registry = await startRegistry({ packages: PACKAGES });
  onTestFinished(() => registry.close());
  const [folder, home] = [temporaryFolder(), temporaryFolder()];
  writeProject(folder, registry, { locked: PACKAGES });
  return {
    folder,
    home,
    names: ["package.json", "package-lock.json"],
    env: isolated(home),
    requests: () => registry.requests.length,
    installed: () => join(folder, "node_modules/widget/package.json"),
    meddle: () => {
      mkdirSync(join(folder, "node_modules/stranger"));
      writeFileSync(join(folder, "node_modules/stranger/package.json"), '{"name":"stranger"}');
    },
  };
}
