import { requireEnough, requireLogs, requireRecorded } from "../../src/verify/vouching.ts";
import { latest, requirePast } from "../../src/verify/times.ts";
import { LIMITS } from "../../src/limits.ts";
import { describe, expect, it } from "vitest";

type Anchor = Parameters<typeof requireEnough>[0];
type Bundle = Parameters<typeof requireEnough>[1];
type Times = Parameters<typeof requireEnough>[2];

const id = (name: string) => Buffer.from(name.padEnd(32, "."));
const at = (time: string, by = "log a", more: object = {}) =>
  ({ kind: "stamp", time: new Date(time), by, ...more }) as unknown as Times[number];
const codeOf = (work: () => void): string | undefined => {
  try {
    work();
    return undefined;
  } catch (error) {
    return `${(error as { code?: string }).code}: ${(error as Error).message}`;
  }
};
const entry = (name: string, more: object = {}) => ({ logId: { keyId: id(name) }, ...more });
const bundle = (...entries: readonly object[]) => ({ entries }) as unknown as Bundle;

describe("how many vouch", () => {
  const anchor = (tlog: number, timestamps: number, validFor?: object) =>
    ({
      thresholds: { tlog, timestamps, sct: 1 },
      key: validFor === undefined ? null : { held: { validFor } },
    }) as unknown as Anchor;

  it.each<[string, Anchor, Bundle, readonly Times[number][], string | undefined]>([
    ["enough", anchor(1, 1), bundle(entry("a")), [at("2026-01-01")], undefined],
    [
      "more than enough",
      anchor(1, 1),
      bundle(entry("a"), entry("b")),
      [at("2026-01-01"), at("2026-01-01", "b")],
      undefined,
    ],
    ["no log is asked for", anchor(0, 1), bundle(), [at("2026-01-01")], undefined],
    [
      "no log",
      anchor(1, 1),
      bundle(),
      [at("2026-01-01")],
      "LOG_INVALID: fewer than 1 different logs vouch for the signature",
    ],
    [
      "the same log twice",
      anchor(2, 1),
      bundle(entry("a"), entry("a")),
      [at("2026-01-01")],
      "LOG_INVALID: fewer than 2 different logs vouch for the signature",
    ],
    ["two logs", anchor(2, 1), bundle(entry("a"), entry("b")), [at("2026-01-01")], undefined],
    [
      "no time for a certificate",
      anchor(0, 0),
      bundle(),
      [],
      "TIME_INVALID: fewer than 1 different logs or authorities vouch for the time",
    ],
    [
      "the same authority twice",
      anchor(0, 2),
      bundle(),
      [at("2026-01-01"), at("2026-01-02")],
      "TIME_INVALID: fewer than 2 different logs or authorities vouch for the time",
    ],
    ["two authorities", anchor(0, 2), bundle(), [at("2026-01-01"), at("2026-01-01", "b")], undefined],
    ["a key without an end needs no time", anchor(0, 0, {}), bundle(), [], undefined],
    [
      "a key needs as many as are asked for",
      anchor(0, 1, {}),
      bundle(),
      [],
      "TIME_INVALID: fewer than 1 different logs or authorities vouch for the time",
    ],
    [
      "a key with a beginning",
      anchor(0, 0, { start: new Date(0) }),
      bundle(),
      [],
      "KEY_INVALID: no log or timestamp proves a time at which the key was valid",
    ],
    [
      "a key with an end",
      anchor(0, 0, { end: new Date(0) }),
      bundle(),
      [],
      "KEY_INVALID: no log or timestamp proves a time at which the key was valid",
    ],
    ["a key with an end, and a time", anchor(0, 0, { end: new Date(0) }), bundle(), [at("2026-01-01")], undefined],
  ])("%s", (_, one, of, times, expected) => {
    expect(codeOf(() => requireEnough(one, of, times))).toBe(expected);
  });
});

