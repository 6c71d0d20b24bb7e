import { isAuthorized, type Auth } from "./registry/auth.ts";
import { makePackage, type PackageOptions } from "./nuget/package.ts";
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export { makePackage, type PackageOptions } from "./nuget/package.ts";
export { addSignature } from "./nuget/signed.ts";

export interface FeedOptions {
  /** As Azure Artifacts lays its addresses out, below `/{organisation}/_packaging/{feed}`. */
  readonly azure?: boolean;
  /** Every request must carry it, else 401. */
  readonly auth?: Auth;
  /** Every answer waits so long. */
  readonly latencyMs?: number;
}

export interface NugetFeed {
  /** Address of the service index. */
  readonly url: string;
  readonly origin: string;
  /** Paths asked for since the start. */
  readonly requests: readonly string[];
  /** Publishes a package as it is, signed or not; another one of the same version is replaced. */
  publish(id: string, version: string, bytes: Buffer): void;
  /** Makes a package and publishes it. */
  make(options: PackageOptions): Buffer;
  /** As retention does: the version is gone, its name stays taken. */
  delete(id: string, version: string): void;
  /** Any other file below the origin, for instance a sidecar. */
  serve(path: string, content: string): void;
  /** What a lock says of the package. `unsigned`: the bytes from before a signature was added. */
  contentHash(unsigned: Buffer): string;
  close(): Promise<void>;
}

/** A NuGet v3 feed on a loopback port: service index, flat container, nothing else (learn.microsoft.com, NuGet server API). */
export async function startFeed(options: FeedOptions = {}): Promise<NugetFeed> {
  const packages = new Map<string, Map<string, Buffer | null>>();
  const files = new Map<string, string>();
  const requests: string[] = [];
  const base = options.azure ? "/contoso/_packaging/feed/nuget/v3" : "/v3";
  const flat = options.azure ? `${base}/flat2` : "/v3-flatcontainer";
  const server = createServer((request, response) => {
    requests.push(request.url ?? "");
    if (options.latencyMs === undefined) authorized(request, response);
    else setTimeout(authorized, options.latencyMs, request, response);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const versionsOf = (id: string) => packages.get(id.toLowerCase()) ?? new Map<string, Buffer | null>();

  function authorized(request: IncomingMessage, response: ServerResponse): void {
    if (isAuthorized(request, options.auth)) answer(request, response);
    else send(response, 401, "", { "www-authenticate": 'Basic realm="feed"' });
  }

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const path = decodeURIComponent((request.url ?? "").split("?")[0] ?? "");
    const file = files.get(path);
    if (file !== undefined) return send(response, 200, file);
    if (path === `${base}/index.json`) return send(response, 200, JSON.stringify(index()));
    const registered = path.startsWith(`${REGISTRATIONS}/`) ? path.split("/")[2] : undefined;
    if (registered !== undefined && versionsOf(registered).size > 0)
      return send(response, 200, JSON.stringify(registration(registered)));
    const [id = "", version, name] = path.startsWith(`${flat}/`) ? path.slice(flat.length + 1).split("/") : [];
    const versions = versionsOf(id);
    if (version === "index.json" && versions.size > 0) {
      const present = [...versions].filter(([, bytes]) => bytes !== null).map(([one]) => one);
      return send(response, 200, JSON.stringify({ versions: present }));
    }
    const bytes = versions.get(version ?? "");
    if (bytes === null) return send(response, 410, "");
    if (bytes !== undefined && name === `${id}.${version}.nupkg`) return send(response, 200, bytes);
    return send(response, 404, "");
  }

  function index(): unknown {
    const resources = [
      { "@id": `${origin}${flat}/`, "@type": "PackageBaseAddress/3.0.0" },
      { "@id": `${origin}${REGISTRATIONS}/`, "@type": "RegistrationsBaseUrl/3.6.0" },
    ];
    return { version: "3.0.0", resources };
  }

  /** What `dotnet add package` asks for the newest version. */
  function registration(id: string): unknown {
    const at = `${origin}${REGISTRATIONS}/${id}/index.json`;
    const present = [...versionsOf(id)].filter(([, bytes]) => bytes !== null).map(([version]) => version);
    const items = present.map((version) => ({
      "@id": `${at}#${version}`,
      catalogEntry: { "@id": `${at}#${version}`, id, version, listed: true },
      packageContent: `${origin}${flat}/${id}/${version}/${id}.${version}.nupkg`,
    }));
    const page = { "@id": at, count: items.length, items, lower: present[0], upper: present.at(-1) };
    return { "@id": at, count: 1, items: [page] };
  }

  function publish(id: string, version: string, bytes: Buffer): void {
    const versions = versionsOf(id);
    versions.set(version.toLowerCase(), bytes);
    packages.set(id.toLowerCase(), versions);
  }

  return {
    url: `${origin}${base}/index.json`,
    origin,
    requests,
    publish,
    make(options) {
      const bytes = makePackage(options);
      publish(options.id, options.version, bytes);
      return bytes;
    },
    delete: (id, version) => void versionsOf(id).set(version.toLowerCase(), null),
    serve: (path, content) => void files.set(path, content),
    contentHash: (unsigned) => createHash("sha512").update(unsigned).digest("base64"),
    close: () => new Promise((done) => (server.closeAllConnections(), server.close(() => done()))),
  };
}

const REGISTRATIONS = "/registrations";

function send(
  response: ServerResponse,
  status: number,
  body: string | Buffer,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, headers).end(body);
}
