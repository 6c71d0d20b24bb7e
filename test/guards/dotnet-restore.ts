/** What dotnet may take, and when. */
import { inFile } from "./guard.ts";

const E2E = "test/e2e/dotnet.test.ts";
const ATTACK = "test/attack/dotnet.test.ts";
const ADD = "test/e2e/dotnet-add.test.ts";
const HOOKS = "test/attack/dotnet-hooks.test.ts";
const QUIET = "test/attack/dotnet-reading.test.ts";
const READS = "test/plugins/dotnet/reading/reading.test.ts";
const WRITTEN = "test/plugins/dotnet/reading/reading.written.test.ts";
const ARGS = "test/plugins/dotnet/args.test.ts";
const EDITS = "test/plugins/dotnet/add/mirror.test.ts";
const CONFIG = "test/plugins/dotnet/feed/repository-config.test.ts";
const config = inFile("plugins/dotnet/feed/repository-config.ts", CONFIG);
const handoff = inFile("plugins/dotnet/handoff/handoff.ts", E2E);
const closedRestore = inFile("plugins/dotnet/handoff/restore.ts", E2E);
const restore = inFile("plugins/dotnet/restore.ts", E2E);
const opened = inFile("plugins/dotnet/bytes/package.ts", E2E);
const tools = inFile("plugins/dotnet/tools/tools.ts", E2E);
const mirror = inFile("plugins/dotnet/add/mirror.ts", EDITS);

