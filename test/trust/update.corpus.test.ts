/** Real repositories, as their mirrors served them on a day: the public-good one before and after rotations, and others' cases. */
import { digestOf } from "../../src/model/digest.ts";
import type { HeldTrust, TrustRoot } from "../../src/model/trust.ts";
import { openTrust } from "../../src/trust/open.ts";
import { type LivingHost, livingVerifier } from "../../src/trust/verifier.ts";
import { testHost } from "../support/npm-session.ts";
import { versionOf } from "../../src/trust/held.ts";
import { registryKeysIn } from "../../src/trust/registry-keys.ts";
import { repositoryOf, TRUSTED_ROOT } from "../../src/trust/repository.ts";
import { type Serve, update } from "../../src/trust/update.ts";
import { corpusText, hasCorpus } from "../support/corpus.ts";
import { temporaryFolder } from "../support/folder.ts";
import { type Day, folderOf, KEYS, realFiles, realRoot, servedFrom, tufFile } from "../support/tuf-corpus.ts";
import { afterEach, describe, expect, it, vi } from "vitest";

const MIRROR = "https://tuf.test";

afterEach(() => {
  vi.useRealTimers();
});

/** The updater has no clock but the machine's. */
async function refreshed(root: Buffer, held: HeldTrust | null, serve: Serve, day: string): Promise<HeldTrust> {
  vi.useFakeTimers({ toFake: ["Date"], now: new Date(day) });
  const repository = repositoryOf({ mirror: MIRROR, root }, "real", {}, [KEYS]);
  return update(repository, held, { serve, folder: temporaryFolder(), now: new Date() });
}

const served = (day: Day) => servedFrom(realFiles(day), MIRROR);

describe.skipIf(!hasCorpus)("the public-good repository", () => {
  const FIRST = "rekor.sigstore.dev";
  const SECOND = "log2025-1.rekor.sigstore.dev";
  /** Versions of root, timestamp, snapshot and targets; logs; ends of npm's keys. */
  const SAID = {
    "2025-02-09": [[12, 272, 159, 11], [FIRST], [2025, 2025, "none", "none"]],
    "2026-05-07": [
      [14, 667, 163, 13],
      [FIRST, SECOND],
      [2025, 2025, "none", "none"],
    ],
    "2026-08-21": [
      [15, 762, 165, 14],
      [FIRST, SECOND],
      [2025, 2025, "none", "none"],
    ],
  };
  const DAYS = ["2025-02-09", "2026-05-07", "2026-08-21"] as const;

  function saidBy({ metadata, targets }: HeldTrust): unknown {
    const { tlogs } = JSON.parse(targets[TRUSTED_ROOT]!.toString()) as { tlogs: { baseUrl: string }[] };
    return [
      ["root", "timestamp", "snapshot", "targets"].map((role) => versionOf(metadata[`${role}.json`])),
      tlogs.map(({ baseUrl }) => new URL(baseUrl).hostname),
      registryKeysIn(targets[KEYS]!).map(({ validFor: { end } }) => end?.getUTCFullYear() ?? "none"),
    ];
  }

  it.each(DAYS)(
    "of %s holds by the chain from a root that ended long ago, and three weeks later it stands still",
    async (day) => {
      const held = await refreshed(realRoot(5), null, served(day), day);
      expect(saidBy(held)).toEqual(SAID[day]);
      const later = new Date(Date.parse(day) + 21 * 86_400_000).toISOString();
      await expect(refreshed(realRoot(5), held, served(day), later)).rejects.toThrow(/expired/i);
    },
  );

  it("is followed from day to day, each role's rotations, and never back", async () => {
    let held: HeldTrust | null = null;
    for (const day of DAYS) {
      held = await refreshed(realRoot(9), held, served(day), day);
      expect(saidBy(held)).toEqual(SAID[day]);
    }
    for (const day of DAYS.slice(0, 2)) {
      await expect(refreshed(realRoot(9), held, served(day), day), day).rejects.toThrow(/version|signed by 0/i);
    }
  });

  it("does not hold where its files are not of one moment", async () => {
    const files = new Map(realFiles("2026-08-21"));
    files.set("14.targets.json", realFiles("2026-05-07").get("13.targets.json")!);
    const mixed = refreshed(realRoot(14), null, servedFrom(files, MIRROR), "2026-08-21");
    await expect(mixed).rejects.toThrow(/targets/);
    await expect(refreshed(realRoot(9), null, served("2024-08-30"), "2024-08-30")).rejects.toThrow(/snapshot/);
  });

  it("is not held by a wrong clock: years ahead it is expired, whatever it serves", async () => {
    const wrong = refreshed(realRoot(14), null, served("2026-08-21"), "2027-08-21");
    await expect(wrong).rejects.toThrow(/Final root\.json is expired/);
  });
});

