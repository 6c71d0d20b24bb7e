/** The limits of The Update Framework's client workflow, each against a repository that breaks it. */
import { decodeHeld, encodeHeld, versionOf } from "../../src/trust/held.ts";
import type { HeldTrust, TrustFolder } from "../../src/model/trust.ts";
import { refresh, type TrustHost } from "../../src/trust/refresh.ts";
import { repositoryOf, TRUSTED_ROOT, type TrustRepository } from "../../src/trust/repository.ts";
import { heldOf } from "../../src/trust/state.ts";
import { testHost } from "../support/npm-session.ts";
import { temporaryFolder } from "../support/folder.ts";
import { createInstance } from "../support/sigstore.ts";
import { startTuf, type TufKnobs, type TufRepository } from "../support/tuf.ts";
import { onTestFinished, describe, expect, it } from "vitest";

const [one, two] = await Promise.all(
  ["one.test", "two.test"].map(async (name) => {
    const { trustedRoot } = await createInstance({ name, curve: "P-256" });
    return Buffer.from(JSON.stringify(trustedRoot));
  }),
);
const FIRST = { [TRUSTED_ROOT]: one! };
const SECOND = { [TRUSTED_ROOT]: two! };
const AGO = new Date(Date.now() - 86_400_000);

interface Setting {
  readonly mirror: TufRepository;
  readonly repository: TrustRepository;
  readonly host: () => TrustHost;
  /** A run of its own each time, over one state folder. */
  readonly run: () => Promise<string>;
  readonly held: () => Promise<HeldTrust | null>;
}

async function set(knobs: TufKnobs = {}): Promise<Setting> {
  const mirror = await startTuf(FIRST, knobs);
  onTestFinished(() => mirror.close());
  const home = temporaryFolder();
  const repository = repositoryOf(mirror, "mine");
  const host = (): TrustHost => {
    const real = testHost({ home });
    const trust: TrustFolder = { ...real.trust, settings: { refreshes: true, mirrors: {} }, refreshes: new Map() };
    return { ...real, trust };
  };
  return {
    mirror,
    repository,
    host,
    run: async () => {
      const refreshed = await refresh(repository, host());
      if ("reason" in refreshed) return refreshed.reason;
      return refreshed.held.targets[TRUSTED_ROOT]?.equals(one!) === true ? "first" : "second";
    },
    held: () => heldOf(repository, host()),
  };
}

describe("a repository in order", () => {
  it("is taken from its first root on, and again without asking for what is held", async () => {
    const { mirror, run } = await set();
    expect(await run()).toBe("first");
    mirror.asked.length = 0;
    expect(await run()).toBe("first");
    expect(mirror.asked).toEqual(["2.root.json", "timestamp.json"]);
    mirror.publish(SECOND);
    expect(await run()).toBe("second");
  });

  it("changes its keys over several roots, each role's", async () => {
    const { mirror, run, held } = await set({ threshold: 2 });
    expect(await run()).toBe("first");
    for (const role of ["timestamp", "root", "snapshot", "root", "targets"] as const) mirror.rotate(role);
    mirror.publish(SECOND);
    expect(await run()).toBe("second");
    expect(versionOf((await held())?.metadata["root.json"])).toBe(6);
    expect(Object.keys((await held())?.metadata ?? {})).toContain("4.root.json");
  });

  it("a root in between that expired does not matter, the last one's date does", async () => {
    const { mirror, run } = await set({ expires: { root: AGO } });
    mirror.publish(FIRST, { expires: {} });
    expect(await run()).toMatch(/expired/);
    mirror.rotate("root");
    expect(await run()).toBe("first");
  });
});

