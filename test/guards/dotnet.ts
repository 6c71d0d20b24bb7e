/** What dotnet may be told, may start, and must not have changed. */
import { inFile } from "./guard.ts";

const WORDS = "test/plugins/dotnet/args.restore.test.ts";
const UNPACKED = "test/plugins/dotnet/handoff/compare.test.ts";
const SDK = "test/plugins/dotnet/installer.test.ts";
const SECRETS = "test/plugins/dotnet/feed/feed.test.ts";
const restoring = inFile("plugins/dotnet/words/commands.ts", WORDS);
const args = inFile("plugins/dotnet/args.ts", WORDS);
const target = inFile("plugins/dotnet/target.ts", "test/plugins/dotnet/target.test.ts");
const unpacked = inFile("plugins/dotnet/handoff/compare.ts", UNPACKED);
const packagesFolder = inFile("plugins/dotnet/handoff/packages-folder.ts", UNPACKED);
const untouched = inFile("plugins/dotnet/resolve/quarantine.ts", UNPACKED);
const locks = inFile("plugins/dotnet/resolve/locks-beside.ts", UNPACKED);
const localSdk = inFile("plugins/dotnet/installer.ts", SDK);
const feed = inFile("plugins/dotnet/feed/feed.ts", SECRETS);
const passing = inFile("plugins/dotnet/passing.ts", "test/plugins/dotnet/passing.test.ts");

