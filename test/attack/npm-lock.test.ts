import { plainNpm } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { obtainAll, openPart } from "../support/npm-session.ts";
import { writeProject } from "../support/project.ts";
import { startRegistry } from "../support/registry.ts";
import { makeTarball } from "../support/tarball.ts";
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";

/** What the lock claims of an entry is never believed: each claim would let bytes in that nobody proved. */

let home: string;
let project: string;

beforeEach(() => {
  home = temporaryFolder();
  project = temporaryFolder();
});

const NESTED = "node_modules/other/node_modules/widget";
const TOP = "node_modules/widget";
const ARCHIVE = { resolved: "file:evil.tgz", integrity: undefined, hasInstallScript: true };
const FOLDER = { ...ARCHIVE, resolved: "file:evildir" };
const GIT = { ...ARCHIVE, resolved: `git+file:///nowhere#${"0".repeat(40)}` };
const ASKS = { dependencies: { widget: "1.0.0" } };
const MAY_ASK = { dependencies: {}, optionalDependencies: { widget: "1.0.0" } };
const PLACE = { version: undefined, resolved: undefined, integrity: undefined, optional: true };
const WILLING = ["--allow-file=all", "--allow-git=all", "--dangerously-allow-all-scripts", "--fetch-retries=0"];

interface Attack {
  readonly at?: string;
  readonly entry?: Readonly<Record<string, unknown>>;
  readonly other?: Readonly<Record<string, unknown>>;
  readonly npmrc?: string;
}

/** `other` is a package of the registry; the lock says of `widget` what it likes. Answers the file that tells. */
async function prepare({ at, entry = {}, other = ASKS, npmrc = "" }: Attack): Promise<string> {
  const registry = await startRegistry();
  onTestFinished(() => registry.close());
  registry.publish({ name: "other", version: "1.0.0", ...ASKS });
  registry.publish({ name: "widget", version: "1.0.0" });
  const ran = join(home, "ran");
  const evil = { name: "widget", version: "1.0.0", scripts: { postinstall: `id > '${ran}'` } };
  writeProject(project, registry, {
    manifest: { dependencies: { other: "1.0.0" } },
    locked: [
      { name: "other", version: "1.0.0", entry: other },
      ...(at === undefined ? [] : [{ name: "widget", version: "1.0.0", at, entry }]),
    ],
    files: { "evildir/package.json": evil },
  });
  writeFileSync(join(project, "evil.tgz"), makeTarball(evil));
  appendFileSync(join(project, ".npmrc"), npmrc);
  return ran;
}

describe("an entry that no registry vouches for is refused, whatever flag it bears", () => {
  const claims: Record<string, Attack> = {
    "an extraneous bundle": { at: NESTED, entry: { extraneous: true, inBundle: true } },
    "a bundle": { at: NESTED, entry: { inBundle: true }, other: { ...ASKS, bundleDependencies: ["widget"] } },
    "dev, which is omitted": { at: TOP, entry: { dev: true }, npmrc: "omit=dev\n" },
    "peer, which is omitted": { at: TOP, entry: { peer: true }, npmrc: "omit=peer\n" },
    "of another platform": { at: TOP, entry: { optional: true, os: ["nope"] }, other: MAY_ASK },
  };
  const kinds = [
    ["an archive", ARCHIVE, "FILE_DEPENDENCY"],
    ["a folder", FOLDER, "FILE_DEPENDENCY"],
    ["git", GIT, "GIT_DEPENDENCY"],
  ] as const;
  const rows = Object.entries(claims).flatMap(([title, attack]) =>
    kinds.map(
      ([kind, entry, code]) => [title, kind, { ...attack, entry: { ...attack.entry, ...entry } }, code] as const,
    ),
  );
  test.each(rows)("%s: %s", async (_, __, attack, code) => {
    await prepare(attack);
    const part = await openPart(project, { home });
    expect(part.unbound).toMatchObject([{ location: attack.at, denial: { code } }]);
    await expect(part.install([])).rejects.toMatchObject({ code: "LOCK_UNSUPPORTED" });
  });

  test("npm itself runs it", async () => {
    const ran = await prepare({ at: NESTED, entry: { ...ARCHIVE, extraneous: true, inBundle: true } });
    await plainNpm(["ci", ...WILLING], { cwd: project, home: temporaryFolder() });
    expect(existsSync(ran)).toBe(true);
  });
});

describe("what a package asks for must be a registry's", () => {
  const git = `git+file:///nowhere#${"0".repeat(40)}`;
  test.each([
    ["git", git, "GIT_DEPENDENCY"],
    ["an archive", "file:../../evil.tgz", "FILE_DEPENDENCY"],
    ["a folder", "file:../../evildir", "FILE_DEPENDENCY"],
    ["a URL", "http://127.0.0.1:9/evil.tgz", "REMOTE_DEPENDENCY"],
  ])("%s", async (_, spec, code) => {
    for (const other of [{ dependencies: { widget: spec } }, { optionalDependencies: { widget: spec } }]) {
      for (const attack of [
        { other },
        { at: TOP, entry: { resolved: undefined }, other },
        { at: TOP, entry: PLACE, other },
      ]) {
        await prepare(attack);
        expect((await openPart(project, { home })).unbound).toMatchObject([{ denial: { code } }]);
      }
    }
  });

  test("what the lock does not have", async () => {
    await prepare({});
    const { unbound } = await openPart(project, { home });
    expect(unbound).toMatchObject([{ location: "node_modules/other", denial: { code: "LOCK_UNSUPPORTED" } }]);
    expect(unbound[0]?.denial.message).toContain("do not agree");
  });
});

describe("what the lock adds to a package", () => {
  test.each(["scripts", "overrides", "gypfile", "_hasShrinkwrap", "directories"])("%s", async (key) => {
    await prepare({ at: TOP, entry: { [key]: { postinstall: "id" } } });
    const { unbound } = await openPart(project, { home });
    expect(unbound).toMatchObject([{ denial: { code: "LOCK_UNSUPPORTED" } }]);
    expect(unbound[0]?.denial.message).toContain(`"${key}"`);
  });

  test("a lockfile of its own", async () => {
    await prepare({ at: TOP, entry: { hasShrinkwrap: true } });
    expect((await openPart(project, { home })).unbound).toMatchObject([{ denial: { code: "LOCK_IN_PACKAGE" } }]);
  });

  test("a command", async () => {
    await prepare({ at: TOP, entry: { bin: { tsc: "../../evil.js" } } });
    await expect(openPart(project, { home }).then(obtainAll)).rejects.toMatchObject({
      denial: { code: "PACKAGE_MISMATCH", details: [{ name: "bin tsc" }] },
    });
  });
});

test("a link lies in node_modules, inside of the project", async () => {
  for (const key of ["../elsewhere/link", "sub/link"]) {
    await prepare({ at: TOP });
    const file = join(project, "package-lock.json");
    const lock = JSON.parse(readFileSync(file, "utf8")) as { packages: Record<string, object> };
    Object.assign(lock.packages, { [key]: { resolved: "evildir", link: true }, evildir: { version: "1.0.0" } });
    writeFileSync(file, JSON.stringify(lock));
    expect((await openPart(project, { home })).unbound).toMatchObject([
      { location: key, denial: { code: "LOCK_UNSUPPORTED" } },
    ]);
  }
});
