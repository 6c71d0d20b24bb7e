import { stateFolder } from "../../../src/io/transaction/state.ts";
import { describe, expect, it } from "vitest";

describe("stateFolder", () => {
  it.each([
    [{}, "/home/me/.local/state/safe-install"],
    [{ XDG_STATE_HOME: "/state" }, "/state/safe-install"],
    [{ XDG_STATE_HOME: "" }, "/home/me/.local/state/safe-install"],
    [{ XDG_STATE_HOME: "of-a-clone" }, "/home/me/.local/state/safe-install"],
  ])("%j", (env, folder) => {
    expect(stateFolder(env, "/home/me")).toBe(folder);
  });
});
