/** Bundles by keys: what a root asks for is asked, what nobody signed decides nothing, no time is later than now. */
import { verify } from "../../src/commands/verify/index.ts";
import { loadLayers } from "../../src/project/policy-file.ts";
import { loadTrustRoot } from "../../src/project/trust.ts";
import { createVerifier } from "../../src/verify/verifier.ts";
import { matchSigner } from "../../src/policy/signers/signer.ts";
import type { Runtime } from "../../src/runtime.ts";
import { heldKey } from "../../src/verify/trust/held-key.ts";
import { temporaryFolder } from "../support/folder.ts";
import { layRepository } from "../support/repository.ts";
import { createInstance, newKey, pem } from "../support/sigstore.ts";
import { bytes, edited, identity, judged, rootOf, sha256, sha512, subjects } from "../verify/judging.ts";
import { CORPUS, fromCorpus, jsonFromCorpus } from "../verify/corpus.ts";
import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

const instance = await createInstance();
const key = newKey();
const file = { names: [], digests: [sha256, sha512], bytes };

const stamped = await instance.attest({ subjects, key, log: "none", timestamps: 1 });
const logged = await instance.attest({ subjects, key });
const both = await instance.attest({ subjects, key, log: [{ version: 2 }], timestamps: 1 });
const message = await instance.signMessage({ bytes, key, log: [{ version: 2 }], timestamps: 1 });

/** Whether a policy's one signer signed, as its files say it: null where the bundle does not hold. */
async function ask(bundle: unknown, tlog: number | undefined, trust: object | null) {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "key.pem"), pem("PUBLIC KEY", key.spki));
  writeFileSync(join(folder, "root.json"), JSON.stringify(instance.trustedRoot));
  const signer = { publicKey: { files: ["key.pem"], ...(tlog === undefined ? {} : { tlog }) } };
  const policy = {
    version: 1,
    ...(trust === null ? {} : { trust: { own: { trustedRoot: "root.json", ...trust } } }),
    signers: { vendor: trust === null ? signer : { ...signer, trust: "own" } },
    rules: [{ packages: ["npm:*"], signedBy: ["vendor"] }],
  };
  writeFileSync(join(folder, ".signing-policy.json"), JSON.stringify(policy));
  const { layers, roots, keys } = await loadLayers({ project: folder, loadTrustRoot });
  const verdict = createVerifier(roots, keys, new Date()).verify({ source: "file", location: "x", bundle }, file);
  if (verdict.status !== "verified") return verdict.status === "broken" ? verdict.code : verdict.status;
  return matchSigner(layers[0]!, "vendor", verdict.attestation, null).length === 0 ? "admitted" : "another";
}

describe("what a root asks for", () => {
  const ROOTS = [
    { tlog: 0, sct: 0, timestamps: 1 },
    { tlog: 1, sct: 0, timestamps: 1 },
  ];

  it("a timestamp is asked of a key too: without it, nothing holds", async () => {
    const trust = { tlog: 0, sct: 0, timestamps: 1 };
    expect(await ask(stamped, 0, trust)).toBe("admitted");
    const bare = edited(stamped, (b) => void delete b.verificationMaterial.timestampVerificationData);
    expect(await ask(bare, 0, trust)).toBe("TIME_INVALID");
  });

  it("a log is, whatever the key's own threshold", async () => {
    const trust = { tlog: 1, sct: 0, timestamps: 1 };
    expect(await ask(logged, 0, trust)).toBe("admitted");
    const bare = edited(logged, (b) => void (b.verificationMaterial.tlogEntries = []));
    expect(await ask(bare, 0, trust)).toBe("LOG_INVALID");
    expect(await ask(stamped, 0, trust)).toBe("LOG_INVALID");
  });

  it("a key that names no root stands alone where it asks for no log", async () => {
    expect(await ask(await instance.attest({ subjects, key, log: "none" }), 0, null)).toBe("admitted");
  });

  // Every member of a bundle of a key, present in one of them.
  it.each([
    ["stamped", stamped],
    ["logged", logged],
    ["logged and stamped", both],
    ["a message", message],
  ])("leaving out any member of a bundle that is %s never admits what was denied", async (_, whole) => {
    for (const trust of ROOTS) {
      for (const tlog of [0, 1]) {
        const full = await ask(whole, tlog, trust);
        for (const path of membersOf(whole)) {
          const less = await ask(without(whole, path), tlog, trust);
          if (less === "admitted")
            expect(full, `${JSON.stringify(trust)} ${tlog} without ${path.join(".")}`).toBe("admitted");
        }
      }
    }
  });
});

type Path = readonly string[];

function membersOf(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => [[...path, name], ...membersOf(member, [...path, name])]);
}

function without(bundle: unknown, path: Path): unknown {
  return edited(bundle, (copy) => {
    let at = copy;
    for (const name of path.slice(0, -1)) at = at[name];
    const last = path.at(-1) ?? "";
    if (Array.isArray(at)) at.splice(Number(last), 1);
    else delete at[last];
  });
}

