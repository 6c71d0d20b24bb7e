import { isInCi } from "../src/runtime.ts";
import { expect, it } from "vitest";

it.each([
  [{ CI: "true" }, true],
  [{ TF_BUILD: "True" }, true],
  [{ TF_BUILD: "true", CI: "" }, true],
  [{ CI: "false" }, false],
  [{}, false],
])("%j is CI: %s", (env, expected) => expect(isInCi(env)).toBe(expected));
