import { temporaryFolder } from "../../../support/folder.ts";
import { openPart, testHost } from "../../../support/npm-session.ts";
import { writeProject } from "../../../support/project.ts";
import { type AttestationsAnswer, type Registry, startRegistry } from "../../../support/registry.ts";
import { npmrcAuth } from "../../../support/registry/auth.ts";
import { collectEvidence } from "../../../../plugins/npm/evidence/index.ts";
import { tarballUrl } from "../../../../plugins/npm/bytes/download.ts";
import type { Locked } from "../../../../plugins/npm/resolve/places.ts";
import { registriesOf } from "../../../../plugins/npm/origin.ts";
import type { Source } from "../../../../src/plugin.ts";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";

const NAME = "@acme/w";
const PATH = "/-/npm/v1/attestations/@acme%2fw@1.0.0";
const QUICK = { npm_config_fetch_retries: "0", npm_config_fetch_timeout: "300" };

let home: string;
let registry: Registry;
let project: string;

beforeEach(async () => {
  home = temporaryFolder();
  project = temporaryFolder();
  registry = await serve();
  writeProject(project, registry, { locked: [{ name: NAME, version: "1.0.0" }] });
});

async function serve(options: Parameters<typeof startRegistry>[0] = {}): Promise<Registry> {
  const started = await startRegistry({ packages: [{ name: NAME, version: "1.0.0" }], ...options });
  onTestFinished(() => started.close());
  return started;
}

async function ask(source: Source = { kind: "own" }, options: { offline?: boolean; fresh?: boolean } = {}) {
  const part = await openPart(project, { home, env: QUICK, purpose: "check", offline: options.offline ?? false });
  return part.collect(part.artifacts[0]!, source, options.fresh ?? false);
}

function answer(what: AttestationsAnswer): void {
  registry.setAttestations(NAME, "1.0.0", what);
}

const TWO = { bundles: [{ predicateType: "https://slsa.dev/provenance/v1", bundle: { a: 1 } }, { bundle: { b: 2 } }] };

test("each bundle of an answer, with what the wrapper says and where it was", async () => {
  answer(TWO);
  const location = `${registry.origin}${PATH}`;
  expect(await ask()).toEqual([
    {
      source: "registry",
      location: `${location}#0`,
      bundle: { a: 1 },
      statedPredicateType: "https://slsa.dev/provenance/v1",
    },
    { source: "registry", location: `${location}#1`, bundle: { b: 2 } },
  ]);
  expect(registry.requests.map(({ url }) => url)).toEqual([PATH]);
});

test.each([400, 404, 405, 410, 501])("%i means that there is none, and is asked again", async (status) => {
  answer({ status });
  expect(await ask()).toEqual([]);
  answer(TWO);
  expect((await ask()).length).toBe(2);
});

test.each([401, 403, 429, 500, 503])("%i means that it could not be found out", async (status) => {
  answer({ status });
  await expect(ask()).rejects.toMatchObject({ name: "SourceUnavailable", reason: `answered ${status}` });
});

test("neither does an answer that never comes, or a registry that is gone", async () => {
  answer({ hang: true });
  await expect(ask()).rejects.toMatchObject({ name: "SourceUnavailable" });
  await registry.close();
  await expect(ask()).rejects.toMatchObject({ name: "SourceUnavailable", reason: "ECONNREFUSED" });
  registry = await serve();
});

test.each([
  "",
  "{",
  '{"attestations":{}}',
  '{"attestations":[{}]}',
  '{"mediaType":"x"}',
  "[]",
  '{"attestations":[],"attestations":[]}',
])("an answer that is none is evidence that does not hold: %s", async (body) => {
  answer({ status: 200, body });
  expect(await ask()).toMatchObject([{ source: "registry", malformed: expect.any(String) as string }]);
});

test("an answer larger than the bound is not read to its end", async () => {
  answer({ status: 200, body: `{"attestations":[]}${" ".repeat(8_000_000)}` });
  await expect(ask()).rejects.toMatchObject({
    name: "SourceUnavailable",
    reason: expect.stringContaining("8000000") as string,
  });
});

test("a cached answer is asked again only when freshness is wanted", async () => {
  answer(TWO);
  await ask();
  expect((await ask()).length).toBe(2);
  expect((await ask({ kind: "own" }, { offline: true })).length).toBe(2);
  expect(registry.requests.length).toBe(1);
  answer({ bundles: [] });
  expect(await ask({ kind: "own" }, { fresh: true })).toEqual([]);
  expect(registry.requests.length).toBe(2);
});

test("offline and not in the cache: could not be found out, and nothing was asked", async () => {
  answer(TWO);
  await expect(ask({ kind: "own" }, { offline: true })).rejects.toMatchObject({ name: "SourceUnavailable" });
  expect(registry.requests).toEqual([]);
});

