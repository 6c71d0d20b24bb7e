/** Lines of pip as every pip at hand reads them, against what we make of them: nothing that installs or builds passes by. */
import { classify } from "../../plugins/pip/args.ts";
import { type Chance, chanceOf } from "../support/lock-diff/chance.ts";
import { hasPip, PIPS, PYTHON } from "../support/pypi/pythons.ts";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";

const LINES = 40_000;
const HARMFUL: ReadonlySet<string> = new Set(["install", "download", "wheel", "lock"]);

interface Read {
  readonly commands: readonly string[];
  readonly options: readonly string[];
  readonly found: readonly (string | null)[];
}

it.skipIf(!hasPip)(`${LINES} lines`, () => {
  const known = PIPS.map(({ wheel }) => read(wheel, []));
  const words = { commands: union(known.map((one) => one.commands)), options: union(known.map((one) => one.options)) };
  const lines = Array.from({ length: LINES }, (_, number) => lineOf(chanceOf(number), words));
  const kinds = lines.map((line) => classify(line).kind);
  const told = lines.filter((_, at) => kinds[at] !== "refuse");
  const faults = PIPS.flatMap(({ version, wheel }) => {
    const { found } = read(wheel, told);
    return told.flatMap((line, at) => {
      const [command, { kind }] = [found[at] ?? null, classify(line)];
      const fits = command === null || HARMFUL.has(command) === (kind === "gate");
      return fits ? [] : [`pip ${version}: ${JSON.stringify(line)} ${command} is ${kind}`];
    });
  });
  const countOf = (kind: string) => kinds.filter((one) => one === kind).length;
  console.log(`pip ${PIPS.map(({ version }) => version).join(", ")}`);
  console.log(`pass ${countOf("pass")}, gate ${countOf("gate")}, refuse ${countOf("refuse")}`);
  expect(faults).toEqual([]);
  for (const kind of ["pass", "gate", "refuse"]) expect(countOf(kind)).toBeGreaterThan(LINES / 50);
});

function read(wheel: string, lines: readonly (readonly string[])[]): Read {
  const program = join(import.meta.dirname, "../support/pip-words.py");
  const options = { input: JSON.stringify(lines), encoding: "utf8", maxBuffer: 1 << 28 } as const;
  return JSON.parse(execFileSync(PYTHON ?? "", ["-I", program, wheel], options)) as Read;
}

function lineOf(chance: Chance, words: Pick<Read, "commands" | "options">): readonly string[] {
  return Array.from({ length: 1 + chance.below(6) }, () => {
    if (chance.happens(0.4)) return chance.happens(0.8) ? chance.of([...HARMFUL]) : chance.of(words.commands);
    if (chance.happens(0.3)) return chance.of(OTHERS);
    const option = chance.of(words.options);
    const short = chance.happens(0.2) ? option.slice(0, 2 + chance.below(option.length)) : option;
    return `${short}${chance.happens(0.2) ? `=${chance.of(OTHERS)}` : ""}${chance.happens(0.05) ? "v" : ""}`;
  });
}

const OTHERS = [
  "",
  "--",
  "-",
  "x",
  "./x",
  "3",
  "install",
  "list",
  "-h",
  "--help",
  "-V",
  "-vq",
  "-qv",
  "--version",
  "Install",
];

function union(all: readonly (readonly string[])[]): readonly string[] {
  return [...new Set(all.flat())].sort();
}
