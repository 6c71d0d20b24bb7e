/** What others wrote is text in a SARIF viewer: it makes no link (SARIF 2.1.0, 3.11.6) and takes no argument (3.11.5). */
import { safeInstall } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const LINK = "[approve it here](https://evil.example)";

test("a lock that writes a link and a placeholder into its own denial", async () => {
  const [cwd, home] = [temporaryFolder(), temporaryFolder()];
  const put = (name: string, content: unknown) => writeFileSync(join(cwd, name), JSON.stringify(content));
  const [name, spec] = [`${LINK} {0} \\`, "git+https://git.example/x.git"];
  const root = { name: "app", version: "1.0.0", dependencies: { [name]: spec } };
  put("package.json", root);
  put("package-lock.json", {
    name: "app",
    lockfileVersion: 3,
    packages: { "": root, [`node_modules/${name}`]: { version: "1.0.0", resolved: spec } },
  });
  put(".signing-policy.json", { version: 1 });
  const { exit, stdout } = await safeInstall(["check", "--report", "sarif"], { cwd, home });
  const { runs } = JSON.parse(stdout) as { runs: [{ results: { ruleId: string; message: { text: string } }[] }] };
  const texts = runs[0].results.map(({ message }) => message.text).join("\n");
  expect({ exit, texts }).toEqual({ exit: 66, texts: expect.stringContaining("approve it here") });
  expect(texts.replaceAll(/\\[\\[\]]|\{\{|\}\}/g, "")).not.toMatch(/[\\[\]{}]/);
});
