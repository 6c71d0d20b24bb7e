import type { Host } from "../../../src/plugin.ts";
import type { NuGetSettings } from "./settings.ts";
import { randomUUID } from "node:crypto";

/** One NuGet.config that says what the given files say together, for a place that is not below them. */
interface SettingsFile {
  readonly text: string;
  /** Passwords are not written down: the file names these variables. */
  readonly env: Host["env"];
}

/** Everything else that NuGet would read is forgotten first (learn.microsoft.com, NuGet.config reference). */
export function settingsFile({ sources, credentials, mapping, insecure, config }: NuGetSettings): SettingsFile {
  const secrets = [...credentials].filter(([name]) => sources.has(name));
  // Nobody else can name them: an address in this file is expanded too.
  const secret = randomUUID().replaceAll("-", "");
  const variable = (index: number) => `SAFE_INSTALL_FEED_${secret}_${index}`;
  const named = (index: number, part: string) => `%${variable(index)}_${part}%`;
  const lines = [
    "<configuration>",
    "  <packageSources><clear />",
    ...[...sources].map(([name, address]) => {
      const allowed = insecure.has(name) ? ' allowInsecureConnections="true"' : "";
      return `    <add key="${escape(name)}" value="${escape(address)}"${allowed} />`;
    }),
    "  </packageSources>",
    "  <disabledPackageSources><clear /></disabledPackageSources>",
    "  <packageSourceCredentials>",
    ...secrets.map(([name], index) => {
      const add = (key: string, part: string) => `<add key="${key}" value="${named(index, part)}" />`;
      const element = elementName(name);
      return `    <${element}>${add("Username", "USER")}${add("ClearTextPassword", "PASSWORD")}</${element}>`;
    }),
    "  </packageSourceCredentials>",
    "  <packageSourceMapping><clear />",
    ...[...mapping].map(([name, patterns]) => {
      const packages = patterns.map((pattern) => `<package pattern="${escape(pattern)}" />`).join("");
      return `    <packageSource key="${escape(name)}">${packages}</packageSource>`;
    }),
    "  </packageSourceMapping>",
    "  <config><clear />",
    ...[...config].map(([key, value]) => `    <add key="${escape(key)}" value="${escape(value)}" />`),
    "  </config>",
    "  <fallbackPackageFolders><clear /></fallbackPackageFolders>",
    "</configuration>",
  ];
  const env = Object.fromEntries(
    secrets.flatMap(([, { username, password }], index) => [
      [`${variable(index)}_USER`, username],
      [`${variable(index)}_PASSWORD`, password],
    ]),
  );
  return { text: `${lines.join("\n")}\n`, env };
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

/** A character that an element's name cannot have, as NuGet spells it: `_x0020_`. */
function elementName(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9_.-]|^[^A-Za-z_]/g, (one) => {
    return `_x${one.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}_`;
  });
}
