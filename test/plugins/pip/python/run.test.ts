import { neutralEnvironment } from "../../../../plugins/pip/python/run.ts";
import { expect, it } from "vitest";

it("nothing of the user's pip and Python reaches the hand-off's pip", () => {
  const env = neutralEnvironment({ PIP_INDEX_URL: "https://i.example", PYTHONPATH: "/x", PATH: "/bin" });
  expect(Object.hasOwn(env, "PIP_INDEX_URL") && Object.hasOwn(env, "PYTHONPATH")).toBe(true);
  expect(env).toMatchObject({ PIP_INDEX_URL: undefined, PYTHONPATH: undefined, PIP_NO_INDEX: "1" });
  expect(Object.hasOwn(env, "PATH")).toBe(false);
});
