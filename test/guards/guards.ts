import { ARCHIVES } from "./archives.ts";
import { AUTHOR } from "./author.ts";
import { BASELINES } from "./baselines.ts";
import { BUNDLES } from "./bundles.ts";
import { CERTIFICATES } from "./certificates.ts";
import { CLONES } from "./clones.ts";
import { DECISIONS } from "./decisions.ts";
import { CI } from "./ci.ts";
import { DOTNET } from "./dotnet.ts";
import { DOTNET_RESTORE } from "./dotnet-restore.ts";
import { ENDS } from "./ends.ts";
import { EXCEPTIONS } from "./exceptions.ts";
import { EXPORTED } from "./exported.ts";
import { GATE_GUARDS } from "./gate.ts";
import type { Guard } from "./guard.ts";
import { IDENTITIES } from "./identities.ts";
import { LOCK_DIFF } from "./lock-diff.ts";
import { LOGS } from "./logs.ts";
import { NPM_BYTES } from "./npm-bytes.ts";
import { NPM_EXEC } from "./npm-exec.ts";
import { NPM_HANDOFF } from "./npm-handoff.ts";
import { NPM_INSTALL } from "./npm-install.ts";
import { NPM_LOCK } from "./npm-lock.ts";
import { NPM_STAGE } from "./npm-stage.ts";
import { NUGET } from "./nuget.ts";
import { PINNING } from "./pinning.ts";
import { PIP } from "./pip.ts";
import { POLICY_FILES } from "./policy-files.ts";
import { PROMOTION } from "./promotion.ts";
import { PROGRAMS } from "./programs.ts";
import { NOTARY } from "./notary.ts";
import { SIGNING } from "./signing.ts";
import { SLSA } from "./slsa.ts";
import { STORE } from "./store.ts";
import { SUBJECTS } from "./subjects.ts";
import { TRUST } from "./trust.ts";
import { WAYS } from "./ways.ts";

/** Every guard that `npm run test:guards` removes, one at a time. */
export const GUARDS: readonly Guard[] = [
  ...WAYS,
  ...TRUST,
  ...DECISIONS,
  ...PROMOTION,
  ...SIGNING,
  ...EXPORTED,
  ...NOTARY,
  ...SLSA,
  ...BASELINES,
  ...EXCEPTIONS,
  ...IDENTITIES,
  ...POLICY_FILES,
  ...ENDS,
  ...PROGRAMS,
  ...SUBJECTS,
  ...CERTIFICATES,
  ...LOGS,
  ...BUNDLES,
  ...GATE_GUARDS,
  ...NPM_LOCK,
  ...ARCHIVES,
  ...LOCK_DIFF,
  ...NPM_BYTES,
  ...NPM_HANDOFF,
  ...NPM_EXEC,
  ...NPM_INSTALL,
  ...NPM_STAGE,
  ...PINNING,
  ...PIP,
  ...NUGET,
  ...DOTNET,
  ...DOTNET_RESTORE,
  ...AUTHOR,
  ...CI,
  ...STORE,
  ...CLONES,
];
