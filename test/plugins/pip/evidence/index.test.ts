import { collectEvidence, type EvidencePlaces, get } from "../../../../plugins/pip/evidence/index.ts";
import { openKnownPlaces } from "../../../../plugins/pip/evidence/known-places.ts";
import { packageRef } from "../../../../plugins/pip/distribution.ts";
import { artifactOf } from "../../../../plugins/pip/part.ts";
import { digestOf, type Host, type Source, SourceUnavailable } from "../../../../src/plugin.ts";
import { describe, expect, it } from "vitest";

const PAGE = "https://index.example/simple/widget/";
const OPTIONS = { accept: "text/html", maxBytes: 9 };
type Answer = number | Error;

interface Told {
  /** What the place answers to who does not say who he is. */
  readonly answer: Answer;
  /** What it answers to pip; null: there is no pip. */
  readonly session?: number | null;
  readonly ours?: boolean;
  readonly offline?: boolean;
  readonly body?: string;
  readonly kept?: string;
}

function places({ answer, session = null, ours = true, offline = false, body = "anonymous", kept }: Told) {
  const asked: string[] = [];
  const puts = new Map<string, string>();
  const host = {
    offline,
    fetch: (url: string, { accept, maxBytes }: { accept: string; maxBytes: number }) => {
      asked.push(`anonymous ${url}`);
      if (answer instanceof Error) return Promise.reject(answer);
      return Promise.resolve({ status: answer, body: Buffer.from(body), accept, maxBytes });
    },
    cache: {
      get: () => Promise.resolve(kept === undefined ? null : Buffer.from(kept)),
      put: (key: string, bytes: Buffer) => Promise.resolve(void puts.set(key, bytes.toString())),
    },
  } as unknown as Host;
  const pip = {
    get: (url: string) => {
      asked.push(`pip ${url}`);
      return Promise.resolve({ status: session ?? 0, body: Buffer.from("with credentials"), type: "x" });
    },
  };
  const all: EvidencePlaces = {
    host,
    session: session === null ? null : pip,
    origins: new Set(ours ? ["https://index.example"] : ["https://other.example"]),
    known: openKnownPlaces(),
  };
  return { all, asked, puts };
}

async function ask(told: Told, hidden?: ReadonlySet<number>) {
  const { all, asked } = places(told);
  const got = await get(PAGE, { ...OPTIONS, ...(hidden === undefined ? {} : { hidden }) }, all).catch(
    (error: unknown) => error as Error,
  );
  const by = asked.map((one) => one.split(" ")[0]);
  return got instanceof Error ? { error: got, by } : { status: got.status, body: got.body.toString(), by };
}

const ANONYMOUS = { status: 200, body: "anonymous", by: ["anonymous"] };
const UNREACHED = new SourceUnavailable(PAGE, "ENOTFOUND");

describe("a place is asked without credentials first", () => {
  it("and its answer counts", async () => {
    expect(await ask({ answer: 200, session: 200 })).toEqual(ANONYMOUS);
    expect(await ask({ answer: 200 })).toEqual(ANONYMOUS);
  });

  it.each([401, 403, 407])("where the user's own index answers %d, pip asks it again", async (answer) => {
    expect(await ask({ answer, session: 200 })).toEqual({
      status: 200,
      body: "with credentials",
      by: ["anonymous", "pip"],
    });
    expect(await ask({ answer, session: 404 })).toMatchObject({ status: 404 });
    expect((await ask({ answer })).error).toMatchObject({
      location: PAGE,
      reason: `answered ${answer}, and there is no pip with credentials`,
    });
    expect(await ask({ answer, session: 200, ours: false })).toEqual({ ...ANONYMOUS, status: answer });
  });

  it.each([404, 500, 302])("%d is an answer like another", async (answer) => {
    expect(await ask({ answer, session: 200 })).toEqual({ ...ANONYMOUS, status: answer });
  });

  it("of what may be hidden from strangers, pip asks again where there is one", async () => {
    const hidden = new Set([404]);
    expect(await ask({ answer: 404, session: 200 }, hidden)).toMatchObject({ by: ["anonymous", "pip"] });
    expect(await ask({ answer: 404 }, hidden)).toEqual({ ...ANONYMOUS, status: 404 });
    expect(await ask({ answer: 404, session: 200, ours: false }, hidden)).toEqual({ ...ANONYMOUS, status: 404 });
    expect(await ask({ answer: 401, session: 200 }, hidden)).toEqual({ ...ANONYMOUS, status: 401 });
  });
});

