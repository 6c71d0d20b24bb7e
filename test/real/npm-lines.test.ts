/**
 * Where npm's lines differ, and what it says itself: the addresses that it makes of a lock's, the lock that it reads, and each key
 * of its configuration. Plain npm first, then ours, and the same tree; once more with the lines that Node 22 and 24 bring.
 * `SAFE_INSTALL_NPMS` and `SAFE_INSTALL_NODES` name folders that keep what was fetched (see test/support).
 */
import { BIN, isolated } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { nodeOf } from "../support/node-line.ts";
import { npmLine } from "../support/npm-lines.ts";
import { layRepository } from "../support/repository.ts";
import { type Registry, startRegistry } from "../support/registry.ts";
import { loadConfig, requireAddresses } from "../../plugins/npm/config.ts";
import { findNpm, type Installer } from "../../plugins/npm/installer.ts";
import { registriesOf } from "../../plugins/npm/origin.ts";
import { refuseProjectNpmrc } from "../../plugins/npm/settings/project-npmrc.ts";
import type npmKeys from "@npmcli/config/lib/definitions/index.js";
import { execa } from "execa";
import { createRequire } from "node:module";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const TIMEOUT_MS = 900_000;

const POLICY = {
  version: 1,
  rules: [{ packages: ["npm:*"], unsigned: "allow", reason: "a test", expires: "2100-01-01" }],
};

/** Nobody answers there. */
const ELSEWHERE = "http://other.invalid";

let registry: Registry;
beforeAll(async () => {
  registry = await startRegistry();
  for (const version of ["1.0.0", "2.0.0"]) registry.publish({ name: "ms", version });
  registry.publish({ name: "one", version: "1.0.0", dependencies: { ms: "1.0.0" } });
  registry.publish({ name: "@acme/one", version: "1.0.0" });
});
afterAll(() => registry.close());

const LINES = [
  ["10", "here"],
  ["11.14", "here"],
  ["11", "here"],
  ["12", "here"],
  ["10", "22"],
  ["11", "24"],
] as const;

