import { expect, describe, test } from "vitest";
import { MODES, refusal } from "./conformance.ts";
import { fromCorpus, hasCorpus, jsonFromCorpus, rootFromCorpus } from "./corpus.ts";

interface Listed {
  readonly name: string;
  readonly expect: "pass" | "fail";
  readonly bundle: string;
  readonly artifact: string;
  readonly identity: string | null;
  readonly issuer: string | null;
  readonly key: string | null;
  readonly trustedRoot: string;
}

const { cases } = (hasCorpus ? jsonFromCorpus("sigstore/conformance/cases.json") : { cases: [] }) as {
  cases: Listed[];
};

/** Half of the cases; all of them: `test/long/conformance.test.ts`. */
describe.skipIf(!hasCorpus)("sigstore-conformance", () => {
  test.each(cases.flatMap((one) => MODES.map((mode) => [one.name, mode, one] as const)))(
    "%s %s",
    async (_, mode, one) => {
      const refused = await refusal(
        {
          bundle: jsonFromCorpus(one.bundle),
          artifact: fromCorpus(one.artifact),
          identity: one.identity,
          issuer: one.issuer,
          key: one.key === null ? null : fromCorpus(one.key),
          root: () => rootFromCorpus(one.trustedRoot),
        },
        mode,
      );
      if (process.env["SHOW"]) console.log(one.name, mode, refused);
      if (one.expect === "pass") expect(refused).toBeNull();
      else expect(refused).not.toBeNull();
    },
  );
});
