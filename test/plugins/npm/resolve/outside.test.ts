import type { TreeNode } from "../../../../plugins/npm/resolve/node.ts";
import { sortOutside } from "../../../../plugins/npm/resolve/outside.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { sriOf } from "../../../support/tarball.ts";
import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";

const SHA512 = sriOf(Buffer.from("x"));
const URL = "https://h.example/widget.tgz";

/** Archives are put before the gate. */
const JUDGED = { archives: true };

let repository: string;
let project: string;
beforeEach(() => {
  const folder = realpathSync(temporaryFolder());
  writeFileSync(join(folder, "outside.tgz"), "");
  repository = join(folder, "repository");
  project = join(repository, "app");
  mkdirSync(project, { recursive: true });
  writeFileSync(join(repository, "widget.tgz"), "");
});

/** `widget@1.0.0` from that place; the root asks for it there unless told otherwise. */
function sort(resolved: string, part: Partial<TreeNode> = {}, archives: object = JUDGED, spec = resolved) {
  const at = { location: "", realpath: project, linksIn: new Set(), package: {} } as unknown as TreeNode;
  const node = {
    name: "widget",
    packageName: "widget",
    version: "1.0.0",
    location: "node_modules/widget",
    resolved,
    integrity: SHA512,
    optional: false,
    extraneous: false,
    package: {},
    edgesOut: new Map(),
    ...part,
  } as TreeNode;
  const edge = { name: "widget", spec, type: "prod", missing: false, invalid: false, from: at, to: node };
  Object.assign(node, { edgesIn: new Set([edge]) }, part);
  const code = resolved.startsWith("file:") ? "FILE_DEPENDENCY" : "REMOTE_DEPENDENCY";
  const scope = { project, repositoryRoot: repository, ...archives };
  return sortOutside(node, code, scope);
}

const file = (path: string) => `file:${join(repository, path)}`;
const denied = (code: string, message: string) => ({
  kind: "unbound",
  unbound: { denial: { code, message: expect.stringContaining(message) as string } },
});

describe("an archive that comes from no registry is put before the gate", () => {
  it("by its address", async () => {
    expect(await sort(URL)).toMatchObject({
      kind: "gated",
      package: {
        name: "widget",
        version: "1.0.0",
        purl: `pkg:npm/widget@1.0.0?download_url=${encodeURIComponent(URL)}`,
      },
      place: { location: "node_modules/widget", resolved: URL },
      archive: { place: { url: URL }, file: null },
    });
  });

  it("by its path in the repository, and as the project writes it", async () => {
    expect(await sort(file("widget.tgz"))).toMatchObject({
      kind: "gated",
      package: { purl: "pkg:npm/widget@1.0.0?download_url=file%3Awidget.tgz" },
      place: { resolved: "file:../widget.tgz" },
      archive: { place: { path: "widget.tgz" }, file: join(repository, "widget.tgz") },
    });
  });
});

describe("and is refused", () => {
  const kinds = [
    [() => URL, "REMOTE_DEPENDENCY", "outside of every registry"],
    [() => file("widget.tgz"), "FILE_DEPENDENCY", "no registry that vouches"],
  ] as const;

  it.each(kinds)("where archives cannot be judged (%#)", async (place, code, says) => {
    for (const archives of [{ archives: false }, {}])
      expect(await sort(place(), {}, archives)).toMatchObject(denied(code, says));
    expect(await sort(place(), { version: null })).toMatchObject(denied(code, says));
  });

  it.each(kinds)("where nothing asks for it by its place (%#)", async (place, code, says) => {
    const message = "and nothing asks for it by its place";
    expect(await sort(place(), { edgesIn: new Set() })).toMatchObject(denied(code, message));
    expect(await sort(place(), {}, JUDGED, "^1.0.0")).toMatchObject(denied(code, says));
  });

  it.each(kinds)("where the lock does not say its sha512 (%#)", async (place, code) => {
    for (const integrity of [null, sriOf(Buffer.from("x"), "sha1")])
      expect(await sort(place(), { integrity })).toMatchObject(denied(code, "the lock does not say its sha512"));
  });

  it("where its address is none that is safe", async () => {
    for (const url of ["http://h.example/widget.tgz", "https://user:secret@h.example/widget.tgz"])
      expect(await sort(url)).toMatchObject(denied("REMOTE_DEPENDENCY", "https address without credentials"));
  });

  it("where it leads nowhere, or out of the repository", async () => {
    symlinkSync("round.tgz", join(repository, "round.tgz"));
    expect(await sort(file("round.tgz"))).toMatchObject(denied("FILE_DEPENDENCY", `there is no ${repository}/round`));
    expect(await sort(file("../outside.tgz"))).toMatchObject(denied("FILE_DEPENDENCY", "is outside of the repository"));
    symlinkSync("../outside.tgz", join(repository, "link.tgz"));
    expect(await sort(file("link.tgz"))).toMatchObject(denied("FILE_DEPENDENCY", "is outside of the repository"));
  });
});