describe.each(LINES)("npm %s, Node %s", (line, wanted) => {
  const folder = mkdtempSync(join(tmpdir(), "safe-install-lines-"));
  let node: string;
  let entry: string;
  let env: Readonly<Record<string, string>>;
  beforeAll(async () => {
    node = wanted === "here" ? process.execPath : nodeOf(wanted, folder);
    entry = join((await npmLine(line, folder)).folder, "bin/npm-cli.js");
    const bin = join(folder, "bin");
    mkdirSync(bin);
    symlinkSync(entry, join(bin, "npm"));
    symlinkSync(node, join(bin, "node"));
    env = { ...isolated(folder), PATH: [bin, process.env["PATH"] ?? ""].join(delimiter) };
  }, TIMEOUT_MS);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** What one has fetched, the next does not find. */
  const run = (words: readonly string[], cwd: string) => {
    const own = { ...env, npm_config_cache: temporaryFolder(), XDG_CACHE_HOME: temporaryFolder() };
    return execa(node, words, { cwd, env: own, extendEnv: false, reject: false, stdin: "ignore" });
  };

  /** Where plain npm passes, ours has the same tree. @returns which of them pass */
  async function both(files: Files, words: readonly string[], places = PLACES): Promise<Passes> {
    const [plain, ours] = [lay(files), lay(files)];
    const expected = await run([entry, ...words], plain);
    const found = await run([BIN, "npm", ...words], ours);
    const said = `${expected.stderr}\n${found.stderr}`;
    if (expected.exitCode === 0)
      expect({ tree: versions(ours, places), said }).toEqual({ tree: versions(plain, places), said });
    return { plain: expected.exitCode === 0, ours: found.exitCode === 0 };
  }

  test(
    "replace-registry-host is npm's",
    async () => {
      const rows = [
        { value: "other.invalid", below: "", plain: true, ours: true },
        { value: "always", below: "", plain: true, ours: true },
        { value: "never", below: "", plain: false, ours: false },
        { value: "another.invalid", below: "", plain: false, ours: false },
        // An address with a path counts in the newer ones.
        { value: `${ELSEWHERE}/old`, below: "/old", plain: !["10", "11.14"].includes(line), ours: true },
      ];
      for (const { value, below, ...passes } of rows) {
        const files = { ...locked(`${ELSEWHERE}${below}`), ".npmrc": `registry=${registry.url}\nfetch-retries=0\n` };
        const setting = `--replace-registry-host=${value}`;
        expect({ value, ...(await both(files, ["ci", setting])) }).toEqual({ value, ...passes });
      }
    },
    TIMEOUT_MS,
  );

  test(
    "an archive lies where its registry is, beside it, and in the folder of an alias",
    async () => {
      const base = registry.url.replace(/\/$/, "");
      const rows = [
        { name: "@acme/one", scoped: "/group/npm", all: "", isBeside: true },
        { name: "one", scoped: "", all: "/npm", isBeside: true },
        { name: "one", scoped: "", all: "", isBeside: false },
      ];
      for (const { name, scoped, all, isBeside } of rows) {
        const npmrc = `registry=${base}${all}/\n@acme:registry=${base}${scoped}/\n`;
        const passes = await both({ ...aliased(base, name), ".npmrc": npmrc }, ["ci"], [`node_modules/${name}`]);
        // From 12 on it has to be told that it may.
        const isFine = !isBeside || line !== "12";
        expect({ name, npmrc, ...passes }).toEqual({ name, npmrc, plain: isFine, ours: isFine });
      }
    },
    TIMEOUT_MS,
  );

  test(
    "the lock is the one that it reads",
    async () => {
      const one = locked(registry.url.replace(/\/$/, ""));
      const lock = one["package-lock.json"];
      const files = { ...one, ".npmrc": `registry=${registry.url}\n` };
      const reads = line !== "12";
      const shrunk = { ...files, "package-lock.json": undefined, "npm-shrinkwrap.json": lock };
      expect(await both(shrunk, ["ci"])).toEqual({ plain: reads, ours: reads });
      const other = locked(registry.url.replace(/\/$/, ""), "2.0.0");
      const differ = { ...files, "npm-shrinkwrap.json": other["package-lock.json"] };
      expect(await both(differ, ["ci"])).toEqual({ plain: true, ours: true });
    },
    TIMEOUT_MS,
  );

  test(
    "each key of a project's .npmrc, with nothing, something odd, and its default",
    async () => {
      const { definitions } = createRequire(entry)("@npmcli/config/lib/definitions/index.js") as typeof npmKeys;
      const npm = await findNpm(tmpdir(), env);
      const wrong: string[] = [];
      for (const [key, { default: preset }] of Object.entries(definitions)) {
        const isPlain = ["string", "number", "boolean"].includes(typeof preset) || preset === null;
        const lines = [
          `${key}=`,
          `${key}=odd`,
          `${key}=null`,
          `${key}=true`,
          ...(isPlain ? [`${key}=${String(preset)}`] : []),
        ];
        for (const text of lines) {
          const answer = await answerTo(text, npm, env);
          const isDefault = isPlain && preset !== "" && text === `${key}=${String(preset)}`;
          if (answer !== "fine" && (isDefault || answer !== "usage")) wrong.push(`${text}: ${answer}`);
        }
      }
      expect(Object.keys(definitions).length).toBeGreaterThan(100);
      expect(wrong).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

interface Passes {
  readonly plain: boolean;
  readonly ours: boolean;
}

type Files = Readonly<Record<string, unknown>>;

function lay(files: Files): string {
  const project = join(temporaryFolder(), "project");
  layRepository(project);
  const all = { ...files, ".signing-policy.json": POLICY };
  for (const [path, content] of Object.entries(all)) {
    if (content === undefined) continue;
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), typeof content === "string" ? content : JSON.stringify(content));
  }
  return project;
}

/** `one` and what it needs, and `ms` of that version; the lock names archives below this address. */
function locked(address: string, version = "1.0.0") {
  const manifest = { name: "project", version: "1.0.0", dependencies: { one: "1.0.0", ms: "*" } };
  const at = (name: string, its: string, more: object = {}) => ({
    version: its,
    resolved: `${address}/${name}/-/${name}-${its}.tgz`,
    integrity: registry.tarballOf(name, its).integrity,
    ...more,
  });
  const inner = version === "1.0.0" ? {} : { "node_modules/one/node_modules/ms": at("ms", "1.0.0") };
  const packages = {
    "": manifest,
    "node_modules/ms": at("ms", version),
    "node_modules/one": at("one", "1.0.0", { dependencies: { ms: "1.0.0" } }),
    ...inner,
  };
  return { "package.json": manifest, "package-lock.json": { lockfileVersion: 3, requires: true, packages } };
}

/** `@acme/one` below that address, in a folder of this name. */
function aliased(address: string, name: string) {
  const wanted = name === "@acme/one" ? "1.0.0" : "npm:@acme/one@1.0.0";
  const manifest = { name: "project", version: "1.0.0", dependencies: { [name]: wanted } };
  const { integrity } = registry.tarballOf("@acme/one", "1.0.0");
  const one = { name: "@acme/one", version: "1.0.0", resolved: `${address}/@acme/one/-/one-1.0.0.tgz`, integrity };
  const packages = { "": manifest, [`node_modules/${name}`]: one };
  return { "package.json": manifest, "package-lock.json": { lockfileVersion: 3, requires: true, packages } };
}

const PLACES: readonly string[] = ["node_modules/one", "node_modules/ms", "node_modules/one/node_modules/ms"];

/** What lies in node_modules, by place. */
function versions(project: string, places: readonly string[]): readonly (readonly [string, string])[] {
  return places.map((place) => {
    const file = join(project, place, "package.json");
    return [place, existsSync(file) ? readFileSync(file, "utf8") : "none"] as const;
  });
}

async function answerTo(text: string, npm: Installer, env: Readonly<Record<string, string>>): Promise<string> {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "package.json"), "{}");
  writeFileSync(join(folder, ".npmrc"), `${text}\n`);
  const free = /^(?:user|global)config=/.test(text) ? { npm_config_userconfig: undefined } : {};
  const open = text.startsWith("globalconfig=") ? { npm_config_globalconfig: undefined } : {};
  try {
    const config = await loadConfig(npm, ["ci"], folder, { ...env, ...free, ...open });
    requireAddresses(config);
    refuseProjectNpmrc(config, []);
    registriesOf(config.flat, "npmjs", []);
    return "fine";
  } catch (error) {
    const { kind, code } = error as { readonly kind?: string; readonly code?: string };
    return kind === "usage" && (code === "PROJECT_NPMRC" || code === "NPM_CONFIG") ? "usage" : String(error);
  }
}
