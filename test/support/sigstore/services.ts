/** A Sigstore instance over HTTP on loopback: Fulcio (v2), Rekor (v1 and v2) and a timestamp authority, as their APIs have it. */
import type { Instance, LeafKnobs } from "../sigstore.ts";
import { azurePipelinesIdentity, emailIdentity, githubIdentity, gitlabIdentity, type Identity } from "./identity.ts";
import { newKey } from "./keys.ts";
import { createPublicKey, verify, X509Certificate } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { onTestFinished } from "vitest";

export interface SigstoreServer {
  readonly url: string;
  /** What was asked, in its order: `POST /api/v2/signingCert`. */
  readonly asked: string[];
  /** The bodies that came. */
  readonly bodies: string[];
  /** A SigningConfig v0.2 that names it. */
  signingConfig(how?: { readonly log?: 1 | 2 | null; readonly stamps?: boolean }): Record<string, unknown>;
}

export interface ServerKnobs {
  readonly leaf?: LeafKnobs;
  /** In place of the answer, by path; called for each question. */
  readonly instead?: (path: string, count: number) => { readonly status: number; readonly body?: string } | null;
  /** Who the certificate names, whoever the token is. */
  readonly identity?: Identity;
}

export async function serveSigstore(instance: Instance, knobs: ServerKnobs = {}): Promise<SigstoreServer> {
  const [asked, bodies]: [string[], string[]] = [[], []];
  const server = createServer((request, response) => {
    void (async () => {
      const body = await read(request);
      const path = new URL(request.url ?? "", "http://x").pathname;
      asked.push(`${request.method} ${path}`);
      bodies.push(body);
      const count = asked.filter((one) => one.endsWith(path)).length;
      const other = knobs.instead?.(path, count);
      const answer = other ?? (request.method === "POST" ? answerTo(path, body, instance, knobs) : NOT_FOUND);
      response.writeHead(answer.status, { "content-type": "application/json" });
      response.end(answer.body ?? "");
    })();
  });
  const url = await listen(server);
  return { url, asked, bodies, signingConfig: (how) => signingConfig(url, how) };
}

export async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  );
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return `http://127.0.0.1:${address.port}`;
}

async function read(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request) body += String(chunk);
  return body;
}

interface Answer {
  readonly status: number;
  readonly body?: string | Buffer;
}

const NOT_FOUND: Answer = { status: 404, body: "{}" };

function answerTo(path: string, body: string, instance: Instance, knobs: ServerKnobs): Answer {
  const json = JSON.parse(body) as Record<string, never>;
  switch (path) {
    case "/api/v2/signingCert":
      return certify(json, instance, knobs);
    case "/api/v1/log/entries":
      return { status: 201, body: JSON.stringify(logV1(json, instance)) };
    case "/api/v2/log/entries":
      return { status: 201, body: JSON.stringify(logV2(json, instance)) };
    case "/api/v1/timestamp":
      return {
        status: 201,
        body: instance.services.stamp(Buffer.from(json["artifactHash"] ?? "", "base64"), second()),
      };
    default:
      return NOT_FOUND;
  }
}

const second = () => new Date(Math.floor(Date.now() / 1000) * 1000);

interface CertificateRequest {
  readonly credentials: { readonly oidcIdentityToken: string };
  readonly publicKeyRequest: { readonly publicKey: { readonly content: string }; readonly proofOfPossession: string };
}

/** As Fulcio: the token's end, then the proof that who asks holds the key, then the certificate. */
function certify(json: unknown, { services }: Instance, { leaf = {}, identity }: ServerKnobs): Answer {
  const { credentials, publicKeyRequest } = json as CertificateRequest;
  const [, payload = ""] = credentials.oidcIdentityToken.split(".");
  const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as Record<string, string>;
  if (Number(claims["exp"]) * 1000 <= Date.now())
    return { status: 400, body: JSON.stringify({ code: 3, message: "the token is expired" }) };
  const key = createPublicKey(publicKeyRequest.publicKey.content);
  const proof = Buffer.from(publicKeyRequest.proofOfPossession, "base64");
  if (!verify("sha256", Buffer.from(claims["sub"] ?? ""), key, proof))
    return { status: 400, body: JSON.stringify({ code: 3, message: "the proof of possession does not verify" }) };
  const spki = key.export({ format: "der", type: "spki" });
  const made = services.certify(spki, identity ?? identityOf(claims), second(), leaf);
  const certificates = [made.leaf, made.intermediate].map((der) => new X509Certificate(der).toString());
  return { status: 201, body: JSON.stringify({ signedCertificateEmbeddedSct: { chain: { certificates } } }) };
}

