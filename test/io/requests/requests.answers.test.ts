/** Whatever a server does ends in an outcome of ours: every status, with every body and every end of its connection. */
import { createRequests } from "../../../src/io/requests/requests.ts";
import { rawServer } from "../../support/raw-server.ts";
import type { Socket } from "node:net";
import { gzipSync } from "node:zlib";
import pMap from "p-map";
import { describe, expect, it } from "vitest";

const STATUSES = [100, 101, 103, 200, 204, 206, 302, 304, 401, 404, 407, 429, 500, 503, 599];

const TEXT = "0123456789".repeat(10_000);
const ZIPPED = gzipSync(TEXT);

/** Head lines and bytes. */
const BODIES: Readonly<Record<string, readonly [string, Buffer | string]>> = {
  none: ["", ""],
  empty: ["Content-Length: 0\r\n", ""],
  whole: [`Content-Length: ${TEXT.length}\r\n`, TEXT],
  short: ["Content-Length: 3\r\n", "abc"],
  "shorter than it says": ["Content-Length: 9\r\n", "abc"],
  "longer than it says": ["Content-Length: 2\r\n", "abcdef"],
  "two lengths": ["Content-Length: 2\r\nContent-Length: 3\r\n", "abc"],
  "no number": ["Content-Length: many\r\n", "abc"],
  chunked: ["Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n0\r\n\r\n"],
  "chunked, cut": ["Transfer-Encoding: chunked\r\n", "ff\r\nabc"],
  "chunked, wrong": ["Transfer-Encoding: chunked\r\n", "zz\r\nabc\r\n"],
  gzip: [`Content-Encoding: gzip\r\nContent-Length: ${ZIPPED.length}\r\n`, ZIPPED],
  "gzip, broken": ["Content-Encoding: gzip\r\nContent-Length: 3\r\n", "abc"],
  "gzip, cut": [`Content-Encoding: gzip\r\nContent-Length: 20\r\n`, ZIPPED.subarray(0, 20)],
  endless: ["", "endless"],
};

const ENDS: Readonly<Record<string, (socket: Socket) => void>> = {
  close: (socket) => void socket.end(),
  "kept alive": () => {},
  reset: (socket) => void socket.resetAndDestroy(),
  "half closed": (socket) => void socket.end(),
};

function play(socket: Socket, request: string): void {
  const [, status, body = "", end = ""] =
    /GET \/(\d+)\/([^/]+)\/([^/ ]+) /.exec(request)?.map(decodeURIComponent) ?? [];
  const [head, bytes] = BODIES[body]!;
  const connection = end === "close" ? "close" : "keep-alive";
  socket.write(`HTTP/1.1 ${status} Whatever\r\nLocation: /\r\nConnection: ${connection}\r\n${head}\r\n`);
  if (bytes !== "endless") return void socket.write(bytes, () => ENDS[end]!(socket));
  const more = () => void (socket.destroyed || socket.write("x".repeat(20_000), () => setImmediate(more)));
  more();
}

/** What never comes to its end is not waited for long; all else has the time that a busy machine needs. */
function timesFor(path: string): Partial<Record<"httpTimeoutMs", number>> {
  const [, status, body = "", end] = path.split("/");
  const isSilent = end === "kept alive" && (Number(status) < 200 || UNENDED.includes(body));
  return isSilent ? { httpTimeoutMs: 200 } : {};
}

const UNENDED: readonly string[] = ["none", "shorter than it says", "chunked, cut"];

const way = { headers: {}, over: {} };
const once = { statuses: () => false, retries: 0, factor: 1, minTimeout: 0, maxTimeout: 0 };
const ask = { to: () => way, mayLead: () => false, retry: once };

describe("an answer", () => {
  for (const streams of [false, true]) {
    it(
      `whatever it is, is one or could not be found out${streams ? ", as it streams" : ""}`,
      { timeout: 120_000 },
      async () => {
        const origin = await rawServer(play);
        const { signal } = new AbortController();
        const cases = (streams ? [200, 206, 404, 503] : STATUSES).flatMap((status) =>
          Object.keys(BODIES).flatMap((body) => Object.keys(ENDS).map((end) => `/${status}/${body}/${end}`)),
        );
        const outcomes = await pMap(
          cases,
          async (path) => {
            let received = 0;
            const receive = () => (chunk: Buffer) => void (received += chunk.length);
            // A set of connections each, so that a silent one does not stand for the others.
            const { request, close } = createRequests({ env: {}, signal, offline: false, times: timesFor(path) });
            try {
              const { status, body } = await request(`${origin}${encodeURI(path)}`, {
                ...ask,
                maxBytes: 200_000,
                ...(streams ? { receive } : {}),
              });
              return { path, status, size: streams ? received : body.length };
            } catch (error) {
              return { path, reason: (error as { reason?: string }).reason ?? `not ours: ${String(error)}` };
            } finally {
              await close();
            }
          },
          { concurrency: 48 },
        );
        expect(outcomes.filter(({ reason }) => reason?.startsWith("not ours"))).toEqual([]);
        const by = Object.fromEntries(outcomes.map(({ path, ...outcome }) => [path, outcome]));
        expect(by).toMatchObject({
          "/200/whole/close": { status: 200, size: TEXT.length },
          "/200/whole/kept alive": { status: 200, size: TEXT.length },
          "/200/none/close": { status: 200, size: 0 },
          "/200/none/kept alive": { reason: "timed out after 0.2 s" },
          "/200/chunked/half closed": { status: 200, size: 3 },
          "/200/chunked, cut/close": { reason: expect.any(String) as string },
          "/200/shorter than it says/close": { reason: expect.any(String) as string },
          "/200/gzip/close": { status: 200, size: TEXT.length },
          "/200/gzip, broken/close": { reason: 'not what "gzip" makes' },
          "/200/gzip, cut/close": { reason: 'not what "gzip" makes' },
          "/200/endless/close": { reason: "answer larger than 200000 bytes" },
          "/404/endless/close": { status: 404, size: 0 },
          "/503/empty/close": { status: 503, size: 0 },
          "/503/gzip, broken/reset": { status: 503, size: 0 },
        });
        if (streams) return;
        expect(by).toMatchObject({
          "/302/empty/close": { reason: expect.stringContaining("redirected") as string },
          "/429/empty/close": { status: 429, size: 0 },
          "/500/empty/close": { status: 500, size: 0 },
        });
      },
    );
  }
});
