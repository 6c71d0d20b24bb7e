import { feedsFor } from "../../../../plugins/dotnet/feed/feed.ts";
import { readSettings } from "../../../../plugins/dotnet/feed/settings.ts";
import type { Host } from "../../../../src/plugin.ts";
import { readBounded } from "../../../../src/io/files.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { writeFiles } from "../../../support/nuget/project.ts";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const hostWith = (env: Record<string, string> = {}) => ({ env, read: readBounded }) as unknown as Host;

describe("NuGet.config", () => {
  async function settings(files: Record<string, string>, env: Record<string, string> = {}) {
    const folder = temporaryFolder();
    writeFiles(folder, files);
    return {
      folder,
      ...(await readSettings(
        join(folder, "a", "b"),
        { repositoryRoot: join(folder, "a"), registries: ["https://my.example"] },
        hostWith({ HOME: join(folder, "home"), ...env }),
      )),
    };
  }
  const add = (key: string, value: string) => `<add key="${key}" value="${value}" />`;

  it("the nearer file wins, clear forgets, disabled ones are left out, folders are relative to their file", async () => {
    const { sources, folder } = await settings({
      "home/.nuget/NuGet/NuGet.Config": `<configuration><packageSources>${add("user", "https://user.example/v3/index.json")}</packageSources></configuration>`,
      "a/nuget.config": `<configuration><packageSources><clear />${add("one", "https://one.example/v3/index.json")}${add("off", "https://off.example")}</packageSources><disabledPackageSources>${add("off", "true")}</disabledPackageSources></configuration>`,
      "a/b/NuGet.config": `<configuration><packageSources>${add("two", "../feed")}</packageSources></configuration>`,
    });
    expect([...sources]).toEqual([
      ["one", "https://one.example/v3/index.json"],
      ["two", join(folder, "a", "feed")],
    ]);
  });

  it("mapping: the longest pattern decides, and a package that none matches has no feed", async () => {
    const { feeds } = await settings({
      "a/nuget.config": `<configuration><packageSources>${add("pub", "https://pub.example")}${add("own", "https://own.example")}</packageSources><packageSourceMapping><packageSource key="pub"><package pattern="Pub.*" /></packageSource><packageSource key="own"><package pattern="Acme.*" /><package pattern="Pub.Own" /></packageSource></packageSourceMapping></configuration>`,
    }).then((one) => ({ feeds: (id: string) => feedsFor(id, one, "/", new Map(), {}).map(({ name }) => name) }));
    expect([feeds("acme.widget"), feeds("Pub.X"), feeds("Pub.Own"), feeds("Other")]).toEqual([
      ["own"],
      ["pub"],
      ["own"],
      [],
    ]);
  });

  it("a source is known by its name in any case: disabled, mapped, with its credentials", async () => {
    const one = await settings({
      "a/nuget.config": `<configuration><packageSources>${add("Feed", "https://my.example")}${add("Off", "https://off.example")}</packageSources><disabledPackageSources>${add("OFF", "true")}</disabledPackageSources><packageSourceMapping><packageSource key="FEED"><package pattern="*" /></packageSource></packageSourceMapping><packageSourceCredentials><feed>${add("Username", "u")}${add("ClearTextPassword", "p")}</feed></packageSourceCredentials></configuration>`,
    });
    expect(feedsFor("x", one, "/", new Map(), {}).map(({ name, credentials }) => [name, credentials])).toEqual([
      ["Feed", { username: "u", password: "p" }],
    ]);
  });

  it("credentials of the environment belong to the source of their name, and need both parts", async () => {
    const one = await settings(
      {
        "home/.nuget/NuGet/NuGet.Config": `<configuration><packageSources>${add("my", "https://my.example")}${add("two", "https://two.example")}</packageSources></configuration>`,
      },
      {
        NuGetPackageSourceCredentials_my: "Username=u;Password=p",
        NuGetPackageSourceCredentials_two: "Username=u",
        two: "Username=u;Password=p",
      },
    );
    expect(feedsFor("x", one, "/", new Map(), {}).map(({ name, credentials }) => [name, credentials])).toEqual([
      ["my", { username: "u", password: "p" }],
      ["two", null],
    ]);
  });

  it("clear may stand in a section more than once", async () => {
    const { sources } = await settings({
      "a/nuget.config": `<configuration><packageSources><clear /><clear />${add("my", "https://my.example")}</packageSources></configuration>`,
    });
    expect([...sources.keys()]).toEqual(["my"]);
  });

  it("credentials belong to the source of their name", async () => {
    const one = await settings(
      {
        "a/nuget.config": `<configuration><packageSources>${add("my feed", "https://my.example")}${add("other", "https://other.example")}</packageSources><packageSourceCredentials><my_x0020_feed>${add("Username", "u")}${add("ClearTextPassword", "%TOKEN%")}</my_x0020_feed></packageSourceCredentials></configuration>`,
      },
      { TOKEN: "secret" },
    );
    expect(feedsFor("x", one, "/", new Map(), {}).map(({ name, credentials }) => [name, credentials])).toEqual([
      ["my feed", { username: "u", password: "secret" }],
      ["other", null],
    ]);
  });
});
