/** Roots as fresh as they can be had, never in the way of what can be judged without. */
import { SourceUnavailable } from "../../src/errors.ts";
import type { HeldTrust, TrustFolder, TrustRoot } from "../../src/model/trust.ts";
import { builtInRoot, openTrust, PUBLIC_GOOD_ROOT } from "../../src/trust/open.ts";
import { endRefreshes } from "../../src/trust/beside.ts";
import { encodeHeld } from "../../src/trust/held.ts";
import { refresh, type TrustHost } from "../../src/trust/refresh.ts";
import { builtInRepository, repositoryOf, sourceOf, TRUSTED_ROOT } from "../../src/trust/repository.ts";
import { trustSettings } from "../../src/trust/settings.ts";
import { heldOf, wasInVain } from "../../src/trust/state.ts";
import { type LivingHost, livingVerifier } from "../../src/trust/verifier.ts";
import { identity, locked, subjects } from "../verify/judging.ts";
import { testHost } from "../support/npm-session.ts";
import { temporaryFolder } from "../support/folder.ts";
import { createInstance, type Instance } from "../support/sigstore.ts";
import { startTuf, type TufRepository } from "../support/tuf.ts";
import { createHash } from "node:crypto";
import { describe, expect, it, onTestFinished } from "vitest";

const [old, fresh] = await Promise.all([
  createInstance({ name: "old.test", curve: "P-256" }),
  createInstance({ name: "fresh.test", curve: "P-256" }),
]);
const bytesOf = (...instances: readonly Instance[]) => {
  const [first, ...others] = structuredClone(instances.map(({ trustedRoot }) => trustedRoot));
  for (const name of ["tlogs", "certificateAuthorities", "ctlogs", "timestampAuthorities"])
    (first![name] as unknown[]).push(...others.flatMap((one) => one[name] as unknown[]));
  return Buffer.from(JSON.stringify(first));
};
const OLD = { [TRUSTED_ROOT]: bytesOf(old) };
const BOTH = { [TRUSTED_ROOT]: bytesOf(old, fresh) };
const DAY = 86_400_000;

async function mirrorOf(targets = OLD): Promise<TufRepository> {
  const mirror = await startTuf(targets);
  onTestFinished(() => mirror.close());
  return mirror;
}

function rootAt({ mirror, root }: Pick<TufRepository, "mirror" | "root">, maxAgeMs?: number): TrustRoot {
  const id = createHash("sha256").update(`${mirror}${root.toString()}${maxAgeMs}`).digest("hex");
  const thresholds = { tlog: 1, sct: 1, timestamps: 1 };
  return {
    id,
    name: "mine",
    json: null,
    thresholds,
    tuf: { mirror, root },
    ...(maxAgeMs === undefined ? {} : { maxAgeMs }),
  };
}

/** One run; `daysAhead`: of the clock. */
function runIn(
  home: string,
  { refreshes = true, daysAhead = 0, mirrors = {} }: { refreshes?: boolean; daysAhead?: number; mirrors?: object } = {},
): LivingHost & { readonly notices: string[] } {
  const notices: string[] = [];
  const real = testHost({ home, notices });
  const settings = { refreshes, mirrors: { "public-good": "http://127.0.0.1:1", ...mirrors } };
  const trust: TrustFolder = { ...real.trust, settings, refreshes: new Map() };
  const fetch: TrustHost["fetch"] = (url, how) =>
    url.startsWith("http://127.0.0.1:1/")
      ? Promise.reject(new SourceUnavailable(url, "refused"))
      : real.fetch(url, how);
  return { ...real, fetch, trust, notices, now: () => new Date(Date.now() + daysAhead * DAY) };
}

/** Opens, and waits for what goes on beside. */
async function open(root: TrustRoot, host: TrustHost) {
  const trust = await openTrust([root], host);
  await Promise.all(host.trust.refreshes.values());
  await endRefreshes(host);
  return trust;
}

const nameOf = ({ roots }: { readonly roots: readonly TrustRoot[] }) =>
  roots
    .filter(({ name }) => name === "mine")
    .map(({ json }) => (JSON.stringify(json).includes("fresh.test") ? "both" : "old"));

