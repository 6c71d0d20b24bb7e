import { pip } from "../../plugins/pip/index.ts";
import { isolated } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { makeWheel, sha256, startIndex } from "../support/pypi.ts";
import { hasPip, makeEnvironment, NEWEST_PIP } from "../support/pypi/pythons.ts";
import { keepsTheContract, type Laid } from "./suite.ts";
import { readdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, onTestFinished } from "vitest";

const WHEELS = [makeWheel({ name: "widget", version: "1.0.0" }), makeWheel({ name: "gadget", version: "2.1.0" })];

describe.skipIf(!hasPip)("pip keeps the contract", () => keepsTheContract({ plugin: pip, lay }));

async function lay(): Promise<Laid> {
  const index = await startIndex();
  onTestFinished(() => index.close());
  for (const wheel of WHEELS) index.publish(wheel);
  const [folder, home] = [temporaryFolder(), temporaryFolder()];
  const environment = makeEnvironment(join(temporaryFolder(), "venv"), NEWEST_PIP!);
  const lines = WHEELS.map(({ filename, bytes }) => {
    const [name = "", version = ""] = filename.split("-");
    return `${name}==${version} --hash=sha256:${sha256(bytes)}\n`;
  });
  writeFileSync(join(folder, "requirements.txt"), lines.join(""));
  return {
    folder,
    home,
    names: ["requirements.txt"],
    program: [environment.pip],
    env: {
      ...isolated(home),
      PATH: [join(environment.folder, "bin"), process.env["PATH"] ?? ""].join(delimiter),
      PIP_INDEX_URL: index.url,
      PIP_CONFIG_FILE: "/dev/null",
      PIP_DISABLE_PIP_VERSION_CHECK: "1",
    },
    requests: () => index.requests.length,
    // But for pip's own bytecode, which it writes whenever it runs.
    beside: () =>
      readdirSync(environment.sitePackages)
        .filter((name) => name !== "pip")
        .map((name) => join(environment.sitePackages, name)),
    installed: () => join(environment.sitePackages, "widget/__init__.py"),
    meddle: () => writeFileSync(join(environment.sitePackages, "widget/__init__.py"), "meddled with"),
  };
}
