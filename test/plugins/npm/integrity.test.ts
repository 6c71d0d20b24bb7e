import { digestsOf, mergeStated, parseIntegrity } from "../../../plugins/npm/integrity.ts";
import { hexOf, sriOf } from "../../support/tarball.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

const A = Buffer.from("a");
const B = Buffer.from("b");

describe("parseIntegrity", () => {
  test("one sha512 binds", () => {
    const stated = parseIntegrity(sriOf(A))!;
    expect(digestsOf(stated)).toEqual([{ algorithm: "sha512", hex: hexOf(A) }]);
  });

  test.each(["sha1", "sha256", "sha384"] as const)("%s is kept for comparison and does not bind", (algorithm) => {
    const stated = parseIntegrity(sriOf(A, algorithm))!;
    expect(stated.hex).toEqual({ [algorithm]: hexOf(A, algorithm) });
    expect(digestsOf(stated)).toEqual([]);
  });

  test("nothing stated is fine, and binds nothing", () => {
    for (const nothing of [null, undefined, "", "  "]) expect(digestsOf(parseIntegrity(nothing)!)).toEqual([]);
  });

  test("the same digest twice is one", () => {
    expect(parseIntegrity(`${sriOf(A)} ${sriOf(A)}`)?.text).toBe(sriOf(A));
  });

  test.each([
    ["two sha512", `${sriOf(A)} ${sriOf(B)}`],
    ["two sha1", `${sriOf(A, "sha1")} ${sriOf(B, "sha1")} ${sriOf(A)}`],
    ["an unknown algorithm beside a good one", `${sriOf(A)} md5-1B2M2Y8AsgTpgAmY7PhCfg==`],
    ["a cut digest", sriOf(A).slice(0, -4)],
    ["options", `${sriOf(A)}?x`],
    ["base64url", "sha1-____________________________"],
    ["no padding", sriOf(A).replace(/=+$/, "")],
    ["a name of Object.prototype", "constructor-AAAA"],
  ])("null for %s", (_, text) => expect(parseIntegrity(text)).toBeNull());

  test("accepts exactly what encodes back", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("sha1", "sha256", "sha384", "sha512", "md5"),
        fc.uint8Array({ maxLength: 70 }),
        (algorithm, bytes) => {
          const length = { sha1: 20, sha256: 32, sha384: 48, sha512: 64, md5: -1 }[algorithm];
          const parsed = parseIntegrity(`${algorithm}-${Buffer.from(bytes).toString("base64")}`);
          expect(parsed !== null).toBe(bytes.length === length);
        },
      ),
    );
  });
});

test("two statements of one package join, unless they contradict", () => {
  const both = mergeStated(parseIntegrity(sriOf(A, "sha1"))!, parseIntegrity(sriOf(A))!);
  expect(both?.hex).toEqual({ sha1: hexOf(A, "sha1"), sha512: hexOf(A) });
  expect(mergeStated(parseIntegrity(sriOf(A))!, parseIntegrity(sriOf(B))!)).toBeNull();
});
