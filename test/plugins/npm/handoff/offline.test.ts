import type { NpmConfig } from "../../../../plugins/npm/config.ts";
import { offlineSettings } from "../../../../plugins/npm/handoff/offline.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { testHost } from "../../../support/npm-session.ts";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

/** What is asked of the user's npm: its cache, and where it logs. */
function configOf(logs: string | null): NpmConfig {
  const get = (key: string) => (key === "logs-dir" ? logs : undefined);
  return { get, flat: { cache: "/home/user/.npm/_cacache" }, dropped: [], exported: {} } as unknown as NpmConfig;
}

async function settingsOf(logs: string | null = null) {
  const project = temporaryFolder();
  const host = testHost({ home: temporaryFolder(), env: { PATH: "/usr/bin:/bin" } });
  const bounds = { repositoryRoot: project, registries: [] } as never;
  const found: string[] = [];
  const settings = await offlineSettings(
    {
      name: "npm-test",
      fill: async (cache) => {
        found.push(...readdirSync(cache));
        writeFileSync(join(cache, "proven"), "");
      },
      own: (folder) => ({ git: join(folder, "no-git"), offline: "false" }),
    },
    { config: configOf(logs), host, bounds },
  );
  return { settings, found };
}

it("npm is told a cache of its own, which holds what is put there and nothing else", async () => {
  const { settings, found } = await settingsOf();
  expect(found).toEqual([]);
  expect(readdirSync(settings["cache"] ?? "")).toEqual(["proven"]);
  expect((await settingsOf()).settings["cache"]).not.toBe(settings["cache"]);
});

it("no run of its own brings npm back to the network", async () => {
  const { settings } = await settingsOf();
  expect(settings).toMatchObject({
    fund: "false",
    audit: "false",
    "update-notifier": "false",
    offline: "true",
    "prefer-online": "false",
    "prefer-offline": "false",
  });
  expect(Object.keys(settings)[0]).toBe("fund");
});

it("npm's log goes where the user's would, and not into a cache that is about to vanish", async () => {
  expect((await settingsOf()).settings["logs-dir"]).toBe("/home/user/.npm/_logs");
  expect((await settingsOf("/var/log/npm")).settings["logs-dir"]).toBe("/var/log/npm");
});

it.skipIf(process.platform === "win32")(
  "install scripts run in a shell of ours, which lies beside the cache",
  async () => {
    const { settings } = await settingsOf();
    expect(settings["script-shell"]).toBe(join(settings["cache"] ?? "", "..", "script-shell"));
    expect(settings["git"]).toBe(join(settings["cache"] ?? "", "..", "no-git"));
  },
);
