/** What npm may do and say while it resolves, what a lock may claim, and what passes. */
import { inFile } from "./guard.ts";

const STAGE = "test/attack/npm-stage.test.ts";
const NAMES = "test/attack/npm-names.test.ts";
const LOCK = "test/attack/npm-lock.test.ts";
const guard = inFile("plugins/npm/resolve/stage/guard.ts", STAGE);
const args = inFile("plugins/npm/args.ts", "test/plugins/npm/args.test.ts");
const claims = inFile("plugins/npm/bytes/manifest.ts", LOCK);
const resolve = inFile("plugins/npm/resolve/resolve.ts", LOCK);
const npmrc = inFile("plugins/npm/settings/project-npmrc.ts", "test/plugins/npm/settings/project-npmrc.test.ts");

export const NPM_STAGE = [
  guard({
    name: "npm starts no program while it resolves",
    code: "GIT_DEPENDENCY",
    remove: "children[name] = refuse;",
    put: "void name;",
    named: "spawnSync(process.execPath",
  }),
  guard({
    name: "npm starts no program by the class behind it",
    code: "GIT_DEPENDENCY",
    remove: "children.ChildProcess.prototype.spawn = refuse;",
    put: "",
    named: "ChildProcess().spawn",
  }),
  guard({
    name: "npm asks no address that an unproven package names",
    code: "REMOTE_DEPENDENCY",
    remove: "if (origins.includes(new URL(this.resolved).origin)) return fetch.call(this);",
    put: "if (origins) return fetch.call(this);",
    named: "in its dependencies",
  }),
  guard({
    name: "while npm resolves, no address in an answer leads nearer",
    remove: "if ((await reachOfHost(chain.host)) < chain.least) notFetched(last.href, place.href);",
    put: "",
    named: "to 127.0.0.1",
  }),
  guard({
    name: "while npm resolves, no name in an answer leads nearer",
    remove: "return Math.min(PUBLIC, ...found.map(({ address }) => reachOf(address)));",
    put: "return PUBLIC;",
    named: "to localhost",
  }),
  guard({
    name: "where a name leads is judged by what is connected to",
    remove: "if (host !== judged || typeof",
    put: "if (least < 3 || typeof",
    named: "a moment later",
  }),
  inFile(
    "plugins/npm/resolve/stage/resolving.ts",
    STAGE,
  )({
    name: "npm does not go on without an optional dependency that was refused",
    code: "REMOTE_DEPENDENCY",
    remove: 'if (refused !== undefined && refused !== "") throw notFetched(refused);',
    put: "",
    named: "in its optionalDependencies",
  }),
  inFile(
    "plugins/npm/resolve/stage/resolving.ts",
    STAGE,
  )({
    name: "npm is started with what keeps it from starting programs",
    code: "GIT_DEPENDENCY",
    remove: 'const args = ["--require", await writeGuard(folder, refusals, copy.archives, staging), ...command.args];',
    put: "const args = command.args;",
    named: "execFile(process.execPath",
  }),
  inFile(
    "plugins/npm/resolve/stage/stage.ts",
    NAMES,
  )({
    name: "a registry does not rename what was asked for",
    code: "PACKAGE_MISMATCH",
    remove: "refuseForeignNames(files, specs);",
    put: "",
    named: "by a registry that says so while npm resolves",
  }),
  resolve({
    name: "a folder bears its package's name, or somebody asks for an alias",
    code: "LOCK_UNSUPPORTED",
    remove: "denyName(node, await sortArchive(node, scope))",
    put: "(await sortArchive(node, scope))",
    test: NAMES,
    named: "at the top is refused",
  }),
  inFile(
    "plugins/npm/resolve/aliases.ts",
    NAMES,
  )({
    name: "an alias is for the package that it names",
    code: "LOCK_UNSUPPORTED",
    remove: "realNameIn(edge.name, edge.spec) === node.packageName",
    put: "realNameIn(edge.name, edge.spec) !== null",
    named: "for an alias of yet another is refused",
  }),
  inFile(
    "plugins/npm/bytes/unzipped.ts",
    "test/plugins/npm/bytes/manifest.test.ts",
  )({
    name: "nothing stands behind the compressed archive",
    code: "ARCHIVE_INVALID",
    remove: "for await (const chunk of rest) requirePadding(chunk, (beyond += chunk.length));",
    put: "void rest;",
    named: "another compressed archive behind one zero",
  }),
  claims({
    name: "an alias of a package stands in its archive",
    code: "PACKAGE_MISMATCH",
    remove: "if (found !== real) throw",
    put: "if (found === null) throw",
    test: NAMES,
    named: "by an alias that only the lock says",
  }),
  claims({
    name: "a command of a package stands in its archive",
    code: "PACKAGE_MISMATCH",
    remove: "if (found !== path && !isInBinFolder(name, path, inspected))",
    put: "if (found === null)",
    named: "a command",
  }),
  inFile(
    "plugins/npm/resolve/entry.ts",
    LOCK,
  )({
    name: "an entry of the lock says nothing that npm never wrote",
    code: "LOCK_UNSUPPORTED",
    remove: "v.strictObject(MEMBERS)",
    put: "v.object(MEMBERS)",
    named: "what the lock adds to a package scripts",
  }),
  inFile(
    "plugins/npm/resolve/text.ts",
    LOCK,
  )({
    name: "no package brings a lockfile of its own",
    code: "LOCK_IN_PACKAGE",
    remove: 'entry.hasShrinkwrap === true && location !== ""',
    put: "entry.hasShrinkwrap === null",
    named: "a lockfile of its own",
  }),
  resolve({
    name: "a link lies in node_modules",
    code: "LOCK_UNSUPPORTED",
    remove: "if (node.isLink && (isOutside || !isInNodeModules(node)))",
    put: "if (node.isLink && node.location === null)",
    named: "a link lies in node_modules, inside of the project",
  }),
  resolve({
    name: "a link is to a folder that our own package.json asks for",
    code: "FILE_DEPENDENCY",
    remove: "denyEdge(node) ?? denyUnasked(node) ??",
    put: "denyEdge(node) ??",
    test: NAMES,
    named: "by a link to a folder of the repository, where package.json asks a registry",
  }),
  inFile(
    "plugins/npm/resolve/aliases.ts",
    NAMES,
  )({
    name: "a folder that only the lock knows wishes for nothing",
    code: "LOCK_UNSUPPORTED",
    remove: "isInNodeModules(from) || isOurs(from)",
    put: "from !== null",
    named: "by the wish of a folder that nothing links to",
  }),
  resolve({
    name: "dependencies that lead to nothing are judged, too",
    code: "LOCK_UNSUPPORTED",
    remove: "      ...tree.loose.flatMap(denyLoose),\n",
    put: "",
    named: "what the lock does not have",
  }),
  resolve({
    name: "what an entry claims decides nothing before it is a registry's",
    code: "FILE_DEPENDENCY",
    remove: 'if (archive.kind === "notGated" || isNoRegistryPackage(archive)) return archive;',
    put: "",
    named: "of another platform: an archive",
  }),
  inFile(
    "plugins/npm/handoff/landing.ts",
    STAGE,
  )({
    name: "also what npm has not changed is as it was judged",
    code: "LOCK_CHANGED",
    remove: "for (const { path, before } of staged) {",
    put: "for (const { path, before } of changes) {",
    named: "a workspace's manifest",
  }),
  inFile(
    "plugins/npm/handoff/handoff.ts",
    STAGE,
  )({
    name: "the lockfile is the judged one once everything is in place",
    code: "LOCK_CHANGED",
    remove: "await landing?.land();\n      await assertUnchanged(lock, host);",
    put: "await landing?.land();",
    named: "a lock that changes while ci",
  }),
  inFile(
    "src/io/transaction/disk.ts",
    STAGE,
  )({
    name: "a link that leads nowhere is moved aside",
    remove: "return fs.lstat(path).catch(",
    put: "return fs.stat(path).catch(",
    named: "nothing is written where a link leads",
  }),
  inFile(
    "src/io/transaction/state.ts",
    "test/io/transaction/state.test.ts",
  )({
    name: "the journals lie in no folder of a clone",
    remove: "isAbsolute(stated) ? stated :",
    put: 'stated !== "" ? stated :',
    named: "of-a-clone",
  }),
  args({
    name: "a beginning of a subcommand's name may be the subcommand",
    remove: "|| mayInstall(value) ||",
    put: "||",
    named: "npm --allow-directory exe ls",
  }),
  args({
    name: "a subcommand may be all that there is, as another npm reads it",
    remove: "command === undefined || mayInstall(value)",
    put: "mayInstall(value)",
    named: "npm --loglevel silly",
  }),
  args({
    name: "what passes under conditions is asked for them, whichever word is the subcommand",
    remove: "|| mayAct(value, rest(at))",
    put: "",
    named: "npm --token-description pack ls",
  }),
  args({
    name: "what an option swallows may be another option's word",
    remove: 'return value === "" || !isTaken ? [] : [value];',
    put: "return [];",
    named: "npm -allow-git --provenance=x ls",
  }),
  args({
    name: "an option that lacks its value does not swallow what keeps npm version from installing",
    remove: "0, none, none);",
    put: "0, none);",
    named: "npm version patch -L installs nothing on the way",
  }),
  args({
    name: "what lies outside of every registry is not fetched to be read",
    remove: 'return ["git", "remote"].includes(typeOf(spec));',
    put: 'return ["git"].includes(typeOf(spec));',
    named: "npm view https://example.org/x.tgz",
  }),
  args({
    name: "npm version installs no workspaces",
    remove: "if (!VERSIONS.has(command)) return args;",
    put: 'if (command !== "") return args;',
    named: "npm version patch -w a installs nothing on the way",
  }),
  inFile(
    "plugins/npm/task.ts",
    "test/plugins/npm/args.test.ts",
  )({
    name: "everything that reads specs is known to",
    remove: " bugs issues docs home repo fund owner author",
    put: "",
    named: "npm docs a/b",
  }),
  inFile(
    "plugins/npm/passing.ts",
    STAGE,
  )({
    name: "what passes gets what keeps it from installing",
    remove: "passed(npmWords(args, program))",
    put: "npmWords(args, program)",
    named: "npm version does not install workspaces on the way",
  }),
  inFile(
    "src/commands/install.ts",
    "test/commands/install.test.ts",
  )({
    name: "a question that fails is no answer",
    remove: "runtime.stderr.write(describeError(error, runtime));",
    put: "throw error;",
    named: "what would let it in cannot be composed",
  }),
  inFile(
    "src/project/policy-names.ts",
    "test/io/files.bounds.test.ts",
  )({
    name: "a policy file that cannot be read is a wrong policy",
    remove: 'throw new SafeInstallError("policy", error.code, error.message, { cause: error });',
    put: "throw error;",
    named: "a policy",
  }),
  inFile(
    "src/project/ends.ts",
    "test/project/ends.placed.test.ts",
  )({
    name: "the project lies in the repository that the command was called in",
    remove: "if (!elsewhere && owners[0] === owners[1]) return;",
    put: "if (owners[0] === owners[1]) return;",
    named: "may not be above the repository",
  }),
  npmrc({
    name: "a project's .npmrc turns no connection elsewhere",
    remove: "if (turned.length > 0) return turned;",
    put: "if (turned.length > 0) return [];",
    named: "proxy is refused",
  }),
  npmrc({
    name: "a project's .npmrc takes away nothing of the user's",
    remove: "settled(key, own.config.get(key)) !== settled(key, bare.config.get(key))",
    put: 'settled(key, own.config.get(key)) !== "null"',
    named: "so does the user's own value; taking it away does not",
  }),
  npmrc({
    name: "a project's .npmrc sends no environment in an address",
    remove: 'if (meaning === "address") return "would send your environment as part of an address";',
    put: "",
    named: "a registry with a variable is refused",
  }),
  npmrc({
    name: "a project's .npmrc sends no environment to an origin of its own",
    remove: "known.has(hostOf(key))) return null;",
    put: "known.size > 0) return null;",
    named: "a token of a variable for a stranger is refused",
  }),
];
