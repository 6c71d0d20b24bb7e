import type { ReportPlaces } from "../../src/report/places.ts";

/** For tests of reporters that need no files. */
export const PLACES: ReportPlaces = {
  entry: (project, [location = ""]) => ({ file: project.lockfile ?? "", line: location.length }),
  rule: (_, layer, rule) => ({ file: layer, line: rule === null ? 1 : Number(/\d+/.exec(rule)?.[0]) + 10 }),
};
