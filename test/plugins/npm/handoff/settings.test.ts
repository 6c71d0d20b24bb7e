import { compose, settingsFor } from "../../../../plugins/npm/handoff/settings.ts";
import type { Workplace } from "../../../../plugins/npm/locate.ts";
import { type Registries, registriesOf } from "../../../../plugins/npm/origin.ts";
import type { NotGated } from "../../../../src/plugin.ts";
import { filled } from "../../../support/filled.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { testHost } from "../../../support/npm-session.ts";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";

const FLAT = { registry: "https://npm.example/", cache: "", omit: [] };
const REGISTRIES = registriesOf(FLAT, "never", []);
const ELSEWHERE = "https://other.example/widget/-/widget-1.0.0.tgz";
const OWN = "https://npm.example/widget/-/widget-1.0.0.tgz";

interface Told {
  readonly resolved?: readonly (string | null)[];
  readonly archive?: NonNullable<Parameters<typeof filled>[1]>["archive"];
  readonly kinds?: readonly NotGated["kind"][];
  readonly lands?: boolean;
  readonly runsScripts?: boolean;
  readonly version?: string;
  readonly registries?: Registries;
  /** Where it lies. */
  readonly folder?: string;
  /** The user's `allow-remote`. */
  readonly chosen?: string;
}

/** What npm is told that installs `widget@1.0.0`. */
async function settings({
  resolved = [OWN],
  archive,
  kinds = [],
  lands = false,
  runsScripts = false,
  version = "11.18.0",
  registries = REGISTRIES,
  folder = "widget",
  chosen,
}: Told) {
  const file = join(temporaryFolder(), "widget.tgz");
  writeFileSync(file, "widget@1.0.0");
  const places = resolved.map((one, at) => ({
    location: `${"node_modules/x/".repeat(at)}node_modules/${folder}`,
    resolved: one,
  }));
  const widget = filled("widget@1.0.0", { places, ...(archive === undefined ? {} : { archive }) });
  const resolution = {
    locked: new Map(),
    unbound: [],
    notGated: kinds.map((kind) => ({ kind, name: "x" })),
    linkedFolders: [],
    conflicts: [],
  };
  const find = () => (chosen === undefined ? "default" : "user");
  const config = {
    get: (key: string) => (key === "allow-remote" ? chosen : undefined),
    find,
    flat: { cache: "/home/.npm/_cacache" },
    dropped: [],
    exported: {},
  };
  return settingsFor(
    {
      packages: [{ ...widget, bytes: { ...widget.bytes, file } }],
      registries,
      resolution,
      lands,
      runsScripts,
    },
    {
      npm: { folder: "/npm", entry: "/npm/npm.js", version },
      config,
      host: testHost({ home: temporaryFolder() }),
      bounds: { repositoryRoot: "/repository", registries: [] },
    } as unknown as Workplace,
  );
}

describe("what npm is told for the hand-off", () => {
  it("to install what the lockfile holds, into this project, and nothing less", async () => {
    expect(await settings({})).toMatchObject({
      "dry-run": "false",
      "package-lock": "true",
      "package-lock-only": "false",
      global: "false",
      "ignore-scripts": "true",
      offline: "true",
    });
  });

  it("to run scripts where npm itself runs them, and to leave package.json alone where it was changed before", async () => {
    expect(Object.keys(await settings({ runsScripts: true }))).not.toContain("ignore-scripts");
    expect(Object.keys(await settings({}))).not.toContain("save");
    expect(await settings({ lands: true })).toMatchObject({ save: "false" });
  });

  it("to start no git", async () => {
    const now = await settings({ version: "11.9.0" });
    expect(now).toMatchObject({ "allow-git": "none" });
    expect(Object.keys(now)).not.toContain("git");
    const old = await settings({ version: "11.8.9" });
    expect(old["git"]).toBe(join(old["cache"] ?? "", "..", "no-git"));
    expect(Object.keys(old)).not.toContain("allow-git");
  });
});

