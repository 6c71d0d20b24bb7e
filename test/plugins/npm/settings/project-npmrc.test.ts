import { loadConfig, requireAddresses } from "../../../../plugins/npm/config.ts";
import { refuseProjectNpmrc } from "../../../../plugins/npm/settings/project-npmrc.ts";
import { isKnownKey, meaningOf } from "../../../../plugins/npm/settings/project-keys.ts";
import { registriesOf } from "../../../../plugins/npm/origin.ts";
import { findNpm } from "../../../../plugins/npm/installer.ts";
import { isolated } from "../../../support/cli.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import npmDefinitions from "@npmcli/config/lib/definitions/index.js";
import fc from "fast-check";
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";

const OWN = ["https://npm.example/", "//token.example/:_authToken"];

function refuse(projectNpmrc: Readonly<Record<string, unknown>>): () => void {
  return () => refuseProjectNpmrc({ projectNpmrc, turned: [], ownHosts: OWN }, ["https://feed.example"]);
}

/** As npm's own library reads it, with this in the user's own file. */
async function configOf(npmrc: string, own = "") {
  const [folder, HOME] = [temporaryFolder(), temporaryFolder()];
  writeFileSync(join(folder, "package.json"), "{}");
  writeFileSync(join(folder, ".npmrc"), npmrc);
  writeFileSync(join(HOME, ".npmrc"), own);
  // Which file is the user's, the environment would say with more weight than the project.
  const free = npmrc.replace("${NOSUCH?}", "").startsWith("userconfig=") ? { npm_config_userconfig: undefined } : {};
  const open = npmrc.replace("${NOSUCH?}", "").startsWith("globalconfig=")
    ? { npm_config_globalconfig: undefined }
    : {};
  return loadConfig(npm, ["ci"], folder, { ...isolated(HOME), ...free, ...open });
}

let npm: Awaited<ReturnType<typeof findNpm>>;
beforeAll(async () => void (npm = await findNpm(tmpdir(), isolated(tmpdir()))));

const REFUSED = { code: "PROJECT_NPMRC" };
const ELSEWHERE: readonly (readonly [string, string])[] = [
  ["proxy", "http://evil.example"],
  ["https-proxy", "http://evil.example"],
  ["http-proxy", "http://evil.example"],
  ["noproxy", "npm.example"],
  ["no-proxy", "npm.example"],
  ["strict-ssl", "false"],
  ["ca", "evil"],
  ["cafile", "ca.pem"],
  ["cert", "evil"],
  ["key", "evil"],
  ["local-address", "127.0.0.1"],
  ["userconfig", "evil"],
  ["globalconfig", "evil"],
  ["//npm.example/:certfile", "c.pem"],
  ["//npm.example/:keyfile", "k.pem"],
];

describe("what turns connections elsewhere", () => {
  test.each(ELSEWHERE)("%s is refused", async (key, value) => {
    const config = await configOf(`${key}=${value}\n`);
    expect(config.turned).toEqual([key]);
    expect(() => refuseProjectNpmrc(config, [])).toThrow(expect.objectContaining(REFUSED));
  });

  const DEFAULTS = [
    "proxy=null",
    "proxy=false",
    "https-proxy=null",
    "noproxy=",
    "proxy=",
    "strict-ssl=true",
    "strict-ssl=",
  ];
  const EMPTY = [
    "ca=null",
    "cert=null",
    "key=null",
    "ca=",
    "cert=",
    "key=",
    "cafile=null",
    "local-address=",
    "http-proxy=",
  ];
  test.each([...DEFAULTS, ...EMPTY])("%s says what is so anyhow", async (line) => {
    const config = await configOf(`${line}\n`);
    expect(config.turned).toEqual([]);
    expect(() => refuseProjectNpmrc(config, [])).not.toThrow();
  });

  test("so does the user's own value; taking it away does not", async () => {
    const own = "proxy=http://corp.example:8080/\nca=corp\n";
    expect((await configOf("proxy=http://corp.example:8080/\n", own)).turned).toEqual([]);
    expect((await configOf("proxy=\n", own)).turned).toEqual([]);
    expect((await configOf("proxy=null\n", own)).turned).toEqual(["proxy"]);
    expect((await configOf("proxy=false\n", own)).turned).toEqual(["proxy"]);
    expect((await configOf("ca=null\n", own)).turned).toEqual(["ca"]);
  });

  test("two that hide behind each other are both seen", async () => {
    const config = await configOf("proxy=http://evil.example\nhttps-proxy=http://evil.example\n");
    expect(config.turned).toEqual(["proxy", "https-proxy"]);
  });

  test("a file of the user's that the project brings, whatever stands in it", async () => {
    const own = temporaryFolder();
    writeFileSync(join(own, "evil"), "");
    expect((await configOf(`globalconfig=${join(own, "evil")}\n`)).turned).toEqual(["globalconfig"]);
  });

  test("a file called null counts as soon as it is there", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "null"), "evil");
    expect((await configOf(`cafile=${join(folder, "null")}\n`)).turned).toEqual(["cafile"]);
  });
});

