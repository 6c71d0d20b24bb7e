/**
 * `npm run test:notary`: every Notary envelope of the corpus with what its manifest expects, what is found here, what the
 * project's own tool said, and why. Fails where what is found is not what is expected.
 */
import { hasNotaryCorpus, notaryCases } from "../support/notary/corpus.ts";
import { isAsExpected, rowOf, tableOf } from "../support/notary/table.ts";

if (!hasNotaryCorpus) throw new Error("no corpus: SAFE_INSTALL_CORPUS names its folder");
const rows = notaryCases().map(rowOf);
const wrong = rows.filter((row) => !isAsExpected(row));
process.stdout.write(`${tableOf(rows)}\n\n${rows.length} envelopes, ${wrong.length} not as expected\n`);
process.exitCode = wrong.length === 0 ? 0 : 1;
