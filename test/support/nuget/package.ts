import { makeZip, type ZipEntry } from "./zip.ts";

/** What a package is made of. */
export interface PackageOptions {
  readonly id: string;
  readonly version: string;
  /** Path in the package to content. */
  readonly files?: Readonly<Record<string, string | Buffer>>;
  /** `Other.Package: "1.0.0"`, for every framework. */
  readonly dependencies?: Readonly<Record<string, string>>;
  /** For instance `DotnetTool`, `MSBuildSdk`. */
  readonly packageType?: string;
  /** Instead of the nuspec made of the above. */
  readonly nuspec?: string;
}

/** A nupkg as `dotnet pack` makes it, small and the same every time. */
export function makePackage(options: PackageOptions): Buffer {
  return makeZip(entriesOf(options));
}

export function entriesOf(options: PackageOptions): readonly ZipEntry[] {
  const files = { "lib/netstandard2.0/_._": "", ...options.files };
  return [
    { name: `${options.id}.nuspec`, data: Buffer.from(options.nuspec ?? nuspecOf(options)), method: 8 },
    ...Object.entries(files).map(([name, data]) => ({ name, data: Buffer.from(data), method: 8 as const })),
  ];
}

function nuspecOf({ id, version, dependencies = {}, packageType }: PackageOptions): string {
  const needed = Object.entries(dependencies).map(
    ([other, range]) => `<dependency id="${other}" version="${range}" />`,
  );
  const types = packageType === undefined ? "" : `<packageTypes><packageType name="${packageType}" /></packageTypes>`;
  return `<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
  <metadata>
    <id>${id}</id>
    <version>${version}</version>
    <authors>test</authors>
    <description>test</description>
    ${types}
    <dependencies><group targetFramework=".NETStandard2.0">${needed.join("")}</group></dependencies>
  </metadata>
</package>
`;
}
