import { dotnetHandoff } from "../../../../plugins/dotnet/handoff/handoff.ts";
import type { HookedRun } from "../../../../plugins/dotnet/handoff/hooked.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { transacting } from "../../../support/transaction.ts";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

describe("while one solution of a repository is handed off", () => {
  const HOOKED = { replaces: [], proven: [] } as unknown as HookedRun;

  // The repository's nuget.config is closed meanwhile: another run would read it, and put it back as the user's own.
  it.each([
    ["another is restored beside it", null, "goes on"],
    ["no other is restored where targets of the project run", HOOKED, "ANOTHER_RUN"],
  ])("%s", async (_, hooked, outcome) => {
    const [state, root] = [temporaryFolder(), temporaryFolder()];
    const target = { file: join(root, "a.slnx"), folder: root };
    const rest = { projects: [], edits: [], words: [], lockedMode: false, afterwards: null, dotnet: { host: null } };
    const handoff = await dotnetHandoff([], { ...rest, root, target, hooked } as unknown as Parameters<
      typeof dotnetHandoff
    >[1]);
    let other = "";
    await transacting(state).run(handoff, async () => {
      const started = transacting(state).recover([root], join(root, "b.slnx"));
      other = await started.then(
        () => "goes on",
        ({ code }: { readonly code: string }) => code,
      );
      return 0;
    });
    expect(other).toBe(outcome);
  });
});
