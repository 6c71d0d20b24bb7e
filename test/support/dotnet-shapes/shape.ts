import { attribute, descendants, localName, parseRoot } from "../../../plugins/dotnet/xml.ts";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliDecompressSync } from "node:zlib";

/** Texts by their path in the repository; an address of the registry is written `SOURCE`. */
export type Shape = Readonly<Record<string, string>>;

/** Stands for the address of the feed that everybody's NuGet.Config names. */
export const SOURCE = "{registry}";

export function readShape(name: string): Shape {
  return JSON.parse(brotliDecompressSync(readFileSync(join("test/real/shapes", `${name}.br`))).toString()) as Shape;
}

/** A solution that holds these projects, as they stood in the original. */
export function solutionOf(path: string, text: string): string {
  if (/\.slnf$/i.test(path)) return JSON.stringify(JSON.parse(text.replace(/^\uFEFF/, "")), null, 1);
  if (/\.slnx$/i.test(path)) {
    const found = descendants(parseRoot(text)).filter((one) => localName(one) === "Project");
    const lines = found.map((one) => `  <Project Path="${(attribute(one, "Path") ?? "").replaceAll("\\", "/")}" />`);
    return `<Solution>\n${lines.join("\n")}\n</Solution>\n`;
  }
  const projects = [...text.matchAll(/^Project\("\{[^}]*\}"\) = "([^"]*)", "([^"]*\.\w*proj)", "(\{[^}]*\})"/gm)];
  const lines = projects.map(([line]) => `${line}\nEndProject`);
  const active = projects.flatMap(([, , , own = ""]) =>
    ["ActiveCfg", "Build.0"].map((what) => `${own}.Debug|Any CPU.${what} = Debug|Any CPU`),
  );
  const sections = [
    "GlobalSection(SolutionConfigurationPlatforms) = preSolution\nDebug|Any CPU = Debug|Any CPU\nEndGlobalSection",
    `GlobalSection(ProjectConfigurationPlatforms) = postSolution\n${active.join("\n")}\nEndGlobalSection`,
  ];
  return `\nMicrosoft Visual Studio Solution File, Format Version 12.00\n${lines.join("\n")}\nGlobal\n${sections.join("\n")}\nEndGlobal\n`;
}

/** The sections of a NuGet.config that say where packages come from. */
export function configOf(text: string): string {
  return text
    .replace(/^\uFEFF/, "")
    .replaceAll(/<!--[^]*?-->/g, "")
    .replaceAll(/https:\/\/[^/"]+\/v3\/index\.json/g, SOURCE)
    .replaceAll(/<(packageRestore|bindingRedirects|packageManagement)>[^]*?<\/\1>/g, "")
    .replaceAll(/\s*\n\s*/g, "\n");
}

/** Without the SDK that it asks for: the one that is here counts. */
export function globalOf(text: string): string {
  const { sdk: _, ...rest } = JSON.parse(text.replace(/^\uFEFF/, "")) as { readonly sdk?: unknown };
  return JSON.stringify(rest, null, 1);
}
