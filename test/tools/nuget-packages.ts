/** Well-known packages with many dependencies; the versions are exact so that every run sees the same ones. */
const PROJECTS: readonly (readonly [framework: string, packages: string])[] = [
  [
    "net8.0",
    "Newtonsoft.Json/13.0.3 Serilog.AspNetCore/8.0.0 Polly/8.5.0 FluentValidation/11.11.0 " +
      "NUnit/4.3.0 xunit/2.9.2 Moq/4.20.72 Npgsql.EntityFrameworkCore.PostgreSQL/8.0.11 " +
      "Swashbuckle.AspNetCore/7.2.0 Humanizer.Core/2.14.1 NodaTime/3.2.0 CsvHelper/33.0.1 " +
      "RabbitMQ.Client/7.0.0 Microsoft.NET.Test.Sdk/17.12.0 NETStandard.Library/1.6.1 " +
      "System.Xml.XmlSerializer/4.3.0 Azure.Identity/1.13.1 " +
      "OpenTelemetry.Exporter.OpenTelemetryProtocol/1.10.0 Microsoft.Extensions.Hosting/9.0.3 " +
      "coverlet.collector/6.0.2 Spectre.Console/0.49.1 Autofac/8.1.0 " +
      "Microsoft.CodeAnalysis.CSharp.Workspaces/4.11.0 AutoMapper/13.0.1 Dapper/2.1.66",
  ],
];

/** The text of a project for each group. */
export function packageReferences(): readonly string[] {
  return PROJECTS.map(([framework, packages]) => {
    const items = packages
      .split(" ")
      .map((one) => one.replace(/^(.*)\/(.*)$/, '<PackageReference Include="$1" Version="$2" />'));
    return `<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>${framework}</TargetFramework>
    <NuGetAudit>false</NuGetAudit>
    <RestoreEnablePackagePruning>false</RestoreEnablePackagePruning>
    <NoWarn>$(NoWarn);NU1605;NU1608</NoWarn>
    <WarningsNotAsErrors>$(WarningsNotAsErrors);NU1605</WarningsNotAsErrors>
  </PropertyGroup>
  <ItemGroup>${items.join("")}</ItemGroup>
</Project>
`;
  });
}
