import { hasNotaryCorpus, notaryCases } from "../../support/notary/corpus.ts";
import { isAsExpected, rowOf, tableOf } from "../../support/notary/table.ts";
import { describe, expect, it } from "vitest";

describe.skipIf(!hasNotaryCorpus)("the Notary Project's own envelopes", () => {
  const rows = hasNotaryCorpus ? notaryCases().map(rowOf) : [];

  it("are judged as their manifest says, all 380", () => {
    expect(rows).toHaveLength(380);
    const wrong = rows.filter((row) => !isAsExpected(row));
    expect(wrong.length === 0 ? "" : tableOf(wrong)).toBe("");
  });
});
