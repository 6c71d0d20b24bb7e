import { refuseProjectNpmrc } from "../../../plugins/npm/config.ts";
import { loadConfig } from "../../../plugins/npm/config.ts";
import { isKnownKey, meaningOf } from "../../../plugins/npm/project-keys.ts";
import { findNpm } from "../../../plugins/npm/installer.ts";
import { isolated } from "../../support/cli.ts";
import { temporaryFolder } from "../../support/folder.ts";
import npmDefinitions from "@npmcli/config/lib/definitions/index.js";
import fc from "fast-check";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const OWN = ["https://npm.example/", "//token.example/:_authToken"];

function refuse(projectNpmrc: Readonly<Record<string, unknown>>): () => void {
  return () =>
    refuseProjectNpmrc({ projectNpmrc, projectKeys: Object.keys(projectNpmrc), ownHosts: OWN }, [
      "https://feed.example",
    ]);
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

test("every key that npm knows has its place in the table", () =>
  expect(Object.keys(npmDefinitions.definitions).filter((key) => !isKnownKey(key))).toEqual([]));

describe("a key that npm expands", () => {
  const refused = [
    ..."proxy https-proxy noproxy strict-ssl ca cafile cert key local-address userconfig globalconfig".split(" "),
    ..."//npm.example/:certfile //npm.example/:keyfile".split(" "),
  ];

  // `${X?}` is nothing where no X is (npm's `env-replace.js`): the name is whole again once npm has read it.
  test("is refused wherever the variable stands in it", () =>
    fc.assert(
      fc.property(
        fc.constantFrom(...refused, "user-agent", "script-shell", "registry", "@acme:registry", "fund"),
        fc.nat(),
        fc.constantFrom("${NOSUCH?}", "${NOSUCH}", "\\${NOSUCH?}", "${}"),
        (key, at, variable) => {
          const place = at % (key.length + 1);
          const npmrc = { [key.slice(0, place) + variable + key.slice(place)]: "x" };
          expect(refuse(npmrc)).toThrow(expect.objectContaining({ code: "PROJECT_NPMRC" }));
        },
      ),
    ));

  test("is judged as npm's own library read it, too", async () => {
    const folder = temporaryFolder();
    const env = isolated(temporaryFolder());
    const npm = await findNpm(folder, env);
    for (const key of refused.filter((one) => !one.startsWith("//"))) {
      writeFileSync(join(folder, "package.json"), "{}");
      writeFileSync(join(folder, ".npmrc"), `${key[0]}\${NOSUCH?}${key.slice(1)}=false\n`);
      const config = await loadConfig(npm, ["ci"], folder, env);
      expect(config.projectKeys).toContain(key);
      expect(() => refuseProjectNpmrc({ ...config, projectNpmrc: {} }, [])).toThrow(
        expect.objectContaining({ code: "PROJECT_NPMRC", message: expect.stringContaining(key) }),
      );
    }
  });

  test("names of credentials are the only ones that a host has", () => {
    expect(meaningOf("//npm.example/:_authToken")).toBe("credential");
    expect(meaningOf("//npm.example/:tokenHelper")).toBe("elsewhere");
  });
});
