import { corpusBundles, mintedBundles, type Trial } from "./bundles.ts";
import { recordedSignatures, replay } from "./floor.ts";
import type { Sizes } from "./sizes.ts";
import { type Group, ms, times } from "./table.ts";
import { sideBySide } from "./timing.ts";
import { createVerifier } from "../../src/verify/verifier.ts";
import { bundleFromJSON } from "@sigstore/bundle";
import { TrustedRoot } from "@sigstore/protobuf-specs";
import { toSignedEntity, toTrustMaterial, Verifier } from "@sigstore/verify";

/** Verification alone, in one thread: ours, sigstore-js as documented, and the signatures that no cache can spare. */
export async function* verification(sizes: Sizes): AsyncGenerator<Group> {
  yield groupOf(await mintedBundles(sizes.bundles), sizes);
  const corpus = corpusBundles();
  if (corpus !== null) yield groupOf(corpus, sizes);
}

async function groupOf(trial: Trial, { rounds }: Sizes): Promise<Group> {
  const theirs = () => verifyAsDocumented(trial);
  const signatures = recordedSignatures(theirs);
  const passes = Math.ceil(100 / trial.items.length);
  const pass = (work: () => void) => async () => {
    const start = process.hrtime.bigint();
    for (let n = 0; n < passes; n++) work();
    return Number(process.hrtime.bigint() - start) / 1e6 / passes / trial.items.length;
  };
  const contenders = {
    ours: { run: pass(() => verifyWithOurs(trial)) },
    theirs: { run: pass(theirs) },
    floor: { run: pass(() => replay(signatures)) },
  };
  await sideBySide(1, contenders);
  const median = await sideBySide(rounds.verification, contenders);
  return {
    title: `Verification, one thread, per bundle: ${trial.name}`,
    lines: [
      { name: "safe-install, all its own checks included", value: ms(median.ours) },
      {
        name: "sigstore-js, one Verifier for all",
        value: ms(median.theirs),
        ratio: times(median.theirs, median.ours),
        target: ">= 2.5x, then >= 8x",
      },
      {
        name: `raw crypto.verify, ${(signatures.length / trial.items.length).toFixed(1)} signatures each`,
        value: ms(median.floor),
        ratio: times(median.ours, median.floor),
        target: "<= 5x, then <= 1.5x",
      },
    ],
    note: `medians of ${rounds.verification}; a new verifier for each pass over the bundles, made within the time measured`,
  };
}

function verifyWithOurs({ root, items }: Trial): void {
  const verifier = createVerifier([root], [], new Date());
  for (const { evidence, subject } of items) {
    const verdict = verifier.verify(evidence, subject);
    if (verdict.status !== "verified") throw new Error(`${evidence.location}: ${JSON.stringify(verdict)}`);
  }
}

/** The documented use of the library: trust material once, then each bundle. */
function verifyAsDocumented({ root, items }: Trial): void {
  const verifier = new Verifier(toTrustMaterial(TrustedRoot.fromJSON(root.json)));
  for (const { evidence } of items) verifier.verify(toSignedEntity(bundleFromJSON(evidence.bundle)));
}
