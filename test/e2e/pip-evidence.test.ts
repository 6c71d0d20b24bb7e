import { type Distribution, type Index, type IndexOptions, makeWheel, sha256, startIndex } from "../support/pypi.ts";
import { hasPip } from "../support/pypi/pythons.ts";
import {
  attest,
  attestationOf,
  pipelineOf,
  policyFor,
  provenanceOf,
  publishSigned,
  PUBLISH,
} from "../support/pypi/signed.ts";
import { setStage, type StageOptions } from "../support/pypi/stage.ts";
import { createInstance, type Identity, type Instance, type Statement } from "../support/sigstore.ts";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";

let instance: Instance;
let index: Index;

beforeAll(async () => {
  instance = await createInstance();
  index = await startIndex();
});
afterAll(() => index.close());

type Subject = NonNullable<Statement["subjects"]>[number];

const stage = (part: Partial<StageOptions> = {}) => setStage({ instance, ...part });

async function startOther(options: IndexOptions): Promise<Index> {
  const other = await startIndex(options);
  onTestFinished(() => other.close());
  return other;
}

describe.skipIf(!hasPip)("evidence of an index with provenance (PEP 740)", () => {
  it("HTML pages carry it too", async () => {
    const html = await startOther({ style: "html" });
    await publishSigned(html, instance, makeWheel({ name: "widget", version: "1.0.0" }));
    const { pip } = stage({ pinned: ["widget"] });
    const { exit, stderr } = await pip("install", "-i", html.url, "widget");
    expect(exit, stderr).toBe(0);
  });

  it("every attestation of every publisher is tried, whatever kind the publishers say they are", async () => {
    const file = makeWheel({ name: "widget", version: "2.0.0" });
    const other = await attest(instance, file, "widget", "2.0.0", { identity: pipelineOf("other", "2.0.0") });
    const right = await attest(instance, file, "widget", "2.0.0");
    const bundles = [
      { publisher: { kind: "Unheard-of", claims: 7 }, attestations: [attestationOf(other)] },
      { publisher: { kind: "GitHub", repository: "mallory/widget" }, attestations: [attestationOf(right)] },
    ];
    index.publish({ ...file, provenance: { version: 1, attestation_bundles: bundles } });
    const { pip } = stage({ pinned: ["widget"] });
    const { exit, stderr } = await pip("install", "-i", index.url, "widget==2.0.0");
    expect(exit, stderr).toBe(0);
  });

  it("the publisher that the index states decides nothing", async () => {
    const file = makeWheel({ name: "widget", version: "3.0.0" });
    const bundle = await attest(instance, file, "widget", "3.0.0", { identity: pipelineOf("mallory", "3.0.0") });
    const publisher = { kind: "GitHub", repository: "acme/widget", workflow: "release.yml" };
    index.publish({ ...file, provenance: provenanceOf([attestationOf(bundle)], publisher) });
    const here = stage({ pinned: ["widget"], untouched: true });
    const words = ["--report", "json=report.json", here.environment.pip, "install", "-i", index.url, "widget==3.0.0"];
    const { exit, stderr } = await here.run(words);
    expect(exit, stderr).toBe(65);
    const report = readFileSync(join(here.project, "report.json"), "utf8");
    expect(report).toContain("UNTRUSTED_SIGNER");
    expect(report).toContain('"publisher": "GitHub acme/widget release.yml"');
  });

  it("an entry of a log without times is vouched for by the attestation's timestamp", async () => {
    const stamped = makeWheel({ name: "widget", version: "4.0.0" });
    await publishSigned(index, instance, stamped, { log: [{ version: 2 }], timestamps: 1 });
    const bare = makeWheel({ name: "gadget", version: "4.0.0" });
    await publishSigned(index, instance, bare, { log: [{ version: 2 }] });
    const { pip } = stage({ pinned: ["widget", "gadget"] });
    const good = await pip("install", "-i", index.url, "widget==4.0.0");
    expect(good.exit, good.stderr).toBe(0);
    expect((await pip("install", "-i", index.url, "gadget==4.0.0")).exit).toBe(66);
  });

  it("a statement speaks of the file whose name it spells in any way, and of no other", async () => {
    const build = makeWheel({ name: "foo.bar", version: "1.0.0" });
    const digest = { sha256: sha256(build.bytes) };
    const subjects = [{ name: "Foo_Bar-1.0-py3-none-any.whl", digest }];
    const bundle = await attest(instance, build, "foo-bar", "1.0.0", { subjects });
    index.publish({ ...build, provenance: provenanceOf([attestationOf(bundle)]) });
    const wrong: Readonly<Record<string, (file: Distribution) => readonly Subject[]>> = {
      tagged: ({ bytes }) => [{ name: "tagged-1.0.0-1-py3-none-any.whl", digest: { sha256: sha256(bytes) } }],
      platform: ({ bytes }) => [{ name: "platform-1.0.0-py2-none-any.whl", digest: { sha256: sha256(bytes) } }],
      versioned: ({ bytes }) => [{ name: "versioned-1.0.1-py3-none-any.whl", digest: { sha256: sha256(bytes) } }],
      bytes: ({ filename }) => [{ name: filename, digest: { sha256: "0".repeat(64) } }],
      two: ({ filename, bytes }) => [
        { name: filename, digest: { sha256: sha256(bytes) } },
        { name: "other-1.0.0.tar.gz", digest: { sha256: "0".repeat(64) } },
      ],
    };
    for (const [name, of] of Object.entries(wrong)) {
      const file = makeWheel({ name, version: "1.0.0" });
      const other = await attest(instance, file, name, "1.0.0", { subjects: of(file) });
      index.publish({ ...file, provenance: provenanceOf([attestationOf(other)]) });
    }
    const { pip, environment } = stage({ pinned: ["foo-bar", ...Object.keys(wrong)] });
    const all = await pip("install", "-i", index.url, "foo.bar", ...Object.keys(wrong));
    expect(all.exit, all.stderr).toBe(66);
    for (const name of Object.keys(wrong))
      expect(all.stderr).toContain(
        `✗ pypi:${name}@1.0.0   ${name === "two" ? "BUNDLE_MALFORMED" : "SUBJECT_MISMATCH"}\n`,
      );
    expect(all.stderr).not.toContain("✗ pypi:foo-bar");
    expect(environment.installed()).toEqual([]);
    const one = await pip("install", "-i", index.url, "foo.bar");
    expect(one.exit, one.stderr).toBe(0);
  });

  it("a certificate without a ref is refused where the rule pins one", async () => {
    const { claims, san } = pipelineOf("noref", "1.0.0");
    const { sourceRepositoryRef: _, ...rest } = claims;
    const identity: Identity = { san, claims: rest };
    await publishSigned(index, instance, makeWheel({ name: "noref", version: "1.0.0" }), { identity });
    const { pip } = stage({ pinned: ["noref"], untouched: true });
    const { exit, stderr } = await pip("install", "-i", index.url, "noref");
    expect({ exit, stderr }).toMatchObject({ exit: 65, stderr: expect.stringContaining("UNTRUSTED_SIGNER") });
    expect(stderr).toContain("ref");
  });

  it("an index that does not answer the question for provenance is no index without any", async () => {
    const statuses = { gone: 404, forbidden: 403, broken: 503 };
    for (const [name, provenanceStatus] of Object.entries(statuses))
      index.publish({ ...makeWheel({ name, version: "1.0.0" }), provenanceStatus });
    const { pip } = stage({ pinned: Object.keys(statuses), untouched: true });
    const gone = await pip("install", "-i", index.url, "gone");
    expect(gone).toMatchObject({ exit: 65, stderr: expect.stringContaining("pypi:gone@1.0.0   NO_EVIDENCE") });
    const { exit, stderr } = await pip("install", "-i", index.url, "forbidden", "broken");
    expect(exit, stderr).toBe(69);
    expect(stderr).toContain("pypi:forbidden@1.0.0   EVIDENCE_UNAVAILABLE");
    expect(stderr).toContain("pypi:broken@1.0.0   EVIDENCE_UNAVAILABLE");
  });

  it("audit lets through what is merely missing", async () => {
    index.publish(makeWheel({ name: "unsigned", version: "1.0.0" }));
    const { pip, environment } = stage({ policy: policyFor(["unsigned"], { mode: "audit" }) });
    const { exit, stderr } = await pip("install", "-i", index.url, "unsigned");
    expect(exit, stderr).toBe(0);
    expect(stderr).toContain("! pypi:unsigned@1.0.0   NO_EVIDENCE");
    expect(environment.installed()).toEqual(["unsigned==1.0.0"]);
  });
});