describe("what a mirror cannot do", () => {
  const after = async (harm: (setting: Setting) => void, knobs?: TufKnobs) => {
    const setting = await set(knobs);
    expect(await setting.run()).toBe("first");
    const before = await setting.held();
    harm(setting);
    const said = await setting.run();
    const now = await setting.held();
    expect(now?.targets).toEqual(before?.targets);
    expect(now?.checkedAt).toEqual(before?.checkedAt);
    return said;
  };

  it("roll back to an older timestamp", async () => {
    const setting = await set();
    const old = setting.mirror.files.get("timestamp.json")!;
    setting.mirror.publish(SECOND);
    expect(await setting.run()).toBe("second");
    setting.mirror.instead.set("timestamp.json", old);
    expect(await setting.run()).toMatch(/version 1 is less than current version 2/);
    expect((await setting.held())?.targets).toEqual(SECOND);
  });

  it.each(["timestamp", "snapshot", "targets"] as const)("serve a %s that expired (freeze)", async (role) => {
    const said = await after(({ mirror }) => mirror.publish(SECOND, { expires: { [role]: AGO } }));
    expect(said).toMatch(/expired.*it is frozen, or the clock is wrong/);
    expect(said).toContain(`the clock here says ${new Date().toISOString().slice(0, 10)}`);
  });

  it("mix files of two states (mix-and-match)", async () => {
    const said = await after(({ mirror }) => {
      const old = mirror.files.get("1.snapshot.json")!;
      mirror.publish(SECOND);
      mirror.instead.set("2.snapshot.json", old);
    });
    expect(said).toMatch(/snapshot/);
  });

  it("serve other targets than the metadata says", async () => {
    const said = await after(({ mirror }) => {
      mirror.publish(SECOND);
      const [path = ""] = [...mirror.files.keys()].filter((name) => name.startsWith("targets/")).slice(-1);
      mirror.instead.set(path, Buffer.alloc(two!.length, "x"));
    });
    expect(said).toMatch(/hash/i);
  });

  it("send a file without an end", async () => {
    let sent = 0;
    const said = await after(({ mirror }) => {
      mirror.instead.set("timestamp.json", (response) => {
        const more = () => {
          for (; sent < 50_000_000 && response.write("x".repeat(65_536));) sent += 65_536;
        };
        response.on("drain", more);
        more();
      });
    });
    expect(said).toMatch(/timestamp\.json: .*16384/);
    expect(sent).toBeLessThan(50_000_000);
  });

  it.each([
    ["root", "2.root.json", "512000"],
    ["timestamp", "timestamp.json", "16384"],
  ])("send a %s that is larger than any", async (_, path, bound) => {
    const said = await after(({ mirror }) => mirror.instead.set(path, Buffer.alloc(600_000, " ")));
    expect(said).toContain(bound);
  });

  it("name a target that is larger than any trust root", async () => {
    const said = await after(({ mirror }) => mirror.publish({ [TRUSTED_ROOT]: Buffer.alloc(5_000_000, " ") }));
    expect(said).toMatch(/larger than any trust root/);
  });

  it.each([
    ["a new root by new keys alone", (mirror: TufRepository) => mirror.rotate("root", { by: "new" })],
    ["a root that leaves one out", (mirror: TufRepository) => mirror.rotate("root", { version: 3 })],
  ] as const)("put up %s", async (_, harm) => {
    const said = await after(({ mirror }) => {
      harm(mirror);
      const last = [...mirror.files.keys()].find((name) => /^[23]\.root/.test(name));
      mirror.instead.set("2.root.json", mirror.files.get(last ?? "") ?? null);
    });
    expect(said).toMatch(/its repository does not hold/);
  });

  it("sign with fewer keys than the threshold, or with one twice", async () => {
    const fewer = (edit: (signatures: unknown[]) => unknown[]) =>
      after(
        ({ mirror }) => {
          mirror.publish(SECOND);
          const file = JSON.parse(mirror.files.get("timestamp.json")!.toString()) as { signatures: unknown[] };
          mirror.instead.set(
            "timestamp.json",
            Buffer.from(JSON.stringify({ ...file, signatures: edit(file.signatures) })),
          );
        },
        { threshold: 2 },
      );
    expect(await fewer(([first]) => [first])).toMatch(/does not hold/);
    expect(await fewer(([first]) => [first, first])).toMatch(/does not hold/);
    expect(await fewer(([first]) => [first, { ...(first as object), sig: "" }])).toMatch(/does not hold/);
  });

  it.each([
    ["no trust root", Buffer.from("{}")],
    ["no JSON", Buffer.from("hello")],
    ["a member twice", Buffer.from(one!.toString().replace('"tlogs"', '"tlogs":[],"tlogs"'))],
  ])("serve %s under a good signature, in the place of one that can be used", async (_, bytes) => {
    expect(await after(({ mirror }) => mirror.publish({ [TRUSTED_ROOT]: bytes }))).toMatch(/cannot be used/);
  });

  it("serve a repository without a trust root", async () => {
    expect(await after(({ mirror }) => mirror.publish({ other: one! }))).toContain(`it serves no ${TRUSTED_ROOT}`);
  });

  it("answer so slowly that it is never done", async () => {
    const { mirror, repository, host, run } = await set();
    expect(await run()).toBe("first");
    mirror.instead.set("timestamp.json", (response) => void response.write("{"));
    expect(await refresh(repository, host(), 200)).toEqual({
      reason: expect.stringContaining("timed out after 0.2 s"),
      stands: { name: "mine", age: "last checked less than a day ago" },
    });
  });

  it("answer with an error, which is no end of the chain", async () => {
    const said = await after(({ mirror }) =>
      mirror.instead.set("2.root.json", (response) => {
        response.statusCode = 501;
        response.end();
      }),
    );
    expect(said).toMatch(/2\.root\.json: 501/);
  });
});

describe("what is held", () => {
  const state: HeldTrust = { checkedAt: new Date(0), metadata: { "root.json": Buffer.from("{}") }, targets: FIRST };

  it("comes back as it was, and not where a byte of it changed", () => {
    const file = encodeHeld(state);
    expect(decodeHeld(file)).toEqual(state);
    for (const at of [0, 70, file.length - 3]) {
      const damaged = Buffer.from(file);
      damaged[at] = (damaged[at] ?? 0) ^ 1;
      expect(decodeHeld(damaged)).toBeNull();
    }
    expect(decodeHeld(Buffer.alloc(0))).toBeNull();
    expect(decodeHeld(file.subarray(0, 200))).toBeNull();
  });

  it("is made anew where it is damaged", async () => {
    const { run, held, repository } = await set();
    expect(await run()).toBe("first");
    const [home] = [temporaryFolder()];
    const host = testHost({ home });
    await host.trust.put(repository.key, Buffer.from("damaged"));
    expect(await heldOf(repository, host)).toBeNull();
    const trust = { ...host.trust, settings: { refreshes: true, mirrors: {} } };
    expect(await refresh(repository, { ...host, trust })).toHaveProperty("held");
    expect(await heldOf(repository, host)).toMatchObject({ targets: (await held())?.targets });
  });

  it("is whole while ten runs refresh at once, and the newest stays", async () => {
    const { mirror, run, held } = await set();
    const runs = Array.from({ length: 5 }, () => run());
    mirror.publish(SECOND);
    const said = await Promise.all([...runs, ...Array.from({ length: 5 }, () => run())]);
    expect(said.every((word) => ["first", "second"].includes(word) || /snapshot|targets/.test(word))).toBe(true);
    expect(await run()).toBe("second");
    expect((await held())?.targets).toEqual(SECOND);
  });
});
