/** A loopback stand-in for a registry, which asks it once for each document and archive and keeps the answer. */
import { execa } from "execa";
import { createHash } from "node:crypto";
import { createReadStream, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

export interface RegistryProxy {
  /** With a slash at its end. */
  readonly url: string;
  /** Paths that were asked for since this was asked. */
  readonly asked: () => readonly string[];
  /** One answer's text; null where the registry has none. */
  readonly text: (path: string) => Promise<string | null>;
  readonly close: () => Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  /** Where the body lies. */
  readonly file: string;
}

/** Of npm's configured registry: archives and documents are asked for with what the caller accepts. */
export async function startProxy(folder: string): Promise<RegistryProxy> {
  const registry = (await execa("npm", ["config", "get", "registry"])).stdout.trim().replace(/\/*$/, "");
  return startProxyOf(registry, folder);
}

/**
 * @param registry without a slash at its end
 * @param own documents that are not the registry's, by path, for an address without a slash
 */
export async function startProxyOf(
  registry: string,
  folder: string,
  own: (address: string) => Readonly<Record<string, string>> = () => ({}),
): Promise<RegistryProxy> {
  mkdirSync(folder, { recursive: true });
  const running = new Map<string, Promise<Answer>>();
  const answer = (path: string, accept: string) =>
    once(running, `${path} ${accept}`, () => kept(folder, registry, path, accept));
  let asked: string[] = [];
  const server = createServer((request, response) => {
    const document = own(address())[request.url ?? ""];
    asked.push(request.url ?? "");
    if (document === undefined) serve(request, response, answer).catch(() => response.destroy());
    else response.writeHead(200, { "content-type": "application/json" }).end(document);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `${address()}/`,
    asked: () => {
      const before = asked;
      asked = [];
      return before;
    },
    text: async (path) => {
      const { status, file } = await answer(path, "application/json");
      return status === 200 ? readFileSync(file, "utf8") : null;
    },
    close: () => new Promise((resolve) => server.close(() => resolve()).closeAllConnections()),
  };
}

async function serve(
  { url = "/", method, headers }: IncomingMessage,
  response: ServerResponse,
  answer: (path: string, accept: string) => Promise<Answer>,
): Promise<void> {
  if (method !== "GET") return void response.writeHead(404).end();
  const { status, type, file } = await answer(url, headers.accept ?? "*/*");
  response.writeHead(status, { "content-type": type });
  createReadStream(file).pipe(response);
}

/** What is asked for twice at the same time is fetched once. */
function once<T>(running: Map<string, Promise<T>>, key: string, start: () => Promise<T>): Promise<T> {
  const there = running.get(key);
  if (there !== undefined) return there;
  const started = start().finally(() => running.delete(key));
  running.set(key, started);
  return started;
}

async function kept(folder: string, registry: string, path: string, accept: string): Promise<Answer> {
  // Only the registry's two forms of a document depend on what is accepted.
  const short = accept.includes("application/vnd.npm.install-v1+json");
  const key = createHash("sha256").update(`${path} ${short}`).digest("hex");
  const [file, head] = [join(folder, key), join(folder, `${key}.json`)];
  if (existsSync(head)) return { ...(JSON.parse(readFileSync(head, "utf8")) as Omit<Answer, "file">), file };
  const response = await again(5, () => fetch(`${registry}${path}`, { headers: { accept } }));
  const body = Buffer.from(await response.arrayBuffer());
  const said = { status: response.status, type: response.headers.get("content-type") ?? "application/octet-stream" };
  place(file, body);
  // Faults pass: what the registry has or does not have is kept.
  if ([200, 404].includes(said.status)) place(head, JSON.stringify(said));
  return { ...said, file };
}

async function again<T>(times: number, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (times <= 1) throw error;
    return again(times - 1, act);
  }
}

/** Whole or not at all. */
function place(file: string, content: string | Buffer): void {
  writeFileSync(`${file}.new`, content);
  renameSync(`${file}.new`, file);
}