describe("when a repository is asked", () => {
  it("the first time at once: there is nothing else", async () => {
    const mirror = await mirrorOf();
    expect(nameOf(await open(rootAt(mirror), runIn(temporaryFolder())))).toEqual(["old"]);
  });

  it("then once a day, beside the run, so that the next one has it", async () => {
    const [mirror, home] = [await mirrorOf(), temporaryFolder()];
    const root = rootAt(mirror);
    await open(root, runIn(home));
    mirror.publish(BOTH);
    mirror.asked.length = 0;
    expect(nameOf(await open(root, runIn(home)))).toEqual(["old"]);
    expect(mirror.asked).toEqual([]);
    expect(nameOf(await open(root, runIn(home, { daysAhead: 1.1 })))).toEqual(["old"]);
    expect(mirror.asked).toContain("timestamp.json");
    expect(nameOf(await open(root, runIn(home, { daysAhead: 1.2 })))).toEqual(["both"]);
  });

  it("no more often where it does not answer, and only said where what counts is old", async () => {
    const [mirror, home] = [await mirrorOf(), temporaryFolder()];
    const root = rootAt(mirror);
    await open(root, runIn(home));
    mirror.instead.set("timestamp.json", null);
    const host = runIn(home, { daysAhead: 2 });
    expect(nameOf(await open(root, host))).toEqual(["old"]);
    expect(host.notices).toEqual([]);
    mirror.asked.length = 0;
    expect(nameOf(await open(root, runIn(home, { daysAhead: 2.5 })))).toEqual(["old"]);
    expect(mirror.asked).toEqual([]);
  });

  it("and what does not answer is said where what is held is old", async () => {
    const [mirror, home] = [await mirrorOf(), temporaryFolder()];
    mirror.publish(OLD, { expires: { timestamp: new Date(Date.now() + 7 * DAY) } });
    await open(rootAt(mirror), runIn(home));
    mirror.instead.set("2.root.json", (response) => void response.writeHead(403).end());
    mirror.instead.set("timestamp.json", (response) => void response.writeHead(500).end());
    const host = runIn(home, { daysAhead: 8 });
    await open(rootAt(mirror), host);
    expect(host.notices.join("\n")).toMatch(/the trust root mine \(last checked \d+ days ago\) was not refreshed/);
  });

  it("not in passing where its name cannot be looked up soon, or where nothing can be remembered; in earnest it is", async () => {
    const [mirror, home] = [await mirrorOf(), temporaryFolder()];
    const root = rootAt(mirror);
    await open(root, runIn(home));
    mirror.publish(BOTH);
    mirror.asked.length = 0;
    const later = () => runIn(home, { daysAhead: 2 });
    const nameless = later();
    const far = { ...nameless, trust: { ...nameless.trust, isNear: () => Promise.resolve(false) } };
    const readOnly = later();
    const forgetful = { ...readOnly, trust: { ...readOnly.trust, put: () => Promise.resolve() } };
    for (const host of [forgetful, far]) expect(nameOf(await open(root, host))).toEqual(["old"]);
    expect([mirror.asked, nameless.notices, readOnly.notices]).toEqual([[], [], []]);
    const refreshed = await refresh(sourceOf(root, {})!, far);
    expect("held" in refreshed && refreshed.held.targets).toEqual(BOTH);
  });

  it("in earnest for a short time only, within an hour of an attempt that led to nothing", async () => {
    const [mirror, home] = [await mirrorOf(), temporaryFolder()];
    const [host, repository] = [runIn(home), sourceOf(rootAt(mirror), {})!];
    expect(await wasInVain(repository, null, host)).toBe(false);
    mirror.instead.set("timestamp.json", null);
    await refresh(repository, host);
    expect(await wasInVain(repository, null, host)).toBe(true);
    expect(await wasInVain(repository, null, runIn(home, { daysAhead: 1 }))).toBe(false);
    mirror.instead.clear();
    const again = runIn(home);
    const found = await refresh(repository, again);
    expect(await wasInVain(repository, "held" in found ? found.held : null, again)).toBe(false);
  });

  it("never where that is switched off, and then it is missing", async () => {
    const mirror = await mirrorOf();
    const root = rootAt(mirror);
    const { missing, roots } = await open(root, runIn(temporaryFolder(), { refreshes: false }));
    expect(roots.map(({ name }) => name)).toEqual(["public-good"]);
    expect(missing.get(root.id)).toEqual({ location: mirror.mirror, reason: "the trust root mine was never fetched" });
    expect(mirror.asked).toEqual([]);
  });

  it("in the way where a policy's maxAge is over; a mirror that does not answer makes it missing", async () => {
    const [mirror, home] = [await mirrorOf(), temporaryFolder()];
    const root = rootAt(mirror, 30 * DAY);
    await open(root, runIn(home));
    mirror.publish(BOTH);
    expect(nameOf(await open(root, runIn(home, { daysAhead: 31 })))).toEqual(["both"]);
    mirror.instead.set("timestamp.json", null);
    expect(nameOf(await open(root, runIn(home, { daysAhead: 60 })))).toEqual(["both"]);
    const late = await open(root, runIn(home, { daysAhead: 62 }));
    expect(nameOf(late)).toEqual([]);
    expect(late.missing.get(root.id)?.reason).toContain("was last found to be current 31 days ago, longer than");
  });

  it("a clock that went back does not make it young", async () => {
    const [mirror, home] = [await mirrorOf(), temporaryFolder()];
    await open(rootAt(mirror), runIn(home));
    const { missing } = await open(rootAt(mirror, 30 * DAY), runIn(home, { refreshes: false, daysAhead: -365 }));
    expect([...missing.values()][0]?.reason).toContain("after now");
    const { notes } = await open(rootAt(mirror), runIn(home, { refreshes: false, daysAhead: -365 }));
    expect(notes.join()).toMatch(/trust root mine: last checked on .*, and the clock here says .*: it is slow/);
  });

  it("metadata that expired is warned about at once, with its age", async () => {
    const [mirror, home] = [await mirrorOf(), temporaryFolder()];
    mirror.publish(OLD, { expires: { timestamp: new Date(Date.now() + 7 * DAY) } });
    await open(rootAt(mirror), runIn(home));
    const { notes, roots } = await open(rootAt(mirror), runIn(home, { refreshes: false, daysAhead: 8 }));
    expect(notes.join()).toMatch(/^trust root mine: its metadata expired on \d{4}-\d\d-\d\d, last checked 8 days ago/);
    expect(nameOf({ roots })).toEqual(["old"]);
  });
});

