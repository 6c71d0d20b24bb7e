import type { PolicyPlace } from "../../src/project/policy-names.ts";
import { readRoots, requireOpenedTimes, requireTimes } from "../../src/project/policy-roots.ts";
import type { Thresholds, TrustRoot } from "../../src/model/trust.ts";
import type { Layer } from "../../src/policy/layer.ts";
import type { Policy } from "../../src/policy/schema/index.ts";
import { putInto, temporaryFolder } from "../support/folder.ts";
import { createInstance } from "../support/sigstore.ts";
import { realpathSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";

const { trustedRoot } = await createInstance({ curve: "P-256" });
const TUF = { mirror: "https://tuf.example", root: "root.json" };
const FIRST = { signed: { _type: "root", version: 1 }, signatures: [] };

let place: PolicyPlace;
beforeEach(() => {
  const folder = realpathSync(temporaryFolder());
  place = { file: join(folder, "p.json"), name: "p.json", folder, boundary: folder, seen: new Map() };
  putInto(folder, "root.json", FIRST);
  putInto(folder, "trusted.json", trustedRoot);
});

const loaded: (readonly [string, Thresholds])[] = [];
const load = (bytes: Buffer, name: string, thresholds: Thresholds): TrustRoot => {
  loaded.push([name, thresholds]);
  return { id: `${name} ${bytes.length}`, name, json: {}, thresholds };
};
const read = async (part: Partial<Policy>) => readRoots(place, { version: 1, ...part }, load);
const idOf = async (entry: object) => (await read({ trust: { mine: { tuf: TUF, ...entry } } }))[0]?.id;

describe("the roots that a policy names", () => {
  it("are read from their files, with as many logs and clocks as it asks for", async () => {
    loaded.length = 0;
    await read({
      trust: { a: { trustedRoot: "trusted.json" }, b: { trustedRoot: "trusted.json", tlog: 0, sct: 2, timestamps: 3 } },
    });
    // Read side by side: which comes first says nothing.
    expect(new Map(loaded)).toEqual(
      new Map([
        ["a", { tlog: 1, sct: 1, timestamps: 1 }],
        ["b", { tlog: 0, sct: 2, timestamps: 3 }],
      ]),
    );
  });

  it("are fetched from a repository, and told apart by all that decides what they say", async () => {
    const [root] = await read({ trust: { mine: { tuf: TUF, maxAge: "7d" } } });
    expect(root).toMatchObject({
      name: "mine",
      json: null,
      tuf: { mirror: TUF.mirror },
      maxAgeMs: 7 * 24 * 3600 * 1000,
    });
    const [plain] = await read({ trust: { mine: { tuf: TUF } } });
    expect(plain).not.toHaveProperty("maxAgeMs");
    const ids = await Promise.all(
      [{}, { tlog: 2 }, { sct: 0 }, { timestamps: 0 }, { maxAge: "7d" }, { maxAge: "8d" }].map(idOf),
    );
    expect(new Set(ids).size).toBe(6);
    expect(ids.every((id) => /^tuf:[0-9a-f]{64}$/.test(id ?? ""))).toBe(true);
    expect(await idOf({})).toBe(ids[0]);
  });

  it.each([["{}"], ["{"], ["null"], [JSON.stringify({ signed: { _type: "targets" } })]])(
    "from a root that is one of TUF: %s is none",
    async (text) => {
      putInto(place.folder, "root.json", text);
      await expect(idOf({})).rejects.toMatchObject({
        kind: "policy",
        code: "TRUST_ROOT_INVALID",
        message: "p.json names root.json: it is no root.json of TUF",
        hint: expect.stringContaining("trustedRoot") as string,
      });
    },
  );

  it("are the built-in ones by their names, with an age of the policy's own", async () => {
    expect(await read({ trust: { github: { maxAge: "1d" } } })).toMatchObject([
      { name: "github", maxAgeMs: 24 * 3600 * 1000 },
    ]);
    const signers = { a: { githubActions: { repository: "a/b" }, trust: "github" } };
    expect(await read({ signers })).toMatchObject([{ name: "github" }]);
    expect(await read({ signers, trust: { github: {} } })).toHaveLength(1);
    expect(await read({ signers: { a: { githubActions: { repository: "a/b" } } } })).toEqual([]);
    expect(await read({})).toEqual([]);
  });
});

describe("a root that can say when", () => {
  const THRESHOLDS = { tlog: 1, sct: 1, timestamps: 1 };
  const KEYLESS = { githubActions: { repository: "a/b" }, trust: "mine" };
  const root = (more: object = {}, part: Partial<TrustRoot> = {}): TrustRoot => ({
    id: "1",
    name: "mine",
    json: { ...trustedRoot, ...more },
    thresholds: THRESHOLDS,
    ...part,
  });
  const none = { timestampAuthorities: [], tlogs: [] };
  const require =
    (signer: object, ...roots: readonly TrustRoot[]) =>
    () =>
      requireTimes("p.json", { version: 1, signers: { w: signer } } as never, roots);

  it("has a log that counts, or a clock", () => {
    expect(require(KEYLESS, root())).not.toThrow();
    expect(require(KEYLESS, root({ timestampAuthorities: [] }))).not.toThrow();
    expect(require(KEYLESS, root({ tlogs: [] }))).not.toThrow();
    for (const order of [
      [none, {}],
      [{}, none],
    ])
      expect(require(KEYLESS, root({}, { json: order.map((more) => ({ ...trustedRoot, ...more })) }))).not.toThrow();
    expect(require(KEYLESS, root({}, { thresholds: { ...THRESHOLDS, tlog: 0 } }))).not.toThrow();
  });

  it("else nothing could be proven, and it is said whose signer stands on it", () => {
    const refused = expect.objectContaining({
      kind: "policy",
      code: "TRUST_ROOT_INVALID",
      message: expect.stringContaining('p.json: the signer "w" signs with certificates') as string,
      hint: expect.stringContaining("let its log count") as string,
    }) as Error;
    expect(require(KEYLESS, root(none))).toThrow(refused);
    const untold = root({ timestampAuthorities: [] }, { thresholds: { ...THRESHOLDS, tlog: 0 } });
    expect(require(KEYLESS, untold)).toThrow(refused);
  });

  it("is asked of who signs with certificates alone, and of what is there", () => {
    const nuget = { kind: "author", fingerprints: ["x"] };
    for (const signer of [{ publicKey: {} }, { npmRegistry: "https://n" }, { nugetSignature: nuget }])
      expect(require({ ...signer, trust: "mine" }, root(none))).not.toThrow();
    expect(require({ ...KEYLESS, trust: "other" }, root(none))).not.toThrow();
    expect(require(KEYLESS, root({}, { json: null }))).not.toThrow();
    expect(require({ githubActions: { repository: "a/b" } }, root(none))).not.toThrow();
    expect(require({ githubActions: { repository: "a/b" } }, root(none, { name: "public-good" }))).toThrow(
      "can say when",
    );
  });

  it("is asked of what was fetched under its id, once it is there", () => {
    const tuf = { mirror: "https://t", root: Buffer.alloc(0) };
    const layer = {
      name: "p.json",
      policy: { version: 1, signers: { w: KEYLESS } },
      roots: { mine: "1" },
    } as unknown as Layer;
    const opened = (part: Partial<TrustRoot>) => () =>
      requireOpenedTimes([layer], [root(none, { tuf, name: "elsewhere", ...part })]);
    expect(opened({})).toThrow("can say when");
    expect(opened({ id: "2" })).not.toThrow();
    const { tuf: _, ...held } = root(none, { tuf });
    expect(() => requireOpenedTimes([layer], [held])).not.toThrow();
  });
});
