/** A place on the network leads nobody to what only this machine, or its network, should reach. */
import { createRequests } from "../../src/io/requests/requests.ts";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { networkInterfaces } from "node:os";
import { describe, expect, it, onTestFinished } from "vitest";

/** An address of this machine that is not loopback; tests that need one are skipped without. */
const OWN = Object.values(networkInterfaces())
  .flatMap((all) => all ?? [])
  .find(({ family, internal, address }) => family === "IPv4" && !internal && !address.startsWith("169.254."))?.address;

/** Redirects to where the query says, and counts what is asked of `/secret`. */
async function serve() {
  let secrets = 0;
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://x");
    if (pathname === "/secret") {
      secrets++;
      response.end("secret");
    } else response.writeHead(302, { location: searchParams.get("to") ?? "" }).end();
  });
  await new Promise<void>((resolve) => void server.listen(0, "0.0.0.0", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, secrets: () => secrets };
}

function open() {
  const { request, close } = createRequests({ env: {}, signal: new AbortController().signal, offline: false });
  onTestFinished(close);
  return (url: string, isConfigured?: (to: URL) => boolean, from?: string) =>
    request(url, {
      maxBytes: 100,
      to: () => ({ headers: {}, over: {} }),
      mayLead: () => true,
      ...(isConfigured === undefined ? {} : { isConfigured }),
      ...(from === undefined ? {} : { from }),
      retry: { retries: 0, factor: 1, minTimeout: 1, maxTimeout: 1, statuses: () => false },
    });
}

const TOO_NEAR = { reason: expect.stringContaining("an address of this machine or of a private network") as string };

describe.skipIf(OWN === undefined)("from an address of the network", () => {
  it.each(["http://127.0.0.1", "http://localhost", "http://2130706433", "http://0.0.0.0", "http://[::ffff:127.0.0.1]"])(
    "a private place does not lead to this machine: %s",
    async (host) => {
      const { port, secrets } = await serve();
      const to = encodeURIComponent(`${host}:${port}/secret`);
      await expect(open()(`http://${OWN}:${port}/?to=${to}`)).rejects.toMatchObject(TOO_NEAR);
      expect(secrets()).toBe(0);
    },
  );

  it("nor by way of itself", async () => {
    const { port, secrets } = await serve();
    const last = encodeURIComponent(`http://127.0.0.1:${port}/secret`);
    const first = encodeURIComponent(`http://${OWN}:${port}/?to=${last}`);
    await expect(open()(`http://${OWN}:${port}/?to=${first}`)).rejects.toMatchObject(TOO_NEAR);
    expect(secrets()).toBe(0);
  });

  it.each(["http://169.254.169.254", "http://168.63.129.16", "http://[fe80::1]", "http://[fd00:ec2::254]"])(
    "nor to where a cloud tells its secrets: %s",
    async (host) => {
      const { port } = await serve();
      const asked = open()(`http://${OWN}:${port}/?to=${encodeURIComponent(`${host}/latest/meta-data`)}`);
      await expect(asked).rejects.toMatchObject(TOO_NEAR);
    },
  );

  it.each(["http://127.0.0.1", "http://localhost"])("nor does an address in its answer: %s", async (host) => {
    const { port, secrets } = await serve();
    const [ask, from] = [open(), `http://${OWN}:${port}/secret`];
    await ask(from);
    await expect(ask(`${host}:${port}/secret`, undefined, from)).rejects.toMatchObject(TOO_NEAR);
    expect(secrets()).toBe(1);
    expect((await ask(from, undefined, from)).body.toString()).toBe("secret");
  });

  it("configured or not", async () => {
    const { port } = await serve();
    const to = encodeURIComponent(`http://127.0.0.1:${port}/secret`);
    await expect(open()(`http://${OWN}:${port}/?to=${to}`, () => true)).rejects.toMatchObject(TOO_NEAR);
  });

  it("private places lead to each other", async () => {
    const { port } = await serve();
    const to = encodeURIComponent(`http://${OWN}:${port}/secret`);
    expect((await open()(`http://${OWN}:${port}/?to=${to}`)).body.toString()).toBe("secret");
  });
});

it("this machine's own places lead to each other, by name too", async () => {
  const { port } = await serve();
  const to = encodeURIComponent(`http://127.0.0.1:${port}/secret`);
  expect((await open()(`http://localhost:${port}/?to=${to}`)).body.toString()).toBe("secret");
});
