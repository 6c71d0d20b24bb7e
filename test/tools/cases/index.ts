/**
 * Runs the cases of `../shared/cases` (or `SAFE_INSTALL_CASES`) against `dist/src/bin.js`, each as `expected.json` says, and
 * prints for each what was expected, what was found, and whether it is met.
 *
 * `npm run cases [-- NAME...] [--jobs N] [--limit SECONDS] [--keep] [--show]`. NAME is a part of a case's name. Exit 0: all
 * are met; 1: some are not; 2: the folder is not there.
 */
import { repositoryRoot } from "../../support/root.ts";
import { type Case, casesFolder, readCases } from "./case.ts";
import { faultsOf } from "./judge.ts";
import { runCase } from "./run.ts";
import pMap from "p-map";
import { join } from "node:path";
import { parseArgs } from "node:util";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    jobs: { type: "string", default: "1" },
    limit: { type: "string", default: "120" },
    keep: { type: "boolean", default: false },
    show: { type: "boolean", default: false },
  },
});
const cases = casesFolder(process.env);
if (cases === null) {
  console.log("There are no cases: neither SAFE_INSTALL_CASES nor ../shared/cases has an expected.json.");
  process.exitCode = 2;
} else {
  const bin = join(repositoryRoot(), "dist/src/bin.js");
  const chosen = readCases(cases).filter(
    ({ name }) => positionals.length === 0 || positionals.some((part) => name.includes(part)),
  );
  const options = { cases, bin, limitSeconds: Number(values.limit), keep: values.keep };
  const met = await pMap(chosen, (one) => isMet(one, options), { concurrency: Number(values.jobs) });
  const count = met.filter(Boolean).length;
  console.log(`${count} of ${chosen.length} cases met`);
  process.exitCode = count === chosen.length && count > 0 ? 0 : 1;
}

async function isMet(one: Case, options: Parameters<typeof runCase>[1]): Promise<boolean> {
  const run = await runCase(one, options);
  const faults = faultsOf(one, run);
  const exits = run.gated.map(({ exit }) => exit ?? "signal");
  const found = `exit ${exits.length > 8 ? `${exits.slice(0, 8).join(", ")}, ...` : exits.join(", ")}`;
  console.log(
    `${faults.length === 0 ? "met    " : "NOT MET"}  ${one.name}: ${wanted(one)}; found ${found}; ${run.seconds} s`,
  );
  for (const fault of faults) console.log(`           ${fault}`);
  if (values.show)
    console.log([run.output, ...run.gated.map(({ args, text }) => `$ ${args.join(" ")}\n${text}`)].join("\n"));
  if (values.keep) console.log(`           ${run.root}`);
  return faults.length === 0;
}

function wanted({ exit, says, never }: Case): string {
  return [
    `expected ${exit.join(" or ")}`,
    ...(says.length > 0 ? [`says ${says.join(", ")}`] : []),
    ...(never.length > 0 ? [`never ${never.join(", ")}`] : []),
  ].join(", ");
}
