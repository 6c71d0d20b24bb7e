import { SafeInstallError } from "./errors.ts";
import { EXPLAIN, INIT, POLICY } from "./help/author.ts";
import { EXITS, GENERAL, OPTIONS } from "./help/general.ts";
import { DOTNET, NPM, NPX, PIP } from "./help/installers.ts";
import { CHECK, EVIDENCE, VERIFY } from "./help/judge.ts";
import { REPORT } from "./help/report.ts";
import { SIGN } from "./help/sign.ts";
import { CACHE, TRUST } from "./help/keep.ts";
import { nearest } from "./nearest.ts";

const TOPICS: Readonly<Record<string, string>> = {
  npm: NPM,
  npx: NPX,
  pip: PIP,
  pip3: PIP,
  dotnet: DOTNET,
  check: CHECK,
  verify: VERIFY,
  sign: SIGN,
  evidence: EVIDENCE,
  report: REPORT,
  init: INIT,
  policy: POLICY,
  pin: POLICY,
  except: POLICY,
  test: POLICY,
  diff: POLICY,
  lint: POLICY,
  explain: EXPLAIN,
  cache: CACHE,
  trust: TRUST,
  help: GENERAL,
  options: OPTIONS,
  exits: EXITS,
};

/** @param topic null: the general one. @throws SafeInstallError USAGE */
export function help(topic: string | null): string {
  if (topic === null) return GENERAL;
  if (Object.hasOwn(TOPICS, topic)) return TOPICS[topic] ?? GENERAL;
  throw new SafeInstallError("usage", "USAGE", `there is no help on "${topic}"${nearest(topic, Object.keys(TOPICS))}`, {
    hint: `one of: ${Object.keys(TOPICS).join(", ")}`,
  });
}
