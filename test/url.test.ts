import { isAllowedUrl, redactUrl } from "../src/url.ts";
import { describe, expect, it } from "vitest";

describe("addresses that a policy may name", () => {
  it.each([
    ["https", "https://npm.example/x", true],
    ["http on loopback", "http://127.0.0.1:4873/", true],
    ["http on loopback by name", "http://localhost/", true],
    ["http on loopback, IPv6", "http://[::1]:80/", true],
    ["http elsewhere", "http://npm.example/", false],
    ["http elsewhere that begins like loopback", "http://127.0.0.1.npm.example/", false],
    ["another scheme", "file:///etc/hosts", false],
    ["with credentials", "https://user:secret@npm.example/", false],
    ["with a user", "https://user@npm.example/", false],
    ["with a fragment", "https://npm.example/#x", false],
    ["no address", "npm.example", false],
  ])("%s", (_, text, expected) => {
    expect(isAllowedUrl(text)).toBe(expected);
  });
});

it.each([
  ["https://user:secret@npm.example/x?token=secret", "https://npm.example/x"],
  ["//user:secret@npm.example", "//npm.example"],
])("%s is shown as %s", (text, shown) => {
  expect(redactUrl(text)).toBe(shown);
});