export const DOTNET = [
  inFile(
    "plugins/dotnet/args.ts",
    "test/plugins/dotnet/args.test.ts",
  )({
    name: "dotnet: subcommands pass by name, not by their parent",
    remove: "if (SUBCOMMANDS_PASSED.get(command)?.has(subcommandOf(args))) return",
    put: "if (SUBCOMMANDS_PASSED.has(command) && subcommandOf(args) !== command) return",
    named: "nuget download",
  }),
  passing({
    name: "dotnet: a NuGet.config of the repository sends nothing where a command passes by the gate",
    remove: "else await refuseLeaks(",
    put: "else void (",
    named: "goes nowhere",
  }),
  passing({
    name: "dotnet: a key that is typed goes to the source of that name",
    remove: "{ namesAreBound: true }",
    put: "{}",
    named: "goes to no other",
  }),
  passing({
    name: "dotnet: no folder outside of the repository is emptied for it",
    remove: "if (use === EMPTIES) await refuseRepositoryPlaces(",
    put: "if (use === EMPTIES) void (",
    named: "but not ",
  }),
  passing({
    name: "dotnet: no credential provider of the project where a command passes by the gate",
    remove: "env: await outsideProject(cwd, command.env)",
    put: "env: command.env",
    named: "no program of the project is found on the way",
  }),
  inFile(
    "plugins/dotnet/add-args.ts",
    "test/plugins/dotnet/args.test.ts",
  )({
    name: "dotnet add package: no value is handed on that would be a response file",
    remove: 'if (stated.startsWith("@")) return',
    put: 'if (stated === "@") return',
    named: "hands on no value",
  }),
  inFile(
    "plugins/dotnet/words/response.ts",
    "test/plugins/dotnet/words/response.test.ts",
  )({
    name: "dotnet: a response file that we do not find is not left for dotnet to find",
    remove:
      'if (text === null || text.includes("\\0")) throw notGated(`${word} is no response file that can be read`);',
    put: "if (text === null) {\n      words.push(word);\n      continue;\n    }",
    named: "one that is not there is refused",
  }),
  restoring({
    name: "a response file, or a switch that restores, does not pass through to dotnet",
    remove: 'if (word.startsWith("@") || SWITCH.test(word)) return true;',
    put: 'if (word === "") return true;',
    named: "dotnet clean -restore",
  }),
  restoring({
    name: "a target that restores does not pass through to dotnet",
    remove: "/restore|%/i.test(targets)",
    put: 'targets === ""',
    named: "dotnet build --no-restore -t:Restore;Build",
  }),
  restoring({
    name: "words behind -- that go to MSBuild do not pass through",
    remove: 'word === "--" || ',
    put: "",
    named: "dotnet clean -- -p:x=1",
  }),
  args({
    name: "what passes through to dotnet is looked at for words that restore",
    remove: "return word === null ?",
    put: 'return word !== "" ?',
    named: "dotnet build --no-restore -- -t:Restore",
  }),
  args({
    name: "what is judged restores once",
    remove: "if (restoring !== null) return",
    put: 'if (restoring === "") return',
    named: "dotnet build -restore",
  }),
  args({
    name: "a property without a value is a project to dotnet run",
    remove: 'if (property !== null && !property.includes("="))',
    put: 'if (property === "-")',
    named: "dotnet run -p other",
  }),
  args({
    name: "a question for help is one for dotnet, not for what it starts",
    remove: 'if (!HELPFUL.has(command) || !HELP.has(words.at(-1) ?? "")) return false;',
    put: "if (words.some((word) => HELP.has(word))) return true;",
    named: "unless it may be for what is started",
  }),
  target({
    name: "dotnet run takes the project, not the solution beside it",
    remove: 'command === "run" ? [PROJECT] : [WHOLE, FILTER, PROJECT]',
    put: "[WHOLE, FILTER, PROJECT]",
    named: "a solution beside a project",
  }),
  unpacked({
    name: "what was unpacked is compared by its bytes",
    code: "INSTALLED_MISMATCH",
    remove: "if (nupkg === null || sha512(nupkg) !== proven.get(`${id}/${version}`))",
    put: "if (nupkg === null)",
    named: "a package that nobody proved",
  }),
  packagesFolder({
    name: "packages are not unpacked behind a link",
    remove: "if (stats?.isSymbolicLink() !== true) return;",
    put: "if (stats !== undefined) return;",
    named: "no packages folder behind a link",
  }),
  untouched({
    name: "what a quarantine changed in the project is put back",
    remove: "if (content === null ? now === null : now?.equals(content) === true) continue;",
    put: "if (now !== undefined) continue;",
    named: "files that were changed, made or removed",
  }),
  locks({
    name: "a lock of the project's own name is judged too",
    remove: "own : [lockfile, ...own];",
    put: "own : [lockfile];",
    named: "packages.lock.json stands for the locks",
  }),
  localSdk({
    name: "an SDK inside of the project is not started",
    remove: "if (!isInside(place, project) && !(await leadsInside(place, project))) continue;",
    put: "continue;",
    named: "inside of the project is refused",
  }),
  localSdk({
    name: "nor one that a link leads to",
    remove: " && !(await leadsInside(place, project))) continue;",
    put: ") continue;",
    named: "by a link that leads back",
  }),
  localSdk({
    name: "nor one whose link leads nowhere yet",
    remove: "  return lstat(place).then(",
    put: "  return readFile(place).then(",
    named: "by a link that leads nowhere yet",
  }),
  localSdk({
    name: "nor one that we cannot read about",
    remove: '? ["."] : [];',
    put: "? [] : [];",
    named: "in words that we cannot read",
  }),
  feed({
    name: "a feed is asked by https only",
    remove: "if (!isAllowedUrl(url)) throw",
    put: 'if (url === "" || isAllowedUrl("")) throw',
    named: "is not asked at all",
  }),
  feed({
    name: "credentials of a feed go to its own origin only",
    remove: "if (!own) return ask(null);",
    put: 'if (!own && url === "") return ask(null);',
    named: "go to its own origin only",
  }),
  feed({
    name: "a feed's address is told without its secrets",
    remove: "throw new SourceUnavailable(redactUrl(error.location), error.reason);",
    put: 'throw redactUrl("") === "x" ? null : error;',
    named: "a feed that does not answer",
  }),
  restoring({
    name: "a target whose result is asked for is built",
    remove: "(?:t(?:arget)?|gettargetresult)",
    put: "(?:t(?:arget)?)",
    named: "etTargetResult",
  }),
  restoring({
    name: "what an option that takes no value is given is a word for MSBuild",
    remove: "?? carried?.text ?? null",
    put: "?? null",
    named: "nologo",
  }),
];
