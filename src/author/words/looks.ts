import type { Draft } from "../draft.ts";
import { type Paint, printable, wrap } from "../../report/text.ts";

/** What a person should look at before it is committed, and registries that had nothing to say. */
export function looks({ looks, survey }: Draft, paint: Paint, columns: number): string[] {
  const silent = survey.silent.map((one) => `${paint("yellow", "!")} ${wrap(printable(one), columns, "  ")}`);
  const lines = looks.flatMap(({ about, why }) => [
    `  ${paint("yellow", "!")} ${paint("bold", printable(about))}`,
    `      ${wrap(printable(why), columns, "      ")}`,
  ]);
  return [
    ...(lines.length === 0 ? [] : ["", "Deserves a second look before you commit it:", ...lines]),
    ...(silent.length === 0 ? [] : ["", ...silent]),
  ];
}
