/** Every command of docs/ is typed, block by block, into a folder as the page describes it, and ends as the page says. */
import { temporaryFolder } from "../support/folder.ts";
import { commitAll, git } from "../support/git.ts";
import { csproj, dotnetEnvironment, hasDotnet } from "../support/nuget/project.ts";
import { policyFor as nugetPolicy, sha256, stage, startScene } from "../support/nuget/scene.ts";
import { page, pages } from "../support/pages.ts";
import { type ProjectFiles, writeProject } from "../support/project.ts";
import { makeProject, makeWheel, startIndex } from "../support/pypi.ts";
import { policyFor as pypiPolicy, publishSigned as publishWheel } from "../support/pypi/signed.ts";
import { hasPip } from "../support/pypi/pythons.ts";
import { setStage } from "../support/pypi/stage.ts";
import { type Registry, startRegistry } from "../support/registry.ts";
import { createInstance, pipelineOf, policyFor, publishSigned } from "../support/signed.ts";
import { type Did, type } from "../support/session.ts";
import { type Instance, newKey, pem } from "../support/sigstore.ts";
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

let instance: Instance;
let registry: Registry;

const BIN = { files: { "cli.js": "#!/usr/bin/env node\nconsole.log('ran')\n" } };
const CLIS = ["cowsay", "eslint", "create-vite", "@acme/cli"];
const NAMES = [...CLIS, "@acme/rules", "left-pad", "nuxt", "widget"];

beforeAll(async () => {
  instance = await createInstance();
  registry = await startRegistry({ intercept: (request, response) => answerAdvisories(request.url, response) });
  for (const name of NAMES) {
    const bin = CLIS.includes(name) ? { ...BIN, bin: { [name.split("/").at(-1) ?? name]: "cli.js" } } : {};
    await publishSigned(registry, instance, { name, version: "1.0.0", ...bin });
  }
});
afterAll(() => registry.close());

function answerAdvisories(url: string | undefined, response: { end(text: string): unknown }): boolean {
  if (url?.startsWith("/-/npm/v1/security/advisories/") !== true) return false;
  response.end("{}");
  return true;
}

/** Where the commands of a block are typed. */
interface Place {
  readonly folder: string;
  readonly home: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What stands for itself in a page. */
  readonly put?: Readonly<Record<string, string>>;
}

function npmPlace(project: ProjectFiles, from: Registry = registry): Place {
  const [folder, home] = [join(temporaryFolder(), "my-project"), temporaryFolder()];
  const files = { "trust/root.json": instance.trustedRoot, ...project.files };
  writeProject(folder, from, { locked: [{ name: "left-pad", version: "1.0.0" }], ...project, files });
  writeFileSync(join(home, ".npmrc"), `registry=${from.url}\n`);
  return { folder, home, env: { npm_config_prefix: join(home, "prefix"), npm_config_yes: "true" } };
}

