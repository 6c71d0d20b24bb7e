import { createHash } from "node:crypto";
import { digestsOf, hashedIn, lacks, lazily, otherDigestsOf } from "../../src/gate/bytes.ts";
import type { Bytes } from "../../src/model/artifact.ts";
import type { Digest, DigestAlgorithm } from "../../src/model/digest.ts";
import { artifact } from "../support/policy.ts";
import { describe, expect, it } from "vitest";

const CONTENT = Buffer.from("bytes");
const of = (algorithm: DigestAlgorithm): Digest => ({
  algorithm,
  hex: createHash(algorithm).update(CONTENT).digest("hex"),
});
const STATED: Digest = { algorithm: "sha512", hex: "0".repeat(128) };
const bytesOf = (digests: readonly Digest[], more: Partial<Bytes> = {}): Bytes => ({
  digests,
  read: async () => CONTENT,
  ...more,
});
const ONE = { ...artifact("npm:a@1.0.0"), digests: [STATED] };

describe("algorithms that a policy speaks in", () => {
  it.each<[readonly DigestAlgorithm[], readonly DigestAlgorithm[], boolean]>([
    [[], [], false],
    [["sha512"], [], false],
    [["sha512"], ["sha512"], false],
    [[], ["sha512"], true],
    [["sha512"], ["sha256"], true],
    [["sha512"], ["sha512", "sha256"], true],
    [["sha256", "sha512"], ["sha512"], false],
  ])("%j lacks one of %j: %s", (has, asked, expected) => {
    expect(lacks(has.map(of), asked)).toBe(expected);
  });

  it("what is there is not read again", async () => {
    const bytes = bytesOf([of("sha512")], { read: () => Promise.reject(new Error("read")) });
    expect(await hashedIn(["sha512"], bytes)).toBe(bytes);
    await expect(hashedIn(["sha256"], bytes)).rejects.toThrow("read");
  });

  it("only what is missing is added, each once", async () => {
    const hashed = await hashedIn(["sha512", "sha256"], bytesOf([STATED], { forms: [] }));
    expect(hashed.digests).toEqual([STATED, of("sha256")]);
    expect(hashed.forms).toEqual([]);
    expect(await hashed.read()).toBe(CONTENT);
    expect((await hashedIn(["sha256", "sha512"], bytesOf([]))).digests).toEqual([of("sha256"), of("sha512")]);
  });
});

describe("what is known of an artifact's bytes", () => {
  const started = async (make: () => Promise<Bytes>) => {
    const lazy = lazily(make);
    await lazy.get().catch(() => {});
    return lazy;
  };
  const form = { name: "stripped", digests: [of("sha256")], read: async () => CONTENT };

  it("what the lock states, until they are fetched; then what they hash to", async () => {
    const lazy = lazily(async () => bytesOf([of("sha256")], { forms: [form] as NonNullable<Bytes["forms"]> }));
    expect(await digestsOf(ONE, lazy)).toEqual([STATED]);
    expect(await otherDigestsOf(lazy)).toEqual([]);
    expect(lazy.started()).toBe(false);
    await lazy.get();
    expect(lazy.started()).toBe(true);
    expect(await digestsOf(ONE, lazy)).toEqual([of("sha256")]);
    expect(await otherDigestsOf(lazy)).toEqual([of("sha256")]);
  });

  it("what the lock states where they cannot be fetched", async () => {
    const lazy = await started(() => Promise.reject(new Error("gone")));
    expect(await digestsOf(ONE, lazy)).toEqual([STATED]);
    expect(await otherDigestsOf(lazy)).toEqual([]);
  });

  it("bytes of one form have no others", async () => {
    expect(await otherDigestsOf(await started(async () => bytesOf([STATED])))).toEqual([]);
  });

  it("they are fetched once", async () => {
    let count = 0;
    const lazy = lazily(async () => bytesOf([], { read: async () => Buffer.from(`${++count}`) }));
    expect(await lazy.get()).toBe(await lazy.get());
  });
});
