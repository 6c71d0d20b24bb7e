import { packageRef } from "../../../plugins/pip/distribution.ts";
import { openKnownPlaces } from "../../../plugins/pip/evidence/known-places.ts";
import { artifactOf, mirrorIn, nothing, openMembers, provenanceOf } from "../../../plugins/pip/part.ts";
import type { IndexPage } from "../../../plugins/pip/simple.ts";
import { digestOf } from "../../../src/model/digest.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { testHost } from "../../support/npm-session.ts";
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const HEX = "a".repeat(64);
const chosen = {
  package: packageRef("Widget", "1.0"),
  filename: "widget-1.0-py3-none-any.whl",
  url: "https://i.example/widget-1.0-py3-none-any.whl",
  stated: [digestOf("sha256", HEX)!],
};

it("an artifact is known by its file, also under the names that are the same distribution's", () => {
  const artifact = artifactOf(chosen, ["requirements.txt:1"]);
  expect(artifact).toEqual({
    isSubjectName: expect.any(Function) as unknown,
    package: chosen.package,
    digests: chosen.stated,
    locations: ["requirements.txt:1"],
    subjectNames: [chosen.filename],
    runsScripts: false,
  });
  expect(artifact.isSubjectName?.("Widget-1.0-py3-none-any.whl")).toBe(true);
  expect(artifact.isSubjectName?.("widget-1.1-py3-none-any.whl")).toBe(false);
});

it("provenance is that of this very file: by its address, or by its name and hash", () => {
  const at = (url: string, sha256: string, provenance: string | null, filename = chosen.filename) =>
    [{ url: "https://i.example/", files: [{ filename, url, hashes: { sha256 }, provenance }] }] as IndexPage[];
  const found = (...pages: IndexPage[][]) => provenanceOf(chosen, pages.flat());
  expect(found(at(chosen.url, "", "one"))).toBe("one");
  expect(found(at("https://other.example/x", HEX.toUpperCase(), "two"))).toBe("two");
  expect(found(at("https://other.example/x", "b".repeat(64), "three"))).toBeNull();
  expect(found(at(chosen.url, HEX, "four", "other-1.0-py3-none-any.whl"))).toBeNull();
  expect(found(at(chosen.url, HEX, null), at(chosen.url, HEX, "five"))).toBe("five");
  expect(found()).toBeNull();
});

