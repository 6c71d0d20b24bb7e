/** The shape of a public repository, kept in `test/real/shapes/NAME.br` by `test/tools/dotnet-shape.ts`. */
export interface PublicShape {
  readonly name: string;
  readonly repository: string;
  readonly commit: string;
  /** What is restored: a solution, a filter of one, or a project. */
  readonly target: string;
}

export const SHAPES: readonly PublicShape[] = [
  shape("0xced/Chisel", "a3b04e0bc67846bbbbc3bf3daad365b512d00f11", "Chisel.slnx"),
  shape("App-vNext/Polly", "173d6d1d2e28a4697f1ac1d22da68f77ff19a0c9", "Polly.slnx"),
  shape(
    "Azure/azure-functions-sql-extension",
    "1dcff5e0a1402ffa6346d650340cb7ae8b4b129c",
    "WebJobs.Extensions.Sql.sln",
  ),
  shape("ThreeMammals/Ocelot", "30c2e08e20c096f8c8328827edfb99f4e0628fdb", "Ocelot.slnx"),
  shape("ardalis/CleanArchitecture", "4f80d58ddb3eb74c6ec8fcad0394e811d01106f5", "Clean.Architecture.slnx"),
  shape(
    "demystifyfp/FsToolkit.ErrorHandling",
    "a7119caabe329817bee49d7094610c45db7725c1",
    "FsToolkit.ErrorHandling.sln",
  ),
  shape("dotnet/eShop", "5624ad564d1602a927879df32a79b94522eb6101", "eShop.Web.slnf"),
  shape(
    "fsprojects/FSharp.Control.TaskSeq",
    "d2713a19eeb1606152e26167b1bac43a2f857a7c",
    "src/FSharp.Control.TaskSeq.sln",
  ),
  shape("giraffe-fsharp/Giraffe", "18e1be3ed33e49096d565e6f48c85e3cbee51960", "Giraffe.slnx"),
  shape("jasontaylordev/CleanArchitecture", "10f1a45df0d86bb87b083f3a0e249d755093fbbd", "CleanArchitecture.slnx"),
  shape("jellyfin/jellyfin", "c3ed1407ca698b0905de99da87b67415e6a62dbd", "Jellyfin.sln"),
  shape("serilog/serilog", "60935b4d7abad71cf6157b45a10f5c3c65ead527", "Serilog.sln"),
];

function shape(repository: string, commit: string, target: string): PublicShape {
  return { name: repository.replace("/", "+"), repository, commit, target };
}
