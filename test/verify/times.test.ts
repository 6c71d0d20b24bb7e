import { timesOf, latest, requirePast } from "../../src/verify/times.ts";
import type { Bundle } from "../../src/verify/bundle/bundle.ts";
import { LIMITS } from "../../src/limits.ts";
import { describe, expect, it } from "vitest";

const entry = (integratedTime: string, promised = true, id = "01") => ({
  integratedTime,
  logId: { keyId: Buffer.from(id, "hex") },
  ...(promised ? { inclusionPromise: { signedEntryTimestamp: Buffer.alloc(1) } } : {}),
});
const claimed = (...entries: readonly object[]) => timesOf({ entries, timestamps: [] } as unknown as Bundle);
const NOW = new Date("2026-02-03T04:05:06Z");

describe("times that a log claims", () => {
  it("are of entries that it promised to take, at a time", () => {
    const found = claimed(entry("1700000000"), entry("1700000001", false), entry("0"), entry("1700000002", true, "02"));
    expect(found.map(({ time, by, kind }) => [time.getTime(), by, kind])).toEqual([
      [1_700_000_000_000, "log 01", "log"],
      [1_700_000_002_000, "log 02", "log"],
    ]);
    expect(claimed()).toEqual([]);
  });

  it("are times", () => {
    for (const time of ["9999999999999999", "x"])
      expect(() => claimed(entry(time))).toThrow(expect.objectContaining({ code: "TIME_INVALID" }) as Error);
  });

  it("the last of them is the latest", () => {
    expect(latest([])).toBeNull();
    for (const order of [
      ["3", "1", "2"],
      ["1", "2", "3"],
      ["2", "3", "1"],
    ])
      expect(latest(claimed(...order.map((time) => entry(time))))?.getTime()).toBe(3000);
  });
});

it("a timestamp that cannot be read is none", () => {
  for (const der of [Buffer.alloc(0), Buffer.from("3000", "hex"), Buffer.from("rubbish")])
    expect(() => timesOf({ entries: [], timestamps: [der] } as unknown as Bundle)).toThrow(
      expect.objectContaining({ code: "TIME_INVALID" }) as Error,
    );
});

it("a time after now is passed over by as much as clocks differ, and said with both", () => {
  const last = new Date(NOW.getTime() + LIMITS.clockToleranceMs);
  for (const time of [NOW, last, new Date(0)]) expect(() => requirePast(time, NOW)).not.toThrow();
  expect(() => requirePast(new Date(last.getTime() + 1), NOW)).toThrow(
    expect.objectContaining({
      code: "TIME_AFTER_NOW",
      message: expect.stringContaining(
        `${NOW.toISOString()} (${LIMITS.clockToleranceMs / 60_000} minutes apart`,
      ) as string,
    }) as Error,
  );
});