describe("the chosen files as artifacts", () => {
  const BYTES = Buffer.from("a wheel");
  const sha256 = createHash("sha256").update(BYTES).digest("hex");
  const PAGE = "https://i.example/simple/widget/";

  interface Told {
    /** What the index answers now, to who asks again. */
    readonly now?: string | null;
    readonly hashes?: readonly string[];
    readonly provenance?: string | null;
    readonly listedOn?: string;
  }

  function open({ now = null, hashes, provenance = null, listedOn }: Told = {}) {
    const folder = temporaryFolder();
    const file = join(folder, "w.whl");
    writeFileSync(file, BYTES);
    const asked: string[] = [];
    const notices: string[] = [];
    const host = {
      ...testHost({ home: temporaryFolder(), notices }),
      fetch: (url: string) => {
        asked.push(url);
        const body = url === PAGE && now !== null ? now : "";
        return Promise.resolve({ status: body === "" ? 404 : 200, body: Buffer.from(body) });
      },
    };
    const places = { host, session: null, origins: new Set<string>(), known: openKnownPlaces() };
    const one = {
      ...chosen,
      stated: [digestOf("sha256", sha256)!],
      fetched: { file },
      location: "requirements.txt",
      ...(listedOn === undefined ? {} : { listedOn }),
    };
    const pages = [{ url: PAGE, files: [{ filename: one.filename, url: one.url, hashes: { sha256 }, provenance }] }];
    const around = { pages, hashes: new Map(hashes === undefined ? [] : [["widget", hashes]]), places };
    const members = openMembers([one, { ...one, location: "build of x" }, { ...one, location: "build of x" }], around);
    return { members, one, asked, notices, host, artifact: members.part.artifacts[0]! };
  }
  const OWN = { kind: "own" } as const;

  it("are one for each file, with all the places that want it", () => {
    const { members, one } = open();
    expect(members.part).toMatchObject({ lockfile: null, unbound: [], notGated: [], opens: true });
    expect(members.part.artifacts.map(({ locations }) => locations)).toEqual([["requirements.txt", "build of x"]]);
    expect(members.has(one)).toBe(true);
    for (const part of [{ url: "https://i.example/other" }, { filename: "x" }, { package: packageRef("x", "1") }])
      expect(members.has({ ...one, ...part })).toBe(false);
  });

  it("are ready once they were obtained, which is done once, and are kept", async () => {
    const { members, one, artifact, host } = open();
    expect(() => members.ready(one)).toThrow("was not obtained");
    const [first, second] = await Promise.all([members.part.obtain(artifact), members.part.obtain(artifact)]);
    expect(first).toBe(second);
    expect(members.ready(one)).toEqual({ name: "widget", version: "1.0", sha256, filename: one.filename });
    expect((await members.obtained(one).read()).equals(BYTES)).toBe(true);
    expect(await host.store.known("sha256")).toEqual([sha256]);
    expect(() => members.obtained({ ...one, url: "https://i.example/other" })).toThrow("was not obtained");
  });

  it("hold what the user's files state", async () => {
    const { members, artifact } = open({ hashes: [`sha256:${"b".repeat(64)}`] });
    await expect(members.part.obtain(artifact)).rejects.toMatchObject({ denial: { code: "INTEGRITY_MISMATCH" } });
    const fine = open({ hashes: [`sha256:${sha256}`] });
    await expect(fine.members.part.obtain(fine.artifact)).resolves.toBeDefined();
  });

  it("are those of this part", async () => {
    const { members, artifact } = open();
    await expect(members.part.obtain({ ...artifact })).rejects.toThrow("is not of this part");
  });

  it("evidence is where the index says it, and where it says it by now", async () => {
    const known = open({ provenance: "https://i.example/p" });
    expect(await known.members.part.collect(known.artifact, OWN, false)).toEqual([]);
    expect(known.asked).toEqual(["https://i.example/p"]);
    const files = [{ url: known.one.url, hashes: { sha256 }, provenance: "https://i.example/now" }];
    const moved = open({ provenance: "https://i.example/p", listedOn: PAGE, now: JSON.stringify({ files }) });
    await moved.members.part.collect(moved.artifact, OWN, false);
    expect(moved.asked).toEqual(["https://i.example/p", PAGE, "https://i.example/now"]);
    const same = open({ provenance: "https://i.example/now", listedOn: PAGE, now: JSON.stringify({ files }) });
    await same.members.part.collect(same.artifact, OWN, false);
    expect(same.asked).toEqual(["https://i.example/now", PAGE]);
    const gone = open({ listedOn: PAGE });
    expect(await gone.members.part.collect(gone.artifact, OWN, false)).toEqual([]);
    expect(gone.asked).toEqual([PAGE]);
  });

  it("another source than the index's own asks nothing again", async () => {
    const { members, artifact, asked } = open({ listedOn: PAGE });
    await members.part.collect(artifact, { kind: "beside" }, false);
    expect(asked).not.toContain(PAGE);
  });

  it("are of the index on whose page they stand", () => {
    const { members, artifact } = open();
    expect(members.part.registryOf?.(artifact)).toBe("https://i.example/simple/");
  });
});

it.each([
  [["https://i.example/simple/"], "https://i.example/simple/"],
  [["https://user:secret@i.example/simple/?x"], "https://i.example/simple/"],
  [["https://pypi.org/simple/"], null],
  [["nonsense"], null],
  [[], null],
  [["https://a.example/", "https://b.example/"], "https://a.example/"],
])("%j mirrors %s", (indexes, expected) => expect(mirrorIn(indexes)).toBe(expected));

it("a part without files has none to be had", async () => {
  const part = nothing([], [{ kind: "on-disk", name: "x" }]);
  expect(part).toMatchObject({ artifacts: [], unbound: [], notGated: [{ name: "x" }], opens: false });
  await expect(part.obtain({} as never)).rejects.toThrow("no artifact");
});