describe("a place that only pip can reach", () => {
  it("is asked by pip where it is the user's own", async () => {
    expect(await ask({ answer: UNREACHED, session: 200 })).toMatchObject({
      body: "with credentials",
      by: ["anonymous", "pip"],
    });
  });

  it.each<[string, Partial<Told>]>([
    ["without a pip", {}],
    ["where it is not the user's", { session: 200, ours: false }],
    ["without the network", { session: 200, offline: true }],
  ])("is not there %s", async (_, part) => {
    const { error, by } = await ask({ answer: UNREACHED, ...part });
    expect(error).toMatchObject({ reason: expect.stringContaining("ENOTFOUND") as string });
    expect(by).toEqual(["anonymous"]);
  });

  it("is no other kind of failure", async () => {
    const { error, by } = await ask({ answer: new TypeError("broken"), session: 200 });
    expect([error?.message, by]).toEqual(["broken", ["anonymous"]]);
  });

  it("is asked once in a run where it is down", async () => {
    const { all, asked } = places({ answer: UNREACHED });
    for (const name of ["a", "b", "c"])
      await expect(get(`https://index.example/${name}`, OPTIONS, all)).rejects.toBeInstanceOf(SourceUnavailable);
    expect(asked).toHaveLength(1);
    const without = places({ answer: UNREACHED, offline: true });
    for (const name of ["a", "b"])
      await expect(get(`https://index.example/${name}`, OPTIONS, without.all)).rejects.toBe(UNREACHED);
    expect(without.asked).toHaveLength(2);
  });
});

const FILE = "widget-1.0-py3-none-any.whl";
const stated = [digestOf("sha256", "a".repeat(64))].filter((one) => one !== null);
const artifact = artifactOf({ package: packageRef("Widget", "1.0"), filename: FILE, stated }, ["x"]);
const ATTESTATION = {
  version: 1,
  verification_material: { certificate: "AAAA", transparency_entries: [] },
  envelope: { statement: "AAAA", signature: "AAAA" },
};
const PROVENANCE = JSON.stringify({ version: 1, attestation_bundles: [{ attestations: [ATTESTATION] }] });

async function collect(
  source: Source,
  told: Told,
  where: { provenance?: string | null; address?: string | null } = {},
  fresh = false,
) {
  const { all, asked, puts } = places({ body: PROVENANCE, ...told });
  const { provenance = PAGE, address = `https://index.example/${FILE}` } = where;
  const wanted = {
    artifact,
    filename: FILE,
    digests: stated,
    provenance: () => Promise.resolve(provenance),
    address: () => Promise.resolve(address),
  };
  const found = await collectEvidence(wanted, source, fresh, all);
  return { found, asked, puts };
}

describe("evidence about a file", () => {
  const OWN = { kind: "own" } as const;
  const API = { kind: "integrity", url: "https://index.example//" } as const;

  it("is where the index says that its provenance is, and is kept", async () => {
    const { found, asked, puts } = await collect(OWN, { answer: 200 });
    expect(found).toMatchObject([{ source: "registry" }]);
    expect(asked).toEqual([`anonymous ${PAGE}`]);
    expect([...puts.keys()]).toEqual([`registry:${PAGE}`]);
  });

  it("is none where the index says that there is none", async () => {
    expect(await collect(OWN, { answer: 200 }, { provenance: null })).toMatchObject({ found: [], asked: [] });
  });

  it("is what an earlier run was told, but not for a second look", async () => {
    const { found, asked } = await collect(OWN, { answer: 200, kept: PROVENANCE });
    expect(found).toMatchObject([{ cached: true }]);
    expect(asked).toEqual([]);
    expect((await collect(OWN, { answer: 200, kept: PROVENANCE }, {}, true)).asked).toHaveLength(1);
  });

  it("is at the integrity API by name, version and file", async () => {
    const { found, asked } = await collect(API, { answer: 200 });
    expect(found).toMatchObject([{ source: "integrity" }]);
    expect(asked).toEqual([`anonymous https://index.example/integrity/widget/1.0/${FILE}/provenance`]);
  });

  it.each([404, 410])("is none where the answer is %d", async (answer) => {
    expect((await collect(API, { answer })).found).toEqual([]);
  });

  it("may be hidden from strangers: pip asks again", async () => {
    const { asked } = await collect(OWN, { answer: 404, session: 404 });
    expect(asked.map((one) => one.split(" ")[0])).toEqual(["anonymous", "pip"]);
  });

  it("was not to be had where the answer is another one", async () => {
    await expect(collect(OWN, { answer: 500 })).rejects.toMatchObject({ location: PAGE, reason: "answered 500" });
  });

  it("has a form of its own: what is anything else is no answer", async () => {
    for (const body of ['{"bundle":{}}', '"attestation_bundles"', "<html>"])
      expect((await collect(OWN, { answer: 200, body })).found).toEqual([
        { source: "registry", location: PAGE, malformed: 'an answer without "attestation_bundles"' },
      ]);
    const spaced = PROVENANCE.replace('bundles":', 'bundles" \n :');
    expect((await collect(OWN, { answer: 200, body: spaced })).found).not.toMatchObject([
      { malformed: 'an answer without "attestation_bundles"' },
    ]);
  });

  it("lies beside the file, where its address is known", async () => {
    const BESIDE = { kind: "beside" } as const;
    const { asked } = await collect(BESIDE, { answer: 404 });
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.every((one) => one.startsWith(`anonymous https://index.example/${FILE}`))).toBe(true);
    expect(await collect(BESIDE, { answer: 404 }, { address: null })).toMatchObject({ found: [], asked: [] });
  });
});
