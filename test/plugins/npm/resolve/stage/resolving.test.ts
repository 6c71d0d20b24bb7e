import type { NpmConfig } from "../../../../../plugins/npm/config.ts";
import { resolveIn } from "../../../../../plugins/npm/resolve/stage/resolving.ts";
import type { Staging } from "../../../../../plugins/npm/resolve/stage/staging.ts";
import type { Command, Host } from "../../../../../src/plugin.ts";
import { temporaryFolder } from "../../../../support/folder.ts";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

/** An npm that says these words and ends with 1, then one that succeeds. */
async function resolveWith(...words: readonly string[]): Promise<readonly (readonly string[])[]> {
  const folder = temporaryFolder();
  const left = [...words];
  const commands: (readonly string[])[] = [];
  const run = async ({ args, log = "" }: Command): Promise<number> => {
    commands.push(args);
    const said = left.shift();
    writeFileSync(log, said ?? "");
    return said === undefined ? 0 : 1;
  };
  const flat = { registry: "https://npm.example/feed/", "@acme:registry": "https://acme.example/" };
  const config = { flat, get: () => null } as unknown as NpmConfig;
  const host = { run, env: {}, offline: false } as unknown as Host;
  const npm = { folder, entry: join(folder, "npm-cli.js"), version: "12.0.0" };
  const task = { change: "install", specs: ["widget"], options: {}, tests: false } as const;
  const staging: Staging = {
    origin: { repositoryRoot: folder, project: folder, cwd: folder },
    task,
    npm,
    config,
    host,
  };
  await resolveIn({ repositoryRoot: folder, project: folder, cwd: folder, hasManifest: true }, folder, staging);
  return commands;
}

const refusing = (url: string) =>
  `npm error code EALLOWREMOTE\nnpm error Fetching packages of type "remote" have been disabled\nnpm error Refusing to fetch "${url}"\n`;

it.each(["https://npm.example/feed/widget/-/widget-1.0.0.tgz", "https://acme.example/@acme/w/-/w-1.0.0.tgz"])(
  "an archive of a configured registry that npm 12 takes for a URL: once more, and only then, remote ones are let in: %s",
  async (url) => {
    const [first = [], second = [], ...more] = await resolveWith(refusing(url));
    expect(more).toEqual([]);
    expect(first.filter((word) => word.startsWith("--allow-remote"))).toEqual([]);
    expect(second.filter((word) => !first.includes(word))).toEqual(["--allow-remote=all"]);
  },
);

it.each(["https://evil.example/widget-1.0.0.tgz", "https://npm.example.evil.example/w.tgz", "no address"])(
  "a dependency by URL stays refused: %s",
  async (url) => {
    await expect(resolveWith(refusing(url))).rejects.toMatchObject({ code: "REMOTE_DEPENDENCY" });
  },
);

it("what is refused twice is refused", async () => {
  const own = refusing("https://npm.example/feed/widget/-/widget-1.0.0.tgz");
  await expect(resolveWith(own, own)).rejects.toMatchObject({ code: "REMOTE_DEPENDENCY" });
});
