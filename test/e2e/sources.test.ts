/** Evidence from places other than the registry itself: for mirrors that strip it, and locks that state little. */
import { safeInstall } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { writeProject } from "../support/project.ts";
import { type Auth, type Registry, startRegistry } from "../support/registry.ts";
import { npmrcAuth } from "../support/registry/auth.ts";
import { createInstance, pipelineOf, policyFor, publishSigned, subjectOf } from "../support/signed.ts";
import type { Instance } from "../support/sigstore.ts";
import { hexOf, sriOf } from "../support/tarball.ts";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

const WIDGET = { name: "widget", version: "1.0.0" };
let instance: Instance;
let mirror: Registry;
let bundle: Record<string, unknown>;
let [home, project] = ["", ""];
let github: Readonly<Record<string, string>> = {};

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

/**
 * A registry that has a scoped package without any attestation, which GitHub's store (or the place beside the tarball)
 * has: about the file of that name, by sha256, as `actions/attest` writes it.
 */
async function attestedFile(kind: "github" | "beside", file: string | null, auth?: Auth) {
  const answers = new Map<string, unknown>();
  const seen: { readonly url: string; readonly authorization: string | undefined }[] = [];
  const registry = await startRegistry({
    ...(auth === undefined ? {} : { auth }),
    intercept: ({ url = "", headers }, response) => {
      const found = answers.get(url);
      if (found === undefined) return false;
      seen.push({ url, authorization: headers.authorization });
      response.end(JSON.stringify(found));
      return true;
    },
  });
  const scoped = { name: "@acme/w", version: "1.0.0" };
  registry.publish(scoped);
  const { bytes, resolved } = registry.tarballOf(scoped.name, scoped.version);
  const sha256 = hexOf(bytes, "sha256");
  if (file !== null) {
    const found = await instance.attest({
      identity: pipelineOf("w", "1.0.0"),
      subjects: [{ name: file, digest: { sha256 } }],
    });
    answers.set(`${new URL(resolved).pathname}.sigstore.json`, kind === "beside" ? found : undefined);
    // Answers that are undefined are none.
    const inStore = `/repos/acme/w/attestations/sha256:${sha256}?per_page=100`;
    answers.set(inStore, kind === "github" ? { attestations: [{ bundle: found, repository_id: 1 }] } : undefined);
  }
  writeProject(project, registry, {
    locked: [scoped],
    policy: policyFor([scoped.name], { sources: { npm: [{ [kind]: true }] } }),
    files: { "trust/root.json": instance.trustedRoot },
  });
  if (auth !== undefined) writeFileSync(join(home, ".npmrc"), npmrcAuth(registry.url, auth));
  github = { GITHUB_API_URL: registry.origin };
  return { registry, seen };
}

const run = (...args: string[]) => safeInstall(args, { cwd: project, home, env: github });

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

  it.each(["github", "beside"] as const)(
    "%s: a file attested as `npm pack` names it, for check and npm ci alike",
    async (kind) => {
      const { registry, seen } = await attestedFile(kind, "acme-w-1.0.0.tgz");
      expect(await run("check")).toMatchObject({ exit: 0 });
      expect(await run("npm", "ci")).toMatchObject({ exit: 0 });
      await registry.close();
      expect(seen.length).toBeGreaterThan(0);
    },
  );

  it("the same bytes attested under another package's file name contradict", async () => {
    const { registry } = await attestedFile("github", "acme-other-1.0.0.tgz");
    expect(await run("check")).toMatchObject({ exit: 66, stdout: expect.stringContaining("SUBJECT_MISMATCH") });
    await registry.close();
  });

  it.each(["github", "beside"] as const)(
    "%s: without any there is no evidence; offline it is not known",
    async (kind) => {
      const { registry } = await attestedFile(kind, null);
      expect(await run("check")).toMatchObject({ exit: 65, stdout: expect.stringContaining("NO_EVIDENCE") });
      expect(await run("--offline", "check")).toMatchObject({ exit: 69 });
      await registry.close();
    },
  );

  it("beside: npm's own credentials go to the registry that they are for", async () => {
    const auth = { kind: "bearer", token: "s3cret" } as const;
    const { registry, seen } = await attestedFile("beside", "acme-w-1.0.0.tgz", auth);
    expect(await run("check")).toMatchObject({ exit: 0 });
    await registry.close();
    expect(new Set(seen.map(({ authorization }) => authorization))).toEqual(new Set(["Bearer s3cret"]));
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