describe("what nobody signed", () => {
  it("a hint for another key that is held", async () => {
    const other = newKey();
    const bundle = await instance.attest({ subjects, key, hint: "other", log: "none" });
    const hold = (one: typeof key, hints: readonly string[] = []) =>
      heldKey(one.spki, { usage: "policy", thresholds: { tlog: 0, sct: 0, timestamps: 0 }, hints });
    expect(judged(bundle, { roots: [], keys: [hold(key), hold(other, ["other"])], subject: file })).toMatchObject({
      status: "verified",
      attestation: { signer: { fingerprint: hold(key).fingerprint } },
    });
  });
});

describe("a time after now", () => {
  const now = new Date("2026-01-01T00:00:00Z");
  const at = (minutes: number) => new Date(now.getTime() + minutes * 60_000);

  it.each([
    ["of a log", (time: Date) => ({ at: time })],
    ["of an authority", (time: Date) => ({ at: time, log: [{ version: 2 as const }], timestamps: [time] })],
  ])("%s is refused by its name; a little ahead it may be", async (_, knobs) => {
    const roots = [rootOf(instance)];
    const of = async (time: Date) =>
      judged(await instance.attest({ subjects, identity, ...knobs(time) }), { roots, now });
    expect(await of(at(9))).toMatchObject({ status: "verified" });
    expect(await of(at(11))).toMatchObject({
      status: "broken",
      code: "TIME_AFTER_NOW",
      detail: expect.stringContaining("the clock here says 2026-01-01T00:00:00.000Z"),
    });
  });
});

function runtimeAt(cwd: string, said: string[] = []): Runtime {
  const screen = { write: (text: string) => void said.push(text), isTTY: false, columns: 200 };
  const { PATH = "" } = process.env;
  return {
    cwd,
    env: { PATH },
    home: temporaryFolder(),
    signal: new AbortController().signal,
    stdout: screen,
    stderr: screen,
  };
}

const MADE = "further/cosign-made";
interface Made {
  readonly id: string;
  readonly path: string;
  readonly key: string;
  readonly artifact: string;
  readonly expected: "accept" | "reject" | "either";
  readonly needsTimestamp: boolean;
}
const cases = existsSync(join(CORPUS, MADE))
  ? (jsonFromCorpus(`${MADE}/manifest.json`) as { cases: readonly Made[] }).cases
  : [];

describe.skipIf(cases.length === 0)("bundles of a real cosign and a real authority", () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "safe-install-made-")));
  afterAll(() => rmSync(folder, { recursive: true }));
  const lay = (policy: string) => {
    const project = join(folder, policy);
    mkdirSync(project);
    cpSync(join(CORPUS, MADE), project, { recursive: true });
    writeFileSync(join(project, ".signing-policy.json"), fromCorpus(`${MADE}/policy/${policy}.signing-policy.json`));
    layRepository(project);
    return project;
  };
  const projects = cases.length === 0 ? {} : { tlog0: lay("tlog0"), "tlog0-tsa": lay("tlog0-tsa") };

  it.each(cases.filter(({ expected }) => expected !== "either").map((one) => [one.id, one] as const))(
    "%s",
    async (_, { path, key, artifact, expected, needsTimestamp }) => {
      const cwd = projects[needsTimestamp ? "tlog0-tsa" : "tlog0"] ?? "";
      const name = key.replace(/^keys\/|\.pub$/g, "");
      const exit = await verify([artifact, "--bundle", path, "--signer", name], runtimeAt(cwd)).catch(() => 64);
      expect(exit === 0 ? "accept" : "reject").toBe(expected);
    },
  );

  it.each(cases.filter(({ expected }) => expected === "either").map((one) => [one.id, one] as const))(
    "%s ends in a verdict, whichever",
    async (_, { path, key, artifact, needsTimestamp }) => {
      const cwd = projects[needsTimestamp ? "tlog0-tsa" : "tlog0"] ?? "";
      const name = key.replace(/^keys\/|\.pub$/g, "");
      expect([0, 65, 66, 69]).toContain(await verify([artifact, "--bundle", path, "--signer", name], runtimeAt(cwd)));
    },
  );

  it.each([
    ["blob-tsa-ecdsa", "tlog0", "not in the trust root public-good, nor in another one that is in use"],
    ["bad-tsa-foreign", "tlog0-tsa", "not in the trust root tsa"],
    ["legacy-blob", "tlog0", "cosign's older form"],
  ] as const)("says what is missing: %s", async (id, policy, words) => {
    const said: string[] = [];
    const args = ["artifacts/app.tgz", "--bundle", `bundles/${id}.sigstore.json`, "--signer", "ecdsa"];
    expect(await verify(args, runtimeAt(projects[policy] ?? "", said))).toBe(66);
    expect(said.join("").replaceAll(/\s+/g, " ")).toContain(words);
  });

  it("a timestamp of 2035 is not accepted, and the clock is named", async () => {
    const said: string[] = [];
    const runtime = runtimeAt(projects["tlog0-tsa"] ?? "", said);
    const args = ["artifacts/app.tgz", "--bundle", "bundles/edge-tsa-future.sigstore.json", "--signer", "ecdsa"];
    expect(await verify(args, runtime)).toBe(69);
    expect(said.join("")).toContain("the clock here says");
  });
});