describe("logs", () => {
  const log = (name: string, more: object = {}) => ({
    logID: id(name),
    baseURL: "https://log.example/path/",
    validFor: { start: new Date("2026-01-01"), end: new Date("2026-02-01") },
    ...more,
  });
  const anchor = (...tlogs: readonly object[]) => ({ material: { tlogs } }) as unknown as Anchor;
  const proof = (...signatures: readonly (readonly [string, string])[]) => ({
    inclusionProof: {
      signed: { signatures: signatures.map(([hint, name]) => ({ keyHint: id(hint).subarray(0, 4), name })) },
    },
  });
  const INVALID = "LOG_INVALID: no log key of the trust root is valid for the entry's time";
  const NAME = "LOG_INVALID: the log's checkpoint is signed under another name than the log's";

  it.each<[string, readonly string[], string | undefined]>([
    ["within", ["2026-01-15"], undefined],
    ["at its beginning", ["2026-01-01"], undefined],
    ["at its end", ["2026-02-01"], undefined],
    ["before", ["2025-12-31"], INVALID],
    ["after", ["2026-02-02"], INVALID],
    ["one of two after", ["2026-01-15", "2026-02-02"], INVALID],
    ["none", [], undefined],
  ])("a key is valid %s", (_, times, expected) => {
    expect(
      codeOf(() =>
        requireLogs(
          anchor(log("a")),
          bundle(entry("a")),
          times.map((one) => at(one)),
        ),
      ),
    ).toBe(expected);
  });

  it("of the entry's own time where it has one, and of another log's where it has that", () => {
    const own = entry("a");
    const times = [at("2026-01-15", "log a", { kind: "log", entry: own }), at("2027-01-01")];
    expect(codeOf(() => requireLogs(anchor(log("a")), bundle(own), times))).toBeUndefined();
    const others = [at("2026-01-15", "log a", { kind: "log", entry: entry("a") }), at("2027-01-01")];
    expect(codeOf(() => requireLogs(anchor(log("a")), bundle(own), others))).toBe(INVALID);
    expect(codeOf(() => requireLogs(anchor(log("b")), bundle(own), []))).toBe(INVALID);
    expect(codeOf(() => requireLogs(anchor(log("b"), log("a")), bundle(own), []))).toBeUndefined();
    expect(codeOf(() => requireLogs(anchor(log("a")), bundle(own, entry("b")), []))).toBe(INVALID);
  });

  it.each<[string, readonly (readonly [string, string])[], string, string | undefined]>([
    ["the log's name", [["a", "log.example/path"]], "https://log.example/path/", undefined],
    ["its host", [["a", "log.example"]], "https://log.example/path/", undefined],
    ["its host without a port", [["a", "log.example"]], "http://log.example:1234", undefined],
    ["its name with the port", [["a", "log.example:1234"]], "http://log.example:1234", undefined],
    ["another name", [["a", "other.example"]], "https://log.example", NAME],
    ["a beginning of it", [["a", "log"]], "https://log.example", NAME],
    [
      "among those of others",
      [
        ["z", "other"],
        ["a", "log.example"],
      ],
      "https://log.example",
      undefined,
    ],
    [
      "beside another name",
      [
        ["a", "log.example"],
        ["a", "other"],
      ],
      "https://log.example",
      NAME,
    ],
    ["under another hint", [["z", "log.example"]], "https://log.example", NAME],
    ["none", [], "https://log.example", NAME],
  ])("a checkpoint is signed under %s", (_, signatures, baseURL, expected) => {
    const of = bundle(entry("a", proof(...signatures)));
    expect(codeOf(() => requireLogs(anchor(log("a", { baseURL })), of, []))).toBe(expected);
    expect(
      codeOf(() => requireLogs(anchor(log("a", { baseURL: "https://no.example" }), log("a", { baseURL })), of, [])),
    ).toBe(expected);
  });
});

describe("what the log records", () => {
  const SPKI = Buffer.from("spki");
  const DER = Buffer.from("der");
  const SIGNATURE = Buffer.from("signature");
  const of = (kind: string, der: Buffer, signature = SIGNATURE) =>
    ({
      entries: [{ recorded: { verifier: { kind, der }, signature } }],
      content: { signature: SIGNATURE },
    }) as unknown as Bundle;
  type Signer = Parameters<typeof requireRecorded>[1];
  const certificate = { kind: "certificate", certificate: { der: DER } } as unknown as Signer;
  const key = { kind: "key", hint: "x" } as Signer;
  const OTHER = "LOG_MISMATCH: the log entry records another certificate or key";

  it.each<[string, Bundle, Signer, string | undefined]>([
    ["the certificate", of("certificate", DER), certificate, undefined],
    ["the key", of("key", SPKI), key, undefined],
    ["another certificate", of("certificate", SPKI), certificate, OTHER],
    ["another key", of("key", DER), key, OTHER],
    ["the certificate's bytes as a key", of("key", DER), certificate, OTHER],
    ["the key's bytes as a certificate", of("certificate", SPKI), key, OTHER],
    ["another signature", of("key", SPKI, DER), key, "LOG_MISMATCH: the log entry records another signature"],
  ])("%s", (_, one, signer, expected) => {
    expect(codeOf(() => requireRecorded(one, signer, SPKI))).toBe(expected);
  });
});

describe("times", () => {
  it("the latest counts", () => {
    expect(latest([])).toBeNull();
    expect(latest([at("2026-01-02"), at("2026-01-03"), at("2026-01-01")])).toEqual(new Date("2026-01-03"));
    expect(latest([at("2026-01-03"), at("2026-01-01")])).toEqual(new Date("2026-01-03"));
  });

  it("a clock may be a little slow", () => {
    const now = new Date("2026-01-01T00:00:00Z");
    const late = (by: number) => new Date(now.getTime() + LIMITS.clockToleranceMs + by);
    expect(codeOf(() => requirePast(late(0), now))).toBeUndefined();
    expect(codeOf(() => requirePast(new Date(0), now))).toBeUndefined();
    expect(codeOf(() => requirePast(late(1), now))).toMatch(/^TIME_AFTER_NOW: .*2026-01-01T00:00:00\.000Z/);
    expect(codeOf(() => requirePast(late(1), now))).toContain(`(${LIMITS.clockToleranceMs / 60_000} minutes`);
  });
});
