import { refusedIn } from "../../../../plugins/dotnet/resolve/refused.ts";
import { describe, expect, it } from "vitest";

describe("what NuGet's own verification refuses", () => {
  it.each([
    [
      "a changed package",
      "/r/a.csproj : error NU3008: Package 'Acme 1.0.0' from source 'x': The package integrity check failed.",
      /NU3008: Package 'Acme 1.0.0'/,
    ],
    ["a signature that is required and not there", "a.csproj : error NU3004: Package is not signed.", /NU3004/],
    [
      "other bytes than a lock states",
      "a.csproj : error NU1403: Package content hash validation failed for Acme.1.0.0.",
      /NU1403/,
    ],
    ["after another error", "a : error NU1101: none\r\nb : error NU3008: changed\r\n", /NU3008: changed$/],
  ])("%s: it does not hold", (_, text, message) => {
    expect(refusedIn(text)).toMatchObject({
      kind: "unbound",
      code: "NUGET_REFUSED",
      message: expect.stringMatching(message),
    });
  });

  it.each(["", "a.csproj : error NU1101: Unable to find package", "warning NU3008: only a warning", "NU3008"])(
    "%s: something else",
    (text) => expect(refusedIn(text)).toBeNull(),
  );
});
