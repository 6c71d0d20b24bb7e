import { label } from "../../model/package.ts";
import { type Paint, printable, wrap } from "../../report/text.ts";
import { isArchive, type Plan } from "../propose/plan.ts";

/** What comes from no registry: nobody stands for its name. */
export function listedArchives({ pinned }: Plan, paint: Paint, columns: number): string[] {
  const all = pinned.filter(({ standing }) => isArchive(standing.sighting));
  if (all.length === 0) return [];
  const lines = all.map(({ standing: { sighting } }) => {
    const { url, path } = sighting.facts.artifact.archive ?? { path: "" };
    return `  ${paint("bold", printable(label(sighting.package)))}  ${wrap(printable(url ?? path), columns, "      ")}`;
  });
  return ["", `Listed by place and digest, because no registry vouches for them (${all.length}):`, ...lines];
}
