/** Our own workflows and hooks: actions by digest, no more permission than a job needs, our own gate over our own lock. */
import { temporaryFolder } from "../support/folder.ts";
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = resolve(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const workflows = readdirSync(join(ROOT, ".github/workflows")).map(
  (name) => [name, read(`.github/workflows/${name}`)] as const,
);

describe("workflows", () => {
  it.each(workflows)("%s: every action is pinned by its digest, and says which version that is", (_, text) => {
    const used = [...text.matchAll(/uses: (.+)$/gm)].map(([, action = ""]) => action);
    expect(used.length).toBeGreaterThan(0);
    for (const action of used) expect(action).toMatch(/^[\w-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it.each(workflows)(
    "%s: nothing is permitted to all jobs but reading, and checkouts keep no credentials",
    (_, text) => {
      expect(/^permissions:(?: \{\}|\n {2}contents: read)\n(?! )/m.test(text)).toBe(true);
      const checkouts = text.split("actions/checkout@").slice(1);
      for (const one of checkouts) expect(one.split("- ")[0]).toContain("persist-credentials: false");
    },
  );

  it("release: the files that it runs are there, and only the job with the protected environment may publish", () => {
    const [, release = ""] = workflows.find(([name]) => name === "release.yml") ?? [];
    for (const [file] of release.matchAll(/\.ci\/[\w-]+/g)) expect(existsSync(join(ROOT, file))).toBe(true);
    const [before = "", publish = ""] = release.split("\n  publish:\n");
    expect(before).not.toMatch(/id-token|write|npm publish/);
    expect(publish).toMatch(/^ {4}environment: release$/m);
    expect(publish).toContain("npm publish --provenance");
    expect(publish).not.toContain("actions/checkout@");
  });
});

describe.skipIf(process.platform === "win32")("release: what one job has built", () => {
  const FILES = ["safe-install-1.0.0.tgz", "safe-install.sha256", "safe-install.cdx.json"];
  const [, release = ""] = workflows.find(([name]) => name === "release.yml") ?? [];
  const lines = [...release.matchAll(/^ {6}(?:- | {2})run: (.*(?:DIGESTS|base64=).*)$/gm)].map(([, line = ""]) => line);
  const shell = (cwd: string, line: string, env: Readonly<Record<string, string>>) =>
    spawnSync("bash", ["-e", "-c", line], { cwd, env: { ...process.env, ...env } }).status;

  it.each(["", ...FILES])("is what the others take: %j altered", (altered) => {
    const [folder, output] = [temporaryFolder(), join(temporaryFolder(), "output")];
    mkdirSync(join(folder, "package"));
    for (const name of FILES) writeFileSync(join(folder, name), name);
    const [say = "", ...takings] = lines;
    expect(takings).toHaveLength(2);
    expect(shell(folder, say, { GITHUB_OUTPUT: output })).toBe(0);
    const DIGESTS = readFileSync(output, "utf8")
      .replace(/^base64=/, "")
      .trim();
    if (altered !== "") writeFileSync(join(folder, altered), "other");
    for (const name of FILES) copyFileSync(join(folder, name), join(folder, "package", name));
    for (const take of takings) expect(shell(folder, take, { DIGESTS }) === 0).toBe(altered === "");
  });
});

it(".ci/run: our own lock is judged, whatever else happens, and its end counts", () => {
  expect(read(".ci/run")).toMatch(/^bash \.ci\/own-lock "\$SAFE_INSTALL_TARBALL" \|\| status=\$\?$/m);
  expect(read(".ci/run").trimEnd()).toMatch(/exit "\$status"$/);
});

it(".pre-commit-config.yaml: the hook that we offer others, with what lies in our own repository", () => {
  const offered = read(".pre-commit-hooks.yaml").split("- id: safe-install-staged\n")[1] ?? "";
  const ours = read(".pre-commit-config.yaml").split("- id: safe-install-staged\n")[1]?.split("- id:")[0] ?? "";
  for (const key of ["entry", "pass_filenames", "require_serial", "stages"]) {
    const [said] = new RegExp(`${key}: .+`).exec(offered) ?? [];
    expect(ours).toContain(said);
  }
  const [, files = ""] = /files: '(.+)'/.exec(ours) ?? [];
  for (const file of ["package-lock.json", "package.json", ".npmrc", ".signing-policy.json", ".signing-recorded.json"])
    expect([file, new RegExp(files).test(file), existsSync(join(ROOT, file))]).toEqual([file, true, true]);
  expect(new RegExp(files).test("src/cli.ts")).toBe(false);
});
