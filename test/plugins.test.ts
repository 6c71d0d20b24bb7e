/** The tables: what src knows of each installer without loading it, and what must agree with them. */
import { parsePolicy } from "../src/policy/read/parse.ts";
import { PolicyFileError } from "../src/policy/read/problem.ts";
import {
  ASKABLE,
  INSTALLERS,
  installerIn,
  isLockedIn,
  loadPlugin,
  lockedInstall,
  readsLock,
  tableFor,
  tableOf,
  TABLES,
} from "../src/plugins.ts";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = resolve(import.meta.dirname, "..");

/** One source of each kind that a policy can name. */
const SOURCES = {
  attestations: { attestations: "https://npm.example" },
  url: { url: "https://bundles.example/{name}/{version}" },
  directory: { directory: "bundles" },
  companion: { companion: "{id}.Sigstore" },
  integrity: { integrity: "https://index.example" },
  github: { github: true },
  beside: { beside: true },
} as const;

describe.each(TABLES)("a policy and the table of $ecosystem", ({ ecosystem, sources }) => {
  it.each(Object.entries(SOURCES))("agree on %s", (kind, source) => {
    const read = () =>
      parsePolicy(JSON.stringify({ version: 1, sources: { [ecosystem]: [source] } }), "p.json", ASKABLE);
    if ((sources as readonly string[]).includes(kind)) expect(read).not.toThrow();
    else expect(read).toThrow(PolicyFileError);
  });

  it("a kind that it has not is refused at its line and column", () => {
    const kind = ecosystem === "npm" ? "integrity" : "attestations";
    const text = `{ "version": 1,\n  "sources": { "${ecosystem}": [${JSON.stringify(SOURCES[kind])}] } }`;
    expect(() => parsePolicy(text, "p.json", ASKABLE)).toThrow(/p\.json:2:\d+/);
  });

  // The tables alone say it: nothing in policy/ knows a second list.
  it.each(Object.entries(SOURCES))("another table, another answer: %s", (kind, source) => {
    const text = JSON.stringify({ version: 1, sources: { [ecosystem]: [source] } });
    const others = Object.keys(SOURCES).filter((one) => one !== kind);
    expect(() => parsePolicy(text, "p.json", { [ecosystem]: [kind] })).not.toThrow();
    expect(() => parsePolicy(text, "p.json", { [ecosystem]: others })).toThrow(PolicyFileError);
    expect(() => parsePolicy(text, "p.json", {})).toThrow(PolicyFileError);
  });
});

describe.each(INSTALLERS)("%s", (name) => {
  const table = tableOf(name);

  it("its plugin says the same", async () => {
    expect((await loadPlugin(name)).table).toBe(table);
    expect(tableFor(table.ecosystem)).toBe(table);
  });

  it("every lock that it mentions is found, and is no other installer's", () => {
    for (const lock of table.lockfiles) {
      expect(isLockedIn(table, [lock])).toBe(true);
      expect(TABLES.filter((one) => readsLock(one, lock))).toEqual([table]);
    }
  });

  it("names are whole: nothing around one counts", () => {
    for (const { source } of [...table.locks.map((lock) => lock.name), ...table.manifests])
      expect(source).toMatch(/^\^.*\$$/);
  });
});

it.each([
  [["npm", "ci"], "npm", 1],
  [["npx", "tool"], "npm", 1],
  [["pip3.12", "install"], "pip", 1],
  [[".venv/bin/pip"], "pip", 1],
  [["C:\\venv\\Scripts\\pip.exe"], "pip", 1],
  [["python3", "-m", "pip"], "pip", 3],
  [["py", "-m", "pip"], "pip", 3],
  [["dotnet", "restore"], "dotnet", 1],
] as const)("%j is %s, by %i words", (words, name, length) => expect(installerIn(words)).toEqual({ name, length }));

it.each([[], ["pipx"], ["python3", "-m", "venv"], ["python3", "pip"], ["npmx"], ["./npm"], ["toString"]])(
  "%j is none of them",
  (...words) => expect(installerIn(words)).toBeNull(),
);

it.each([
  ["npm", ["package-lock.json"], ["ci"]],
  ["npm", ["package.json"], null],
  ["pip", ["requirements.txt", "pylock.toml"], ["install", "-r", "pylock.toml"]],
  ["pip", ["requirements.txt"], ["install", "--require-hashes", "-r", "requirements.txt"]],
  ["pip", ["uv.lock"], null],
  ["dotnet", ["App.slnx"], ["restore"]],
  ["dotnet", ["packages.lock.json"], null],
] as const)("%s alone, in a folder with %j: %j", (name, names, words) =>
  expect(lockedInstall(name, names)).toEqual(words),
);

describe("the hooks of pre-commit", () => {
  const [check = "", staged = ""] = [
    ...readFileSync(resolve(ROOT, ".pre-commit-hooks.yaml"), "utf8").matchAll(/files: '(.*)'/g),
  ].map(([, pattern = ""]) => pattern);
  const locks = [
    "package-lock.json",
    "a/npm-shrinkwrap.json",
    "pylock.toml",
    "a/pylock.dev.toml",
    "uv.lock",
    "poetry.lock",
    "Pipfile.lock",
    "requirements.txt",
    "a b/requirements-dev.txt",
    "packages.lock.json",
    "src/App/Packages.App.lock.json",
    ".config/dotnet-tools.json",
    "dev-requirements.txt",
    "a/requirements/dev.txt",
  ];
  const manifests = [
    "package.json",
    ".npmrc",
    "pyproject.toml",
    "requirements.in",
    "constraints.txt",
    "NuGet.Config",
    "nuget.config",
    "App.csproj",
    "Directory.Packages.props",
    "App.slnx",
    "global.json",
    ".signing-policy.json",
    ".signing-recorded.json",
  ];
  const others = [
    "README.md",
    "package-lock.json.bak",
    "my-package-lock.json",
    "xpackages.lock.json",
    "pylock.toml.old",
  ];

  // As pre-commit does: Python's `re.search`.
  const found = (pattern: string, paths: readonly string[]) => {
    const program = "import json,re,sys; p,n=json.load(sys.stdin); print(json.dumps([x for x in n if re.search(p,x)]))";
    const answer = execFileSync("python3", ["-I", "-c", program], { input: JSON.stringify([pattern, paths]) });
    return JSON.parse(answer.toString()) as readonly string[];
  };

  it("check: every lock that can be checked", () =>
    expect(found(check, [...locks, ...manifests, ...others])).toEqual(locks));
  it("staged: the same, what is read beside them, and the policy's files", () =>
    expect(found(staged, [...locks, ...manifests, ...others])).toEqual([...locks, ...manifests]));
});
