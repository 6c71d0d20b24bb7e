/** Packages signed by the Notary Project's rules, installed by each installer, with what their authority says of them. */
import { safeInstall } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { coseOf, crlOf, crlPoint, jwsOf, newAuthority, newLeaf, pemOf } from "../support/notary/mint.ts";
import { csproj, hasDotnet } from "../support/nuget/project.ts";
import { stage as dotnetStage, startScene } from "../support/nuget/scene.ts";
import { npmStage } from "../support/npm-stage.ts";
import { writeProject } from "../support/project.ts";
import { makeWheel, startIndex } from "../support/pypi.ts";
import { hasPip } from "../support/pypi/pythons.ts";
import { setStage } from "../support/pypi/stage.ts";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const ROOT = newAuthority("root");
const SIGNER = newLeaf("release", { issuer: ROOT });
const above = [ROOT];
const OWN = "x509.subject: C=US, O=Contoso, CN=release";

const policyOf = (packages: string, ecosystem: string, identity = OWN, more: object = {}) => ({
  version: 1,
  signers: { contoso: { notary: { trustStore: ["keys/root.pem"], identities: [identity], ...more } } },
  sources: { [ecosystem]: [{ directory: "evidence" }] },
  rules: [{ packages: [packages], signedBy: ["contoso"] }],
});

/** Puts the trust store and an envelope where the policy says. */
function lay(project: string, bytes: Buffer, envelope: Buffer, ending: string): void {
  for (const folder of ["keys", "evidence"]) mkdirSync(join(project, folder), { recursive: true });
  writeFileSync(join(project, "keys/root.pem"), pemOf(ROOT));
  const sha512 = createHash("sha512").update(bytes).digest("hex");
  writeFileSync(join(project, `evidence/sha512-${sha512}${ending}`), envelope);
}

describe("npm", () => {
  const stage = npmStage(async ({ registry }) => registry.publish({ name: "widget", version: "1.0.0" }));
  let list = crlOf(ROOT);
  let asked = 0;
  const server = createServer((_, response) => {
    asked++;
    response.end(list);
  });
  beforeAll(() => new Promise<void>((done) => void server.listen(0, "127.0.0.1", done)));
  afterAll(() => server.close());

  it("installs what the authority has not taken back, and asks it each time that it may", async () => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/list.crl`;
    const by = newLeaf("release", { issuer: ROOT, serial: 41, extensions: { points: crlPoint(url) } });
    const { bytes } = stage.registry.tarballOf("widget", "1.0.0");
    const begin = (policy: object) => {
      const locked = [{ name: "widget", version: "1.0.0" }];
      writeProject(stage.project, stage.registry, { locked, policy });
      lay(stage.project, bytes, coseOf({ by, above, content: bytes }), ".cose.sig");
    };
    const run = (...words: readonly string[]) => safeInstall(words, { cwd: stage.project, home: stage.home });

    begin(policyOf("npm:widget", "npm"));
    const [whole, none] = [list, Buffer.from("<html>")];
    list = none;
    const unasked = await run("npm", "ci");
    expect(unasked).toMatchObject({ exit: 69, stderr: expect.stringContaining("revocation not checked") });
    expect(existsSync(join(stage.project, "node_modules"))).toBe(false);
    list = whole;
    const installed = await run("npm", "ci");
    expect(installed).toMatchObject({ exit: 0, stderr: expect.stringContaining("1 publisher verified") });
    expect(existsSync(join(stage.project, "node_modules/widget/package.json"))).toBe(true);
    expect(asked).toBe(2);
    expect((await run("check", "--offline")).exit).toBe(0);

    list = crlOf(ROOT, { revoked: [41] });
    const revoked = await run("check");
    expect(revoked).toMatchObject({ exit: 66, stdout: expect.stringContaining("CERTIFICATE_REVOKED") });
    begin(policyOf("npm:widget", "npm", "x509.subject: C=US, O=Fabrikam", { level: "permissive" }));
    const other = await run("check");
    expect(other).toMatchObject({ exit: 65, stdout: expect.stringMatching(/UNTRUSTED_SIGNER[^]*Fabrikam/) });
  });
});

describe.skipIf(!hasPip)("pip", () => {
  it("installs a wheel with an envelope, and no other one", async () => {
    const index = await startIndex();
    try {
      const [widget, gadget] = ["widget", "gadget"].map((name) => makeWheel({ name, version: "1.0.0" }));
      for (const file of [widget!, gadget!]) index.publish(file);
      const policy = policyOf("pypi:*", "pypi");
      const here = setStage({ instance: { trustedRoot: {} } as never, policy, env: { PIP_INDEX_URL: index.url } });
      lay(here.project, widget!.bytes, jwsOf({ by: SIGNER, above, content: widget!.bytes }), ".jws.sig");
      const installed = await here.pip("install", "widget");
      expect(installed).toMatchObject({ exit: 0, stderr: expect.stringContaining("1 publisher verified") });
      expect(here.environment.installed()).toEqual(["widget==1.0.0"]);
      expect(await here.pip("install", "gadget")).toMatchObject({ exit: 65 });
    } finally {
      await index.close();
    }
  });
});

describe.skipIf(!hasDotnet)("dotnet", () => {
  it("restores a package with an envelope over what its author packed", async () => {
    const scene = await startScene();
    try {
      const unsigned = await scene.publish({ id: "Acme.Widget", version: "1.0.0" }, { bundle: "none" });
      const folder = temporaryFolder();
      const where = { project: join(folder, "lib"), home: join(folder, "home") };
      const policy = JSON.stringify(policyOf("nuget:Acme.Widget", "nuget"));
      const lib = dotnetStage(scene, where, { "lib.csproj": csproj({ "Acme.Widget": "1.0.0" }) }, policy);
      lay(where.project, unsigned, jwsOf({ by: SIGNER, above, content: unsigned }), ".jws.sig");
      const restored = await lib.run("dotnet", "restore");
      expect(restored).toMatchObject({ exit: 0, stderr: expect.stringContaining("1 publisher verified") });
      expect(lib.read("obj/project.assets.json")).toContain("Acme.Widget/1.0.0");
    } finally {
      await scene.feed.close();
    }
  });
});