describe.skipIf(!hasCorpus)("a bundle under a log that came since", () => {
  const ROOT: TrustRoot = {
    id: "real",
    name: "real",
    json: null,
    thresholds: { tlog: 1, sct: 1, timestamps: 1 },
    tuf: { mirror: MIRROR, root: hasCorpus ? realRoot(9) : Buffer.alloc(0) },
  };
  const subject = {
    names: [],
    digests: [digestOf("sha256", "a0cfc71271d6e278e57cd332ff957c3f7043fdda354c4cbb190a30d56efa01bf")!],
    bytes: null,
  };

  it("does not hold by a root of the year before, and does once the mirror is asked, also when it then breaks", async () => {
    const bundle: unknown = JSON.parse(corpusText("nuget/maven/bundle.dsse.rekor-v2.sigstore.json"));
    const home = temporaryFolder();
    const run = async (day: string, files: ReadonlyMap<string, Buffer>, refreshes = true) => {
      vi.useFakeTimers({ toFake: ["Date"], now: new Date(day) });
      const real = testHost({ home });
      const serve = servedFrom(files, MIRROR);
      const host: LivingHost = {
        ...real,
        now: () => new Date(),
        trust: { ...real.trust, settings: { refreshes, mirrors: {} }, refreshes: new Map() },
        fetch: async (url) =>
          serve(url, 0).then(
            (body) => ({ status: 200, body }),
            () => ({ status: 404, body: Buffer.alloc(0) }),
          ),
      };
      const trust = await openTrust([ROOT], host);
      const verify = livingVerifier(
        { named: [ROOT], keys: [], trust: { ...trust, roots: trust.roots.slice(1) } },
        host,
      );
      return (await verify({ source: "file", location: "test", bundle }, subject)).status;
    };
    await run("2025-02-09", realFiles("2025-02-09"));
    expect(await run("2026-08-21", realFiles("2026-08-21"), false)).toBe("broken");
    expect(await run("2026-08-21", realFiles("2026-08-21"))).toBe("verified");
    expect(await run("2026-08-22", new Map())).toBe("verified");
  });
});

/** Their targets are no trust roots, which is said once everything before it held. */
const HOLDS = /serves no trusted_root\.json/;
/** Of a root alone: what comes next is not there. */
const ROOT_HOLDS = /timestamp\.json: 404/;

async function outcome(root: Buffer, held: HeldTrust | null, files: ReadonlyMap<string, Buffer>, day: string) {
  return refreshed(root, held, servedFrom(files, MIRROR), day).then(
    () => "held",
    (error: Error) => error.message,
  );
}

describe.skipIf(!hasCorpus)("repositories made by others:", () => {
  const JAVA = "sigstore-java";
  const WHEN = "2023-02-13";

  it.each([
    ["test-template", HOLDS],
    ["no-size-no-hash-snapshot-timestamp", /targets\.json: 404/],
    ["root-update-with-empty-signature", ROOT_HOLDS],
    ["root-unsigned", /signed by 0/],
    ["root-wrong-version", /version/],
    ["snapshot-invalid-hash", /hash/],
    ["snapshot-version-mismatch", /version/],
    ["targets-expired", /expired/],
    ["targets-snapshot-version-mismatch", /version/],
    ["targets-download-invalid-hash", HOLDS],
    ["targets-download-missing-target-metadata", /targets/],
  ])("%s", async (name, expected) => {
    const root = tufFile(`${JAVA}/test-template/1.root.json`);
    expect(await outcome(root, null, folderOf(`${JAVA}/${name}`), WHEN)).toMatch(expected);
  });

  it.each([
    // One member stands twice in its text: what is signed is what is read of it.
    ["duplicate-keyid", ROOT_HOLDS],
    ["duplicate-sig-keys", /multiple signatures/],
    ["ecdsa-new-type-sig-keys", ROOT_HOLDS],
    ["hex-encoded-ecdsa-sig-keys", ROOT_HOLDS],
    ["expired-root-json-signature", ROOT_HOLDS],
    ["invalid-root-json-signature", /signed by 0/],
    ["no-root-json-signatures", /signed by 0/],
    ["simple-rsa", ROOT_HOLDS],
  ])("the root of %s", async (name, expected) => {
    expect(await outcome(tufFile(`tough/${name}/root.json`), null, new Map(), "2026-01-01")).toMatch(expected);
  });

  it.each([
    ["consistent-snapshots", HOLDS],
    ["dubious-role-names", HOLDS],
    ["safe-target-paths", HOLDS],
    ["expired-repository", /expired/],
  ])("%s", async (name, expected) => {
    const files = folderOf(`tough/${name}`);
    expect(await outcome(files.get("1.root.json")!, null, files, "2026-01-01")).toMatch(expected);
  });
});

describe.skipIf(!hasCorpus)("GitHub's roots", () => {
  it("the third has empty signatures, which neither count nor break", async () => {
    for (const name of ["root.2024-04.json", "root.2024-08.json"])
      expect(await outcome(tufFile(`github/${name}`), null, new Map(), "2024-06-01")).toMatch(ROOT_HOLDS);
  });
});
