import { COVERED } from "../../covered.ts";
import { GUARDS } from "../../guards/guards.ts";
import { isBelow } from "./score.ts";

/** At the most so many files are asked about one mutant, for each starts package managers. */
const MOST = 4;

/** The end-to-end tests of a place, those that tell most and soonest first; of several places, the nearest counts. */
export const REACHING: Readonly<Record<string, readonly string[]>> = {
  "plugins/npm": ["attack/npm", "e2e/npm-install", "contract/npm"],
  "plugins/npm/args.ts": ["attack/npm-npmrc", "e2e/npm-folders"],
  "plugins/npm/bytes": ["attack/npm", "e2e/npm-handoff", "attack/archives"],
  "plugins/npm/config.ts": ["attack/npm-npmrc", "attack/npx-npmrc"],
  "plugins/npm/evidence": ["attack/npm", "e2e/npm-requests", "e2e/npm-credentials"],
  "plugins/npm/exec": ["e2e/npx", "attack/npx", "attack/npx-npmrc"],
  "plugins/npm/global": ["e2e/npm-global"],
  "plugins/npm/handoff": ["e2e/npm-handoff", "attack/npm", "e2e/npm-folders"],
  "plugins/npm/handoff/scripts.ts": ["e2e/scripts-handoff", "e2e/scripts"],
  "plugins/npm/locate.ts": ["e2e/npm-folders", "attack/npm-npmrc", "e2e/npm-global"],
  "plugins/npm/origin.ts": ["e2e/npm-credentials", "attack/npm"],
  "plugins/npm/passing.ts": ["attack/npm-pass"],
  "plugins/npm/request.ts": ["e2e/npm-requests", "e2e/npm-credentials"],
  "plugins/npm/resolve": ["attack/npm-lock", "attack/npm", "attack/archives"],
  "plugins/npm/resolve/stage": ["e2e/npm-install", "attack/npm-stage", "attack/npm-install"],
  "plugins/npm/resolve/stage/listed.ts": ["attack/archives"],
  "plugins/npm/settings": ["attack/npm-npmrc", "attack/npx-npmrc"],
  "plugins/npm/stages.ts": ["e2e/npx", "e2e/npm-global", "attack/npm"],
  "plugins/dotnet": ["e2e/dotnet-lock", "e2e/dotnet", "contract/dotnet"],
  "plugins/dotnet/add": ["e2e/dotnet-add"],
  "plugins/dotnet/add-args.ts": ["e2e/dotnet-add"],
  "plugins/dotnet/bytes": ["attack/dotnet-store", "attack/dotnet", "e2e/dotnet"],
  "plugins/dotnet/evidence": ["e2e/dotnet-evidence", "e2e/dotnet-lock"],
  "plugins/dotnet/feed": ["attack/dotnet-config", "e2e/dotnet-evidence", "e2e/dotnet"],
  "plugins/dotnet/handoff": ["e2e/dotnet-lock", "attack/dotnet", "attack/dotnet-unpacked", "attack/dotnet-again"],
  "plugins/dotnet/locate.ts": ["attack/dotnet-programs", "e2e/dotnet-lock", "e2e/dotnet"],
  "plugins/dotnet/reading": ["attack/dotnet-reading", "attack/dotnet-hooks", "e2e/dotnet-lock"],
  "plugins/dotnet/resolve": ["e2e/dotnet-lock", "attack/dotnet-again", "e2e/dotnet", "attack/dotnet"],
  "plugins/dotnet/sdk": ["e2e/dotnet-fsharp", "e2e/dotnet-lock", "attack/dotnet-programs"],
  "plugins/dotnet/session": ["e2e/dotnet-lock", "e2e/dotnet"],
  "plugins/dotnet/tool-args.ts": ["e2e/dotnet-commands"],
  "plugins/dotnet/tools": ["e2e/dotnet-commands", "e2e/dotnet"],
  "plugins/pip": ["e2e/pip", "attack/pip", "contract/pip"],
  "plugins/pip/evidence": ["e2e/pip-evidence"],
  "plugins/pip/lock": ["attack/pip-lock", "e2e/pip-check"],
  "plugins/pip/network.ts": ["e2e/pip-check"],
  "plugins/pip/resolve": ["e2e/pip", "attack/pip", "e2e/pip-check", "e2e/pip-present"],
};

/** Which end-to-end tests are asked about a mutant of this file: what covers it by name, what goes red without a guard of it, its place's. */
export function testsReaching(file: string): readonly string[] {
  const covering = COVERED[file] ?? [];
  const guarding = GUARDS.filter((guard) => guard.file === file).map(({ test }) => test);
  const place = Object.keys(REACHING).filter((path) => isBelow(file, path));
  const nearest = place.toSorted((one, other) => other.length - one.length)[0];
  const ofPlace = (REACHING[nearest ?? ""] ?? []).map((name) => `test/${name}.test.ts`);
  const [first, ...others] = ofPlace;
  const all = [first ?? [], covering, guarding, others]
    .flat()
    .filter((test) => /^test\/(?:e2e|attack|contract)\//.test(test));
  return [...new Set(all)].slice(0, MOST);
}
