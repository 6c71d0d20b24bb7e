/**
 * Every form of command that a message of ours names (`test/support/hints.ts`; test/lint/hints.test.ts shows that there are
 * no others) is typed into a shell, in a project that it is for: it does what it says, and sends nobody back.
 */
import { commandsIn, FORMS, type Form, hintsIn, LEDGER } from "../support/hints.ts";
import { temporaryFolder } from "../support/folder.ts";
import { commitAll } from "../support/git.ts";
import { csproj, dotnetEnvironment, hasDotnet, nugetConfig, writeFiles } from "../support/nuget/project.ts";
import { startFeed } from "../support/nuget.ts";
import { writeProject } from "../support/project.ts";
import { makeWheel, startIndex } from "../support/pypi.ts";
import { hasPip } from "../support/pypi/pythons.ts";
import { type Registry, startRegistry } from "../support/registry.ts";
import { repositoryRoot } from "../support/root.ts";
import { type Did, type } from "../support/session.ts";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";

interface Typed {
  /** The form with names of the project: each a command line of its own, the last is the form's. */
  readonly lines: readonly string[];
  /** In a project without a lock, or without a policy. */
  readonly without?: readonly ("lock" | "policy")[];
  /** Denied is an answer, too; absent: 0 or 65. */
  readonly exit?: readonly number[];
}

const NPM: Partial<Record<Form, Typed>> = {
  "safe-install --help": { lines: ["safe-install --help"] },
  "safe-install --system": { lines: ["safe-install --system"] },
  "safe-install help WORD": { lines: ["safe-install help policy"] },
  "safe-install init": { lines: ["safe-install init"], without: ["policy"] },
  "safe-install init --record": { lines: ["safe-install init --record"], without: ["policy"] },
  "safe-install init --policy FILE": { lines: ["safe-install init --policy other.json"], without: ["policy"] },
  "safe-install init [--policy FILE] -- COMMAND": {
    lines: ["safe-install init -- npm install plain"],
    without: ["lock", "policy"],
  },
  "safe-install check": { lines: ["safe-install check"] },
  "safe-install check WORD": { lines: ["safe-install check package-lock.json"] },
  "safe-install check --offline": { lines: ["safe-install check", "safe-install check --offline"] },
  "safe-install --log FILE check": { lines: ["safe-install --log runs.jsonl check"] },
  "safe-install report FILE --html": {
    lines: ["safe-install --log runs.jsonl check", "safe-install report runs.jsonl --html"],
    exit: [0],
  },
  "safe-install check --help": { lines: ["safe-install check --help"] },
  "safe-install explain WORD": { lines: ["safe-install explain NO_RULE", "safe-install explain plain"] },
  "safe-install explain WORD [--policy FILE] -- COMMAND": {
    lines: ["safe-install explain pkg:npm/plain@1.0.0 -- npm install plain"],
    without: ["lock"],
  },
  "safe-install explain --policy FILE WORD": { lines: ["safe-install explain --policy .signing-policy.json plain"] },
  "safe-install explain --policy FILE WORD -- COMMAND": {
    lines: ["safe-install explain --policy .signing-policy.json plain -- npm install plain"],
    without: ["lock"],
  },
  "safe-install policy pin": { lines: ["safe-install policy pin"] },
  "safe-install policy pin --write": { lines: ["safe-install policy pin --write"] },
  "safe-install policy pin --prune --write": { lines: ["safe-install policy pin --prune --write"] },
  "safe-install policy pin WORD --write": {
    lines: ["safe-install policy pin plain --write", "safe-install npm ci"],
    exit: [0],
  },
  "safe-install policy pin --policy FILE --write -- COMMAND": {
    lines: ["safe-install policy pin --policy .signing-policy.json --write -- npm install plain"],
    without: ["lock"],
  },
  "safe-install policy pin [--policy FILE] [WORD] --write -- COMMAND": {
    lines: ["safe-install policy pin plain --write -- npm install plain", "safe-install npm install plain"],
    without: ["lock"],
    exit: [0],
  },
  "safe-install policy pin -- COMMAND": { lines: ["safe-install policy pin -- npm install plain"], without: ["lock"] },
  'safe-install policy except WORD --code WORD --reason "..." --days 30': {
    lines: ['safe-install policy except plain@1.0.0 --code NO_RULE --reason "..." --days 30'],
  },
  'safe-install policy except WORD --code WORD --reason "..." --days 30 --write': {
    lines: [
      'safe-install policy except plain@1.0.0 --code NO_RULE --reason "..." --days 30 --write',
      "safe-install npm ci",
    ],
    exit: [0],
  },
  'safe-install policy except WORD --code WORD --reason "..." --days 30 --write [--policy FILE] -- COMMAND': {
    lines: [
      'safe-install policy except plain@1.0.0 --code NO_RULE --reason "..." --days 30 --write -- npm install plain',
      "safe-install npm install plain",
    ],
    without: ["lock"],
    exit: [0],
  },
  "safe-install policy diff WORD": { lines: ["safe-install policy diff HEAD"] },
  "safe-install policy lint": { lines: ["safe-install policy lint"], exit: [0, 78] },
  "safe-install npm ci": { lines: ["safe-install npm ci"] },
  "safe-install npm install": { lines: ["safe-install npm install"] },
  "safe-install npm add": { lines: ["safe-install npm add plain"] },
  "safe-install npm update": { lines: ["safe-install npm update"] },
  "safe-install npm uninstall": { lines: ["safe-install npm uninstall plain"] },
  "safe-install npm exec": { lines: ["safe-install npm exec plain"] },
  "safe-install npm install -g WORD": { lines: ["safe-install npm install -g plain"] },
  "safe-install npx --package=WORD WORD": { lines: ["safe-install npx --package=plain plain"] },
};

