/**
 * What a restore reads of a project's text, written anew: references, target frameworks, imports and targets with the conditions
 * that they stand under, and the properties that these name. Descriptions, sources and what tasks do stay away.
 */
import {
  attribute,
  children,
  descendants,
  localName,
  parseRoot,
  type XmlElement,
} from "../../../plugins/dotnet/xml.ts";

const ITEMS =
  /^(?:Package(?:Reference|Version|Download)|GlobalPackageReference|ProjectReference|FrameworkReference|DotNetCliToolReference|DownloadedFile)$/i;

/** Properties that decide what is restored, or whether it is. */
const PROPERTIES =
  /^(?:TargetFrameworks?|TargetFramework(?:Version|Identifier)|TargetPlatform\w*|RuntimeIdentifiers?|ManagePackageVersionsCentrally|CentralPackage\w+|Restore\w+|NuGet(?!PackageRoot)\w*|OutputType|PackageId|AssemblyName|IsPackable|IsTestProject|IsTestingPlatformApplication|Use\w+|ArtifactsPath|Publish(?:Aot|Trimmed|ReadyToRun|SingleFile)|SelfContained|Is\w+Compatible|IsTrimmable|Enable\w+|DisableImplicit\w+|DisableTransitive\w+|Implicit\w*|IsAspireHost|Aspire\w+|TreatWarningsAsErrors|NoWarn|Warnings\w+|MSBuild\w+|Analysis\w+|Sdk\w*|FSharp\w*|TargetLatestRuntimePatch|RollForward|Version|VersionPrefix)$/i;

/** The lines of one file; `keep` says which properties another file names. */
export function reduced(text: string, named: ReadonlySet<string>): string {
  return `${lines(parseRoot(text), named, "").join("\n")}\n`;
}

/** Names behind `$(...)` in what is kept of these files, of the properties that they lead to as well. */
export function namedIn(texts: readonly string[]): ReadonlySet<string> {
  const roots = texts.map(parseRoot);
  const values = new Map<string, string[]>();
  for (const one of roots.flatMap((root) => descendants(root)).filter(isProperty)) {
    const name = localName(one).toLowerCase();
    values.set(name, [...(values.get(name) ?? []), one.text, ...Object.values(one.attributes)]);
  }
  const found = new Set<string>();
  const waiting = roots.flatMap((root) => namesIn(lines(root, found, "").join("\n")));
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    waiting.push(...(values.get(name) ?? []).flatMap(namesIn));
  }
  return found;
}

function namesIn(text: string): readonly string[] {
  return [...text.matchAll(/\$\(([A-Za-z_][\w-]*)/g)].map(([, name = ""]) => name.toLowerCase());
}

function lines(element: XmlElement, named: ReadonlySet<string>, indent: string): readonly string[] {
  const inner = children(element).flatMap((one) => kept(one, element, named, `${indent}  `));
  const name = localName(element);
  const open = `${indent}<${name}${attributes(element)}`;
  return inner.length === 0 ? [`${open} />`] : [`${open}>`, ...inner, `${indent}</${name}>`];
}

function kept(one: XmlElement, parent: XmlElement, named: ReadonlySet<string>, indent: string): readonly string[] {
  const name = localName(one);
  switch (localName(parent)) {
    case "PropertyGroup":
      return PROPERTIES.test(name) || named.has(name.toLowerCase()) ? [whole(one, indent)] : [];
    case "ItemGroup":
      return ITEMS.test(name) ? item(one, indent) : [];
    case "Target":
      return /^(?:PropertyGroup|ItemGroup)$/.test(name) ? lines(one, named, indent) : [task(one, indent)];
    default:
      return ["ItemDefinitionGroup", "UsingTask", "ProjectExtensions"].includes(name) ? [] : lines(one, named, indent);
  }
}

function isProperty({ parent }: XmlElement): boolean {
  return parent !== null && localName(parent as XmlElement) === "PropertyGroup";
}

/** With its metadata. */
function item(one: XmlElement, indent: string): readonly string[] {
  const more = children(one).map((metadata) => whole(metadata, `${indent}  `));
  const open = `${indent}<${localName(one)}${attributes(one)}`;
  return more.length === 0 ? [`${open} />`] : [`${open}>`, ...more, `${indent}</${localName(one)}>`];
}

/** That there is one, and under which condition; tools are restored in earnest. */
function task(one: XmlElement, indent: string): string {
  const condition = attribute(one, "Condition");
  const under = condition === null ? "" : ` Condition="${escaped(condition)}"`;
  const name = localName(one);
  if (name === "Exec") {
    const command = /^dotnet tool restore\b/.test(attribute(one, "Command") ?? "") ? "dotnet tool restore" : "exit 0";
    return `${indent}<Exec Command="${command}"${under} />`;
  }
  return name === "CallTarget"
    ? `${indent}<CallTarget${attributes(one)} />`
    : `${indent}<Message Text="${name}" Importance="low"${under} />`;
}

function whole(one: XmlElement, indent: string): string {
  const name = localName(one);
  return `${indent}<${name}${attributes(one)}>${escaped(one.text.trim())}</${name}>`;
}

function attributes(element: XmlElement): string {
  return Object.entries(element.attributes)
    .filter(([name]) => !/^(?:xmlns|xsi:|ToolsVersion|Label)/.test(name))
    .map(([name, value]) => ` ${name}="${escaped(value)}"`)
    .join("");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