/** What Fulcio's configuration makes of a token; written apart from what the program foresees. */
function identityOf(claims: Readonly<Record<string, string>>): Identity {
  const { iss = "", sub = "" } = claims;
  const said = (name: string) => claims[name] ?? "";
  if (iss.startsWith("https://token.actions.githubusercontent.com")) {
    const { environment } = claims;
    const workflow =
      said("workflow_ref")
        .replace(`${said("repository")}/`, "")
        .split("@")[0] ?? "";
    const made = githubIdentity({
      repository: said("repository"),
      workflow,
      ref: said("ref"),
      trigger: said("event_name"),
      repositoryId: said("repository_id"),
      ownerId: said("repository_owner_id"),
      run: said("run_id"),
      issuer: iss,
      ...(environment === undefined ? {} : { environment }),
    });
    return { ...made, claims: { ...made.claims, sourceRepositoryDigest: said("sha"), tokenSubject: sub } };
  }
  if (iss === "https://gitlab.com") {
    const made = gitlabIdentity({ project: said("project_path"), ref: said("ref_path") });
    return { ...made, claims: { ...made.claims, sourceRepositoryDigest: said("sha"), tokenSubject: sub } };
  }
  if (iss.startsWith("https://vstoken.dev.azure.com/")) {
    const { org_id: organization = "", prj_id: project = "", def_id: definitionId = "", rpo_ref: ref = "" } = claims;
    return azurePipelinesIdentity({
      organization,
      project,
      definitionId,
      ref,
      claims: { tokenSubject: sub, sourceRepositoryURI: said("rpo_uri"), sourceRepositoryDigest: said("rpo_ver") },
    });
  }
  const made = emailIdentity("somebody@example.com", iss);
  return { san: { type: "uri", value: `${iss}${sub}` }, claims: { ...made.claims, tokenSubject: sub } };
}

interface ProposedV1 {
  readonly kind: "hashedrekord" | "dsse";
  readonly spec: {
    readonly signature?: { readonly content: string; readonly publicKey: { readonly content: string } };
    readonly data?: { readonly hash: { readonly value: string } };
    readonly proposedContent?: { readonly envelope: string; readonly verifiers: readonly string[] };
  };
}

interface EnvelopeJson {
  readonly payload: string;
  readonly payloadType: string;
  readonly signatures: readonly { readonly sig: string }[];
}

function logV1(json: unknown, { services }: Instance): Record<string, unknown> {
  const { kind, spec } = json as ProposedV1;
  const verifier = spec.signature?.publicKey.content ?? spec.proposedContent?.verifiers[0] ?? "";
  const leaf = new X509Certificate(Buffer.from(verifier, "base64").toString());
  const entry = services.log(1, kind, { ...contentIn(spec), verifier: certificateOf(leaf.raw) }, new Date());
  const proof = entry["inclusionProof"] as Record<string, unknown>;
  const hex = (text: unknown) => Buffer.from(String(text), "base64").toString("hex");
  return {
    "24296fb24b8ad77a": {
      body: entry["canonicalizedBody"],
      integratedTime: Number(entry["integratedTime"]),
      logID: hex((entry["logId"] as { keyId: string }).keyId),
      logIndex: Number(entry["logIndex"]),
      verification: {
        signedEntryTimestamp: (entry["inclusionPromise"] as { signedEntryTimestamp: string }).signedEntryTimestamp,
        inclusionProof: {
          logIndex: Number(proof["logIndex"]),
          treeSize: Number(proof["treeSize"]),
          rootHash: hex(proof["rootHash"]),
          hashes: (proof["hashes"] as string[]).map(hex),
          checkpoint: (proof["checkpoint"] as { envelope: string }).envelope,
        },
      },
    },
  };
}

function contentIn({ signature, data, proposedContent }: ProposedV1["spec"]) {
  if (proposedContent !== undefined) return envelopeIn(JSON.parse(proposedContent.envelope) as EnvelopeJson);
  const digest = Buffer.from(data?.hash.value ?? "", "hex");
  return { signature: Buffer.from(signature?.content ?? "", "base64"), content: { digest } };
}

function envelopeIn({ payload, payloadType, signatures }: EnvelopeJson) {
  const content = { payloadType, payload: Buffer.from(payload, "base64") };
  return { signature: Buffer.from(signatures[0]?.sig ?? "", "base64"), content };
}

const certificateOf = (der: Buffer) => ({ label: "CERTIFICATE" as const, der, key: newKey("P-256") });

interface ProposedV2 {
  readonly dsseRequestV002?: {
    readonly envelope: EnvelopeJson;
    readonly verifiers: readonly [{ readonly x509Certificate: { readonly rawBytes: string } }];
  };
  readonly hashedRekordRequestV002?: {
    readonly digest: string;
    readonly signature: {
      readonly content: string;
      readonly verifier: { readonly x509Certificate: { readonly rawBytes: string } };
    };
  };
}

function logV2(json: unknown, { services }: Instance): Record<string, unknown> {
  const { dsseRequestV002: dsse, hashedRekordRequestV002: hashed } = json as ProposedV2;
  const raw = dsse?.verifiers[0].x509Certificate.rawBytes ?? hashed?.signature.verifier.x509Certificate.rawBytes ?? "";
  const verifier = certificateOf(Buffer.from(raw, "base64"));
  if (dsse !== undefined) return services.log(2, "dsse", { ...envelopeIn(dsse.envelope), verifier }, new Date());
  const content = { digest: Buffer.from(hashed?.digest ?? "", "base64") };
  const signature = Buffer.from(hashed?.signature.content ?? "", "base64");
  return services.log(2, "hashedrekord", { signature, content, verifier }, new Date());
}

function signingConfig(url: string, { log = 1, stamps = false }: { log?: 1 | 2 | null; stamps?: boolean } = {}) {
  const service = (majorApiVersion: number, path = "") => ({
    url: url + path,
    majorApiVersion,
    validFor: { start: "2020-01-01T00:00:00Z" },
    operator: "sigstore.test",
  });
  return {
    mediaType: "application/vnd.dev.sigstore.signingconfig.v0.2+json",
    caUrls: [service(1)],
    ...(log === null ? {} : { rekorTlogUrls: [service(log)], rekorTlogConfig: { selector: "ANY" } }),
    ...(stamps ? { tsaUrls: [service(1, "/api/v1/timestamp")], tsaConfig: { selector: "ANY" } } : {}),
  };
}
