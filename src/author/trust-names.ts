import { PUBLIC_GOOD } from "../model/trust.ts";
import type { TrustNames } from "./propose/sighting.ts";
import type { Footing } from "./survey.ts";

/** The names that the layers (the outermost first) and the command line have for trust roots. */
export function trustNames({ layers, roots }: Pick<Footing, "layers" | "roots">): TrustNames {
  const outermost = Object.entries(layers[0]?.roots ?? {}).map(([name, id]) => [id, name] as const);
  return new Map([...roots.map(({ id, name }) => [id, name] as const), ...outermost, [PUBLIC_GOOD, PUBLIC_GOOD]]);
}
