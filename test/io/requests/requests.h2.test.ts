/**
 * What breaks off is no answer, whichever protocol a server would rather speak. It is why HTTP/2 is not offered: there a
 * stream that is reset without an error, or as no longer wanted, comes out of the client as one that has ended, also where
 * fewer bytes came than were announced (RFC 9113, sections 5.4.2 and 8.1.1, have it otherwise).
 */
import type { Connection } from "../../../src/host.ts";
import { createRequests } from "../../../src/io/requests/requests.ts";
import { issueLeaf, newAuthority } from "../../support/sigstore/certificate.ts";
import { newKey, pem } from "../../support/sigstore/keys.ts";
import type { AddressInfo } from "node:net";
import { createServer, type TLSSocket } from "node:tls";
import { expect, it, onTestFinished } from "vitest";

const DATA = 0x0;
const HEADERS = 0x1;
const RST_STREAM = 0x3;
const SETTINGS = 0x4;
const END_HEADERS = 0x4;
const PREFACE_BYTES = 24;

/** RFC 9113, section 7. */
const CODES = { "no error": 0, cancel: 8, "internal error": 2 };

const ANSWERS: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  "as long as it is": [],
  "of nine bytes": [["content-length", "9"]],
};

const CUT = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n";

it.each(
  Object.keys(ANSWERS).flatMap((length) => Object.entries(CODES).map(([name, code]) => [length, name, code] as const)),
)("an answer %s that is cut off (%s) is asked for again, and then could not be had", async (length, _, code) => {
  let asked = 0;
  const { origin, ca } = await serve((socket) => {
    asked++;
    if (socket.alpnProtocol === "h2") cutOff(socket, ANSWERS[length] ?? [], code);
    else socket.end(CUT);
  });
  const { request, close } = createRequests({
    env: {},
    signal: new AbortController().signal,
    offline: false,
    times: { httpTimeoutMs: 3000 },
  });
  onTestFinished(close);
  const asking = request(`${origin}/`, {
    to: () => ({ headers: {}, over: { ca } }),
    mayLead: () => false,
    retry: { statuses: () => false, retries: 1, factor: 1, minTimeout: 0, maxTimeout: 0 },
    maxBytes: 100,
  });
  await expect(asking).rejects.toMatchObject({ name: "SourceUnavailable" });
  expect(asked).toBe(2);
});

it("an authority that is named beside Node's own counts, in its own way of connecting alone", async () => {
  const { origin, ca } = await serve((socket) => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"));
  const options = { env: {}, signal: new AbortController().signal, offline: false, times: { httpTimeoutMs: 3000 } };
  const { request, close } = createRequests(options);
  onTestFinished(close);
  const ask = (over: Connection) =>
    request(`${origin}/`, {
      to: () => ({ headers: {}, over }),
      mayLead: () => false,
      retry: { statuses: () => false, retries: 0, factor: 1, minTimeout: 0, maxTimeout: 0 },
      maxBytes: 100,
    });
  expect(await ask({ alsoCa: [ca] })).toMatchObject({ status: 200 });
  await expect(ask({})).rejects.toMatchObject({ name: "SourceUnavailable" });
});

/** Speaks HTTP/2 where the client offers it; `answer` is called once a connection, when something was asked. */
async function serve(answer: (socket: TLSSocket) => void): Promise<{ readonly origin: string; readonly ca: string }> {
  const sockets = new Set<TLSSocket>();
  const { ca, ...own } = identity();
  const server = createServer({ ...own, ALPNProtocols: ["h2", "http/1.1"] }, (socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    if (socket.alpnProtocol === "h2") socket.write(frame(SETTINGS, 0, 0, Buffer.alloc(0)));
    let heard = Buffer.alloc(0);
    let answered = false;
    socket.on("data", (chunk: Buffer) => {
      heard = Buffer.concat([heard, chunk]);
      if (answered || !asksIn(socket.alpnProtocol, heard)) return;
      answered = true;
      answer(socket);
    });
  });
  await new Promise<void>((done) => void server.listen(0, "127.0.0.1", done));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { origin: `https://localhost:${(server.address() as AddressInfo).port}`, ca };
}

function cutOff(socket: TLSSocket, more: readonly (readonly [string, string])[], code: number): void {
  const fields = [[":status", "200"], ...more] as const;
  socket.write(frame(HEADERS, END_HEADERS, 1, Buffer.concat(fields.map(literal))));
  socket.write(frame(DATA, 0, 1, Buffer.from("abc")));
  socket.write(frame(RST_STREAM, 0, 1, Buffer.from([0, 0, 0, code])));
}

/** Whether a request is in it. */
function asksIn(protocol: string | false | null, heard: Buffer): boolean {
  if (protocol !== "h2") return heard.includes("\r\n\r\n");
  for (let at = PREFACE_BYTES; at + 9 <= heard.length; at += 9 + heard.readUIntBE(at, 3))
    if (heard[at + 3] === HEADERS) return true;
  return false;
}

function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.from([0, 0, payload.length, type, flags, 0, 0, 0, stream]);
  return Buffer.concat([head, payload]);
}

/** RFC 7541, section 6.2.2: a literal that is not indexed, with a new name. */
function literal(field: readonly [string, string]): Buffer {
  return Buffer.concat([
    Buffer.from([0]),
    ...field.map((text) => Buffer.from(String.fromCharCode(text.length) + text)),
  ]);
}

const DAY = 86_400_000;

function identity(): { readonly ca: string; readonly cert: string; readonly key: string } {
  const validity = [new Date(Date.now() - DAY), new Date(Date.now() + DAY)] as const;
  const authority = newAuthority("tests", validity, undefined, "P-256");
  const subject = { san: { type: "dns", value: "localhost" }, claims: {} } as const;
  const server = {
    notAfter: validity[1],
    sct: "none",
    issuerV1: null,
    extendedKeyUsage: ["1.3.6.1.5.5.7.3.1"],
  } as const;
  const { key, certificate } = issueLeaf(authority, { key: newKey() }, subject, validity[0], server);
  return {
    ca: pem("CERTIFICATE", authority.certificate),
    cert: pem("CERTIFICATE", certificate),
    key: key.privateKey.export({ type: "pkcs8", format: "pem" }) as string,
  };
}