describe("a section", () => {
  test.each([
    "[headers]\nx=${SECRET}",
    "[commitplease]\nstyle=jquery",
    "[a.b]\nc=d",
    "[//npm.example/:_authToken]\nx=${S}",
  ])("%j means nothing to npm", async (npmrc) => expect(refuseProjectNpmrc(await configOf(npmrc), [])).toBeUndefined());

  test("of the user's own, with a registry's name", async () =>
    expect((await configOf("", "[@acme:registry]\nx=y")).ownHosts).not.toContain("[object Object]"));

  test("with the name of a key that npm knows ends in words, as in npm", () =>
    expect(configOf("[proxy]\nx=y")).rejects.toThrow(expect.objectContaining({ code: "NPM_CONFIG", kind: "usage" })));
});

describe("a registry's address", () => {
  test.each(["registry=", "registry=nowhere"])("%s is refused, as npm fails with it", async (line) => {
    const config = await configOf(line);
    expect(() => requireAddresses(config)).toThrow(expect.objectContaining({ code: "NPM_CONFIG" }));
  });

  test.each(["@acme:registry=", "@acme:registry=nowhere", "registry=https://npm.example"])("%s is one", async (line) =>
    expect(requireAddresses(await configOf(line))).toBeUndefined(),
  );
});

describe("every key that npm knows", () => {
  const keys = Object.entries(npmDefinitions.definitions);
  const ODD = ["", "odd"];

  test.each(keys.map(([key]) => key))(
    "%s ends in an answer, with whatever value; with its default in a good one",
    async (key) => {
      const preset = npmDefinitions.definitions[key]?.default;
      const isPlain = ["string", "number", "boolean"].includes(typeof preset) || preset === null;
      for (const value of ODD) {
        try {
          const config = await configOf(`${key}=${value}\n`);
          requireAddresses(config);
          refuseProjectNpmrc(config, []);
          registriesOf(config.flat, "npmjs", []);
        } catch (error) {
          expect(error, `${key}=${value}`).toMatchObject({
            kind: "usage",
            code: expect.stringMatching(/^(?:PROJECT_NPMRC|NPM_CONFIG)$/),
          });
        }
      }
      if (!isPlain || preset === "") return;
      const config = await configOf(`${key}=${String(preset)}\n`);
      requireAddresses(config);
      expect(refuseProjectNpmrc(config, []), `${key}=${String(preset)}`).toBeUndefined();
    },
  );
});

test.each([
  ["a registry with a variable", { registry: "https://evil.example/${SECRET}/" }],
  ["a scope's registry with a variable", { "@acme:registry": "https://${SECRET}.evil.example/" }],
  ["a token of a variable for a stranger", { "//evil.example/:_authToken": "${SECRET}" }],
  ["a variable in the address of a token", { "//npm.example/${SECRET}/:_authToken": "x" }],
  ["a variable in a header", { "user-agent": "npm ${SECRET}" }],
  ["a variable in another header", { otp: "${SECRET}" }],
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
  // `${X?}` is nothing where no X is (npm's `env-replace.js`): the name is whole again once npm has read it.
  test("is refused wherever the variable stands in it", () =>
    fc.assert(
      fc.property(
        fc.constantFrom(
          ...ELSEWHERE.map(([key]) => key),
          "user-agent",
          "script-shell",
          "registry",
          "@acme:registry",
          "fund",
        ),
        fc.nat(),
        fc.constantFrom("${NOSUCH?}", "${NOSUCH}", "\\${NOSUCH?}", "${}"),
        (key, at, variable) => {
          const place = at % (key.length + 1);
          const npmrc = { [key.slice(0, place) + variable + key.slice(place)]: "x" };
          expect(refuse(npmrc)).toThrow(expect.objectContaining({ code: "PROJECT_NPMRC" }));
        },
      ),
    ));

  test.each(ELSEWHERE.filter(([key]) => !key.startsWith("//")))(
    "%s is judged as npm's own library read it, too",
    async (key, value) => {
      const config = await configOf(`${key[0]}\${NOSUCH?}${key.slice(1)}=${value}\n`);
      expect(config.projectKeys).toContain(key);
      expect(() => refuseProjectNpmrc({ ...config, projectNpmrc: {} }, [])).toThrow(
        expect.objectContaining({ ...REFUSED, message: expect.stringContaining(key) }),
      );
    },
  );

  test("names of credentials are the only ones that a host has", () => {
    expect(meaningOf("//npm.example/:_authToken")).toBe("credential");
    expect(meaningOf("//npm.example/:tokenHelper")).toBe("elsewhere");
  });
});
