/**
 * What each command loads before it can begin: the packages by name, the files by their number. Whoever adds a heavy one
 * to a path that does without sees it here. A number that falls is lowered here; one that has to rise says why in its commit.
 */
import { BIN, isolated } from "../support/cli.ts";
import { putInto, sharedFolder } from "../support/folder.ts";
import { layRepository } from "../support/repository.ts";
import { execa } from "execa";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const folder = sharedFolder();

/** Judging begins with cryptography, a lock's tree, npm's configuration and the policy's schema. */
const JUDGES = words(`@isaacs/string-locale-compare @npmcli/arborist @npmcli/config @npmcli/map-workspaces
  @npmcli/name-from-folder @npmcli/package-json @sigstore/core @sigstore/protobuf-specs @sigstore/tuf @sigstore/verify abbrev
  balanced-match bin-links brace-expansion cborg ci-info cmd-shim glob hosted-git-info ini json-parse-even-better-errors
  json-stringify-nice jsonc-parser just-diff just-diff-apply lru-cache minimatch nopt npm-install-checks
  npm-normalize-package-bin npm-package-arg p-map parse-conflict-json proc-log proggy read-cmd-shim semver signal-exit tar
  treeverse valibot validate-npm-package-name walk-up-path write-file-atomic`);

test.each([
  { typed: "--version", exit: 0, packages: [], own: 18, others: 0 },
  { typed: "--help", exit: 0, packages: [], own: 25, others: 0 },
  { typed: "npm prefix", exit: 0, packages: ["semver", "valibot"], own: 58, others: 32 },
  { typed: "check", exit: 65, packages: JUDGES, own: 300, others: 260 },
  // Denied, so that no npm is started: with what is suggested then.
  { typed: "npm ci --offline", exit: 69, packages: JUDGES, own: 340, others: 260 },
])("$typed", async ({ typed, exit, packages, own, others }) => {
  layProject();
  const log = join(folder, "loaded");
  putInto(folder, "loaded", "");
  const { exitCode } = await execa(process.execPath, ["--import", RECORDER, BIN, ...words(typed)], {
    cwd: join(folder, "project"),
    env: { ...isolated(join(folder, "home")), LOADED: log },
    extendEnv: false,
    reject: false,
  });
  expect(exitCode).toBe(exit);
  const loaded = [...new Set(readFileSync(log, "utf8").split("\n"))].filter((one) => one.startsWith("/"));
  const foreign = loaded.filter((file) => file.includes("/node_modules/"));
  expect([...new Set(foreign.map(packageOf))].filter((name) => name !== "npm").toSorted()).toEqual(packages);
  expect(foreign.length).toBeLessThanOrEqual(others);
  expect(loaded.length - foreign.length).toBeLessThanOrEqual(own);
});

function words(text: string): string[] {
  return text.split(/\s+/);
}

function packageOf(file: string): string {
  return /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? file;
}

/** One package, which no rule of the policy names. */
function layProject(): void {
  const project = join(folder, "project");
  layRepository(project);
  const root = { name: "project", version: "1.0.0", dependencies: { widget: "1.0.0" } };
  const widget = {
    version: "1.0.0",
    integrity: `sha512-${"A".repeat(86)}==`,
  };
  putInto(project, "package.json", root);
  putInto(project, "package-lock.json", {
    name: "project",
    lockfileVersion: 3,
    packages: { "": root, "node_modules/widget": widget },
  });
  putInto(project, ".signing-policy.json", { version: 1, rules: [] });
}

/** Modules as they are loaded, by a hook on a thread of its own; files that are required, when the process ends. */
const HOOK = `import { appendFileSync } from "node:fs";
export async function load(url, context, next) {
  if (url.startsWith("file:")) appendFileSync(process.env.LOADED, new URL(url).pathname + "\\n");
  return next(url, context);
}`;
const RECORDER = asModule(`import { register, createRequire } from "node:module";
import { appendFileSync } from "node:fs";
register(${JSON.stringify(asModule(HOOK))});
const { cache } = createRequire("/");
process.on("exit", () => appendFileSync(process.env.LOADED, Object.keys(cache).join("\\n")));`);

function asModule(code: string): string {
  return `data:text/javascript,${encodeURIComponent(code)}`;
}
