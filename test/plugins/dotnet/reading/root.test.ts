import { textOf } from "../../../../plugins/dotnet/reading/root.ts";
import { Buffer } from "node:buffer";
import { expect, it } from "vitest";

const TEXT = "<Project>ä</Project>";
const little = Buffer.from(`\uFEFF${TEXT}`, "utf16le");

it.each([
  ["UTF-8", Buffer.from(TEXT)],
  ["UTF-16, the low byte first", little],
  ["UTF-16, the high byte first", Buffer.from(little).swap16()],
])("%s is read as MSBuild reads it", (_, bytes) => expect(textOf(bytes)).toContain(TEXT));

it("UTF-32 is not read", () => expect(textOf(Buffer.from("fffe00003c000000", "hex"))).toBeNull());
