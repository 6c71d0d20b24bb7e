import type { NpmConfig } from "../../../plugins/npm/config.ts";
import { refuseProjectNpmrc } from "../../../plugins/npm/config.ts";
import { expect, test } from "vitest";

const OWN = ["https://npm.example/", "//token.example/:_authToken"];

function refuse(projectNpmrc: Readonly<Record<string, unknown>>): () => void {
  return () => refuseProjectNpmrc({ projectNpmrc, ownHosts: OWN } as unknown as NpmConfig, ["https://feed.example"]);
}

test.each([
  ["proxy", { proxy: "http://evil.example" }],
  ["a certificate", { cafile: "ca.pem" }],
  ["a registry with a variable", { registry: "https://evil.example/${SECRET}/" }],
  ["a scope's registry with a variable", { "@acme:registry": "https://${SECRET}.evil.example/" }],
  ["a token of a variable for a stranger", { "//evil.example/:_authToken": "${SECRET}" }],
  ["a variable in the address of a token", { "//npm.example/${SECRET}/:_authToken": "x" }],
  ["a variable in a header", { "user-agent": "npm ${SECRET}" }],
  ["a variable in another header", { otp: "${SECRET}" }],
  ["a key for a certificate", { "//npm.example/:keyfile": "k.pem" }],
])("%s is refused", (_, npmrc) => expect(refuse(npmrc)).toThrow(expect.objectContaining({ code: "PROJECT_NPMRC" })));

test.each([
  ["a registry", { registry: "https://evil.example/" }],
  ["a header in the clear", { "user-agent": "npm/{npm-version}" }],
  ["a token in the clear", { "//evil.example/:_authToken": "x" }],
  ["a variable for the user's registry", { "//npm.example/:_authToken": "${SECRET}" }],
  ["a variable for a host that the user has a token for", { "//token.example/:_authToken": "${SECRET}" }],
  ["a variable for a registry of the policy", { "//feed.example/:_authToken": "${SECRET}" }],
  ["a variable elsewhere", { "init-author-name": "${USER}" }],
])("%s is fine", (_, npmrc) => expect(refuse(npmrc)).not.toThrow());
