import { SourceUnavailable } from "../../../../src/plugin.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { openPart, type PartOptions } from "../../../support/npm-session.ts";
import { writeProject } from "../../../support/project.ts";
import { npmrcAuth } from "../../../support/registry/auth.ts";
import { type RegistryOptions, startRegistry } from "../../../support/registry.ts";
import { writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";

const SIGNATURES = [{ keyid: "SHA256:a", sig: "AAAA" }];
const SIGNED = { signatures: SIGNATURES, published: "2025-06-01T00:00:00.000Z" };
const OWN = { kind: "registrySignature" } as const;
let home: string;

beforeEach(() => {
  home = temporaryFolder();
});

/** A project with two versions of one package and a scoped one that nobody signed. */
async function serve(options: RegistryOptions = {}) {
  const registry = await startRegistry({
    packages: [
      { name: "w", version: "1.0.0", ...SIGNED },
      { name: "w", version: "2.0.0", ...SIGNED },
      { name: "@acme/bare", version: "1.0.0" },
    ],
    ...options,
  });
  onTestFinished(() => registry.close());
  const project = temporaryFolder();
  writeProject(project, registry, {
    locked: [
      { name: "w", version: "1.0.0" },
      { name: "w", version: "2.0.0", at: "node_modules/@acme/bare/node_modules/w" },
      { name: "@acme/bare", version: "1.0.0", entry: { dependencies: { w: "2.0.0" } } },
    ],
  });
  const open = (more: Partial<PartOptions> = {}) => openPart(project, { home, purpose: "check", ...more });
  const packuments = () => registry.requests.filter(({ url }) => !url.includes("/-/")).map(({ url }) => url);
  return { registry, open, packuments, project };
}

type Session = Awaited<ReturnType<typeof openPart>>;
const of = (part: Session, name: string, version = "1.0.0") =>
  part.artifacts.find(({ package: ref }) => ref.name === name && ref.version === version)!;

describe("the registry's own signature", () => {
  it("is what the packument says of that version", async () => {
    const { registry, open } = await serve();
    const part = await open();
    expect(await part.collect(of(part, "w"), OWN, false)).toEqual([
      {
        source: "registry",
        location: `${registry.url}w`,
        registry: registry.url,
        registrySignature: {
          name: "w",
          version: "1.0.0",
          integrity: registry.tarballOf("w", "1.0.0").integrity,
          signatures: SIGNATURES,
          published: SIGNED.published,
        },
      },
    ]);
    expect(await part.collect(of(part, "@acme/bare"), OWN, false)).toEqual([]);
  });

  it("costs one request a name, with npm's credentials", async () => {
    const auth = { kind: "bearer", token: "t0ken" } as const;
    const { open, packuments, registry } = await serve({ auth });
    writeFileSync(join(home, ".npmrc"), npmrcAuth(registry.url, auth));
    const part = await open();
    const all = part.artifacts.map((one) => part.collect(one, OWN, false));
    expect((await Promise.all(all)).flat()).toHaveLength(2);
    await part.collect(of(part, "w"), OWN, true);
    expect(packuments().toSorted()).toEqual(["/@acme%2fbare", "/w"]);
    expect(registry.requests.every(({ accept }) => accept === "application/json")).toBe(true);
  });

  it("is never asked for unless it is wanted", async () => {
    const { open, packuments } = await serve();
    const part = await open();
    for (const one of part.artifacts) await part.collect(one, { kind: "own" }, false);
    expect(packuments()).toEqual([]);
  });

  it("is kept for the next run, which says so; that there is none is not", async () => {
    const { open, packuments } = await serve();
    const first = await open();
    for (const one of first.artifacts) await first.collect(one, OWN, false);
    const second = await open();
    const kept = await second.collect(of(second, "w", "2.0.0"), OWN, false);
    expect(kept).toMatchObject([{ registrySignature: { version: "2.0.0" }, cached: true }]);
    expect(packuments()).toHaveLength(2);
    await second.collect(of(second, "@acme/bare"), OWN, false);
    expect((await second.collect(of(second, "w"), OWN, true))[0]).not.toHaveProperty("cached");
    expect(packuments()).toHaveLength(4);
    const offline = await open({ offline: true });
    expect(await offline.collect(of(offline, "w"), OWN, false)).toHaveLength(1);
    await expect(offline.collect(of(offline, "@acme/bare"), OWN, false)).rejects.toThrow(SourceUnavailable);
  });

  it("404 is none; a failure could not find out", async () => {
    const answering = (status: number) => ({
      intercept: (_: IncomingMessage, response: ServerResponse) => {
        response.writeHead(status).end("{}");
        return true;
      },
    });
    const none = await (await serve(answering(404))).open();
    expect(await none.collect(of(none, "w"), OWN, false)).toEqual([]);
    const down = await (await serve(answering(403))).open();
    await expect(down.collect(of(down, "w"), OWN, false)).rejects.toThrow(SourceUnavailable);
  });

  it("what else a packument holds costs nothing, packed for the way or not", async () => {
    const readme = "x".repeat(9_000_000);
    const text = JSON.stringify({ readme, name: "w", versions: { "1.0.0": version({}) } });
    for (const packed of [false, true]) {
      const intercept = (_request: IncomingMessage, response: ServerResponse) => {
        response.writeHead(200, packed ? { "content-encoding": "gzip" } : {}).end(packed ? gzipSync(text) : text);
        return true;
      };
      const part = await (await serve({ intercept })).open();
      expect(await part.collect(of(part, "w"), OWN, true)).toMatchObject([{ registrySignature: { name: "w" } }]);
    }
  });

  it.each<[string, unknown]>([
    ["no JSON", undefined],
    ["a list", []],
    ["no versions", { name: "w" }],
    ["another package", { name: "v", versions: {} }],
    ["no list of signatures", { name: "w", versions: { "1.0.0": version({ signatures: {} }) } }],
    ["a signature without a key", { name: "w", versions: { "1.0.0": version({ signatures: [{ sig: "AAAA" }] }) } }],
    ["too many", { name: "w", versions: { "1.0.0": version({ signatures: Array(17).fill(SIGNATURES[0]) }) } }],
    ["an odd time", { name: "w", time: { "1.0.0": 1 }, versions: { "1.0.0": version({}) } }],
  ])("an answer that is none is malformed: %s", async (_, body) => {
    const intercept = (_request: IncomingMessage, response: ServerResponse) => {
      response.writeHead(200).end(JSON.stringify(body) ?? "<html>");
      return true;
    };
    const part = await (await serve({ intercept })).open();
    expect(await part.collect(of(part, "w"), OWN, false)).toMatchObject([{ malformed: expect.any(String) }]);
  });
});

function version(dist: object): unknown {
  return { name: "w", version: "1.0.0", dist: { integrity: "sha512-x", signatures: SIGNATURES, ...dist } };
}