describe("npm 11.14 and later: what lies outside of registries", () => {
  const allowed = async (told: Told) => {
    const { "allow-remote": remote, "allow-file": file, "allow-directory": directory } = await settings(told);
    return { remote, file, directory };
  };
  const NONE = { remote: "none", file: "none", directory: "none" };
  const SHA = { url: "https://h.example/w.tgz" };

  it("is what npm takes for that, though it comes from a registry", async () => {
    // 11.14 tells none from others; until 11.18 a host that is replaced is another one.
    expect(await allowed({ version: "11.14.1" })).toEqual({ ...NONE, remote: "all" });
    expect(await allowed({ version: "11.14.1", resolved: [null] })).toEqual(NONE);
    const mirrored = { registries: registriesOf(FLAT, "other.example", []), resolved: [ELSEWHERE] };
    expect(await allowed({ ...mirrored, version: "11.17.0" })).toEqual({ ...NONE, remote: "all" });
    expect(await allowed(mirrored)).toEqual(NONE);
    const below = registriesOf({ ...FLAT, registry: "https://npm.example/group/" }, "never", []);
    expect(await allowed({ registries: below })).toEqual({ ...NONE, remote: "all" });
    expect(await allowed({ registries: below, resolved: ["https://npm.example/group/w.tgz"] })).toEqual(NONE);
    // npm looks at the folder's scope, not at the package's.
    const scoped = registriesOf({ ...FLAT, "@acme:registry": "https://acme.example/" }, "never", []);
    expect(await allowed({ registries: scoped, folder: "@acme/widget" })).toEqual({ ...NONE, remote: "all" });
  });

  it("is not what npm itself is told to refuse, as it is by default from 12 on", async () => {
    const registries = registriesOf({ ...FLAT, registry: "https://npm.example/group/" }, "never", []);
    expect(await allowed({ registries, version: "12.0.0" })).toEqual(NONE);
    expect(await allowed({ registries, chosen: "none" })).toEqual(NONE);
    expect(await allowed({ registries, chosen: "root" })).toEqual({ ...NONE, remote: "root" });
    expect(await allowed({ registries, chosen: "all", version: "12.0.0" })).toEqual({ ...NONE, remote: "all" });
    expect(await allowed({ resolved: [ELSEWHERE], chosen: "none" })).toEqual({ ...NONE, remote: "all" });
  });

  it("is nothing where all comes from the project's registries", async () => {
    expect(await allowed({ version: "11.15.0" })).toEqual(NONE);
    expect(await allowed({})).toEqual(NONE);
    expect(await allowed({ resolved: [null] })).toEqual(NONE);
    expect(await allowed({ version: "12.0.0" })).toEqual(NONE);
  });

  it("is what another registry has that the policy admits, once it has any of it", async () => {
    for (const resolved of [["https://other.example/w.tgz"], [OWN, "https://other.example/w.tgz"]])
      expect(await allowed({ resolved })).toEqual({ ...NONE, remote: "all" });
  });

  it("is an archive by its address, or by its path", async () => {
    expect(await allowed({ archive: { place: SHA, file: null } })).toEqual({ ...NONE, remote: "all" });
    expect(await allowed({ archive: { place: { path: "w.tgz" }, file: "/repository/w.tgz" } })).toEqual({
      ...NONE,
      file: "all",
    });
  });

  it("is a folder where there are workspaces or folders of the project", async () => {
    for (const kind of ["workspace", "first-party"] as const)
      expect(await allowed({ kinds: ["omitted", kind] })).toEqual({ ...NONE, directory: undefined });
    expect(await allowed({ kinds: ["omitted", "bundled"] })).toEqual(NONE);
  });

  it("is no matter before that", async () => {
    expect(await allowed({ version: "11.13.9" })).toEqual({ remote: undefined, file: undefined, directory: undefined });
  });
});

test.each([
  [["ci"], ["ci", "--a=1", "--b=2"]],
  [
    ["ci", "--x", "--", "y"],
    ["ci", "--x", "--a=1", "--b=2", "--", "y"],
  ],
  [
    ["ci", "---", "y", "--"],
    ["ci", "--a=1", "--b=2", "---", "y", "--"],
  ],
  [
    ["ci", "-"],
    ["ci", "-", "--a=1", "--b=2"],
  ],
  [
    ["--", "ci"],
    ["--a=1", "--b=2", "--", "ci"],
  ],
])("ours come last in %j, but before words", (args, expected) => {
  expect(compose(args, { a: "1", b: "2" })).toEqual(expected);
});
