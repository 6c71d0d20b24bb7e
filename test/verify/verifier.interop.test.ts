/** A bundle made by the Sigstore project's own signing client, over HTTP, against its own mock services. */
import { createVerifier } from "../../src/verify/verifier.ts";
import { loadTrustRoot } from "../../src/project/trust.ts";
import { fulcioHandler, initializeCA, initializeCTLog, initializeTLog, rekorHandler } from "@sigstore/mock";
import { createHash, generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { attest } from "sigstore";
import { beforeAll, describe, expect, it } from "vitest";

const SUBJECT = { name: "pkg:npm/widget@1.0.0", sha512: createHash("sha512").update("widget").digest("hex") };
const CLAIMS = { iss: "https://issuer.test", sub: "https://pipeline.test/widget", aud: "sigstore" };

let bundle: unknown;
let trustedRoot: Record<string, unknown>;

beforeAll(async () => {
  const keys = () => generateKeyPairSync("ec", { namedCurve: "P-256" });
  const ct = await initializeCTLog(keys());
  const ca = await initializeCA(keys(), ct);
  const tlog = await initializeTLog("https://rekor.test", keys());
  const handlers = [fulcioHandler(ca, { subjectClaim: "sub" }), rekorHandler(tlog)];
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
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const payload = {
    _type: "https://in-toto.io/Statement/v1",
    subject: [{ name: SUBJECT.name, digest: { sha512: SUBJECT.sha512 } }],
    predicateType: "https://slsa.dev/provenance/v1",
    predicate: {},
  };
  const token = ["{}", JSON.stringify(CLAIMS), ""].map((part) => Buffer.from(part).toString("base64url")).join(".");
  bundle = await attest(Buffer.from(JSON.stringify(payload)), "application/vnd.in-toto+json", {
    fulcioURL: url,
    rekorURL: url,
    identityToken: token,
    legacyCompatibility: true,
  });
  server.close();
  trustedRoot = rootOf({ ca: ca.rootCertificate, ct: { key: ct.publicKey, id: ct.logID }, tlog: tlog.publicKey });
});

interface Parts {
  readonly ca: ArrayBufferView;
  readonly ct: { readonly key: Buffer; readonly id: ArrayBufferView };
  readonly tlog: Buffer;
}

function rootOf({ ca, ct, tlog }: Parts): Record<string, unknown> {
  const base64 = (view: ArrayBufferView) =>
    Buffer.from(view.buffer, view.byteOffset, view.byteLength).toString("base64");
  const validFor = { start: "2020-01-01T00:00:00Z" };
  const log = (baseUrl: string, key: Buffer, keyId: string) => ({
    baseUrl,
    hashAlgorithm: "SHA2_256",
    publicKey: { rawBytes: key.toString("base64"), keyDetails: "PKIX_ECDSA_P256_SHA_256", validFor },
    logId: { keyId },
  });
  return {
    mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
    tlogs: [log("https://rekor.test", tlog, createHash("sha256").update(tlog).digest("base64"))],
    certificateAuthorities: [
      { subject: {}, uri: "https://fulcio.test", certChain: { certificates: [{ rawBytes: base64(ca) }] }, validFor },
    ],
    ctlogs: [log("https://ct.test", ct.key, base64(ct.id))],
    timestampAuthorities: [],
  };
}

function judge(name: string) {
  const root = loadTrustRoot(Buffer.from(JSON.stringify(trustedRoot)), "mock", { tlog: 1, sct: 1, timestamps: 1 });
  const evidence = { source: "file", location: "bundle.json", bundle: JSON.parse(JSON.stringify(bundle)) as unknown };
  const digests = [{ algorithm: "sha512", hex: SUBJECT.sha512 } as const];
  return createVerifier([root], [], new Date()).verify(evidence, { names: [name], digests, bytes: null });
}

describe("a bundle by another client", () => {
  it("verifies, with the identity that its token had", () => {
    const verdict = judge(SUBJECT.name);
    expect(verdict).toMatchObject({
      status: "verified",
      attestation: {
        predicateType: "https://slsa.dev/provenance/v1",
        signer: { claims: { subjectAlternativeName: CLAIMS.sub, issuer: CLAIMS.iss } },
      },
    });
  });

  it("is about its subject only", () => {
    expect(judge("pkg:npm/gadget@1.0.0")).toMatchObject({ status: "broken", code: "SUBJECT_MISMATCH" });
  });
});