/** Each block, by its page and its first command. */
const BLOCKS: Readonly<Record<string, () => Place | Promise<Place>>> = {
  "docs/npm.md: init": () => {
    const place = npmPlace({});
    writeProject(join(place.folder, "packages", "a"), registry, { locked: [{ name: "left-pad", version: "1.0.0" }] });
    rmSync(join(place.folder, "packages", "a", ".git"), { recursive: true });
    return place;
  },
  "docs/npm.md: npm install widget": () => npmPlace({ policy: policyFor(["left-pad"]) }),
  "docs/npm.md: npx cowsay@1 hello": () => {
    const place = npmPlace({ policy: policyFor(NAMES) });
    writeFileSync(join(place.home, "tools-policy.json"), JSON.stringify(policyFor(["cowsay"])));
    mkdirSync(join(place.home, "trust"));
    writeFileSync(join(place.home, "trust/root.json"), JSON.stringify(instance.trustedRoot));
    return place;
  },
  "docs/rollout.md: init": () => npmPlace({}),
  "docs/rollout.md: policy pin": () => npmPlace({ policy: policyFor(["nuxt"]) }),
  "docs/rollout.md: policy diff refs/remotes/origin/main": () => {
    const place = npmPlace({ policy: policyFor(["left-pad"]) });
    git(place.folder, "update-ref", "refs/remotes/origin/main", commitAll(place.folder));
    return place;
  },
  "docs/rollout.md: policy except left-pad": async () => {
    const unsigned = await startRegistry({ packages: [{ name: "left-pad", version: "1.0.0" }] });
    closing.push(() => unsigned.close());
    return npmPlace({ policy: policyFor(["left-pad"]) }, unsigned);
  },
  "docs/rollout.md: policy test trials.json": async () => {
    const place = npmPlace({ policy: policyFor(["@acme/widget"]) });
    const sample = page("docs/rollout.md").blocks.find(({ comment }) => comment === "part of: trials.json")?.text ?? "";
    const hex = "0123456789abcdef".repeat(4);
    const identity = pipelineOf("@acme/widget", "2.1.0");
    const bundle = await instance.attest({ identity, subjects: [{ name: "widget", digest: { sha256: hex } }] });
    mkdirSync(join(place.folder, "kept"));
    writeFileSync(join(place.folder, "kept/widget-2.1.0.sigstore.json"), JSON.stringify(bundle));
    writeFileSync(
      join(place.folder, "trials.json"),
      sample.replaceAll('tags/v2.1.0" }', 'tags/v2.1.0" }, "trust": "test"'),
    );
    return place;
  },
  "docs/rollout.md: explain nuxt": () =>
    npmPlace({ policy: policyFor(["nuxt"]), locked: [{ name: "nuxt", version: "1.0.0" }] }),
  "docs/ci.md: check --staged --changed-since HEAD": () => {
    const place = npmPlace({ policy: policyFor(["left-pad"]) });
    commitAll(place.folder);
    appendFileSync(join(place.folder, "package-lock.json"), "\n");
    git(place.folder, "add", "--all");
    return place;
  },
  "docs/ci.md: policy pin --known --write": () => {
    const place = npmPlace({ policy: policyFor(["left-pad"]) });
    git(place.folder, "update-ref", "refs/remotes/origin/main", commitAll(place.folder));
    return place;
  },
  "docs/cli.md: verify widget-2.1.0.tgz": async () => {
    const place = npmPlace({ policy: policyFor(["widget"]) });
    const bytes = Buffer.from("an archive");
    const key = newKey("P-256");
    const subjects = [{ name: "widget", digest: { sha256: sha256(bytes) } }];
    const bundle = JSON.stringify(await instance.attest({ key, subjects }));
    writeFileSync(join(place.folder, "widget-2.1.0.tgz"), bytes);
    writeFileSync(join(place.folder, "widget-2.1.0.tgz.sigstore.json"), bundle);
    writeFileSync(join(place.folder, "B"), bundle);
    writeFileSync(join(place.folder, "release.pem"), pem("PUBLIC KEY", key.spki));
    return { ...place, put: { HEX: sha256(bytes) } };
  },
  "docs/dotnet.md: dotnet restore": dotnetPlace,
  "docs/dotnet.md: check packages.lock.json": async () => {
    const place = await dotnetPlace();
    await type(["safe-install dotnet restore"], place);
    return place;
  },
  "docs/mirrors.md: evidence companion": dotnetPlace,
  "docs/pip.md: pip install -r requirements.txt": pipPlace,
};

/** What a page says of a command that does not end well. */
const OTHERWISE: Readonly<Record<string, readonly number[]>> = {
  "docs/npm.md: npm install widget # denied": [65],
  // Evidence of a test's own instance is foreign to the built-in root: what ends here is the judgement, not the reading of words.
  "docs/cli.md: verify": [65, 66],
};

async function dotnetPlace(): Promise<Place> {
  const scene = await startScene();
  closing.push(() => scene.feed.close());
  const unsigned = await scene.publish({ id: "Acme.Widget", version: "1.0.0" });
  const settings =
    '<DotNetCliTool Version="1"><Commands><Command Name="acme" EntryPoint="acme.dll" Runner="dotnet" /></Commands></DotNetCliTool>';
  await scene.publish({
    id: "Acme.Tool",
    version: "1.0.0",
    packageType: "DotnetTool",
    files: { "tools/net10.0/any/DotnetToolSettings.xml": settings, "tools/net10.0/any/acme.dll": "a tool" },
  });
  const tools = { version: 1, isRoot: true, tools: { "acme.tool": { version: "1.0.0", commands: ["acme"] } } };
  const where = { project: join(temporaryFolder(), "lib"), home: temporaryFolder() };
  const files = {
    "lib.csproj": csproj({ "Acme.Widget": "1.0.0" }, { RestorePackagesWithLockFile: "true" }),
    ".config/dotnet-tools.json": JSON.stringify(tools),
  };
  const { project, home } = stage(scene, where, files, nugetPolicy(["Acme.Widget", "Acme.Tool"]));
  writeFileSync(join(project, "Acme.Widget.1.0.0.nupkg"), unsigned);
  writeFileSync(join(project, "Acme.Widget.1.0.0.nupkg.sigstore.json"), scene.bundles.get(sha256(unsigned)) ?? "");
  return { folder: project, home, env: dotnetEnvironment(home) };
}

