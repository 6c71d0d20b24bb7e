import { cannotSetAside } from "../../../src/io/transaction/words.ts";
import { expect, it } from "vitest";

it.each([
  ["EACCES", "no permission"],
  ["EPERM", "no permission"],
  ["EROFS", "read-only file system"],
  ["EBUSY", "mount point of its own"],
  ["EXDEV", "lower layer"],
  ["ENOSPC", "no space left"],
  ["EIO", "made up"],
])("%s has words of its own, and a hint", (code, words) => {
  const error = cannotSetAside("/project/node_modules", Object.assign(new Error("made up"), { code }));
  expect(error).toMatchObject({ kind: "unavailable", code: "CANNOT_SET_ASIDE", hint: expect.stringMatching(/\S/) });
  expect(error.message).toContain("/project/node_modules cannot be set aside: ");
  expect(error.message).toContain(words);
});
