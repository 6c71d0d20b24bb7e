/** A name that nobody answers for holds nothing up. */
import { canLookUp } from "../../../src/io/requests/look-up.ts";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { expect, it, onTestFinished } from "vitest";

/** A name server that answers every question with one code of RFC 1035, section 4.1.1; null: it is silent. */
async function nameServer(code: number | null) {
  const socket = createSocket("udp4");
  const asked = { count: 0 };
  socket.on("message", (query, from) => {
    asked.count++;
    if (code === null) return;
    const isFour = query.readUInt16BE(query.indexOf(0, 12) + 1) === 1;
    const end = query.indexOf(0, 12) + 5;
    const head = Buffer.from(query.subarray(0, 12));
    head.writeUInt16BE(0x8180 | code, 2);
    for (const [at, count] of [1, code === 0 && isFour ? 1 : 0, 0, 0].entries()) head.writeUInt16BE(count, 4 + 2 * at);
    const record = Buffer.from("c00c0001000100000001000401020304", "hex");
    const parts = [head, query.subarray(12, end), ...(code === 0 && isFour ? [record] : [])];
    socket.send(Buffer.concat(parts), from.port, from.address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  onTestFinished(() => void socket.close());
  return { servers: [`127.0.0.1:${socket.address().port}`], asked };
}

const signal = new AbortController().signal;
const MIRROR = "https://tuf.example/a";

it.each([
  ["known", 0, true],
  ["known to be none", 3, false],
  ["answered by nobody", null, false],
])("a name that is %s", async (_, code, found) => {
  const { servers, asked } = await nameServer(code);
  expect(await canLookUp(MIRROR, { env: {}, signal, servers })).toBe(found);
  expect(asked.count).toBeGreaterThan(0);
});

it.each([
  ["http://127.0.0.1:9", {}],
  ["https://[::1]/a", {}],
  ["http://localhost:9", {}],
  [MIRROR, { https_proxy: "http://proxy.example:8080" }],
])("%s needs none (%j)", async (address, env) => {
  const { servers, asked } = await nameServer(null);
  expect(await canLookUp(address, { env, signal, servers })).toBe(true);
  expect(asked.count).toBe(0);
});

it("ends with the run", async () => {
  const { servers } = await nameServer(null);
  const run = new AbortController();
  const found = canLookUp(MIRROR, { env: {}, signal: run.signal, servers });
  run.abort();
  expect(await found).toBe(false);
  expect(await canLookUp(MIRROR, { env: {}, signal: run.signal, servers })).toBe(false);
});
