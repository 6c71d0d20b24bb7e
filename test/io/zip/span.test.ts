import { type Span, hashes, inFile, joined, part } from "../../../src/io/zip/span.ts";
import { openPackage } from "../../../plugins/dotnet/bytes/package.ts";
import { strip } from "../../../plugins/dotnet/bytes/strip.ts";
import { LIMITS } from "../../../src/limits.ts";
import { makePackage } from "../../support/nuget/package.ts";
import { addSignature } from "../../support/nuget/signed.ts";
import { temporaryFolder } from "../../support/folder.ts";
import fc from "fast-check";
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

function written(bytes: Buffer): string {
  const file = join(temporaryFolder(), "a.nupkg");
  writeFileSync(file, bytes);
  return file;
}

describe("an archive", () => {
  const BYTES = Buffer.from("0123456789");
  const forms: readonly [string, (look: (archive: Span) => void) => void][] = [
    ["in memory", (look) => look(BYTES)],
    ["in a file", (look) => inFile(written(BYTES), look)],
    ["a part of a longer one", (look) => look(part(Buffer.from("--0123456789--"), 2, 12))],
    ["of several", (look) => look(joined([BYTES.subarray(0, 3), Buffer.alloc(0), BYTES.subarray(3)]))],
  ];

  it.each(forms)("%s gives what lies between two places, and nothing beyond its end", (_, open) => {
    open((archive) => {
      expect(archive.length).toBe(BYTES.length);
      for (let start = 0; start <= 11; start++) {
        expect(archive.subarray(start).toString()).toBe(BYTES.subarray(start).toString());
        for (let end = 0; end <= 12; end++)
          expect(archive.subarray(start, end).toString()).toBe(BYTES.subarray(start, end).toString());
      }
    });
  });

  it("is hashed piece by piece", () => {
    for (const size of [0, 1, LIMITS.heldBytes, LIMITS.heldBytes + 1]) {
      const bytes = Buffer.alloc(size, 7);
      expect(hashes(bytes, ["sha256"])).toEqual([createHash("sha256").update(bytes).digest("hex")]);
    }
  });

  it("without its signature is the same out of a file as out of memory", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), fc.uint8Array({ minLength: 1, maxLength: 300 }), (text, signature) => {
        const unsigned = makePackage({ id: "A", version: "1.0.0", files: { "lib/a.dll": text } });
        const { content, cms } = inFile(written(addSignature(unsigned, Buffer.from(signature))), (archive) => {
          const stripped = strip(archive);
          return { content: stripped.content.subarray(0), cms: stripped.signature };
        });
        expect(content.equals(unsigned)).toBe(true);
        expect(cms?.equals(Buffer.from(signature))).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it("as a package has the digests of its content and of the file", () => {
    const unsigned = makePackage({ id: "A", version: "1.0.0" });
    const signed = addSignature(unsigned, Buffer.from("signature"));
    const ref = { ecosystem: "nuget", name: "A", version: "1.0.0", purl: "pkg:nuget/A@1.0.0" } as const;
    const opened = inFile(written(signed), (archive) => openPackage(archive, ref, [], "here"));
    const hex = (bytes: Buffer) => createHash("sha512").update(bytes).digest("hex");
    expect([opened.digests, opened.rawDigests].map((one) => one.at(-1)?.hex)).toEqual([hex(unsigned), hex(signed)]);
  });
});
