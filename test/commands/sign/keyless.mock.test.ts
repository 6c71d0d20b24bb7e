/** The same against the Sigstore project's own mock services: Fulcio, Rekor v1 and a timestamp authority. */
import { listen } from "../../support/sigstore/services.ts";
import { signingWorld } from "../../support/signing.ts";
import { tokenOf } from "../../support/tokens.ts";
import {
  fulcioHandler,
  initializeCA,
  initializeCTLog,
  initializeTLog,
  initializeTSA,
  rekorHandler,
  tsaHandler,
} from "@sigstore/mock";
import { createHash, generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { expect, it } from "vitest";

const SUBJECT = "https://pipeline.test/widget";

it("a file's bytes, logged and stamped, verify by our own verify", async () => {
  const made = signingWorld();
  const { url, trustedRoot } = await mocked();
  const service = (path: string) => ({
    url: url + path,
    majorApiVersion: 1,
    validFor: { start: "2020-01-01T00:00:00Z" },
    operator: "mock",
  });
  made.put("widget.bin", "what was built\n");
  made.put("root.json", trustedRoot);
  made.put("instance.json", {
    mediaType: "application/vnd.dev.sigstore.signingconfig.v0.2+json",
    caUrls: [service("")],
    rekorTlogUrls: [service("")],
    rekorTlogConfig: { selector: "ANY" },
    tsaUrls: [service("/api/v1/timestamp")],
    tsaConfig: { selector: "EXACT", count: 1 },
  });
  made.put("token", tokenOf({ iss: "https://issuer.test", sub: SUBJECT }));
  const words = ["sign", "widget.bin", "--blob", "--identity-token", "token", "--signing-config", "instance.json"];
  expect(await made.run([...words, "--trusted-root", "root.json"])).toMatchObject({ exit: 0, stderr: "" });
  const by = ["--certificate-identity", SUBJECT, "--certificate-oidc-issuer", "https://issuer.test"];
  const judged = ["verify", "widget.bin", "--bundle", "widget.bin.sigstore.json", "--trusted-root", "root.json"];
  expect(await made.run([...judged, ...by])).toMatchObject({ exit: 0 });
});

async function mocked() {
  const keys = () => generateKeyPairSync("ec", { namedCurve: "P-256" });
  const ct = await initializeCTLog(keys());
  const ca = await initializeCA(keys(), ct);
  const tlog = await initializeTLog("https://rekor.test", keys());
  const tsa = await initializeTSA(keys());
  // Whole seconds: a fraction that ends in zeros is written without them, and not read by all.
  Object.assign(tsa, { getCurrentTime: () => new Date(Math.floor(Date.now() / 1000) * 1000) });
  const handlers = [fulcioHandler(ca, { subjectClaim: "sub" }), rekorHandler(tlog), tsaHandler(tsa)];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const handler = handlers.find(({ path }) => path === request.url);
      void handler?.fn(Buffer.concat(chunks).toString()).then(({ statusCode, response: body, contentType }) => {
        response.writeHead(statusCode, { "content-type": contentType ?? "application/json" }).end(body);
      });
    });
  });
  const base64 = (view: ArrayBufferView) =>
    Buffer.from(view.buffer, view.byteOffset, view.byteLength).toString("base64");
  const validFor = { start: "2020-01-01T00:00:00Z" };
  const log = (baseUrl: string, key: Buffer, keyId: string) => ({
    baseUrl,
    hashAlgorithm: "SHA2_256",
    publicKey: { rawBytes: key.toString("base64"), keyDetails: "PKIX_ECDSA_P256_SHA_256", validFor },
    logId: { keyId },
  });
  const authority = (uri: string, ...chain: readonly ArrayBufferView[]) => ({
    subject: {},
    uri,
    certChain: { certificates: chain.map((one) => ({ rawBytes: base64(one) })) },
    validFor,
  });
  const trustedRoot = {
    mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
    tlogs: [log("https://rekor.test", tlog.publicKey, createHash("sha256").update(tlog.publicKey).digest("base64"))],
    certificateAuthorities: [authority("https://fulcio.test", ca.rootCertificate)],
    ctlogs: [log("https://ct.test", ct.publicKey, base64(ct.logID))],
    timestampAuthorities: [authority("https://tsa.test", tsa.intCertificate, tsa.rootCertificate)],
  };
  return { url: await listen(server), trustedRoot };
}
