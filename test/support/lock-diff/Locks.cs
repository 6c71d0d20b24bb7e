// Tells what NuGet reads in each packages.lock.json: a JSON object a line in, one out. The reader is the SDK's own
// (NuGet.ProjectModel, PackagesLockFileFormat), which `dotnet restore --locked-mode` goes by.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using System.Text.Json;
using NuGet.Common;
using NuGet.ProjectModel;

static class Locks
{
    static void Main(string[] words)
    {
        var sdk = words[0];
        AssemblyLoadContext.Default.Resolving += (context, name) =>
        {
            var file = Path.Combine(sdk, name.Name + ".dll");
            return File.Exists(file) ? context.LoadFromAssemblyPath(file) : null;
        };
        for (string line; (line = Console.ReadLine()) != null;)
        {
            var text = JsonDocument.Parse(line).RootElement.GetProperty("text").GetString();
            Console.WriteLine(JsonSerializer.Serialize(Answer(text, words[1])));
        }
    }

    static object Answer(string text, string path)
    {
        try
        {
            File.WriteAllText(path, text);
            return new { installs = Told(path) };
        }
        catch (Exception error)
        {
            return new { refused = error.GetType().Name + ": " + error.Message };
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static List<object> Told(string path)
    {
        var found = PackagesLockFileFormat.Read(path, NullLogger.Instance);
        // What a restore would not take for a lock of this project.
        if (found.Version < 1 || found.Version > 3) throw new InvalidDataException("version " + found.Version);
        return found.Targets.SelectMany(target => target.Dependencies.Select(one => (object)new
        {
            framework = target.TargetFramework?.ToString() ?? "",
            id = one.Id ?? "",
            version = one.ResolvedVersion?.ToNormalizedString() ?? "",
            hash = one.ContentHash ?? "",
            type = one.Type.ToString(),
        })).ToList();
    }
}