const PIP: Partial<Record<Form, Typed>> = {
  "safe-install pip install": { lines: ["safe-install pip install six"] },
  "safe-install pip install -r FILE": { lines: ["safe-install pip install -r requirements.txt"] },
  "safe-install pip install --target FILE": { lines: ["safe-install pip install --target vendored six"] },
  "safe-install .venv/bin/pip install": { lines: ["safe-install .venv/bin/pip install six"] },
  "safe-install PATH/TO/python -m pip install": { lines: ["safe-install .venv/bin/python -m pip install six"] },
};

const DOTNET: Partial<Record<Form, Typed>> = {
  "safe-install dotnet restore": { lines: ["safe-install dotnet restore"] },
  "safe-install dotnet restore --force-evaluate": { lines: ["safe-install dotnet restore --force-evaluate"] },
  "safe-install dotnet restore --locked-mode": { lines: ["safe-install dotnet restore --locked-mode"] },
  "safe-install dotnet build": { lines: ["safe-install dotnet build"] },
  "safe-install dotnet publish": { lines: ["safe-install dotnet publish"] },
  "safe-install dotnet pack": { lines: ["safe-install dotnet pack"] },
  "safe-install dotnet add": { lines: ["safe-install dotnet add package Acme.Widget"] },
};

/** Typed by a test of their own, which says more of them. */
const ELSEWHERE: Partial<Record<Form, readonly [string, RegExp]>> = {
  "safe-install dotnet restore -r WORD --force-evaluate": [
    "test/long/dotnet-honest.test.ts",
    /"restore", "-r", rid, "--force-evaluate"/,
  ],
  "safe-install trust show": ["test/e2e/trust.test.ts", /\["trust", "show"\]/],
  "safe-install trust update": ["test/e2e/trust.test.ts", /\["trust", "update"\]/],
  "safe-install trust update --offline-bundle FILE": [
    "test/e2e/trust.test.ts",
    /\["trust", "update", "--offline-bundle"/,
  ],
  "safe-install trust pin FILE": ["test/e2e/trust.test.ts", /\["trust", "pin", "old\.json"\]/],
  "safe-install check --evidence FILE": ["test/attack/exported-kinds.test.ts", /\["check", "--evidence", "out"/],
  "safe-install evidence export": ["test/attack/exported-kinds.test.ts", /\["evidence", "export", "out"/],
  "safe-install npm link": ["test/e2e/npm-global.test.ts", /\["link"\]/],
};

it("each form is typed", () => {
  const typed = new Set(Object.keys({ ...NPM, ...PIP, ...DOTNET, ...ELSEWHERE }));
  expect(FORMS.filter((form) => !typed.has(form))).toEqual([]);
  for (const [path, words] of Object.values(ELSEWHERE))
    expect(readFileSync(join(repositoryRoot(), path), "utf8")).toMatch(words);
});

it.skipIf(LEDGER === undefined)(
  "each hint that other tests printed (SAFE_INSTALL_TEST_HINTS=FILE) is of such a form",
  () => {
    const printed = readFileSync(LEDGER ?? "", "utf8")
      .trim()
      .split("\n");
    expect(printed.length).toBeGreaterThan(1);
    for (const hint of new Set(printed)) expect(() => commandsIn(JSON.parse(hint) as string)).not.toThrow();
  },
);

/** Neither misused nor unknown, and no hint of it is the command itself. */
function leadsOn(did: Did | undefined, line: string, exits: readonly number[]): void {
  const { exit = -1, printed = "" } = did ?? {};
  expect([line, exits.includes(exit) ? "as it should" : `${exit}: ${printed}`]).toEqual([line, "as it should"]);
  expect(printed).not.toMatch(/✗ (?:USAGE|NO_LOCKFILE|NOT_IN_LOCK|NO_POLICY|NOTHING_HERE|NOT_GATED|PIP_USAGE)\b/);
  const further = hintsIn(printed).flatMap(commandsIn);
  expect(further.map(({ command }) => command)).not.toContain(line);
}

async function typedIn({ lines, exit = [0, 65] }: Typed, at: Parameters<typeof type>[1]): Promise<void> {
  const did = await type(lines, at);
  const last = lines.length - 1;
  for (const [index, line] of lines.entries()) leadsOn(did[index], line, index === last ? exit : [0, 65]);
}

describe("npm", () => {
  let registry: Registry;
  beforeAll(async () => {
    registry = await startRegistry();
    for (const name of ["plain", "other"]) registry.publish({ name, version: "1.0.0" });
  });
  afterAll(() => registry.close());

  it.each(Object.entries(NPM))("%s", async (_, typed) => {
    const [home, folder] = [temporaryFolder(), join(temporaryFolder(), "project")];
    const isLocked = typed.without?.includes("lock") !== true;
    writeProject(folder, registry, {
      locked: isLocked ? [{ name: "plain", version: "1.0.0" }] : [],
      policy: { version: 1, rules: [{ packages: ["npm:other"], unsigned: "deny" }] },
    });
    if (typed.without?.includes("policy") === true) rmSync(join(folder, ".signing-policy.json"));
    if (!isLocked) rmSync(join(folder, "package-lock.json"));
    commitAll(folder);
    // What is global asks no .npmrc of a project.
    const env = { npm_config_prefix: join(home, "global"), npm_config_registry: registry.url };
    await typedIn(typed, { folder, home, env });
  });
});

describe.skipIf(!hasPip)("pip", () => {
  it("each of its forms", async () => {
    const index = await startIndex();
    onTestFinished(() => index.close());
    index.publish(makeWheel({ name: "six", version: "1.16.0" }));
    const [home, folder] = [temporaryFolder(), temporaryFolder()];
    writeFileSync(join(folder, "requirements.txt"), "six==1.16.0\n");
    writeFileSync(join(folder, ".gitignore"), ".venv\nvendored\n");
    const env = { PIP_INDEX_URL: index.url, PIP_DISABLE_PIP_VERSION_CHECK: "1" };
    const begun = ["git init --quiet", "python3 -m venv .venv", "safe-install init -- .venv/bin/pip install six"];
    const lines = Object.values(PIP).flatMap((one) => one.lines);
    const [, , first, , ...did] = await type([...begun, ". .venv/bin/activate", ...lines], { folder, home, env });
    leadsOn(first, "safe-install init", [0]);
    for (const [at, line] of lines.entries()) leadsOn(did[at], line, [0]);
    expect(existsSync(join(folder, "vendored/six.py")) || existsSync(join(folder, "vendored/six"))).toBe(true);
  });
});

describe.skipIf(!hasDotnet)("dotnet", () => {
  it("each of its forms", async () => {
    const feed = await startFeed();
    onTestFinished(() => feed.close());
    feed.publish("Acme.Widget", "1.0.0", feed.make({ id: "Acme.Widget", version: "1.0.0" }));
    const [home, folder] = [temporaryFolder(), temporaryFolder()];
    writeFiles(home, { ".nuget/NuGet/NuGet.Config": nugetConfig({ feed: feed.url }) });
    writeFiles(folder, { "lib.csproj": csproj({ "Acme.Widget": "1.0.0" }, { RestorePackagesWithLockFile: "true" }) });
    const lines = Object.values(DOTNET).flatMap((one) => one.lines);
    const begun = ["git init --quiet", "safe-install init -- dotnet restore"];
    const [, first, ...did] = await type([...begun, ...lines], { folder, home, env: dotnetEnvironment(home) });
    leadsOn(first, "safe-install init -- dotnet restore", [0]);
    for (const [at, line] of lines.entries()) leadsOn(did[at], line, [0]);
  });
});
