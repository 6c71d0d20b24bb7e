import { normalNugetVersion, nugetRange } from "./versions/nuget.ts";
import { foldAscii } from "./fold.ts";
import type { EcosystemTraits } from "./traits.ts";

/** Names are compared without the case of ASCII letters; ranges are intervals. */
export const nuget: EcosystemTraits = {
  name: /^[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?$/,
  isScoped: false,
  normalName: foldAscii,
  normalVersion: normalNugetVersion,
  parseRange: nugetRange,
  exactly: (version) => `[${version}]`,
  hasManyArchives: false,
  scriptsRun: "in the build",
};
