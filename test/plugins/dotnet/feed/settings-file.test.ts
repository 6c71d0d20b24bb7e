import { settingsFile } from "../../../../plugins/dotnet/feed/settings-file.ts";
import type { NuGetSettings } from "../../../../plugins/dotnet/feed/settings.ts";
import { expect, it } from "vitest";

const NONE: NuGetSettings = {
  files: [],
  sources: new Map(),
  insecure: new Set(),
  credentials: new Map(),
  mapping: new Map(),
  config: new Map(),
  globalPackagesFolder: "/packages",
};

it("says what the files say together, forgets everything else, and holds no password", () => {
  const { text, env } = settingsFile({
    ...NONE,
    sources: new Map([
      ["nuget.org", "https://nuget.example/v3/index.json"],
      ['a & "b" <c', "https://feed.example/?a=1&b=2"],
      ["1 one", "/folder"],
    ]),
    insecure: new Set(["1 one"]),
    credentials: new Map([
      ["gone", { username: "nobody", password: "none" }],
      ["1 one", { username: "bob", password: "s3cret" }],
      ['a & "b" <c', { username: "eve", password: "oth3r" }],
    ]),
    mapping: new Map([
      ["nuget.org", ["*"]],
      ["1 one", ["Acme.*", "A&B"]],
    ]),
    config: new Map([["http_proxy", 'http://"proxy"']]),
  });
  const secret = /SAFE_INSTALL_FEED_([0-9a-f]{32})_0_USER/.exec(text)?.[1] ?? "";
  expect(text.replaceAll(secret, "X")).toBe(`<configuration>
  <packageSources><clear />
    <add key="nuget.org" value="https://nuget.example/v3/index.json" />
    <add key="a &amp; &quot;b&quot; &lt;c" value="https://feed.example/?a=1&amp;b=2" />
    <add key="1 one" value="/folder" allowInsecureConnections="true" />
  </packageSources>
  <disabledPackageSources><clear /></disabledPackageSources>
  <packageSourceCredentials>
    <_x0031__x0020_one><add key="Username" value="%SAFE_INSTALL_FEED_X_0_USER%" /><add key="ClearTextPassword" value="%SAFE_INSTALL_FEED_X_0_PASSWORD%" /></_x0031__x0020_one>
    <a_x0020__x0026__x0020__x0022_b_x0022__x0020__x003C_c><add key="Username" value="%SAFE_INSTALL_FEED_X_1_USER%" /><add key="ClearTextPassword" value="%SAFE_INSTALL_FEED_X_1_PASSWORD%" /></a_x0020__x0026__x0020__x0022_b_x0022__x0020__x003C_c>
  </packageSourceCredentials>
  <packageSourceMapping><clear />
    <packageSource key="nuget.org"><package pattern="*" /></packageSource>
    <packageSource key="1 one"><package pattern="Acme.*" /><package pattern="A&amp;B" /></packageSource>
  </packageSourceMapping>
  <config><clear />
    <add key="http_proxy" value="http://&quot;proxy&quot;" />
  </config>
  <fallbackPackageFolders><clear /></fallbackPackageFolders>
</configuration>
`);
  expect(env).toEqual({
    [`SAFE_INSTALL_FEED_${secret}_0_USER`]: "bob",
    [`SAFE_INSTALL_FEED_${secret}_0_PASSWORD`]: "s3cret",
    [`SAFE_INSTALL_FEED_${secret}_1_USER`]: "eve",
    [`SAFE_INSTALL_FEED_${secret}_1_PASSWORD`]: "oth3r",
  });
});

it("names variables that nobody else can name", () => {
  const of = () =>
    Object.keys(
      settingsFile({
        ...NONE,
        sources: new Map([["a", "/a"]]),
        credentials: new Map([["a", { username: "u", password: "p" }]]),
      }).env,
    );
  expect(of()).not.toEqual(of());
});
