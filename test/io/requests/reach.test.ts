import { type Reach, reachOf, refuseNearer } from "../../../src/io/requests/reach.ts";
import { describe, expect, it } from "vitest";

const ADDRESSES: Readonly<Record<Reach, readonly string[]>> = {
  machine: [
    ..."127.0.0.1 127.9.9.9 0.0.0.0 169.254.169.254 168.63.129.16 100.100.100.200".split(" "),
    ..."::1 :: fe80::1 fe80::1%eth0 fd00:ec2::254 ::ffff:127.0.0.1 ::ffff:7f00:1 64:ff9b::169.254.169.254 64:ff9b::a9fe:a9fe".split(
      " ",
    ),
  ],
  private:
    "10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 100.64.0.1 fc00::1 fd12::1 ::ffff:10.0.0.1 64:ff9b::a00:1".split(
      " ",
    ),
  public: "8.8.8.8 172.32.0.1 100.128.0.1 1.1.1.1 2606:4700::1 ::ffff:8.8.8.8 64:ff9b::808:808".split(" "),
};

describe.each(Object.entries(ADDRESSES))("%s", (reach, addresses) => {
  it.each(addresses)("is %s", (address) => {
    expect(reachOf(address)).toBe(reach);
  });
});

it("from a public place to a public one only, unless a private one is admitted", () => {
  const to = (host: string, least: Reach) => () => refuseNearer(new URL(`https://${host}/`), least);
  expect(to("10.0.0.1", "public")).toThrow("10.0.0.1");
  expect(to("10.0.0.1", "private")).not.toThrow();
  expect(to("[::1]", "private")).toThrow("::1");
  expect(to("8.8.8.8", "public")).not.toThrow();
  expect(to("registry.example", "public")).not.toThrow();
});
