import { csproj, plainDotnet, writeFiles } from "./project.ts";
import { dirname, join } from "node:path";
import { readdirSync } from "node:fs";

/**
 * A credential provider on NuGet's own plugin library (the SDK's NuGet.Protocol), with the handlers that the provider for Azure
 * Artifacts registers (github.com/microsoft/artifacts-credprovider, Program.cs): it answers `GetOperationClaims` for no source in particular, speaks
 * of its work by `Log` and `Progress`, and takes what is in `VSS_NUGET_EXTERNAL_FEED_ENDPOINTS`. Without, it waits for a device
 * login that nobody makes. What it was asked is written beside it.
 * @param sdk the folder of the SDK in use
 * @returns the file that `NUGET_PLUGIN_PATHS` names
 */
export async function buildAzureProvider(folder: string, sdk: string, home: string): Promise<string> {
  const name = "CredentialProvider.Acme";
  const own = readdirSync(sdk).filter((one) => /^(?:NuGet\..*|Newtonsoft\.Json)\.dll$/.test(one));
  const references = own.map((one) => `<Reference Include="${join(sdk, one)}" />`).join("");
  const project = csproj(
    {},
    { OutputType: "Exe", UseAppHost: "false", Nullable: "disable" },
    `<ItemGroup>${references}</ItemGroup>`,
  );
  writeFiles(folder, { [`${name}.csproj`]: project, "Program.cs": PROGRAM });
  const { exit, stdout } = await plainDotnet(["build", "-v:q", "-o", join(folder, "out")], { cwd: folder, home });
  if (exit !== 0) throw new Error(stdout);
  return join(folder, "out", `${name}.dll`);
}

/** Of the SDK in use: `dotnet --list-sdks` says in which folder it lies. */
export async function sdkFolder(home: string): Promise<string> {
  const [version, all] = await Promise.all(
    [["--version"], ["--list-sdks"]].map(
      async (words) => (await plainDotnet(words, { cwd: dirname(home), home })).stdout,
    ),
  );
  const line = (all ?? "").split("\n").find((one) => one.startsWith(`${(version ?? "").trim()} `)) ?? "";
  return join(/\[(.*)\]/.exec(line)?.[1] ?? "", (version ?? "").trim());
}

const PROGRAM = `
using System; using System.Collections.Concurrent; using System.Collections.Generic; using System.IO; using System.Text.Json;
using System.Threading; using System.Threading.Tasks;
using NuGet.Common; using NuGet.Protocol.Plugins;

if (Array.IndexOf(args, "-Plugin") < 0) return 1;
var asked = typeof(Answers).Assembly.Location + ".asked";
var handlers = new Handlers();
handlers.TryAdd(MessageMethod.GetAuthenticationCredentials, new Answers((connection, request, answer, end) => Credentials(connection, request, answer, end)));
handlers.TryAdd(MessageMethod.GetOperationClaims, new Answers((connection, request, answer, end) => {
  var claims = MessageUtilities.DeserializePayload<GetOperationClaimsRequest>(request);
  var any = claims.PackageSourceRepository == null && claims.ServiceIndex == null;
  return answer.SendResponseAsync(request, new GetOperationClaimsResponse(any ? new[] { OperationClaim.Authentication } : new OperationClaim[0]), end);
}));
handlers.TryAdd(MessageMethod.Initialize, new Answers((connection, request, answer, end) =>
  answer.SendResponseAsync(request, new InitializeResponse(MessageResponseCode.Success), end)));
handlers.TryAdd(MessageMethod.SetLogLevel, new Answers((connection, request, answer, end) =>
  answer.SendResponseAsync(request, new SetLogLevelResponse(MessageResponseCode.Success), end)));

using var plugin = await PluginFactory.CreateFromCurrentProcessAsync(handlers, ConnectionOptions.CreateDefault(), CancellationToken.None);
var closed = new TaskCompletionSource();
plugin.Closed += (_, _) => closed.TrySetResult();
plugin.Connection.Faulted += (_, fault) => { File.AppendAllText(asked, "fault " + fault.Exception.Message + "\\n"); closed.TrySetResult(); };
await closed.Task;
return 0;

async Task Credentials(IConnection connection, Message request, IResponseHandler answer, CancellationToken end) {
  var wanted = MessageUtilities.DeserializePayload<GetAuthenticationCredentialsRequest>(request);
  File.AppendAllText(asked, wanted.Uri + (wanted.IsRetry ? " again" : "") + (wanted.IsNonInteractive ? " alone" : "") + "\\n");
  using var working = AutomaticProgressReporter.Create(connection, request, TimeSpan.FromSeconds(1), end);
  await connection.SendRequestAndReceiveResponseAsync<LogRequest, LogResponse>(MessageMethod.Log,
    new LogRequest(LogLevel.Verbose, "getting credentials for " + wanted.Uri), end);
  var given = Environment.GetEnvironmentVariable("VSS_NUGET_EXTERNAL_FEED_ENDPOINTS_OF_PROVIDER");
  if (given == null) await Task.Delay(Timeout.Infinite, end);
  foreach (var one in JsonDocument.Parse(given).RootElement.GetProperty("endpointCredentials").EnumerateArray()) {
    if (one.GetProperty("endpoint").GetString() != wanted.Uri.AbsoluteUri) continue;
    await answer.SendResponseAsync(request, new GetAuthenticationCredentialsResponse(one.GetProperty("username").GetString(),
      one.GetProperty("password").GetString(), null, new List<string> { "Basic" }, MessageResponseCode.Success), end);
    return;
  }
  await answer.SendResponseAsync(request, new GetAuthenticationCredentialsResponse(null, null, "none is known", null, MessageResponseCode.NotFound), end);
}

class Handlers : ConcurrentDictionary<MessageMethod, IRequestHandler>, IRequestHandlers {
  public void AddOrUpdate(MessageMethod method, Func<IRequestHandler> add, Func<IRequestHandler, IRequestHandler> update) =>
    AddOrUpdate(method, _ => add(), (_, known) => update(known));
  public bool TryGet(MessageMethod method, out IRequestHandler handler) => TryGetValue(method, out handler);
  public bool TryRemove(MessageMethod method) => TryRemove(method, out _);
}

class Answers : IRequestHandler {
  readonly Func<IConnection, Message, IResponseHandler, CancellationToken, Task> handle;
  public Answers(Func<IConnection, Message, IResponseHandler, CancellationToken, Task> handle) { this.handle = handle; }
  public CancellationToken CancellationToken => CancellationToken.None;
  public Task HandleResponseAsync(IConnection connection, Message request, IResponseHandler answer, CancellationToken end) =>
    handle(connection, request, answer, end);
}
`;
