import {
  type PolicyPlace,
  readNamed,
  readNamedBytes,
  readRecorded,
  resolveSources,
} from "../../src/project/policy-names.ts";
import { putInto, temporaryFolder } from "../support/folder.ts";
import { createHash } from "node:crypto";
import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";

let boundary: string;
let place: PolicyPlace;
beforeEach(() => {
  boundary = realpathSync(temporaryFolder());
  const folder = join(boundary, "app");
  mkdirSync(folder);
  place = { file: join(folder, "p.json"), name: "app/p.json", folder, boundary, seen: new Map() };
});

const problem = (code: string, message: string) => ({
  kind: "policy",
  code,
  message: expect.stringContaining(message) as string,
});

describe("a file that a policy names", () => {
  it("is read from beside the policy, and what was read is remembered", async () => {
    putInto(boundary, "key.pem", "key");
    expect((await readNamed(place, "../key.pem", 3)).toString()).toBe("key");
    expect([...place.seen]).toEqual([["key.pem", createHash("sha256").update("key").digest("hex")]]);
  });

  it("is no larger than it may be", async () => {
    putInto(boundary, "app/key.pem", "key");
    await expect(readNamed(place, "key.pem", 2)).rejects.toMatchObject({ kind: "policy" });
    expect([...place.seen]).toEqual([]);
  });

  it("is there, in the repository, and a text where it is to be one", async () => {
    await expect(readNamed(place, "gone.pem", 9)).rejects.toMatchObject({
      ...problem("POLICY_FILE_MISSING", "app/p.json names gone.pem: there is no such file"),
      hint: expect.stringContaining("relative to the policy") as string,
    });
    await expect(readNamed(place, "../../x", 9)).rejects.toMatchObject(
      problem("POLICY_PATH_OUTSIDE", `app/p.json names ../../x, which leads out of ${boundary}`),
    );
    symlinkSync("/", join(boundary, "app/out"));
    await expect(readNamed(place, "out/etc/hosts", 9)).rejects.toMatchObject({ code: "POLICY_PATH_OUTSIDE" });
    symlinkSync("round", join(boundary, "app/round"));
    await expect(readNamed(place, "round", 9)).rejects.toMatchObject({ code: "POLICY_UNREADABLE" });
    writeFileSync(join(boundary, "app/latin"), Buffer.from([0xe9]));
    await expect(readNamed(place, "latin", 9)).rejects.toMatchObject(problem("POLICY_SYNTAX", "latin: not UTF-8"));
    expect(await readNamedBytes(place, "latin", 9)).toEqual(Buffer.from([0xe9]));
  });

  it("recorded digests are shown by their way from the repository", async () => {
    putInto(boundary, "app/deep/r.json", '{"version":1,"packages":{}}');
    expect((await readRecorded(place, "deep/r.json")).digests.size).toBe(0);
    putInto(boundary, "app/deep/r.json", '{"version":1}');
    await expect(readRecorded(place, "deep/r.json")).rejects.toMatchObject({
      message: expect.stringContaining("app/deep/r.json") as string,
    });
  });
});

describe("sources of evidence", () => {
  it("are each of their kind, folders absolute", async () => {
    const sources = {
      npm: [
        { url: "https://h.example/{name}" },
        { attestations: "https://a.example" },
        { directory: "bundles" },
        { companion: "{id}.Sigstore" },
        { integrity: "https://i.example" },
        { github: true },
        { beside: true },
      ],
      pypi: [],
    };
    expect(await resolveSources(place, { version: 1, sources } as never)).toEqual({
      npm: [
        { kind: "url", template: "https://h.example/{name}" },
        { kind: "attestations", url: "https://a.example" },
        { kind: "directory", path: join(boundary, "app/bundles") },
        { kind: "companion", template: "{id}.Sigstore" },
        { kind: "integrity", url: "https://i.example" },
        { kind: "github" },
        { kind: "beside" },
      ],
      pypi: [],
    });
    expect(await resolveSources(place, { version: 1 })).toEqual({});
  });

  it("lie in the repository", async () => {
    const outside = { version: 1, sources: { npm: [{ directory: "../../x" }] } };
    await expect(resolveSources(place, outside as never)).rejects.toMatchObject({ code: "POLICY_PATH_OUTSIDE" });
  });
});
