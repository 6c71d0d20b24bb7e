import { licenceOf } from "../../../../plugins/npm/resolve/licence.ts";
import { expect, it } from "vitest";

it.each([
  [{ license: "MIT" }, "MIT"],
  [{ license: " SEE LICENSE IN x " }, "SEE LICENSE IN x"],
  [{ license: { type: "ISC", url: "https://x.example" } }, "ISC"],
  [{ licenses: [{ type: "MIT" }, "BSD", { name: "X11" }] }, "MIT, BSD, X11"],
  [{ license: "MIT", licenses: ["BSD"] }, "MIT"],
  [{ license: "" }, null],
  [{}, null],
  [{ license: 7 }, null],
  [{ license: { type: {} } }, null],
  [{ licenses: [[["MIT"]]] }, null],
  [{ license: "x".repeat(1001) }, null],
])("%j says %j", (stated, licence) => {
  expect(licenceOf(stated)).toBe(licence);
});