test("npm's own offline setting means us too", async () => {
  writeFileSync(join(project, ".npmrc"), `registry=${registry.url}\noffline=true\n`);
  await expect(ask()).rejects.toMatchObject({
    name: "SourceUnavailable",
    reason: expect.stringContaining("offline") as string,
  });
  expect(registry.requests).toEqual([]);
});

describe("other places", () => {
  test("another registry, without the credentials of the first", async () => {
    const auth = { kind: "basic", username: "u", password: "p" } as const;
    writeFileSync(join(project, ".npmrc"), `registry=${registry.url}\n${npmrcAuth(registry.url, auth)}`);
    const other = await serve({ basePath: "/mirror" });
    other.setAttestations(NAME, "1.0.0", TWO);
    expect(await ask({ kind: "attestations", url: `${other.origin}/mirror` })).toMatchObject([
      { source: "attestations" },
      {},
    ]);
    expect(other.requests).toMatchObject([{ url: `/mirror${PATH}`, authorization: undefined }]);
    await ask();
    expect(registry.requests).toMatchObject([{ authorization: `Basic ${Buffer.from("u:p").toString("base64")}` }]);
  });

  test("a URL template, and a folder by digest", async () => {
    const { integrity } = registry.tarballOf(NAME, "1.0.0");
    const hex = Buffer.from(integrity.slice(7), "base64").toString("hex");
    const folder = join(project, "bundles");
    mkdirSync(folder);
    writeFileSync(join(folder, `sha512-${hex}.sigstore.json`), '{"c":3}');
    expect(await ask({ kind: "directory", path: folder })).toMatchObject([{ source: "directory", bundle: { c: 3 } }]);
    expect(await ask({ kind: "url", template: `${registry.origin}/{name}/{version}/{filename}/{sha512}` })).toEqual([]);
    expect(registry.requests.at(-1)?.url).toBe(`/%40acme%2Fw/1.0.0/w-1.0.0.tgz/${hex}`);
  });

  test("a bundle beside the tarball, where the lock has it", async () => {
    const { resolved } = registry.tarballOf(NAME, "1.0.0");
    const beside = await serve(bundleAt(`${new URL(resolved).pathname}.sigstore.json`));
    writeProject(project, beside, { locked: [{ name: NAME, version: "1.0.0" }] });
    expect(await ask({ kind: "beside" })).toMatchObject([{ source: "beside", bundle: { d: 4 } }]);
  });

  test.each([
    [null, "/@acme/w/-/w-1.0.0.tgz"],
    ["https://elsewhere.example/w-1.0.0.tgz", null],
    ["http://127.0.0.1:9/w-1.0.0.tgz", null],
  ])("a lock that names %s: beside %s", (resolved, path) => {
    const flat = { registry: registry.url, omit: [], cache: home };
    const ref = { ecosystem: "npm", name: NAME, version: "1.0.0", purl: "pkg:npm/%40acme/w@1.0.0" } as const;
    const locked = { package: ref, places: [{ resolved }] } as unknown as Locked;
    const url = path === null ? null : `${registry.origin}${path}`;
    expect(tarballUrl(locked, registriesOf(flat, "never", []))).toBe(url);
  });

  test.each([
    { kind: "companion", template: "{id}.Sigstore" },
    { kind: "integrity", url: "https://index.example" },
  ] as const)("$kind is not one for npm", async (source) => {
    await expect(ask(source)).rejects.toMatchObject({ name: "SourceUnavailable", location: source.kind });
  });
});

function bundleAt(path: string): Parameters<typeof startRegistry>[0] {
  return {
    intercept: ({ url }, response) => {
      if (url === path) response.end('{"d":4}');
      return url === path;
    },
  };
}

test("credentials in a registry's address are shown nowhere", async () => {
  answer({ status: 503 });
  writeFileSync(join(project, ".npmrc"), `registry=${registry.url.replace("//", "//user:s3cret@")}\n`);
  const error = await ask().catch((error: unknown) => error);
  expect(error).toMatchObject({ name: "SourceUnavailable", location: `${registry.origin}${PATH}` });
  expect(String(error)).not.toContain("s3cret");
  const offline = await ask({ kind: "own" }, { offline: true }).catch((error: unknown) => error);
  expect(String(offline)).not.toContain("s3cret");
});

test("a version goes into the address as one part of it", async () => {
  const ref = { ecosystem: "npm", name: "a", version: "1.0.0/../../x?y#z", purl: "pkg:npm/a@1.0.0" } as const;
  const artifact = { package: ref, digests: [], locations: ["node_modules/a"], subjectNames: [], runsScripts: false };
  const flat = { registry: registry.url, omit: [], cache: home, timeout: 1000 };
  const registries = registriesOf(flat, "never", []);
  const wanted = { artifact, tarball: null, digests: async () => [], signature: async () => [] };
  expect(await collectEvidence(wanted, { kind: "own" }, false, registries, testHost({ home }))).toEqual([]);
  expect(registry.requests.at(-1)?.url).toBe("/-/npm/v1/attestations/a@1.0.0%2F..%2F..%2Fx%3Fy%23z");
});
