/** Evidence from places other than the registry itself: for mirrors that strip it, and locks that state little. */
import { safeInstall } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { writeProject } from "../support/project.ts";
import { type Registry, startRegistry } from "../support/registry.ts";
import { createInstance, pipelineOf, policyFor, publishSigned, subjectOf } from "../support/signed.ts";
import type { Instance } from "../support/sigstore.ts";
import { hexOf, sriOf } from "../support/tarball.ts";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

const WIDGET = { name: "widget", version: "1.0.0" };
let instance: Instance;
let mirror: Registry;
let bundle: Record<string, unknown>;
let [home, project] = ["", ""];

beforeAll(async () => {
  instance = await createInstance();
  mirror = await startRegistry();
  mirror.publish(WIDGET);
  bundle = await instance.attest({
    identity: pipelineOf("widget", "1.0.0"),
    subjects: [subjectOf(mirror, "widget", "1.0.0")],
  });
});
afterAll(() => mirror.close());
beforeEach(() => {
  home = temporaryFolder();
  project = join(temporaryFolder(), "project");
});

interface Prepared {
  readonly sources?: readonly unknown[];
  readonly entry?: Readonly<Record<string, unknown>>;
  readonly files?: Readonly<Record<string, unknown>>;
}

function prepare({ sources, entry, files }: Prepared): void {
  writeProject(project, mirror, {
    locked: [{ ...WIDGET, ...(entry === undefined ? {} : { entry }) }],
    policy: policyFor(["widget"], sources === undefined ? {} : { sources: { npm: sources } }),
    files: { "trust/root.json": instance.trustedRoot, ...files },
  });
}

const run = (...args: string[]) => safeInstall(args, { cwd: project, home });

describe("sources", () => {
  it("without any, a mirror that strips attestations leaves nothing to judge", async () => {
    prepare({});
    expect(await run("check")).toMatchObject({ exit: 65, stdout: expect.stringContaining("NO_EVIDENCE") });
  });

  it("another registry's attestations", async () => {
    const upstream = await startRegistry();
    upstream.publish({ ...WIDGET, attestations: { bundles: [{ bundle }] } });
    prepare({ sources: [{ attestations: upstream.origin }] });
    const { exit } = await run("npm", "ci");
    await upstream.close();
    expect(exit).toBe(0);
    expect(upstream.requests.map(({ authorization }) => authorization)).toEqual([undefined]);
  });

  it("a URL template", async () => {
    const sidecars = await startRegistry({
      intercept: (request, response) => {
        const found = request.url === "/bundles/widget/1.0.0/widget-1.0.0.tgz.sigstore.json";
        response.writeHead(found ? 200 : 404).end(found ? JSON.stringify(bundle) : "");
        return true;
      },
    });
    prepare({ sources: [{ url: `${sidecars.origin}/bundles/{name}/{version}/{filename}.sigstore.json` }] });
    const { exit } = await run("check");
    await sidecars.close();
    expect(exit).toBe(0);
  });

  it("a folder by digest, also where the lock states only sha1, as some mirrors write it", async () => {
    const { bytes } = mirror.tarballOf("widget", "1.0.0");
    prepare({
      sources: [{ directory: "bundles" }],
      entry: { integrity: sriOf(bytes, "sha1") },
      files: { [`bundles/sha256-${hexOf(bytes, "sha256")}.sigstore.json`]: bundle },
    });
    expect((await run("check")).exit).toBe(0);
    expect((await run("npm", "ci")).exit).toBe(0);
  });

  it("a folder that leads out of the repository is refused", async () => {
    prepare({ sources: [{ directory: "../bundles" }] });
    expect((await run("check")).exit).toBe(78);
  });

  it("what an earlier run was told is asked again when it does not suffice", async () => {
    const registry = await startRegistry();
    const other = { predicateType: "https://spdx.dev/Document" };
    await publishSigned(registry, instance, WIDGET, other);
    writeProject(project, registry, {
      locked: [WIDGET],
      policy: policyFor(["widget"]),
      files: { "trust/root.json": instance.trustedRoot },
    });
    expect((await run("check")).exit).toBe(65);
    await publishSigned(registry, instance, WIDGET);
    expect((await run("--offline", "check")).exit).toBe(65);
    expect((await run("check")).exit).toBe(0);
    await registry.close();
  });
});