async function pipPlace(): Promise<Place> {
  const index = await startIndex();
  closing.push(() => index.close());
  const wheel = makeWheel({ name: "widget", version: "1.0.0" });
  await publishWheel(index, instance, wheel);
  const { project, home, environment, write } = setStage({ instance, policy: pypiPolicy(["widget"]) });
  const locked = `widget==1.0.0 --hash=sha256:${sha256(wheel.bytes)}\n`;
  write("requirements.txt", locked);
  write("requirements-prod.txt", locked);
  const ours = makeProject({ name: "mine", version: "1.0.0", mark: join(home, "built"), requires: ["widget"] });
  for (const [path, text] of Object.entries(ours)) write(path, text);
  const env = {
    PIP_INDEX_URL: index.url,
    PIP_DISABLE_PIP_VERSION_CHECK: "1",
    VIRTUAL_ENV: environment.folder,
    PATH: `${dirname(environment.pip)}${delimiter}${process.env["PATH"] ?? ""}`,
  };
  return { folder: project, home, env, put: { ".venv/bin/pip": environment.pip } };
}

const closing: (() => Promise<unknown>)[] = [];
afterAll(() => Promise.all(closing.map((close) => close())));

/** Those whose commands another test types. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  "README.md": "test/long/readme.test.ts, test/e2e/snippets.test.ts",
  "docs/signing.md": "test/docs/signing.test.ts",
};

const blocks = pages().flatMap(({ path, blocks: all }) => {
  if (Object.hasOwn(ELSEWHERE, path)) return [];
  return all
    .filter(({ language }) => language === "sh")
    .map(({ text }) => commandsIn(text))
    .filter(({ length }) => length > 0)
    .map((commands) => ({ path, commands }));
});

/** The lines that type safe-install, whole, with their comments. */
function commandsIn(text: string): readonly string[] {
  const lines = text.replaceAll(/\\\n\s*/g, "").split("\n");
  return lines.filter((line) => /^safe-install(?:\s|$)/.test(line));
}

function placeOf(path: string, command: string) {
  const words = command.replace(/^safe-install ?/, "");
  return Object.entries(BLOCKS).find(([key]) => {
    const [page = "", first = ""] = key.split(": ");
    return page === path && words.startsWith(first);
  })?.[1];
}

describe("the commands of", () => {
  it.each(blocks.map(({ path, commands }) => [path, commands[0] ?? "", commands] as const))(
    "%s, from %j on",
    async (path, first, commands) => {
      const lay = placeOf(path, first);
      if (lay === undefined) throw new Error("this block has no place to be typed in: add one");
      if ((lay === dotnetPlace && !hasDotnet) || (lay === pipPlace && !hasPip)) return;
      const { put = {}, ...place } = await lay();
      const typed = commands.map((one) =>
        Object.entries(put).reduce((text, [from, to]) => text.replace(from, to), one),
      );
      const did = await type(typed, place);
      const ends = did.map((one, at) => endOf(path, commands[at] ?? "", one));
      expect(ends.filter(({ isAsSaid }) => !isAsSaid)).toEqual([]);
    },
  );
});

function endOf(path: string, command: string, { exit, printed }: Did) {
  const words = `${path}: ${command.replace(/^safe-install ?/, "").replace(/\s+#/, " #")}`;
  const [, expected = [0]] = Object.entries(OTHERWISE).find(([key]) => words.startsWith(key)) ?? [];
  const isAsSaid = expected.includes(exit) && !printed.includes("bug of ours");
  return { isAsSaid, command, exit, expected, printed };
}
