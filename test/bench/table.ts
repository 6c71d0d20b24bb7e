import { wrap } from "../../src/report/text.ts";

/** One measured thing, with what it is compared with. */
export interface Line {
  readonly name: string;
  readonly value: string;
  /** Of the first line of the group, or what the line says. */
  readonly ratio?: string;
  readonly target?: string;
}

export interface Group {
  readonly title: string;
  readonly lines: readonly Line[];
  /** What a reader has to know to judge the numbers. */
  readonly note?: string;
}

export function formatGroup({ title, lines, note }: Group): string {
  const rows = lines.map(({ name, value, ratio = "", target }) => {
    const measured = `  ${name.padEnd(44)} ${value.padStart(9)} ${ratio.padStart(7)}`;
    return target === undefined ? measured.trimEnd() : `${measured}  target ${target}`;
  });
  return [title, ...rows, ...(note === undefined ? [] : [`  ${wrap(note, 96, "  ")}`]), ""].join("\n");
}

export function ms(value: number): string {
  return value < 1000 ? `${value.toFixed(value < 10 ? 2 : 0)} ms` : `${(value / 1000).toFixed(2)} s`;
}

export function times(left: number, right: number): string {
  return `${(left / right).toFixed(2)}x`;
}
