/** What a case must hold beside exits and words: what its note and its plain tool say, read from what its script shows. */
import type { Run } from "./outcome.ts";

type Check = (run: Run) => readonly string[];

export const CHECKS: Readonly<Record<string, Check>> = {
  "npm/init-crash-70": ({ files }) => fault(!files.includes(".signing-policy.json"), "no policy was written"),
  "npm/bundle-not-satisfied": ({ gated }) => every(exits(gated), 0, 3),
  "pip/check-index-down": ({ seconds, gated }) => [
    ...fault(seconds > 10, `${seconds} s`),
    ...fault(
      (gated[0]?.text.match(/^✗ .*(?:ARTIFACT|EVIDENCE|INDEX)_UNAVAILABLE/gm) ?? []).length !== 1,
      "more than one message",
    ),
  ],
  "pip/init-nothing-found": ({ files, gated }) => [
    ...fault(files.includes(".signing-policy.json"), "wrote .signing-policy.json"),
    ...fault(
      gated.some(({ text }) => text.includes("✓")),
      "a green line",
    ),
  ],
  "pip/install-build-constraint": ({ output }) => same(output, /^plain: (.*)$/m, /^ours: (.*)$/m),
  "pip/install-first-party-siblings": ({ output }) => every(numbers(output, /^exit (\d+)$/gm), 0, 2),
  "pip/install-hash-mismatch-69": ({ gated }) => every(exits(gated), 66, 2),
  "pip/install-non-root": ({ output }) => every(numbers(output, /^exit (\d+)$/gm), 0, 2),
  "pip/install-overlay-copy": ({ output }) => {
    const layer = (who: string) => sizeOf(new RegExp(`^${who}: exit 0, layer (\\S+)$`, "m").exec(output)?.[1]);
    const [plain, ours] = [layer("plain"), layer("ours")];
    if (plain === null || ours === null) return ["no figure of both"];
    return fault(ours > plain + 4, `the layer grows by ${ours} MB, plain pip's by ${plain} MB`);
  },
  "pip/install-pyc-in-wheel": ({ output, gated }) => [
    ...every(exits(gated), 0, 3),
    ...every(numbers(output, /^exit (\d+)$/gm), 0, 5),
  ],
  "pip/install-requested-marker": ({ output }) =>
    fault(
      part(output, "-- ours").join("\n").trim() !== part(output, "-- plain", "-- ours").join("\n").trim(),
      "another REQUESTED than plain pip",
    ),
  "pip/install-upgrades-unasked": ({ output }) => every(output.match(/^leaf==.*$/gm) ?? [], "leaf==1.0", 2),
  "dotnet/fresh-home": ({ output }) => every(numbers(output, /^exit (\d+)$/gm), 0, 3),
  "dotnet/fsharp": ({ gated }) => every(exits(gated), 0, 10),
  "dotnet/init-project-sdk": ({ gated }) => {
    const restores = gated.filter(({ args }) => args[0] === "dotnet").map(({ exit }) => exit);
    return every(restores, 0, 3);
  },
  "dotnet/sdk-paths": ({ output }) => every(numbers(output, /^exit (\d+)$/gm), 0, 1),
  "dotnet/tool-hook": ({ output }) => fault(!/^exit 65 {3}ran\.txt: $/m.test(output), "the tool ran"),
  "dotnet/two-solutions": ({ output }) => [
    ...every(numbers(output, /^[AB] (\d+)$/gm), 0, 2),
    ...output.split("\n").filter((line) => line.includes(": error ")),
  ],
  "dotnet/words": ({ output }) =>
    Array.from(output.matchAll(/^(.*): plain (\d+), safe-install (\d+)/gm))
      .filter(([, , plain, ours]) => plain !== ours)
      .map(([line]) => line),
};

function fault(holds: boolean, words: string): readonly string[] {
  return holds ? [words] : [];
}

function exits(gated: Run["gated"]): readonly (number | null)[] {
  return gated.map(({ exit }) => exit);
}

/** At least `count` of them, and all of them alike. */
function every(found: readonly unknown[], expected: unknown, count: number): readonly string[] {
  if (found.length < count) return [`${found.length} of ${count} results`];
  return fault(!found.every((one) => one === expected), `expected ${String(expected)} each, found ${found.join(", ")}`);
}

function numbers(text: string, pattern: RegExp): readonly number[] {
  return Array.from(text.matchAll(pattern), ([, digits]) => Number(digits));
}

/** The lines between two marks. */
function part(text: string, from: string, to?: string): readonly string[] {
  const lines = text.split("\n");
  const start = lines.indexOf(from);
  const end = to === undefined ? -1 : lines.indexOf(to);
  return start < 0 ? [] : lines.slice(start + 1, end < 0 ? undefined : end);
}

function same(text: string, plain: RegExp, ours: RegExp): readonly string[] {
  const [one, other] = [plain.exec(text)?.[1], ours.exec(text)?.[1]];
  return fault(one === undefined || one !== other, `plain "${one ?? "nothing"}", ours "${other ?? "nothing"}"`);
}

/** Of `du -h`, in MB. */
function sizeOf(text: string | undefined): number | null {
  const [, digits, unit] = /^([\d.]+)([KMG]?)$/.exec(text ?? "") ?? [];
  if (digits === undefined) return null;
  return Number(digits) * (unit === "G" ? 1024 : unit === "M" ? 1 : 1 / 1024);
}