export const DOTNET_RESTORE = [
  inFile(
    "plugins/dotnet/sdk/sdks.ts",
    "test/plugins/dotnet/sdk/sdks.test.ts",
  )({
    name: "what may name project SDKs and cannot be read is denied where none is seen",
    code: "LOCK_UNSUPPORTED",
    remove: " && unbound.length === 0) return null;",
    put: ") return null;",
    named: "also where no SDK is seen",
  }),
  inFile(
    "plugins/dotnet/reading/reading.ts",
    QUIET,
  )({
    name: "nothing of a project runs before the verdict",
    remove: "  refuse(obstacles.flatMap(refusedIn));\n",
    put: "",
    named: "a task written in the project",
  }),
  restore({
    name: "a target that hooks on to restore is left out of the reading",
    remove: "if (left.targets.length === 0) return resolvedFrom(",
    put: "if (left.targets.length >= 0) return resolvedFrom(",
    test: HOOKS,
    named: "is denied untouched where the policy does not admit the tool",
  }),
  inFile(
    "plugins/dotnet/resolve/apart.ts",
    HOOKS,
  )({
    name: "what still runs in the copy is refused",
    remove: "await requireQuiet(place,",
    put: 'if (place.file === "") await requireQuiet(place,',
    named: "past the copy in which it is left out",
  }),
  inFile(
    "plugins/dotnet/resolve/apart.ts",
    HOOKS,
  )({
    name: "nothing is written through a link of the copy",
    remove: " || !isInside(copy, folder)",
    put: "",
    named: "behind a link out of the repository",
  }),
  ...[
    {
      name: "a pattern in a copy may follow a link out of it",
      file: "plugins/dotnet/reading/places.ts",
      remove: "isSealed && !MARKS.test(value)",
      put: "!MARKS.test(value)",
      named: "where a pattern may follow a link out of the copy",
    },
    {
      name: "a name that only evaluation knows may lead out of a copy",
      file: "plugins/dotnet/reading/places.ts",
      remove: "original === null || isNear ? [] : await original()",
      put: "original === null || isNear ? [] : []",
      named: "a name that no file gives",
    },
    {
      name: "in a copy what the SDK may give has other values too",
      file: "plugins/dotnet/reading/values.ts",
      remove: "known.given?.has(plain) === false && ",
      put: "known.given !== null && ",
      named: "a name that the SDK may give",
    },
    {
      name: "in a copy what dotnet makes has other values too",
      file: "plugins/dotnet/reading/values.ts",
      remove: " && !MADE.test(plain)",
      put: "",
      named: "a name of dotnet's",
    },
  ].map((one) => ({ ...one, test: "test/plugins/dotnet/reading/reading.copy.test.ts" })),
  inFile(
    "plugins/dotnet/handoff/hooked.ts",
    HOOKS,
  )({
    name: "while targets of the project run there is one source",
    remove: "      await closed.close(settings);\n",
    put: "",
    named: "finds no tool that was not judged",
  }),
  inFile(
    "plugins/dotnet/handoff/closed.ts",
    "test/plugins/dotnet/handoff/closed.test.ts",
  )({
    name: "settings under the name of our own folders are closed, too",
    remove: "!aside.some((one) => isInside(path, one))",
    put: "aside.length > 0 && !path.includes('.safe-install')",
    named: "wherever they lie",
  }),
  inFile(
    "plugins/dotnet/reading/matters.ts",
    HOOKS,
  )({
    name: "a target that is called is left out with its caller",
    remove: "const set = [element, ...called]",
    put: "const set = [element]",
    named: "a property of a target that it calls",
  }),
  inFile(
    "plugins/dotnet/reading/hooks.ts",
    READS,
  )({
    name: "a target hooks on to what a hooked target is",
    remove: "      running.add(name);\n",
    put: "",
    named: "run what a hook of a hook runs",
  }),
  inFile(
    "plugins/dotnet/reading/values.ts",
    READS,
  )({
    name: "a packages folder that the project names is not NuGet's",
    remove: "if (assigned.length === 0 && OF_RESTORED.test(plain))",
    put: "if (OF_RESTORED.test(plain))",
    named: "import a file of a packages folder that it names",
  }),
  inFile(
    "plugins/dotnet/reading/places.ts",
    READS,
  )({
    name: "a file of a folder that is not known may be any of its name",
    remove: "const listed = [...(await below()),",
    put: "const listed = [...(await Promise.resolve([] as string[])),",
    named: "import a file of a folder that is not known",
  }),
  ...[
    {
      name: "what is escaped parts no list",
      file: "plugins/dotnet/reading/values.ts",
      remove: "  return membersOf(text).map(unescaped);",
      put: "  return membersOf(unescaped(text));",
      named: "import a name with a separator that is escaped",
    },
    {
      name: "a value with markup is not read",
      file: "plugins/dotnet/reading/closure.ts",
      remove: "return isPlain(property) ? property.text : UNREADABLE;",
      put: "return property.text;",
      named: "import what is written as markup",
    },
    {
      name: "a list that the SDK fills is not known",
      file: "plugins/dotnet/reading/values.ts",
      remove: "return isOfSdk ? [UNREADABLE] : ",
      put: "return ",
      named: "read projects that the SDK lists",
    },
    {
      name: "an item says no properties to a project of restore",
      file: "plugins/dotnet/reading/items.ts",
      remove: "return [...each, ...ownProperties(files)];",
      put: "return each;",
      named: "read a project with properties that an item says",
    },
    {
      name: "an item says no property to a reference that keeps the reading apart",
      file: "plugins/dotnet/reading/items.ts",
      remove: "OURS.test(name) || REDIRECTS.test(name)",
      put: "REDIRECTS.test(name)",
      named: "read a reference with",
    },
    {
      name: "a target says nothing of where a restore writes",
      file: "plugins/dotnet/reading/hooks.ts",
      remove: "return led === undefined ? []",
      put: "return led !== null ? []",
      named: "write its graph",
    },
  ].map((one) => ({ ...one, test: WRITTEN })),
  inFile(
    "plugins/dotnet/run.ts",
    QUIET,
  )({
    name: "what dotnet leaves in a home is not left in the user's",
    remove: "    ...inHome(home),\n",
    put: "",
    named: "the user's home stays as it was",
  }),
  ...[
    {
      name: "a source that is relative to the user's settings means the same folder",
      remove: "const absolute = content === null ? null : withAbsoluteSources(content, from, env);",
      put: "const absolute: Buffer | null = null;",
      named: "means the same folder from the run's home",
    },
    {
      name: "what extends MSBuild for every project of a user stays out",
      remove: 'join(to, "Microsoft"), ["MSBuild"]);',
      put: 'join(to, "Microsoft"), []);',
      named: "none of what extends MSBuild",
    },
  ].map((one) => ({ ...one, file: "plugins/dotnet/home.ts", test: "test/plugins/dotnet/home.test.ts" })),
  inFile(
    "plugins/dotnet/sdk/references.ts",
    "test/plugins/dotnet/sdk/references.test.ts",
  )({
    name: "a project that cannot be read may name SDKs",
    code: "LOCK_UNSUPPORTED",
    remove: "if (isXml && root === null) unbound.push(",
    put: "if (isXml && seen.size === 0) unbound.push(",
    named: "are denied by name",
  }),
  inFile(
    "plugins/dotnet/feed/settings.ts",
    CONFIG,
  )({
    name: "a NuGet.config of the repository is not believed in everything",
    remove: "  await refuseRepositoryConfig(furthestFirst, around, host.env);\n",
    put: "",
    named: "refused, without the secret",
  }),
  config({
    name: "no variable in an address that only the repository names",
    remove: "environmentInAddress(its, known) ??",
    put: "",
    named: "a variable in an address: refused",
  }),
  config({
    name: "no variable in credentials for an origin that only the repository names",
    remove: "identityToUnknown(root, { sources, known, env }) ??",
    put: "",
    named: "a variable in a password: refused",
  }),
  config({
    name: "the user's credentials do not follow the name of a source",
    remove: "storedToAnother(its, { stored, ownSources, known });",
    put: "null;",
    named: "the name of a source of the user's: refused",
  }),
  config({
    name: "the user's credentials stay with the source of their name",
    remove: "before.length > 0 ? before.includes(origin) : known.has(origin)",
    put: "known.has(origin)",
    named: "that name for another source of the user's: refused",
  }),
  config({
    name: "the repository turns no connection elsewhere",
    remove: "turnedElsewhere(root) ??",
    put: "",
    named: "a proxy: refused",
  }),
  config({
    name: "above the repository is not the user's own",
    remove: " || (isInside(root, folder) && /^nuget\\.config$/i.test(basename(file)));",
    put: ";",
    named: "above the repository is no better",
  }),
  inFile(
    "plugins/dotnet/feed/config-files.ts",
    CONFIG,
  )({
    name: "a variable is found where .NET finds one",
    remove: "value.slice(at, next);\n    at = found === undefined ? next : next + 1;",
    put: 'value.slice(at, value[at] === "%" ? next + 1 : next);\n    at = found === undefined && value[at] !== "%" ? next : next + 1;',
    named: "a variable behind a percent sign: refused",
  }),
  inFile(
    "plugins/dotnet/xml.ts",
    CONFIG,
  )({
    name: "the attribute that NuGet reads is the one that is judged",
    remove: "  if (Object.hasOwn(attributes, name)) return attributes[name] ?? null;\n",
    put: "",
    named: "spelled in two ways: refused",
  }),
  inFile(
    "plugins/dotnet/sdk/overlay.ts",
    "test/plugins/dotnet/sdk/overlay.test.ts",
  )({
    name: "nothing is written through the link to the installed SDK",
    remove: "if (own.has(name.toLowerCase())) throw cannotReplace(name);",
    put: "",
    named: "named like one of the SDK's own",
  }),
  inFile(
    "plugins/dotnet/installer.ts",
    E2E,
  )({
    name: "what passes through takes no project SDK from a feed",
    remove: "{ ...host.env, ...FETCHES_NOTHING }",
    put: "host.env",
    named: "are not taken from a feed by a command that passes through",
  }),
  inFile(
    "plugins/dotnet/run.ts",
    E2E,
  )({
    name: "a project SDK that the text does not show is not loaded",
    remove: 'MSBUILDDISABLENUGETSDKRESOLVER: "1",',
    put: "",
    named: "that the text does not show are not loaded at all",
  }),
  restore({
    name: "project SDKs are proven before a project is read",
    remove: "return yield { ...partOf(resolution, around), opens: true, runs: true };",
    put: "return [];",
    named: "denied before any of it is evaluated",
  }),
  inFile(
    "plugins/dotnet/stages.ts",
    E2E,
  )({
    name: "check judges the project SDKs that no lock lists",
    remove: ", unlockedBeside(lockfile, host)]));",
    put: "]));",
    named: "check names what a lock does not list",
  }),
  closedRestore({
    name: "folders of packages that the SDK adds are no second source",
    remove: 'DisableImplicitLibraryPacksFolder: "true",',
    put: "",
    test: "test/e2e/dotnet-fsharp.test.ts",
    named: "is restored from one source",
  }),
  closedRestore({
    name: "sources that the project adds are emptied",
    remove: 'RestoreAdditionalProjectSources: "",',
    put: "",
    test: ATTACK,
    named: "an additional source, where a lock says which bytes are meant",
  }),
  inFile(
    "plugins/dotnet/handoff/compare.ts",
    "test/attack/dotnet-unpacked.test.ts",
  )({
    name: "what was unpacked for NuGet is compared file by file",
    code: "INSTALLED_MISMATCH",
    remove: ": compareLaid(dirname(file), own);",
    put: ": [];",
    named: "a file that was unpacked",
  }),
  inFile(
    "plugins/dotnet/handoff/compare.ts",
    "test/plugins/dotnet/handoff/compare.test.ts",
  )({
    name: "what NuGet unpacked is compared file by file",
    code: "INSTALLED_MISMATCH",
    remove: "await compareUnpacked(dirname(file), nupkg) :",
    put: "[] :",
    named: "a file with other content",
  }),
  inFile(
    "plugins/dotnet/handoff/lay.ts",
    "test/plugins/dotnet/handoff/lay.test.ts",
  )({
    name: "only what was proven is unpacked for NuGet",
    code: "INSTALLED_MISMATCH",
    remove: 'sha512.toString("hex") === hashes.get(packageKey(ref)) ? unpackedFrom(nupkg, ref) : null',
    put: "unpackedFrom(nupkg, ref)",
    named: "is not unpacked where its bytes are others than those that were proven",
  }),
  handoff({
    name: "what the restore says it took is compared",
    code: "INSTALLED_MISMATCH",
    remove: "await requireProven(projects, proven, { folder: packages.folder, laid }, host);",
    put: "",
    test: ATTACK,
    named: "somebody who changes what the restore wrote",
  }),
  handoff({
    name: "a later plain restore is stopped before it builds",
    remove: "await writeGuards(projects, packages.folder);",
    put: "",
    named: "a plain dotnet build afterwards",
  }),
  inFile(
    "plugins/dotnet/resolve/graph.ts",
    ATTACK,
  )({
    name: "nothing of an earlier restore runs while projects are read",
    remove: "RestoreGraphOutputPath: output, ...NO_PACKAGES }",
    put: "RestoreGraphOutputPath: output }",
    named: "what an earlier plain restore left in obj",
  }),
  opened({
    name: "a package's content has the lock's hash",
    code: "INTEGRITY_MISMATCH",
    remove: "requireStated(digests, stated, location);",
    put: "",
    named: "a lock of the project's own name decides",
  }),
  opened({
    name: "a package is the one that was asked for",
    code: "PACKAGE_MISMATCH",
    remove: "requireIdentity(identity, ref, location);",
    put: "",
    named: "a proven package under another id or version satisfies nobody",
  }),
  tools({
    name: "dotnet's own cache of resolved tools is not believed",
    file: "plugins/dotnet/home.ts",
    remove: "DOTNET_CLI_HOME: home,",
    put: "",
    named: "a tool that dotnet resolved before, from somewhere else, is not believed",
  }),
  tools({
    name: "the package that holds a tool for this platform is proven too",
    remove: "const proven = yield partOf(without(platform, early), around);",
    put: "const proven: typeof early = [];",
    named: "a tool for several platforms",
  }),
  inFile(
    "plugins/dotnet/tool-args.ts",
    ARGS,
  )({
    name: "a tool's source cannot be named on the command line",
    remove: "if (!WITH_VALUE.has(name) && !ALONE.has(word)) return { manifest, strange: word };",
    put: "",
    named: "dotnet tool restore --add-source x: refuse",
  }),
  inFile(
    "plugins/dotnet/feed/providers.ts",
    "test/e2e/dotnet-evidence.test.ts",
  )({
    name: "a credential provider inside the project is not started",
    remove: "isInside(file, around)",
    put: 'file === ""',
    named: "inside the project is not started",
  }),
  mirror({
    name: "a mirror leaves behind what earlier restores made",
    remove: "&& !LEFT_FOLDERS.test(entry.name))",
    put: ")",
    test: ADD,
    named: "code of a package that an earlier plain restore left in obj",
  }),
  mirror({
    name: "a mirror is not written through",
    remove: "if ((await stat(real)).isFile()) await copyFile(real, at(path), FAST)",
    put: "if ((await stat(real)).isFile()) await symlink(real, at(path))",
    named: "is not written through",
  }),
  inFile(
    "plugins/dotnet/add/mirror.ts",
    EDITS,
  )({
    name: "a file that somebody changed while it was judged is not overwritten",
    code: "LOCK_CHANGED",
    remove: "if (before === null ? now === null : now?.equals(before) === true) continue;",
    put: "continue;",
    named: "somebody changed the file meanwhile",
  }),
];
