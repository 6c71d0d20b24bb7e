import { askProviders } from "../../../../plugins/dotnet/feed/providers.ts";
import type { Command, Hear, Host } from "../../../../src/plugin.ts";
import { putInto, temporaryFolder } from "../../../support/folder.ts";
import { layRepository } from "../../../support/repository.ts";
import { symlinkSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, expect, it } from "vitest";

const QUESTION = { address: "https://feed.example/index.json", isRetry: false };
const DLL = "NAME/NAME.dll";
const provider = (name: string) => DLL.replaceAll("NAME", name);

/** Plays providers: those that are named have credentials. */
function machine(env: Host["env"], knowing: readonly string[] = []) {
  const asked: Command[] = [];
  const converse = (command: Command, hear: Hear) => {
    asked.push(command);
    const file = command.args.find((one) => one.endsWith(".dll")) ?? command.file;
    const knows = knowing.some((one) => file.includes(one));
    const payload = {
      ResponseCode: knows ? "Success" : "NotFound",
      Username: "bob",
      Password: file.split("/").at(-1),
      Claims: ["Authentication"],
      ProtocolVersion: "2.0.0",
    };
    const say = (line: string) => {
      const { RequestId, Method, Type } = JSON.parse(line) as Record<string, string>;
      if (Type === "Request") hear(JSON.stringify({ RequestId, Type: "Response", Method, Payload: payload }), say);
    };
    hear(JSON.stringify({ RequestId: "1", Type: "Request", Method: "Handshake", Payload: payload }), say);
    return Promise.resolve();
  };
  return { asked, host: { env, converse } as unknown as Host };
}

/** A project in a repository, a home, and a folder on PATH with the SDK. */
function lay() {
  const [root, home, bin] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
  layRepository(root);
  putInto(root, "app/x", "");
  putInto(bin, "dotnet", "", 0o755);
  const add = (folder: string, path: string) => (putInto(folder, path, "", 0o755), join(folder, path));
  return { root, project: join(root, "app"), home, bin, add, env: { HOME: home, PATH: bin } };
}

const filesOf = (asked: readonly Command[]) =>
  asked.map(({ file, args }) => (args[0] === "-Plugin" ? file : args[0]!)).toSorted();

describe("credential providers", () => {
  it("are those of the user's folder and of PATH, each as it is started", async () => {
    const { project, home, bin, add, env } = lay();
    const own = add(home, `.nuget/plugins/netcore/${provider("Cred")}`);
    const onPath = add(bin, "nuget-plugin-mine");
    add(bin, "my-nuget-plugin-not");
    const { asked, host } = machine(env);
    expect(await askProviders(QUESTION, project, host)).toBeNull();
    expect(asked.map(({ file, args, cwd, env: given }) => [file, args, cwd, given])).toEqual([
      [join(bin, "dotnet"), [own, "-Plugin"], join(home, ".nuget/plugins/netcore/Cred"), env],
      [onPath, ["-Plugin"], bin, env],
    ]);
  });

  it("are asked until one has credentials", async () => {
    const { project, bin, add, env } = lay();
    for (const name of ["nuget-plugin-a", "nuget-plugin-b", "nuget-plugin-c"]) add(bin, name);
    const { asked, host } = machine(env, ["nuget-plugin-b"]);
    expect(await askProviders(QUESTION, project, host)).toEqual({ username: "bob", password: "nuget-plugin-b" });
    expect(filesOf(asked).map((file) => file.slice(-1))).not.toContain("c");
    expect(asked.length).toBeGreaterThan(0);
  });

  it.each(["NUGET_NETCORE_PLUGIN_PATHS", "NUGET_PLUGIN_PATHS"])(
    "are those that %s names, and no others",
    async (name) => {
      const { project, home, bin, add, env } = lay();
      add(home, `.nuget/plugins/netcore/${provider("Cred")}`);
      add(bin, "nuget-plugin-mine");
      const elsewhere = temporaryFolder();
      const file = add(elsewhere, "any.exe");
      const inFolder = add(elsewhere, "folder/NuGet-Plugin-x");
      add(elsewhere, "folder/other");
      const paths = [file, join(elsewhere, "folder"), join(elsewhere, "gone"), "relative"].join(delimiter);
      const { asked, host } = machine({ ...env, [name]: paths });
      expect(await askProviders(QUESTION, project, host)).toBeNull();
      expect(filesOf(asked)).toEqual([file, inFolder].toSorted());
    },
  );

  it("of the repository are not asked, whatever leads to them, and none twice", async () => {
    const { root, project, home, bin, add, env } = lay();
    const inside = add(root, "nuget-plugin-evil");
    symlinkSync(inside, join(bin, "nuget-plugin-link"));
    const outside = add(home, "nuget-plugin-mine");
    symlinkSync(outside, join(bin, "nuget-plugin-mine"));
    const paths = [root, inside, outside, bin].join(delimiter);
    const { asked, host } = machine({ ...env, NUGET_PLUGIN_PATHS: paths });
    expect(await askProviders(QUESTION, project, host)).toBeNull();
    expect(filesOf(asked)).toEqual([outside]);
    const { asked: onPath, host: other } = machine({ ...env, PATH: [root, bin].join(delimiter) });
    await askProviders(QUESTION, project, other);
    expect(filesOf(onPath)).toEqual([outside]);
  });

  it("are none where there are none", async () => {
    const { project, env } = lay();
    const { asked, host } = machine(env);
    expect(await askProviders(QUESTION, project, host)).toBeNull();
    expect(asked).toEqual([]);
  });
});