describe("whose root is whose", () => {
  it("one mirror under two roots is two repositories: neither sees what the other was given", async () => {
    const [mirror, other, home] = [await mirrorOf(OLD), await mirrorOf(BOTH), temporaryFolder()];
    const [mine, planted] = [rootAt(mirror), rootAt({ mirror: mirror.mirror, root: other.root })];
    expect(nameOf(await open(mine, runIn(home)))).toEqual(["old"]);
    // A mirror that is taken over serves the chain that a cloned repository brings.
    for (const [path, bytes] of other.files) mirror.instead.set(path, bytes);
    expect(nameOf(await open(planted, runIn(home)))).toEqual(["both"]);
    expect(nameOf(await open(mine, runIn(home, { daysAhead: 2 })))).toEqual(["old"]);
    expect(nameOf(await open(mine, runIn(home, { daysAhead: 2 })))).toEqual(["old"]);
    expect(repositoryOf(mine.tuf as TufRepository, "a").key).not.toBe(
      repositoryOf(planted.tuf as TufRepository, "a").key,
    );
  });

  it("a mirror of a built-in root serves its chain, and none that starts elsewhere", async () => {
    const [mirror, home] = [await mirrorOf(BOTH), temporaryFolder()];
    const mirrors = { "public-good": mirror.mirror };
    const host = runIn(home, { mirrors });
    const { roots } = await open(builtInRoot("github"), host);
    expect(mirror.asked).toContain("17.root.json");
    expect(roots[0]?.json).toEqual(
      (await openTrust([], runIn(temporaryFolder(), { refreshes: false }))).roots[0]?.json,
    );
    expect(await heldOf(builtInRepository("public-good", mirrors), host)).toBeNull();
    expect(host.notices.join()).toContain("was not refreshed");
  });

  it.each(["public-good", "github"])("%s came with this program, and counts without a network", async (name) => {
    const { roots, missing, registryKeys } = await openTrust(
      [builtInRoot("github")],
      runIn(temporaryFolder(), { refreshes: false }),
    );
    expect(roots.find((one) => one.name === name)?.json).toHaveProperty("certificateAuthorities");
    expect([missing.size, registryKeys.length > 0]).toEqual([0, true]);
  });

  it("with a maxAge it does not count as it came", async () => {
    const { missing } = await openTrust(
      [builtInRoot("public-good", DAY)],
      runIn(temporaryFolder(), { refreshes: false }),
    );
    expect([...missing.values()][0]?.reason).toContain("as it came with this program");
  });
});

