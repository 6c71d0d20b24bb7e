/**
 * The built program as it was packed long ago, and the public-good repository as its mirror served it since: real roots, real
 * logs, real keys, and what was really signed under those that came in between.
 */
import { CORPUS, corpusText, hasCorpus } from "../support/corpus.ts";
import { putInto, temporaryFolder } from "../support/folder.ts";
import { type Installation, installationOf } from "../support/installation.ts";
import { writeProject } from "../support/project.ts";
import { startRegistry } from "../support/registry.ts";
import { layRepository } from "../support/repository.ts";
import { startMirror } from "../support/tuf-corpus.ts";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";

/** Of what was served on it there is a copy; its metadata end a few days later. */
const TODAY = "2026-08-21";
const TRUST = { "public-good": { maxAge: "30d" } };

/** One year of a machine: what it holds stays, the days pass, and its mirror serves, breaks or stands still. */
async function yearOf(installation: Installation, cwd: string) {
  const [mirror, home] = [await startMirror(), temporaryFolder()];
  return {
    mirror,
    on: (now: string, args: readonly string[], refreshes = true) =>
      installation.run(args, { cwd, home, now, ...(refreshes ? { mirror: mirror.url } : {}) }),
  };
}

describe.skipIf(!hasCorpus)("an installation with the root of February 2025, in August 2026", () => {
  const ASKED = ["verify", join(CORPUS, "sigstore/conformance/a.txt"), "--signer", "tester", "--bundle"];
  const BUNDLE = join(CORPUS, "nuget/maven/bundle.dsse.rekor-v2.sigstore.json");
  const tester = {
    certificate: {
      issuer: "https://accounts.google.com",
      subjectAlternativeName: "untrusted-sa@sigstore-conformance.iam.gserviceaccount.com",
    },
  };

  it("a file signed under a log that came since holds once the root was refreshed, and as long as that is young enough", async () => {
    const project = temporaryFolder();
    layRepository(project);
    const policy = { version: 1, signers: { tester }, rules: [{ packages: ["npm:*"], signedBy: ["tester"] }] };
    putInto(project, ".signing-policy.json", policy);
    const { mirror, on } = await yearOf(installationOf("2025-02-09"), project);
    const judged = async (now: string) => {
      const { exit, stdout } = await on(now, [...ASKED, BUNDLE]);
      return exit === 0 ? 0 : `${exit} ${/[A-Z]+_[A-Z]+/.exec(stdout)?.[0]}`;
    };
    expect(await judged(TODAY)).toBe("66 TIME_INVALID");
    mirror.day = "2026-08-21";
    expect((await on(TODAY, ["trust", "update"])).stdout).toContain("✓ public-good  current (root 15, timestamp 762)");
    expect(await judged(TODAY)).toBe(0);
    mirror.day = null;
    expect((await on("2026-08-22", ["trust", "update"])).exit).toBe(69);
    expect(await judged("2026-08-22")).toBe(0);
    // What it serves was good once, and its metadata have ended.
    mirror.day = "2026-08-21";
    expect((await on("2026-10-01", ["trust", "update"])).stdout).toContain("it is frozen, or the clock is wrong");
    expect(await judged("2026-10-01")).toBe(0);
    putInto(project, ".signing-policy.json", { ...policy, trust: TRUST });
    const old = await on("2026-10-01", [...ASKED, BUNDLE]);
    expect([old.exit, old.stderr]).toEqual([69, expect.stringContaining("TRUST_UNAVAILABLE")]);
  });
});

describe.skipIf(!hasCorpus)("an installation with the keys of August 2024", () => {
  interface Real {
    readonly name: string;
    readonly version: string;
    readonly integrity: string;
    readonly time: string;
    readonly signatures: { readonly keyid: string; readonly sig: string }[];
  }
  const of = (wanted: string) =>
    (JSON.parse(corpusText("npm/registry-signatures.json")) as readonly Real[]).find(
      ({ name, version }) => `${name}@${version}` === wanted,
    )!;

  it("npm's signature by the key that came since counts once the root was refreshed, beside those of the older key", async () => {
    const locked = [of("@nuxt/kit@4.2.2"), of("create-next-app@14.1.1")];
    const registry = await startRegistry({ packages: locked.map((one) => ({ ...one, published: one.time })) });
    onTestFinished(() => registry.close());
    const policy = {
      version: 1,
      trust: TRUST,
      signers: { npmjs: { npmRegistry: registry.origin } },
      rules: [{ packages: ["npm:*"], baseline: ["npmjs"] }],
    };
    const project = temporaryFolder();
    const write = (trust: object) => writeProject(project, registry, { locked, policy: { ...policy, trust } });
    write({});
    const { mirror, on } = await yearOf(installationOf("2024-08-30"), project);
    const judged = async (now: string, refreshes = true) => {
      const { exit, stdout } = await on(now, ["check"], refreshes);
      return [exit, ...stdout.matchAll(/npm:(\S+) +([A-Z]+_[A-Z_]+)/g)].map((one) =>
        typeof one === "number" ? one : `${one[1]} ${one[2]}`,
      );
    };
    expect(await judged(TODAY, false)).toEqual([65, "@nuxt/kit@4.2.2 NO_EVIDENCE"]);
    mirror.day = "2026-08-21";
    expect(await judged(TODAY)).toEqual([0]);
    mirror.day = null;
    expect(await judged("2026-08-22")).toEqual([0]);
    mirror.day = "2026-08-21";
    expect(await judged("2026-10-01")).toEqual([0]);
    write(TRUST);
    const old = await on("2026-10-01", ["check"]);
    expect([old.exit, old.stdout.replaceAll(/\s+/g, " ")]).toEqual([69, expect.stringContaining("it is frozen, or")]);
    expect(await judged("2026-09-01")).toEqual([0]);
    // A clock that is slow by a year makes nothing young.
    mirror.day = null;
    const slow = await on("2025-08-21", ["check"]);
    expect([slow.exit, slow.stdout.replaceAll(/\s+/g, " ")]).toEqual([69, expect.stringContaining("Z, after now")]);
  });
});
