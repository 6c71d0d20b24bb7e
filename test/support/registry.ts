import { attestationsAnswer, type AttestationsAnswer } from "./registry/attestations.ts";
import { isAuthorized, type Auth } from "./registry/auth.ts";
import { abbreviate, packumentOf, type Published, type RegistryPackage } from "./registry/packument.ts";
import { makeTarball, manifestOf, sriOf } from "./tarball.ts";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type { Auth } from "./registry/auth.ts";
export type { AttestationsAnswer } from "./registry/attestations.ts";
export type { RegistryPackage } from "./registry/packument.ts";

export interface RegistryOptions {
  readonly packages?: readonly RegistryPackage[];
  /** Waits so long before each answer. */
  readonly latencyMs?: number;
  /** Every request must carry it, else 401. */
  readonly auth?: Auth;
  /** Path below the origin, for instance `/npm/feed/registry`, as private feeds have it. */
  readonly basePath?: string;
  /** Answers before everything else; false or undefined passes on. */
  readonly intercept?: (request: IncomingMessage, response: ServerResponse) => boolean | undefined;
}

export interface RecordedRequest {
  readonly method: string;
  /** Path and query as sent. */
  readonly url: string;
  readonly authorization: string | undefined;
  readonly accept: string | undefined;
}

export interface Registry {
  /** With a slash at the end, as npm writes it. */
  readonly url: string;
  readonly origin: string;
  /** Every request since the start, in order. */
  readonly requests: readonly RecordedRequest[];
  /** Publishes one more, or replaces it. */
  publish(content: RegistryPackage): void;
  setAttestations(name: string, version: string, answer: AttestationsAnswer): void;
  /** The real bytes, and what a lock says of them. */
  tarballOf(
    name: string,
    version: string,
  ): { readonly bytes: Buffer; readonly integrity: string; readonly resolved: string };
  /** Safe to call twice. */
  close(): Promise<void>;
}

/** An npm registry on a loopback port. */
export async function startRegistry(options: RegistryOptions = {}): Promise<Registry> {
  const published = new Map<string, Published>();
  /** Path of a tarball to its key in `published`. */
  const tarballs = new Map<string, string>();
  const requests: RecordedRequest[] = [];
  const base = (options.basePath ?? "").replace(/\/$/, "");
  const server = createServer((request, response) => {
    requests.push(record(request));
    const answer = () => {
      if (options.intercept?.(request, response)) return;
      if (!isAuthorized(request, options.auth)) send(response, 401, { error: "unauthorized" });
      else respond(request, response);
    };
    if (options.latencyMs === undefined) answer();
    else setTimeout(answer, options.latencyMs);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const root = `${origin}${base}`;
  for (const one of options.packages ?? []) publish(one);

  return {
    url: `${root}/`,
    origin,
    requests,
    publish,
    setAttestations(name, version, answer) {
      published.set(`${name}@${version}`, { ...find(name, version), attestations: answer });
    },
    tarballOf(name, version) {
      const { bytes, integrity, tarballUrl } = find(name, version);
      return { bytes, integrity, resolved: tarballUrl };
    },
    close() {
      server.closeAllConnections();
      return new Promise((done) => server.close(() => done()));
    },
  };

  function publish(content: RegistryPackage): void {
    const bytes = content.tarball ?? makeTarball(content);
    const file = `${content.name.split("/").at(-1)}-${content.version}.tgz`;
    const tarballUrl = `${root}/${content.name}/-/${file}`;
    tarballs.set(decodeURIComponent(new URL(tarballUrl).pathname), `${content.name}@${content.version}`);
    published.set(`${content.name}@${content.version}`, {
      content,
      bytes,
      integrity: content.integrity ?? sriOf(bytes),
      tarballUrl,
      attestations: content.attestations,
      attestationsUrl: `${root}/-/npm/v1/attestations/${content.name.replace("/", "%2f")}@${content.version}`,
    });
  }

  function find(name: string, version: string): Published {
    const found = published.get(`${name}@${version}`);
    if (found === undefined) throw new Error(`${name}@${version} is not on this registry`);
    return found;
  }

  function respond(request: IncomingMessage, response: ServerResponse): void {
    const path = decodeURIComponent(new URL(request.url ?? "/", origin).pathname);
    if (!path.startsWith(`${base}/`)) return send(response, 404, { error: "not found" });
    const rest = path.slice(base.length + 1);
    if (rest.startsWith("-/npm/v1/attestations/")) {
      const one = published.get(rest.slice("-/npm/v1/attestations/".length));
      return attestationsAnswer(one?.attestations, response);
    }
    const tarball = published.get(tarballs.get(path) ?? "");
    if (tarball !== undefined) return sendBytes(response, tarball.bytes);
    const exact = published.get(rest.replace(/\/([^/]+)$/, "@$1"));
    if (exact !== undefined) return send(response, 200, manifestOf(exact.content));
    const [first, ...others] = [...published.values()].filter(({ content }) => content.name === rest);
    if (first === undefined) return send(response, 404, { error: "not found" });
    const abbreviated = request.headers.accept?.includes("application/vnd.npm.install-v1+json") ?? false;
    const full = packumentOf([first, ...others]);
    return abbreviated
      ? send(response, 200, abbreviate(full), "application/vnd.npm.install-v1+json")
      : send(response, 200, full);
  }
}

function record(request: IncomingMessage): RecordedRequest {
  const { authorization, accept } = request.headers;
  return { method: request.method ?? "", url: request.url ?? "", authorization, accept };
}

function send(response: ServerResponse, status: number, body: unknown, type = "application/json"): void {
  response.writeHead(status, { "content-type": type, vary: "accept" });
  response.end(JSON.stringify(body));
}

function sendBytes(response: ServerResponse, bytes: Buffer): void {
  response.writeHead(200, { "content-type": "application/octet-stream", "content-length": bytes.length });
  response.end(bytes);
}