describe("what names somebody unknown", () => {
  const bundleOf = async (instance: Instance) => ({
    source: "file",
    location: "test",
    bundle: await instance.attest({ subjects, identity }),
  });
  const verifier = async (root: TrustRoot, host: LivingHost) =>
    livingVerifier({ named: [root], keys: [], trust: await openTrust([root], host) }, host);

  it("is judged again with what the repository says now, asked once in the run", async () => {
    const [mirror, home] = [await mirrorOf(), temporaryFolder()];
    const root = rootAt(mirror);
    await open(root, runIn(home));
    mirror.publish(BOTH);
    mirror.asked.length = 0;
    const verify = await verifier(root, runIn(home, { daysAhead: 0.5 }));
    expect(await verify(await bundleOf(old), locked)).toMatchObject({ status: "verified" });
    expect(mirror.asked).toEqual([]);
    expect(await verify(await bundleOf(fresh), locked)).toMatchObject({ status: "verified" });
    const count = mirror.asked.length;
    expect(await verify(await bundleOf(fresh), locked)).toMatchObject({ status: "verified" });
    expect(await verify(await bundleOf(await createInstance({ curve: "P-256" })), locked)).toMatchObject({
      status: "foreign",
    });
    expect(mirror.asked.length).toBe(count);
  });

  it("and a log alone that is unknown is enough to ask", async () => {
    const [mirror, home] = [await mirrorOf(), temporaryFolder()];
    const root = rootAt(mirror);
    const half = JSON.parse(BOTH[TRUSTED_ROOT].toString()) as { tlogs: unknown[] };
    mirror.publish({ [TRUSTED_ROOT]: Buffer.from(JSON.stringify({ ...half, tlogs: half.tlogs.slice(0, 2) })) });
    await open(root, runIn(home));
    const offline = await verifier(root, runIn(home, { refreshes: false }));
    expect(await offline(await bundleOf(fresh), locked)).toMatchObject({ code: "LOG_INVALID" });
    mirror.publish(BOTH);
    const verify = await verifier(root, runIn(home, { daysAhead: 0.5 }));
    expect(await verify(await bundleOf(fresh), locked)).toMatchObject({ status: "verified" });
  });

  it("is what it is where nothing newer is to be had", async () => {
    const [mirror, home] = [await mirrorOf(), temporaryFolder()];
    const root = rootAt(mirror);
    await open(root, runIn(home));
    mirror.publish(BOTH);
    for (const host of [runIn(home, { refreshes: false, daysAhead: 0.5 }), runIn(home)]) {
      const verify = await verifier(root, host);
      expect(await verify(await bundleOf(fresh), locked)).toMatchObject({ status: "foreign" });
    }
    mirror.instead.set("timestamp.json", null);
    const verify = await verifier(root, runIn(home, { daysAhead: 0.5 }));
    expect(await verify(await bundleOf(fresh), locked)).toMatchObject({ status: "foreign" });
  });
});

describe("the operator's word", () => {
  it.each([
    [{}, { refreshes: true, mirrors: {} }],
    [{ SAFE_INSTALL_TRUST_MIRROR: "off" }, { refreshes: false, mirrors: {} }],
    [
      { SAFE_INSTALL_TRUST_MIRROR: "https://tuf.example", SAFE_INSTALL_TRUST_MIRROR_GITHUB: "http://127.0.0.1:9" },
      { refreshes: true, mirrors: { "public-good": "https://tuf.example", github: "http://127.0.0.1:9" } },
    ],
  ])("%j", (env, settings) => expect(trustSettings(env)).toEqual(settings));

  it.each(["http://tuf.example", "no", "https://me:secret@tuf.example"])("%s is none", (address) =>
    expect(() => trustSettings({ SAFE_INSTALL_TRUST_MIRROR: address })).toThrow(
      expect.objectContaining({ code: "USAGE" }),
    ),
  );

  it("names who serves the built-in roots, and nothing of a policy's", async () => {
    const mirrors = { "public-good": "https://tuf.example/" };
    expect(sourceOf(PUBLIC_GOOD_ROOT, mirrors)).toMatchObject({ mirror: "https://tuf.example", name: "public-good" });
    const mirror = await mirrorOf();
    expect(sourceOf(rootAt(mirror), mirrors)).toMatchObject({ mirror: mirror.mirror });
  });
});

it("what is newer stays where an older refresh ends later", async () => {
  const [mirror, home] = [await mirrorOf(), temporaryFolder()];
  const [root, host] = [rootAt(mirror), runIn(home)];
  const repository = sourceOf(root, {})!;
  await open(root, host);
  const before = (await heldOf(repository, host)) as HeldTrust;
  mirror.publish(BOTH);
  await open(root, runIn(home, { daysAhead: 2 }));
  const { keepHeld } = await import("../../src/trust/state.ts");
  await keepHeld(repository, before, host);
  expect((await heldOf(repository, host))?.targets).toEqual(BOTH);
  expect(encodeHeld(before).length).toBeGreaterThan(0);
});