describe.skipIf(!hasPip)("private feeds", () => {
  // On f4fe81c its own provenance was missing.
  it("an index that hides everything from strangers is asked for provenance with pip's own credentials", async () => {
    const basic = { user: "ci", password: "s3cret" };
    const intercept: IndexOptions["intercept"] = ({ headers }, response) => {
      if (headers.authorization !== undefined) return false;
      response.writeHead(404).end();
      return true;
    };
    const feed = await startOther({ basic, intercept });
    await publishSigned(feed, instance, makeWheel({ name: "widget", version: "1.0.0" }));
    const here = stage({ pinned: ["widget"], env: { PIP_INDEX_URL: feed.urlWithCredentials } });
    const { exit, stderr } = await here.pip("install", "widget");
    expect(exit, stderr).toBe(0);
  });

  it("an index that wants a password is asked with pip's own credentials, and nobody else is", async () => {
    const basic = { user: "ci", password: "s3cret" };
    const feed = await startOther({ basic });
    await publishSigned(feed, instance, makeWheel({ name: "widget", version: "1.0.0" }));
    const here = stage({ pinned: ["widget"], env: { PIP_INDEX_URL: feed.urlWithCredentials } });
    const { exit, stderr, stdout } = await here.pip("install", "widget");
    expect(exit, stderr).toBe(0);
    expect(`${stderr}${stdout}`).not.toContain("s3cret");
    const evidence = feed.requests.filter(({ url }) => url.includes("/provenance"));
    expect(evidence.at(-1)?.authorization).toMatch(/^Basic /);
  });

  it("the password does not go to another origin that the index names for provenance", async () => {
    const basic = { user: "ci", password: "s3cret" };
    const feed = await startOther({ basic });
    const seen: (string | undefined)[] = [];
    const thief = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(401, { "www-authenticate": "Basic realm=x" }).end();
    });
    await new Promise<void>((done) => thief.listen(0, "127.0.0.1", done));
    onTestFinished(() => void thief.close());
    const { port } = thief.address() as AddressInfo;
    const file = makeWheel({ name: "widget", version: "1.0.0" });
    feed.publish({ ...file, provenance: {}, provenanceUrl: `http://127.0.0.1:${port}/steal` });
    const here = stage({ pinned: ["widget"], env: { PIP_INDEX_URL: feed.urlWithCredentials }, untouched: true });
    const { exit } = await here.pip("install", "widget");
    expect(exit).toBe(69);
    expect(seen).toEqual([undefined]);
  });

  it.each(["directory", "url", "integrity"] as const)(
    "an HTML-only feed, as Azure Artifacts is one: evidence by %s",
    async (kind) => {
      const azure = await startOther({ style: "azure" });
      const file = makeWheel({ name: "widget", version: "1.0.0", requires: ["gadget"] });
      const gadget = makeWheel({ name: "gadget", version: "1.0.0" });
      const here = stage({ pinned: ["widget", "gadget"] });
      azure.publish(file);
      azure.publish(gadget);
      if (kind === "directory") {
        const missing = await here.pip("install", "-i", azure.url, "widget");
        expect(missing.exit, missing.stderr).toBe(65);
        expect(missing.stderr).toContain("NO_EVIDENCE");
      }

      const bundles = createServer((request, response) => {
        const found = [file, gadget].find(({ bytes }) => (request.url ?? "").includes(sha256(bytes)));
        response.end(found === undefined ? "" : JSON.stringify(signed.get(found.filename)));
      });
      await new Promise<void>((done) => bundles.listen(0, "127.0.0.1", done));
      onTestFinished(() => void bundles.close());
      const { port } = bundles.address() as AddressInfo;
      const signed = new Map<string, unknown>();
      for (const one of [file, gadget]) {
        const [name = ""] = one.filename.split("-");
        const bundle = await attest(instance, one, name, "1.0.0");
        signed.set(one.filename, bundle);
        index.publish({ ...one, provenance: provenanceOf([attestationOf(bundle)]) });
        here.write(`.signing/bundles/sha256-${sha256(one.bytes)}.sigstore.json`, bundle);
      }
      const sources = {
        directory: { directory: ".signing/bundles" },
        url: { url: `http://127.0.0.1:${port}/{name}/{version}/{sha256}.sigstore.json` },
        integrity: { integrity: index.origin },
      };
      here.write(".signing-policy.json", policyFor(["widget", "gadget"], { sources: { pypi: [sources[kind]] } }));
      const { exit, stderr } = await here.pip("install", "-i", azure.url, "widget");
      expect(exit, stderr).toBe(0);
      expect(here.environment.installed()).toEqual(["gadget==1.0.0", "widget==1.0.0"]);
    },
  );

  it.each(["github", "beside"] as const)("the same: evidence from %s", async (kind) => {
    const file = makeWheel({ name: "widget", version: "1.0.0" });
    const bundle = await attest(instance, file, "widget", "1.0.0");
    const answers: Readonly<Record<string, unknown>> = {
      [`/repos/acme/widget/attestations/sha256:${sha256(file.bytes)}`]: { attestations: [{ bundle }] },
      [`${file.filename}.sigstore.json`]: bundle,
    };
    const azure = await startOther({
      style: "azure",
      intercept: ({ url = "" }, response) => {
        const [, found] = Object.entries(answers).find(([end]) => (url.split("?", 1)[0] ?? "").endsWith(end)) ?? [];
        if (found !== undefined) response.end(JSON.stringify(found));
        return found !== undefined;
      },
    });
    azure.publish(file);
    const policy = policyFor(["widget"], { sources: { pypi: [{ [kind]: true }] } });
    const here = stage({ policy, env: { GITHUB_API_URL: azure.origin, PIP_INDEX_URL: azure.url } });
    const installed = await here.pip("install", "widget");
    expect(installed.exit, installed.stderr).toBe(0);
    here.write("requirements.txt", `widget==1.0.0 --hash=sha256:${sha256(file.bytes)}\n`);
    const path = { PATH: `${join(here.environment.folder, "bin")}:${process.env["PATH"] ?? ""}` };
    const checked = await here.run(["check"], path);
    expect(checked.exit, checked.stdout + checked.stderr).toBe(0);
  });

  it("a sidecar may be a PEP 740 attestation or provenance object, too", async () => {
    const azure = await startOther({ style: "azure" });
    const sources = { pypi: [{ directory: ".signing/bundles" }] };
    const here = stage({ policy: policyFor(["widget", "gadget"], { sources }) });
    for (const name of ["widget", "gadget"]) {
      const file = makeWheel({ name, version: "1.0.0" });
      azure.publish(file);
      const attestation = attestationOf(await attest(instance, file, name, "1.0.0", { predicateType: PUBLISH }));
      const sidecar = name === "widget" ? attestation : provenanceOf([attestation]);
      here.write(`.signing/bundles/sha256-${sha256(file.bytes)}.sigstore.json`, sidecar);
    }
    const { exit, stderr } = await here.pip("install", "-i", azure.url, "widget", "gadget");
    expect(exit, stderr).toBe(0);
  });

  it("a folder given with --find-links serves wheels; their evidence comes by digest", async () => {
    const file = makeWheel({ name: "widget", version: "1.0.0" });
    const here = stage({ policy: policyFor(["widget"], { sources: { pypi: [{ directory: ".signing/bundles" }] } }) });
    writeFileSync(join(here.home, file.filename), file.bytes);
    here.write(
      `.signing/bundles/sha256-${sha256(file.bytes)}.sigstore.json`,
      await attest(instance, file, "widget", "1.0.0"),
    );
    const { exit, stderr } = await here.pip("install", "--no-index", "--find-links", here.home, "widget");
    expect(exit, stderr).toBe(0);
  });
});
