import { asProperties, projectOf, wordsOf } from "../../../../plugins/dotnet/session/task.ts";
import { describe, expect, it } from "vitest";

describe("one thing that MSBuild is asked to do", () => {
  const task = {
    file: "/r/it's 100%/a.csproj",
    target: "Restore",
    properties: { RestoreSources: "/a;b,c", Empty: "" },
  } as const;

  it("as words: its own come last, and count", () =>
    expect(wordsOf(task, ["-p:RestoreSources=/mine"])).toEqual([
      "restore",
      "/r/it's 100%/a.csproj",
      "-noAutoResponse",
      "-p:RestoreSources=/mine",
      "-p:RestoreSources=/a%3bb%2cc",
      "-p:Empty=",
    ]));

  it("another target than a restore is MSBuild's", () =>
    expect(wordsOf({ ...task, target: "GenerateRestoreGraphFile", properties: {} }, ["-v:q"])).toEqual([
      "msbuild",
      "/r/it's 100%/a.csproj",
      "-t:GenerateRestoreGraphFile",
      "-noAutoResponse",
      "-v:q",
    ]));

  it("as a project: what MSBuild would take for its own is escaped", () => {
    const text = projectOf(task, null);
    expect(text).toContain('Projects="/r/it%27s 100%25/a.csproj" Targets="Restore"');
    expect(text).toMatch(
      /Properties="RestoreSources=\/a%3bb,c;Empty=;MSBuildIsRestoring=true;MSBuildRestoreSessionId=/,
    );
    expect(projectOf({ ...task, target: "GenerateRestoreGraphFile" }, null)).not.toContain("MSBuildIsRestoring");
    expect(text).not.toContain("<Message");
    expect(projectOf(task, "here & now")).toContain('<Message Text="here &amp; now" Importance="high" />');
  });

  it("words of a restore are said as properties, by which MSBuild knows them", () =>
    expect(asProperties(["--force-evaluate", "-p:A=B"])).toEqual(["-p:RestoreForceEvaluate=true", "-p:A=B"]));
});
