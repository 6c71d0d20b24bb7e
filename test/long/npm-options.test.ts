/** Options of npm: plain npm's tree and exit, or refused by name before anything is fetched. */
import { plainNpm, safeInstall } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { layRepository } from "../support/repository.ts";
import { type Registry, startRegistry } from "../support/registry.ts";
import { createHash } from "node:crypto";
import {
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

let registry: Registry;
let home: string;

beforeAll(async () => {
  registry = await startRegistry();
  home = realpathSync(mkdtempSync(join(tmpdir(), "safe-install-test-")));
  for (const version of ["1.0.0", "2.0.0"]) registry.publish({ name: "ms", version });
  registry.publish({ name: "one", version: "1.0.0", dependencies: { ms: "1.0.0" } });
  registry.publish({ name: "deep", version: "1.0.0", dependencies: { one: "1.0.0" } });
  registry.publish({ name: "tool", version: "1.0.0" });
  registry.publish({ name: "extra", version: "1.0.0" });
  registry.publish({ name: "peer", version: "1.0.0", manifest: { peerDependencies: { ms: "^1.0.0" } } });
  registry.publish({ name: "old", version: "1.0.0", manifest: { engines: { node: "<1" } } });
});
afterAll(async () => {
  rmSync(home, { recursive: true, force: true });
  await registry.close();
});

const POLICY = {
  version: 1,
  rules: [{ packages: ["npm:*"], unsigned: "allow", reason: "a test", expires: "2100-01-01" }],
};

type Manifest = Readonly<Record<string, unknown>>;

const PLAIN: Manifest = {
  dependencies: { ms: "2.0.0", deep: "1.0.0" },
  devDependencies: { tool: "1.0.0" },
  optionalDependencies: { extra: "1.0.0" },
  workspaces: ["packages/*"],
};
const PEER: Manifest = { dependencies: { ms: "2.0.0", peer: "1.0.0" } };
const OLD: Manifest = { dependencies: { ms: "2.0.0", old: "1.0.0" } };

async function lay(manifest: Manifest, lockedWith: readonly string[]): Promise<readonly [string, string]> {
  const made = join(temporaryFolder(), "project");
  const write = (path: string, content: unknown) => {
    mkdirSync(dirname(join(made, path)), { recursive: true });
    writeFileSync(join(made, path), typeof content === "string" ? content : JSON.stringify(content, null, 2));
  };
  write("package.json", { name: "project", version: "1.0.0", ...manifest });
  if (manifest["workspaces"] !== undefined)
    for (const name of ["a", "b"])
      write(`packages/${name}/package.json`, { name, version: "1.0.0", dependencies: { one: "1.0.0" } });
  write(".npmrc", `registry=${registry.url}\n`);
  write(".signing-policy.json", POLICY);
  layRepository(made);
  await plainNpm(["install", "--package-lock-only", ...lockedWith], { cwd: made, home });
  const other = join(temporaryFolder(), "project");
  cpSync(made, other, { recursive: true, verbatimSymlinks: true });
  return [made, other];
}

/** Every file and link of the project but git's, with its content. */
function files(folder: string, below = ""): readonly string[] {
  return readdirSync(join(folder, below)).flatMap((name) => {
    if (name === ".git" || name === ".package-lock.json") return [];
    const path = below === "" ? name : `${below}/${name}`;
    const stats = lstatSync(join(folder, path));
    if (stats.isDirectory()) return files(folder, path);
    const content = stats.isSymbolicLink() ? readlinkSync(join(folder, path)) : readFileSync(join(folder, path));
    return [`${path} ${createHash("sha256").update(content).digest("hex").slice(0, 12)}`];
  });
}

interface Row {
  readonly manifest?: Manifest;
  readonly lockedWith?: readonly string[];
  readonly args: readonly string[];
}

const ROWS: readonly Row[] = [
  ["--omit=dev"],
  ["--omit=optional", "--omit=peer"],
  ["--include=dev", "--omit=dev"],
  ["--install-strategy=nested"],
  ["--install-strategy=shallow"],
  ["--legacy-bundling"],
  ["--global-style"],
  ["--force"],
  ["--legacy-peer-deps"],
  ["--strict-peer-deps"],
  ["--engine-strict"],
  ["--no-bin-links"],
  ["--ignore-scripts"],
  ["--workspaces=false"],
].map((args) => ({ args }));

describe.each(["ci", "install"])("npm %s", (command) => {
  it.each<Row>([
    ...ROWS,
    { args: ["--workspace=packages/a"] },
    { args: ["-w", "a", "--include-workspace-root"] },
    ...[["--legacy-peer-deps"], ["--force"], []].map((args) => ({
      manifest: PEER,
      lockedWith: ["--legacy-peer-deps"],
      args,
    })),
    { manifest: OLD, args: [] },
    { manifest: OLD, args: ["--engine-strict"] },
    { manifest: OLD, args: ["--engine-strict", "--force"] },
  ])("$args, $manifest.dependencies", async ({ manifest = PLAIN, lockedWith = [], args }) => {
    const [plain, ours] = await lay(manifest, lockedWith);
    const expected = await plainNpm([command, ...args], { cwd: plain, home });
    const from = registry.requests.length;
    const { exit, stderr } = await safeInstall(["npm", command, ...args], { cwd: ours, home });
    if (expected.exit !== 0) {
      expect({ exit: exit === 0, stderr, plain: expected.stderr }).toMatchObject({ exit: false });
      expect(registry.requests.slice(from).filter(({ url }) => url.endsWith(".tgz"))).toEqual([]);
      return;
    }
    expect({ exit, stderr: exit === 0 ? "" : stderr }).toEqual({ exit: 0, stderr: "" });
    const found = files(ours);
    // All workspaces are installed, also where only some are named (docs/npm.md).
    const isPart = command === "install" && args.some((word) => /^(?:-w|--workspaces?)/.test(word));
    expect(isPart ? found.filter((one) => files(plain).includes(one)) : found).toEqual(files(plain));
  });

  it.each([[["--install-strategy=linked"]], [["--dry-run"]], [["--no-package-lock"]], [["--package-lock-only"]]])(
    "%s is refused by its name",
    async (args) => {
      const [ours] = await lay(PLAIN, []);
      const from = registry.requests.length;
      const { exit, stderr } = await safeInstall(["npm", command, ...args], { cwd: ours, home });
      expect({ exit, stderr }).toMatchObject({ exit: 64, stderr: expect.stringContaining("REFUSED_OPTION") });
      expect(registry.requests.length).toBe(from);
    },
  );
});

describe("where npm is told to work, and whom to ask", () => {
  it.each([["ci"], ["install"], ["install", "one@1.0.0"]])(
    "npm %s %s --prefix and -C, typed elsewhere",
    async (...args) => {
      const [plain, ours] = await lay(PLAIN, []);
      expect(await plainNpm([...args, "--prefix", plain], { cwd: home, home })).toMatchObject({ exit: 0 });
      const { exit, stderr } = await safeInstall(["npm", "-C", ours, ...args], { cwd: home, home });
      expect({ exit, stderr: exit === 0 ? "" : stderr }).toEqual({ exit: 0, stderr: "" });
      expect(files(ours)).toEqual(files(plain));
    },
  );

  it.each([["ci"], ["install"], ["install", "one@1.0.0"]])("npm %s %s --registry", async (...args) => {
    const [plain, ours] = await lay(PLAIN, []);
    for (const one of [plain, ours]) writeFileSync(join(one, ".npmrc"), "");
    const words = [...args, "--registry", registry.url];
    expect(await plainNpm(words, { cwd: plain, home })).toMatchObject({ exit: 0 });
    const { exit, stderr } = await safeInstall(["npm", ...words], { cwd: ours, home });
    expect({ exit, stderr: exit === 0 ? "" : stderr }).toEqual({ exit: 0, stderr: "" });
    expect(files(ours)).toEqual(files(plain));
  });
});
