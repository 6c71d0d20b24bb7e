import { normalPythonVersion } from "./versions/pep440.ts";
import { pypiRange } from "./versions/pypi.ts";
import { foldAscii } from "./fold.ts";
import type { EcosystemTraits } from "./traits.ts";

/** Names are compared as PEP 503 has them; ranges are specifiers of PEP 440. */
export const pypi: EcosystemTraits = {
  name: /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/,
  isScoped: false,
  normalName: (name) => foldAscii(name.replace(/[-_.]+/g, "-")),
  normalVersion: normalPythonVersion,
  parseRange: pypiRange,
  exactly: (version) => `==${version}`,
  hasManyArchives: true,
  scriptsRun: "when installed",
  servesNoReusable: true,
};
