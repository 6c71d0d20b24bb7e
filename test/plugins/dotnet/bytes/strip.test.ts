import { stripSignature } from "../../../../plugins/dotnet/bytes/strip.ts";
import { readZip, ZipFault } from "../../../../plugins/dotnet/zip.ts";
import { CORPUS, hasCorpus } from "../../../support/corpus.ts";
import { entriesOf, makePackage } from "../../../support/nuget/package.ts";
import { addSignature, appendEntry } from "../../../support/nuget/signed.ts";
import { makeZip, type ZipEntry } from "../../../support/nuget/zip.ts";
import fc from "fast-check";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const PACKAGE = { id: "Acme.Widget", version: "1.0.0", files: { "lib/net8.0/Acme.Widget.dll": "code" } };
const unsigned = makePackage(PACKAGE);
const SIGNATURE = Buffer.from("a signature");
const strip = (bytes: Buffer) => stripSignature(bytes);
const sha = (algorithm: string, bytes: Buffer) => createHash(algorithm).update(bytes).digest("base64");

describe("stripSignature", () => {
  it("gives back the bytes from before the signature was added, and the signature", () => {
    const { content, signature } = strip(addSignature(unsigned, SIGNATURE));
    expect(content.equals(unsigned)).toBe(true);
    expect(signature?.equals(SIGNATURE)).toBe(true);
  });

  it("leaves an unsigned package as it is", () => {
    const { content, signature } = strip(unsigned);
    expect({ same: content.equals(unsigned), signature }).toEqual({ same: true, signature: null });
  });

  it("undoes the addition for any content, comment and signature", () => {
    const entry = fc.record({
      name: fc.stringMatching(/^[a-z]{1,20}$/),
      data: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      method: fc.constantFrom(0 as const, 8 as const),
      streamed: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(entry), fc.uint8Array({ maxLength: 500 }), (entries, bytes) => {
        const original = makeZip(entries);
        const signature = Buffer.from(bytes);
        const stripped = strip(addSignature(original, signature));
        expect(stripped.content.equals(original)).toBe(true);
        expect(stripped.signature?.equals(signature)).toBe(true);
      }),
    );
  });

  it("no changed byte of a signed package goes unseen: refused, or another content or signature", () => {
    const signed = addSignature(unsigned, SIGNATURE);
    const freedom: number[] = [];
    for (let at = 0; at < signed.length; at++) {
      const changed = Buffer.from(signed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      if (isUnseen(changed)) freedom.push(at);
    }
    // What is left is in the signature's own two headers: versions, time and internal attributes, which name no content.
    const own = freedom.map((at) => fieldOfSignatureHeader(signed, at));
    expect([...new Set(own)].sort()).toEqual(["attributes", "time", "version"]);
  });

  function isUnseen(changed: Buffer): boolean {
    try {
      const { content, signature } = strip(changed);
      return content.equals(unsigned) && signature !== null && signature.equals(SIGNATURE);
    } catch (error) {
      if (error instanceof ZipFault) return false;
      throw error;
    }
  }

  function fieldOfSignatureHeader(signed: Buffer, at: number): string {
    const entry = readZip(signed).entries.at(-1)!;
    const local = at - entry.local.at;
    const central = at - entry.central.at;
    if (central < 0) return nameOf(local, { version: [4, 6], time: [10, 14] });
    return nameOf(central, { version: [4, 8], time: [12, 16], attributes: [36, 38] });
  }

  function nameOf(at: number, fields: Record<string, readonly [number, number]>): string {
    const found = Object.entries(fields).find(([, [from, to]]) => at >= from && at < to);
    return found?.[0] ?? `byte ${at}`;
  }
});

describe("refused", () => {
  const withSignature = (knobs: Partial<ZipEntry>) => () => strip(addSignature(unsigned, SIGNATURE, knobs));
  const entries = entriesOf(PACKAGE);
  const signature: ZipEntry = { name: ".signature.p7s", data: SIGNATURE };
  const zip64Extra = Buffer.from([1, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0]);

  it.each<[string, () => unknown, RegExp]>([
    ["two signatures", () => strip(appendEntry(addSignature(unsigned, SIGNATURE), signature)), /two signature entries/],
    ["a signature that is not last", () => strip(makeZip([signature, ...entries])), /not the last one/],
    [
      "a signature with another entry behind it",
      () => strip(appendEntry(addSignature(unsigned, SIGNATURE), { name: "x", data: Buffer.from("x") })),
      /not the last one/,
    ],
    ["a deflated signature", withSignature({ method: 8 }), /not stored as NuGet stores it/],
    ["a streamed signature", withSignature({ streamed: true }), /not stored as NuGet stores it/],
    ["a signature with external attributes", withSignature({ externalAttributes: 1 }), /not stored as NuGet stores it/],
    ["a signature whose name is marked UTF-8", withSignature({ flags: 0x800 }), /UTF-8/],
    ["extra data in the signature's local header", withSignature({ localExtra: Buffer.alloc(5) }), /extra data/],
    ["extra data in the signature's central header", withSignature({ centralExtra: Buffer.alloc(5) }), /extra data/],
    ["a comment on the signature", withSignature({ comment: "hidden" }), /extra data/],
    [
      "a gap before the signature",
      () => strip(makeZip([...entries, { ...signature, gap: Buffer.from("gap") }])),
      /3 bytes belong to no entry/,
    ],
    [
      "a gap at the beginning",
      () => strip(makeZip([{ ...entries[0]!, gap: Buffer.from("MZ") }, signature])),
      /2 bytes belong to no entry/,
    ],
    [
      "bytes between the directory and the end record",
      () => strip(makeZip([...entries, signature], { beforeEnd: Buffer.from("?") })),
      /does not end where the end record begins/,
    ],
    [
      "bytes behind the end record",
      () => strip(Buffer.concat([unsigned, Buffer.from("?")])),
      /something follows|no end record/,
    ],
    [
      "overlapping entries",
      () => strip(makeZip([...entries, { ...entries[0]!, central: { offset: 0 } }, signature])),
      /overlap/,
    ],
    [
      "an entry's size that reaches into the directory",
      withSignature({ central: { compressedSize: 12, size: 12 } }),
      /reaches into|differ/,
    ],
    [
      "a central size that the local header contradicts",
      withSignature({ central: { size: 3, compressedSize: 3 } }),
      /differ/,
    ],
    ["a local name that the directory contradicts", withSignature({ local: { name: ".signature.p7z" } }), /differ/],
    ["a local header elsewhere", withSignature({ local: {}, central: {}, gap: Buffer.from("x") }), /is not where/],
    ["zip64 sizes", () => strip(makeZip([{ ...entries[0]!, central: { size: 0xffffffff } }])), /zip64/],
    ["a zip64 extra field", () => strip(makeZip([{ ...entries[0]!, centralExtra: zip64Extra }])), /zip64/],
    [
      "a zip64 locator",
      () => strip(makeZip(entries, { beforeEnd: Buffer.concat([Buffer.from("PK\x06\x07"), Buffer.alloc(16)]) })),
      /zip64/,
    ],
    ["several disks", () => strip(makeZip(entries, { end: { disk: 1 } })), /disks/],
    ["an entry on another disk", () => strip(makeZip([{ ...entries[0]!, central: { disk: 1 } }])), /disks/],
    ["a count that is wrong", () => strip(makeZip(entries, { end: { count: 1 } })), /counts 1 entries/],
    ["an encrypted entry", () => strip(makeZip([{ ...entries[0]!, flags: 1 }])), /encrypted/],
    ["nothing at all", () => strip(Buffer.alloc(0)), /no end record/],
    ["something that is no zip", () => strip(Buffer.alloc(4000, "x")), /no end record/],
  ])("%s", (_, attempt, message) => {
    expect(attempt).toThrow(ZipFault);
    expect(attempt).toThrow(message);
  });

  it("random bytes and random changes never crash", () => {
    const signed = addSignature(unsigned, SIGNATURE);
    const change = fc.record({ at: fc.nat(signed.length - 1), to: fc.nat(255) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), fc.nat(signed.length), (changes, length) => {
        const bytes = Buffer.from(signed.subarray(0, length));
        for (const { at, to } of changes) if (at < length) bytes[at] = to;
        try {
          strip(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(ZipFault);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe.skipIf(!hasCorpus)("real archives", () => {
  const read = (path: string) => readFileSync(join(CORPUS, "nuget", path));

  it.each([
    [
      "SignedPackage.1.0.0.nupkg",
      "iE3ZQtuK44/T1fP5vDSWnLGcXOY2vCjDNV5a/4e/8Sg=",
      "+OEohCE1z5qwzMffkI/9+ebbr6/cl8YD79nOo1ZItyfGzpiUUqKtYwHpKvHwvc578OQCxjXAlGpVkb9F3i/Kiw==",
    ],
    [
      "Test.Reposigned.1.0.0.nupkg",
      "pwbGU+NbaEx3V5EXa24QrhNlnR/La/e6cyCevyPZSAc=",
      "aHdH0zc2b34IN+vs5xnBx3OdoX4O/O+psU7sxo9/zD5IprRCLwDAKHzKwDHK+M8kPR4jUy+3MzavY8PSWG+ExQ==",
    ],
    [
      "UntrustedTimestampPackage.nupkg",
      "rjwU3h44hybfITs5uc4QqCwnabwaGrcAd5clLBFzVdU=",
      "EPTOvr8cfu1fuvxLy2yXrqf8zgZfefnvRt3qAWRQ60ciQXtqIbPMDAKUu2thgoYEWBXvOqjLcI3F8DXEo5p4lg==",
    ],
  ])("%s: what is left is what was signed", (name, sha256, contentHash) => {
    const { content, signature } = strip(read(`nupkg/${name}`));
    expect({ sha256: sha("sha256", content), contentHash: sha("sha512", content) }).toEqual({ sha256, contentHash });
    expect(signature?.toString("latin1")).toContain(`2.16.840.1.101.3.4.2.1-Hash:${sha256}`);
  });

  it.each([
    "CentralDirectoryHeaderWithZip64ExtraField.zip",
    "SignatureFileEntry.zip",
    "SignatureFileWithDeflateCompressionMethodAndDefaultCompressionLevel.zip",
  ])("%s is refused", (name) => expect(() => strip(read(`zip/${name}`))).toThrow(ZipFault));

  it("an entry whose name is in upper case is no signature", () => {
    expect(strip(read("zip/SignatureFileWithUppercaseFileName.zip")).signature).toBeNull();
  });
});
