import { noPolicyTo } from "../../../src/author/words/first-policy.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

it("the first policy is written for the command that was typed, for the lock, or for what has none", async () => {
  const [locked, bare] = [temporaryFolder(), temporaryFolder()];
  writeFileSync(join(locked, "package-lock.json"), "{}");
  writeFileSync(join(bare, "pyproject.toml"), "");
  const asked = { command: null, policy: null };
  const hint = async (cwd: string, typed: Parameters<typeof noPolicyTo>[2] = asked) =>
    (await noPolicyTo("read", ".signing-policy.json", typed, cwd)).hint;
  expect(await noPolicyTo("read", ".signing-policy.json", asked, locked)).toMatchObject({
    kind: "policy",
    code: "NO_POLICY",
    message: "there is no .signing-policy.json to read",
    hint: "safe-install init",
  });
  expect(await hint(bare)).toBe("safe-install init -- pip install NAME");
  expect(await hint(bare, { command: ["npx", "cowsay"], policy: null })).toBe("safe-install init -- npx cowsay");
  expect(await hint(locked, { command: null, policy: "ci/p.json" })).toBe("safe-install init --policy ci/p.json");
});
