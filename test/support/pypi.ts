import { type Distribution, sha256 } from "./pypi/distributions.ts";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export { type Distribution, makeProject, makeSdist, makeWheel, sha256 } from "./pypi/distributions.ts";

/** A file on the index, with what the index says of it. */
export interface Published extends Distribution {
  /** Normal form. */
  readonly project: string;
  /** The provenance object (PEP 740), or what is answered instead of it; 404 unless told. */
  readonly provenance?: unknown;
  readonly provenanceStatus?: number;
  /** Where the page says that it is, instead of this index. */
  readonly provenanceUrl?: string;
  /** What the index serves as `.metadata`; false: none. The truth unless told. */
  readonly statedMetadata?: string | false;
  /** What the page states as sha256; false: nothing. */
  readonly statedSha256?: string | false;
}

export interface IndexOptions {
  /** "json": PEP 691; "html": PEP 503 with all attributes; "azure": HTML with hashes only, as Azure Artifacts answers. */
  readonly style?: "json" | "html" | "azure";
  /** Every request must carry it. */
  readonly basic?: { readonly user: string; readonly password: string };
  /** Waited for before every answer. */
  readonly latencyMs?: number;
  /** Answers before everything else; false or undefined passes on. */
  readonly intercept?: (request: IncomingMessage, response: ServerResponse) => boolean | undefined;
}

export interface Index {
  /** `http://127.0.0.1:PORT/simple/`. */
  readonly url: string;
  readonly origin: string;
  /** With user and password where the index wants them. */
  readonly urlWithCredentials: string;
  readonly requests: readonly { readonly url: string; readonly authorization: string | undefined }[];
  publish(file: Omit<Published, "project"> & { readonly project?: string }): Published;
  close(): Promise<void>;
}

const JSON_TYPE = "application/vnd.pypi.simple.v1+json";

/** A Python package index on a loopback port: PEP 503, 691, 658/714 and 740. */
export async function startIndex(options: IndexOptions = {}): Promise<Index> {
  const { style = "json", basic } = options;
  const files: Published[] = [];
  const requests: { url: string; authorization: string | undefined }[] = [];
  const server = createServer((request, response) => {
    requests.push({ url: request.url ?? "", authorization: request.headers.authorization });
    if (options.intercept?.(request, response)) return;
    if (basic !== undefined && request.headers.authorization !== basicHeader(basic)) {
      response.writeHead(401, { "www-authenticate": "Basic realm=feed" }).end();
      return;
    }
    if (options.latencyMs === undefined) answer(request, response);
    else setTimeout(() => answer(request, response), options.latencyMs);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  const withUser = basic === undefined ? origin : `http://${basic.user}:${basic.password}@127.0.0.1:${port}`;
  return {
    url: `${origin}/simple/`,
    origin,
    urlWithCredentials: `${withUser}/simple/`,
    requests,
    publish(file) {
      const project = file.project ?? normal(file.filename.replace(/-\d.*$/, ""));
      const published = { ...file, project };
      const before = files.findIndex(({ filename }) => filename === file.filename);
      if (before >= 0) files.splice(before, 1);
      files.push(published);
      return published;
    },
    close() {
      server.closeAllConnections();
      return new Promise((done, fail) => server.close((error) => (error ? fail(error) : done())));
    },
  };

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const path = decodeURIComponent(new URL(request.url ?? "/", origin).pathname);
    const [, project] = /^\/simple\/([^/]+)\/$/.exec(path) ?? [];
    if (project !== undefined) return page(project, response);
    const [, , version, filename] = /^\/integrity\/([^/]+)\/([^/]+)\/([^/]+)\/provenance$/.exec(path) ?? [];
    if (version !== undefined)
      return provenance(
        files.find((file) => file.filename === filename),
        response,
      );
    const name = path.split("/").at(-1) ?? "";
    const file = files.find((one) => one.filename === name);
    if (file !== undefined) return send(response, 200, "application/octet-stream", file.bytes);
    const described = files.find((one) => `${one.filename}.metadata` === name);
    if (described === undefined || described.statedMetadata === false) return send(response, 404, "text/plain", "none");
    send(response, 200, "text/plain", described.statedMetadata ?? described.metadata);
  }

  function provenance(file: Published | undefined, response: ServerResponse): void {
    const { provenance: object, provenanceStatus: status = 200 } = file ?? {};
    if (status !== 200) return send(response, status, "application/json", "{}");
    if (object === undefined) return send(response, 404, "application/json", '{"message":"no provenance"}');
    const text = typeof object === "string" ? object : JSON.stringify(object);
    send(response, 200, "application/vnd.pypi.integrity.v1+json", text);
  }

  function page(project: string, response: ServerResponse): void {
    const listed = files.filter((file) => file.project === project);
    if (listed.length === 0) return send(response, 404, "text/plain", "not found");
    if (style === "json") return send(response, 200, JSON_TYPE, JSON.stringify(jsonPage(project, listed)));
    send(response, 200, style === "html" ? "text/html; charset=utf-8" : "text/html", htmlPage(listed));
  }

  function jsonPage(project: string, listed: readonly Published[]): unknown {
    return {
      meta: { "api-version": "1.3" },
      name: project,
      files: listed.map((file) => ({
        filename: file.filename,
        url: urlOf(file),
        hashes: file.statedSha256 === false ? {} : { sha256: hashOf(file) },
        "core-metadata": hasMetadata(file) ? { sha256: sha256(file.statedMetadata || file.metadata) } : false,
        provenance: provenanceUrl(file),
      })),
    };
  }

  function htmlPage(listed: readonly Published[]): string {
    const anchors = listed.map((file) => {
      const hash = file.statedSha256 === false ? "" : `#sha256=${hashOf(file)}`;
      const at = provenanceUrl(file);
      const rich = style === "html";
      const provenance = rich && at !== null ? ` data-provenance="${at}"` : "";
      const metadata =
        rich && hasMetadata(file) ? ` data-core-metadata="sha256=${sha256(file.statedMetadata || file.metadata)}"` : "";
      return `<a href="${urlOf(file)}${hash}" data-requires-python="&gt;=3.8"${metadata}${provenance}>${file.filename}</a><br/>`;
    });
    return `<!DOCTYPE html><html><head><title>Links</title></head><body>${anchors.join("\n")}</body></html>`;
  }

  function urlOf({ project, filename }: Published): string {
    const version = filename.split("-")[1] ?? "0";
    return style === "azure"
      ? `${origin}/_packaging/00000000-0000-4000-8000-000000000000/pypi/download/${project}/${version}/${filename}`
      : `${origin}/files/${filename}`;
  }

  function provenanceUrl(file: Published): string | null {
    if (file.provenanceUrl !== undefined) return file.provenanceUrl;
    if (file.provenance === undefined && file.provenanceStatus === undefined) return null;
    return `${origin}/integrity/${file.project}/${file.filename.split("-")[1]}/${file.filename}/provenance`;
  }
}

function hashOf({ bytes, statedSha256 }: Published): string {
  return typeof statedSha256 === "string" ? statedSha256 : sha256(bytes);
}

function hasMetadata({ filename, statedMetadata }: Published): boolean {
  return statedMetadata !== false && filename.endsWith(".whl");
}

function basicHeader({ user, password }: { readonly user: string; readonly password: string }): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}

function normal(name: string): string {
  return name.replaceAll(/[-_.]+/g, "-").toLowerCase();
}

function send(response: ServerResponse, status: number, type: string, body: string | Buffer): void {
  response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(body) }).end(body);
}
