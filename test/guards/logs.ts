/** Who vouches for a signature: logs and timestamp authorities. */
import { inFile } from "./guard.ts";

const TEST = "test/verify/verifier.attack.test.ts";
const vouching = inFile("src/verify/vouching.ts", TEST);
const root = inFile("src/verify/trust/trusted-root.ts", TEST);

export const LOGS = [
  vouching({
    name: "the log entry names this certificate",
    code: "LOG_MISMATCH",
    remove: "if (kind !== signer.kind || !der.equals(expected))",
    put: "if (der === null)",
    named: "entry-same-sig-other-cert: dsse in Rekor v1",
  }),
  vouching({
    name: "logs are counted, not entries",
    code: "LOG_INVALID",
    remove: "return new Set(names).size;",
    put: "return names.length;",
    named: "duplicate-entries-threshold",
  }),
  vouching({
    name: "a certificate needs a vouched time",
    code: "TIME_INVALID",
    remove: "Math.max(1, timestamps)",
    put: "timestamps",
    named: "no-trusted-time",
  }),
  vouching({
    name: "as many times as the root asks for",
    code: "TIME_INVALID",
    remove: "if (different(times.map(({ by }) => by)) < least) {",
    put: "if (times.length < least) {",
    named: "times are counted by who vouches for them",
  }),
  vouching({
    name: "a log's key is valid at the entry's time",
    code: "LOG_INVALID",
    remove: "at.every(({ time }) => validFor.start <= time && time <= validFor.end)",
    put: "at.every(() => validFor !== null)",
    named: "log-key-expired-proof-only",
  }),
  root({
    name: "a root's keys have a beginning",
    remove: "if (absent(start)) return wrong(",
    put: "if (absent(start)) return { start: new Date(0), end: END_OF_TIME }; if (start === 0) return wrong(",
    named: "trust-root-missing-validity-start",
  }),
  inFile(
    "src/project/trust.ts",
    "test/project/trust.test.ts",
  )({
    name: "a root with other thresholds is another root",
    remove: ".update(`${tlog}/${sct}/${timestamps}\\n`)",
    put: "",
    named: "the id tells content and thresholds apart",
  }),
];
