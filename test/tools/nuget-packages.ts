/** Well-known packages with many dependencies; the versions are exact so that every run sees the same ones. */
const PROJECTS: readonly (readonly [framework: string, packages: string])[] = [
  [
    "net8.0",
    "Newtonsoft.Json/13.0.3 Polly/8.5.2 FluentValidation/11.11.0 NUnit/4.4.0 xunit/2.9.2 Moq/4.20.72 " +
      "Npgsql/9.0.3 Swashbuckle.AspNetCore/10.3.1 Humanizer.Core/2.14.1 NodaTime/3.3.4 " +
      "CsvHelper/33.0.1 RabbitMQ.Client/7.1.2 Microsoft.NET.Test.Sdk/17.12.0 NETStandard.Library/1.6.1 " +
      "System.Xml.XmlSerializer/4.3.0 Azure.Core/1.47.1 " +
      "OpenTelemetry.Exporter.OpenTelemetryProtocol/1.15.3 Microsoft.Extensions.Hosting/9.0.3 " +
      "coverlet.collector/6.0.2 Spectre.Console/0.49.1 Autofac/9.3.3 " +
      "Microsoft.CodeAnalysis.CSharp.Workspaces/4.14.0 Dapper/2.1.66 " +
      "Microsoft.EntityFrameworkCore.InMemory/9.0.3 Serilog/3.1.1 YamlDotNet/16.3.0 Markdig/0.38.0 " +
      "HtmlAgilityPack/1.11.71 NSubstitute/5.3.0 Shouldly/4.2.1 NLog/5.3.4 RestSharp/112.1.0",
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
