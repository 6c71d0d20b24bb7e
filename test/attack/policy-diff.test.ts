/** What a change of policy does beyond the lock is said before it is merged: `policy diff` compares all that was loaded. */
import { safeInstall } from "../support/cli.ts";
import { putInto, temporaryFolder } from "../support/folder.ts";
import { commitAll } from "../support/git.ts";
import { generateKeyPairSync } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";

let home: string;
let root: string;
const put = (name: string, content: unknown) => putInto(root, name, content);
const newKey = () =>
  generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ type: "spki", format: "pem" }) as string;
const recorded = (...names: readonly string[]) => ({
  version: 1,
  packages: Object.fromEntries(names.map((name) => [`pkg:npm/${name}@1.0.0`, [`sha512:${"a".repeat(128)}`]])),
});
const POLICY = {
  version: 1,
  signers: { vendor: { publicKey: { files: ["keys/vendor.pem"] } } },
  rules: [{ packages: ["npm:vendor"], signedBy: ["vendor"] }],
  recorded: { file: ".signing-recorded.json", reason: "known bytes", expires: "2099-01-01" },
  scripts: "none",
};

beforeEach(() => {
  [home, root] = [temporaryFolder(), temporaryFolder()];
  mkdirSync(join(root, "keys"));
  put("package.json", { name: "app", version: "1.0.0" });
  put("package-lock.json", { name: "app", lockfileVersion: 3, packages: { "": { name: "app" } } });
  put("keys/vendor.pem", newKey());
  put(".signing-recorded.json", recorded("known"));
  put(".signing-policy.json", POLICY);
  commitAll(root);
});

test.each([
  ["a key file is replaced under its name", () => put("keys/vendor.pem", newKey()), "keys/vendor.pem: other content"],
  [
    "the recorded file grows",
    () => put(".signing-recorded.json", recorded("known", "evil")),
    "recorded versions new: 1",
  ],
  [
    "install scripts run",
    () => put(".signing-policy.json", { ...POLICY, scripts: "all" }),
    "scripts: none becomes all",
  ],
])("%s", async (_, change, said) => {
  change();
  const { exit, stdout } = await safeInstall(["policy", "diff", "HEAD"], { cwd: root, home });
  expect({ exit, stdout }).toEqual({ exit: 0, stdout: expect.stringContaining(said) });
});
