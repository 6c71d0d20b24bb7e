/** pip: nobody's code while it resolves, evidence about this very file, only proven bytes installed. */
import { inFile } from "./guard.ts";

const ATTACK = "test/attack/pip.test.ts";
const READ = "test/plugins/pip/lock/read.test.ts";
const E2E = "test/e2e/pip.test.ts";
const EVIDENCE = "test/e2e/pip-evidence.test.ts";
const requirements = inFile("plugins/pip/resolve/requirements.ts", "test/plugins/pip/resolve/requirements.test.ts");
const refused = inFile("plugins/pip/resolve/refused.ts", "test/plugins/pip/resolve/requirements.test.ts");
const locked = inFile("plugins/pip/lock/locked.ts", READ);
const distribution = inFile("src/ecosystems/distribution.ts", "test/ecosystems/distribution.test.ts");
const pep740 = inFile("src/evidence/pep740.ts", "test/evidence/pep740.test.ts");
const shape = inFile("src/shape.ts", READ);
const folders = inFile("plugins/pip/lock/folders.ts", "test/plugins/pip/lock/folders.test.ts");
const unlocked = inFile("plugins/pip/lock/unlocked.ts", "test/plugins/pip/lock/unlocked.test.ts");
const grammar = inFile("plugins/pip/lock/grammar.ts", "test/plugins/pip/lock/grammar.test.ts");
const inPipfile = inFile("plugins/pip/lock/pipfile.ts", READ);
const inPoetry = inFile("plugins/pip/lock/poetry.ts", READ);
const guard = inFile("plugins/pip/python/guard.py", ATTACK);
const resolving = inFile("plugins/pip/python/resolving.py", ATTACK);
const PLAN = "test/plugins/pip/handoff/plan.test.ts";
const PROGRAMS = "test/plugins/pip/python/programs.test.ts";
const started = inFile("plugins/pip/python/plan/started.py", PROGRAMS);
const plan = inFile("plugins/pip/python/plan/plan.py", PLAN);
const again = inFile("plugins/pip/handoff/again.ts", ATTACK);
const words = inFile("plugins/pip/handoff/words.ts", E2E);
const args = inFile("plugins/pip/args.ts", "test/plugins/pip/args.test.ts");
const evidence = inFile("plugins/pip/evidence/index.ts", EVIDENCE);
const interpreter = inFile("plugins/pip/installer.ts", ATTACK);
const LOCK = "test/attack/pip-lock.test.ts";
const ASKED = "test/plugins/pip/handoff/asked.test.ts";
const WORDS = "test/attack/pip-words.test.ts";

const present = inFile("plugins/pip/python/present.py", "test/e2e/pip-present.test.ts");
const siblings = inFile("plugins/pip/resolve/siblings.ts", "test/plugins/pip/resolve/requirements.test.ts");
const USER = "test/e2e/pip-user.test.ts";
const DOORS = "test/attack/pip-doors.test.ts";

const IN_PLACE = "test/attack/pip-in-place.test.ts";
const TRACKED = "test/attack/pip-tracked.test.ts";
const tracked = inFile("src/project/tracked.ts", "test/project/tracked.test.ts");

export const PIP = [
  inFile(
    "plugins/pip/lock/uv.ts",
    READ,
  )({
    name: "pip: uv's source is one place",
    code: "LOCK_UNSUPPORTED",
    remove: "closed({ virtual: text }),",
    put: "v.looseObject({ virtual: text }),",
    named: "is refused by name",
  }),
  inFile(
    "plugins/pip/lock/pylock.ts",
    READ,
  )({
    name: "pip: pylock's package has one kind of source",
    code: "LOCK_UNSUPPORTED",
    remove: "if (places.length > 1)",
    put: "if (places.length > 9)",
    named: "is refused by name",
  }),
  inPipfile({
    name: "pip: no words for pip in Pipfile.lock but a build's",
    code: "LOCK_UNSUPPORTED",
    remove: 'at % 2 === 1 || word === "--config-settings"',
    put: "at >= 0 || word",
    named: "pip is handed",
  }),
  inFile(
    "plugins/pip/handoff/rivals.ts",
    "test/plugins/pip/handoff/rivals.test.ts",
  )({
    name: "pip: an extension module beside a proven source",
    code: "INSTALLED_MISMATCH",
    remove: "(isOf && modules.has(stem))",
    put: "(isOf && namespaces.has(stem))",
    named: "six.so",
  }),
  inFile(
    "plugins/pip/handoff/rivals.ts",
    "test/plugins/pip/handoff/rivals.test.ts",
  )({
    name: "pip: a package beside a proven source",
    code: "INSTALLED_MISMATCH",
    remove: "!one.isFile() && modules.has(one.name)",
    put: "!one.isFile() && namespaces.has(one.name)",
    named: "six/__init__.py",
  }),
  inFile(
    "plugins/pip/handoff/compare.ts",
    ATTACK,
  )({
    name: "pip: rivals of proven modules end the installation",
    code: "INSTALLED_MISMATCH",
    remove: "refuseRivals(await rivalsOf(expected, shared));",
    put: "await rivalsOf(expected, shared);",
    named: "taken in its place",
  }),
  inFile(
    "plugins/pip/handoff/compare.ts",
    IN_PLACE,
  )({
    name: "pip: rivals of what is left alone end the installation",
    code: "INSTALLED_MISMATCH",
    remove: "refuseRivals(await rivalsOf(expected));",
    put: "await rivalsOf(expected);",
    named: "run in its place",
  }),
  inFile(
    "plugins/pip/handoff/rivals.ts",
    "test/plugins/pip/handoff/rivals.test.ts",
  )({
    name: "pip: what every interpreter takes is a rival of one's",
    code: "INSTALLED_MISMATCH",
    remove: "all.every((one) => OF_ONE.test(one)) && ",
    put: "",
    named: "what every interpreter takes",
  }),
  inFile(
    "plugins/pip/handoff/rivals.ts",
    "test/plugins/pip/handoff/rivals.test.ts",
  )({
    name: "pip: what one's own interpreter takes first is no other's",
    code: "INSTALLED_MISMATCH",
    remove: "withoutDebug(one) === withoutDebug(name)",
    put: "one === name",
    named: "where it is one with checks",
  }),
  unlocked({
    name: "what pipenv builds with is named",
    remove: 'return buildSystemOf(await settings("Pipfile"));',
    put: "return [];",
    named: "stwrapper",
  }),
  unlocked({
    name: "a lock's report names Poetry's plugins",
    remove: "...pluginsOf(",
    put: "...[].slice(",
    named: "requires-plugins",
  }),
  unlocked({
    name: "a lock's report names what is built although a wheel fits",
    remove: "names.has(ALL) || names.has(",
    put: "names.has(",
    named: "no-binary = true",
  }),
  inFile(
    "plugins/pip/lock/folders.ts",
    "test/plugins/pip/lock/folders.test.ts",
  )({
    name: "a lock's report names what builds its folders",
    remove: "isBuilt ? [",
    put: "isBuilt && path === null ? [",
    named: "with what builds it",
  }),
  interpreter({
    name: "pip: nothing that git tracks is started",
    remove: "await refuseTracked(cwd, [launcher, python, ...(await steering(python))]);",
    put: "",
    test: TRACKED,
    named: "git tracks its launcher",
  }),
  interpreter({
    name: "pip: nor what the interpreter reads first",
    remove: "[launcher, python, ...(await steering(python))]",
    put: "[launcher, python]",
    test: TRACKED,
    named: "git tracks its pyvenv.cfg",
  }),
  interpreter({
    name: "pip: nor what pip reads of an environment",
    remove: '"pyvenv.cfg", "pip.conf", "pip.ini"',
    put: '"pyvenv.cfg"',
    test: TRACKED,
    named: "git tracks its pip.conf",
  }),
  interpreter({
    name: "pip: nor modules of the user's own folder",
    remove: "await refuseTracked(cwd, await ofTheUser(cwd, env));",
    put: "",
    test: TRACKED,
    named: "packages of the user's own",
  }),
  present({
    name: "pip: what is named is never taken for installed",
    remove: '(*job["named"], *_folders)',
    put: "_folders",
    named: "what is named is judged",
  }),
  present({
    name: "pip: folders of the project stand for what packages of the index ask for",
    remove: 'self._installed_dists[name] = Folder(name, version or "0")',
    put: "pass",
    test: USER,
    named: "are what the others ask for",
  }),
  siblings({
    name: "pip: folders that are named stand for their names",
    remove: 'return siblings.get(normalName("pypi", entry.name)) ?? null;',
    put: "return null;",
    named: "stand for their names",
  }),
  plan({
    name: "pip: what a wheel's scripts become is known",
    remove: 'if key == "scripts":',
    put: "if False:",
    named: "is what the wheel brings",
  }),
  plan({
    name: "pip: what pip rewrites is known file by file",
    remove: "if path not in written and not is_compiled(name, names):",
    put: 'if not (key == "scripts" or info and parts[1:] and parts[1] in ("RECORD", "INSTALLER", "REQUESTED") or is_compiled(name, names)):',
    named: "is what the wheel brings",
  }),
  inFile(
    "src/io/transaction/put-back.ts",
    "test/io/transaction/transaction.test.ts",
  )({
    name: "what is put back is compared before anything is said of it",
    remove: "for (const entry of begun) await assertBack(entry);",
    put: "",
    named: "what is put back is compared",
  }),
  interpreter({
    name: "pip: nor modules of the environment",
    remove: "...beside, ...modules]",
    put: "...beside]",
    test: TRACKED,
    named: "git tracks its modules",
  }),
  tracked({
    name: "a link that git tracks leads to what it brings",
    remove: "    places.push(place);",
    put: "    places[0] = place;",
    test: TRACKED,
    named: "a link that git tracks leads to it",
  }),
  tracked({
    name: "what an index does not say is not taken for untracked",
    remove: "?? unreadable(file)",
    put: "?? []",
    named: "unknown where it is cut off",
  }),
  tracked({
    name: "names that a file system takes for one are one",
    remove: 'return way.normalize("NFC").toLowerCase();',
    put: "return way;",
    named: "is read from the index: version 2",
  }),
  inFile(
    "plugins/pip/python/run.ts",
    DOORS,
  )({
    name: "pip: no Python process starts in the project",
    remove: "args, cwd: folder, env: {",
    put: "args, cwd: python.cwd, env: {",
    named: "of no Python process",
  }),
  inFile(
    "plugins/pip/python/plan/plan.py",
    DOORS,
  )({
    name: "pip: a scheme lies inside the environment",
    remove: "astray += strays(scheme)",
    put: "pass",
    named: "outside of the environment is refused",
  }),
  inFile(
    "plugins/pip/python/resolving.py",
    DOORS,
  )({
    name: "pip: nothing by URL is fetched while it resolves",
    remove: "if ireq.link is None:",
    put: "if True:",
    named: "denied before it is fetched",
  }),
  inFile(
    "plugins/pip/python/passing.py",
    DOORS,
  )({
    name: "pip: variables stay words where a command passes by the gate",
    remove: "req_file.get_file_content = read_here",
    put: "pass",
    named: "expands no variable",
  }),
  shape({
    name: "pip: a lock's tables are closed",
    code: "LOCK_UNSUPPORTED",
    remove: "v.strictObject(entries)",
    put: "v.object(entries)",
    named: "is refused by name",
  }),
  shape({
    name: "pip: no line break and no half character in a lock's texts",
    remove: "/^[^\\p{Cc}\\p{Cs}\\u2028\\u2029]+$/u",
    put: "/^[^]+$/u",
    named: "Pipfile.lock:",
  }),
  folders({
    name: "pip: a folder of a lock leads into the repository",
    code: "FILE_DEPENDENCY",
    remove: "(await leadsInside(place, repositoryRoot).catch(() => false)) &&",
    put: "repositoryRoot !== null &&",
    named: "linked is not",
  }),
  folders({
    name: "pip: a folder of a lock leads into the repository, whichever way its tool goes up",
    code: "FILE_DEPENDENCY",
    remove: "const ways = [place, await followed(at, path).catch(() => null)];",
    put: "const ways = [place];",
    named: "linked/../own",
  }),
  folders({
    name: "pip: a folder of a lock is a folder",
    remove: "return stat(place).then(\n    (found) => found.isDirectory(),",
    put: "return stat(place).then(\n    (found) => found.size >= 0,",
    named: "a.whl is not",
  }),
  grammar({
    name: "pip: a marker is read to its end",
    remove: "return left === tokens.length;",
    put: "return left > 0;",
    named: "is none",
  }),
  grammar({
    name: "pip: no option in a marker's text",
    remove: 'if (kind === "quoted" && / -/.test(found)) return null;',
    put: "",
    named: "is none",
  }),
  inPipfile({
    name: "pip: a folder of Pipfile.lock begins with a dot",
    code: "FILE_DEPENDENCY",
    remove: "if (!/^\\.{1,2}(?:\\/|$)/.test(path)) return",
    put: "if (path === name) return",
    named: "Pipfile.lock:",
  }),
  inPoetry({
    name: "pip: a package's own list of files counts, also where it is empty",
    code: "LOCK_UNSUPPORTED",
    remove: "(files ?? older.get(name) ?? [])",
    put: "((files ?? []).length > 0 ? files ?? [] : older.get(name) ?? [])",
    named: "an empty list of files is none",
  }),
  guard({
    name: "pip: no child process while it resolves",
    remove: "sys.addaudithook(_hook)",
    put: "sys.addaudithook(lambda event, args: None)",
    test: PROGRAMS,
    named: "refuses a",
  }),
  guard({
    name: "pip: .pth files do not run before the verdict",
    file: "plugins/pip/python/installed.py",
    remove: "site.addsitedir = _add_plainly",
    put: "pass",
    named: "a .pth file of an installed package",
  }),
  again({
    name: "pip: resolved again from the proven wheels",
    code: "DEPENDENCIES_MISMATCH",
    remove: "if (missing.length + added.length === 0) return [];",
    put: "if (missing.length + added.length >= 0) return [];",
    named: "about more dependencies than there are",
  }),
  resolving({
    name: "pip: the second resolution sees nothing but the proven wheels",
    remove: 'options.no_index, options.find_links = True, [job["findLinks"]]',
    put: "pass",
    named: "about dependencies is found out",
  }),
  refused({
    name: "pip: no index option in a requirements file",
    code: "OPTION_REFUSED",
    remove: "if (option !== undefined) {",
    put: "if (option === null) {",
    named: "is refused",
  }),
  refused({
    name: "pip: first-party is inside the repository",
    code: "FILE_DEPENDENCY",
    remove: "if (real !== null && isInside(real, repositoryRoot)) return null;",
    put: "return null;",
    named: "outside of the repository",
  }),
  refused({
    name: "pip: dynamic dependencies are not known",
    remove: "if (found.dynamic && !options.ignore_dependencies)",
    put: "if (found.name === path)",
    named: "what only its build code knows",
  }),
  locked({
    name: "pip: a lock with a source distribution only",
    code: "SOURCE_DISTRIBUTION",
    remove: "(hasWheel ? [] : files.filter(isSource))",
    put: "files.filter(() => false)",
    named: "only as source",
  }),
  inFile(
    "plugins/pip/lock/unlocked.ts",
    READ,
  )({
    name: "pip: what a lock leaves to a build is named",
    remove: "return source === undefined || fitsAll ? []",
    put: "return source === undefined || files.length > 0 ? []",
    named: "what would be built",
  }),
  locked({
    name: "pip: no file of a lock without a strong hash",
    code: "LOCK_UNSUPPORTED",
    remove: "if (digests === null)",
    put: "if (hash === locked)",
    named: "cannot be bound",
  }),
  distribution({
    name: "pip: build tags are compared",
    remove: "isSameBuild(one.build, other.build) &&",
    put: "",
    named: "is not",
  }),
  distribution({
    name: "pip: platforms are compared",
    remove: "one.tags.join() === other.tags.join()",
    put: "one.tags.length >= 0",
    named: "is not",
  }),
  distribution({
    name: "pip: versions are compared",
    remove: "isSameVersion(one.version, other.version) &&",
    put: "",
    named: "is not",
  }),
  pep740({
    name: "PEP 740: exactly one subject",
    code: "BUNDLE_MALFORMED",
    remove: "if (!hasOneSubject(statement)) return",
    put: "if (statement === null) return",
    named: "two subjects",
  }),
  pep740({
    name: "PEP 740: known versions of attestations only",
    code: "BUNDLE_MALFORMED",
    remove: 'if (version !== 1) return { malformed: "an attestation of another',
    put: 'if (version === null) return { malformed: "an attestation of another',
    named: "another version of an attestation",
  }),
  words({
    name: "pip: what is installed already is replaced",
    remove: 'prefix !== null || root !== null ? ["--ignore-installed"] : ["--force-reinstall"]',
    put: "[]",
    test: ATTACK,
    named: "an installed package is not taken for proven",
  }),
  words({
    name: "pip: what stands at --target is replaced",
    remove: '["--ignore-installed", ...(upgrade ? ["--upgrade"] : [])]',
    put: '["--ignore-installed"]',
    named: "there and nowhere else",
  }),
  inFile(
    "plugins/pip/handoff/compare.ts",
    ATTACK,
  )({
    name: "pip: what lies on disk is what was proven",
    code: "INSTALLED_MISMATCH",
    remove: "if (differences.length === 0) return;",
    put: "if (differences.length >= 0) return;",
    named: "a link that pip leaves standing",
  }),
  plan({
    name: "pip: what a wheel brings goes again",
    remove: 'wheel["touched"].add(os.path.join(scheme[key], parts[0]) if info else path)',
    put: "pass",
    named: "is what the wheel brings",
  }),
  plan({
    name: "pip: no wheel brings a file under a name of ours",
    code: "ARCHIVE_INVALID",
    remove: 'if any(part.lower().startswith(".safe-install") for part in parts):',
    put: "if not parts:",
    named: "is nothing of ours, and nothing outside",
  }),
  plan({
    name: "pip: no wheel brings a file outside of the environment",
    code: "ARCHIVE_INVALID",
    remove: "if path == folder or not _below(path, folder):",
    put: "if path == folder:",
    named: "is nothing of ours, and nothing outside",
  }),
  plan({
    name: "pip: no wheel takes the interpreter's place",
    code: "ARCHIVE_INVALID",
    remove: 'if starts(resolved(path), scheme) or is_pip(resolved(path), scheme) and normal(wheel["name"]) != "pip":',
    put: "if not path:",
    named: "is nothing of ours, and nothing outside",
  }),
  started({
    name: "pip: no wheel brings what the interpreter reads first",
    code: "ARCHIVE_INVALID",
    remove: "if beside and (_READ_FIRST.fullmatch(name) or _LINKED.fullmatch(name)):",
    put: "if beside and _LINKED.fullmatch(name):",
    named: "what starts an environment",
  }),
  started({
    name: "pip: no wheel brings what the interpreter is linked with",
    code: "ARCHIVE_INVALID",
    remove: "if beside and (_READ_FIRST.fullmatch(name) or _LINKED.fullmatch(name)):",
    put: "if beside and _READ_FIRST.fullmatch(name):",
    named: "what starts an environment",
  }),
  started({
    name: "pip: no wheel makes an interpreter think that it lies where it was built",
    code: "ARCHIVE_INVALID",
    remove: 'if _OF_A_BUILD.fullmatch(os.path.relpath(path, scheme["scripts"])):',
    put: "if not path:",
    named: "what starts an environment",
  }),
  started({
    name: "pip: no wheel writes into the interpreter's own library",
    code: "ARCHIVE_INVALID",
    remove: "return standard and not any(_below(path, one) for one in _libraries(scheme))",
    put: "return False",
    named: "the library of an interpreter",
  }),
  started({
    name: "pip: no wheel brings pip's command",
    code: "ARCHIVE_INVALID",
    remove: 'if folder == scheme["scripts"] and _COMMAND.fullmatch(name):',
    put: "if not path:",
    named: "what is pip",
  }),
  inFile(
    "plugins/pip/stages.ts",
    "test/plugins/pip/stages.test.ts",
  )({
    name: "pip: a set that is not complete is never handed off",
    remove: "if (unbound.length > 0 || artifacts.some((one) => !admitted.has(one))) throw notProven();",
    put: "",
    named: "of which anything is missing",
  }),
  args({
    name: "pip: what might be an option's value is not taken for the subcommand",
    remove: "const unknown = general.find(",
    put: "const unknown = [].find(",
    named: "is refused",
  }),
  evidence({
    name: "pip: passwords only for the user's own indexes",
    remove: "const isOurs = origins.has(new URL(url).origin);",
    put: "const isOurs = origins.size > 0;",
    named: "the password does not go",
  }),
  requirements({
    name: "pip: build requirements are judged too",
    code: "GIT_DEPENDENCY",
    remove: "if (refused !== null) unbound.push(",
    put: "if (refused === undefined) unbound.push(",
    named: "what a project declares is judged",
  }),
  requirements({
    name: "pip: what a project declares is judged as if it had been asked for",
    remove: "open.push(...needed.filter(({ applies }) => applies));",
    put: "lines.push(...needed.map(lineOf));",
    named: "what a project declares is judged",
  }),
  inFile(
    "plugins/pip/python/lines.py",
    LOCK,
  )({
    name: "pip: variables of the environment stay words",
    remove: "req_file.expand_env_variables = lambda lines: lines",
    put: "pass",
    named: "variables of the environment are not read",
  }),
  inFile(
    "plugins/pip/python/lines.py",
    WORDS,
  )({
    name: "pip: a project declares requirements and nothing else",
    remove: "entry(str(Requirement(one)), False, file, 0, False)",
    put: '{**entry("plain", False, file, 0, False), "text": one}',
    named: "is none of a project's",
  }),
  resolving({
    name: "pip: only requirements come to the resolver, whoever wrote them",
    remove: "    strange = list(strange_lines())",
    put: "    strange = []",
    test: LOCK,
    named: "nothing but requirements comes to the resolver",
  }),
  resolving({
    name: "pip: what an index says is made visible",
    file: "plugins/pip/python/tamed.py",
    remove: "logging.setLogRecordFactory(_tame)",
    put: "pass",
    test: WORDS,
    named: "cannot speak to the terminal",
  }),
  inFile(
    "plugins/pip/python/passing.py",
    PROGRAMS,
  )({
    name: "pip: python -m pip runs no module of the working directory",
    remove: 'if sys.path and sys.path[0] == "":',
    put: "if False:",
    named: "is none of the working directory",
  }),
  locked({
    name: "pip: a lock's files are of the package that they stand under",
    code: "PACKAGE_MISMATCH",
    remove: "if (!isNamedFor(filename, name, version)) return stranger(",
    put: "if (filename === version) return stranger(",
    named: "in the place of a 1",
  }),
  locked({
    name: "pip: every hash of a file is judged",
    remove: "locked.push(...digests.map((one) => ({ name, version, filename, url, digests: [one], index })));",
    put: "locked.push({ name, version, filename, url, digests, index });",
    named: "a file with several hashes",
  }),
  locked({
    name: "pip: what a lock names is a package and a version",
    remove: "if (!isRelease(name, version)) return unusable(",
    put: "if (name === version) return unusable(",
    named: "is no release",
  }),
  locked({
    name: "pip: source distributions of a lock are judged",
    remove: "return { ...EMPTY, files, unbound, notGated: hasWheel",
    put: "return { ...EMPTY, files: files.every(isSource) ? files : files.filter((one) => !isSource(one)), unbound, notGated: hasWheel",
    test: LOCK,
    named: "a source distribution beside a proven wheel",
  }),
  inFile(
    "plugins/pip/lock/requirements.ts",
    LOCK,
  )({
    name: "pip: a lock's lines for other machines are judged",
    remove: "read.entries.map((one) => ({ ...one, applies: true }))",
    put: "read.entries",
    named: "what this machine would leave out",
  }),
  inFile(
    "plugins/pip/lock/stages.ts",
    LOCK,
  )({
    name: "pip: evidence by hash speaks of this release",
    remove: "isSubjectName: (stated) => isFileOf(stated, name, version),",
    put: "isSubjectName: () => true,",
    named: "its hash only, with evidence by digest",
  }),
  inFile(
    "plugins/pip/lock/indexes.ts",
    LOCK,
  )({
    name: "pip: an index names files of this release only",
    remove: "isNamedFor(filename, one.name, one.version) &&",
    put: "",
    named: "lists it on the wrong page",
  }),
  inFile(
    "plugins/pip/python/plan/replaced.py",
    PLAN,
  )({
    name: "pip: data files and headers come back",
    remove: "yield os.path.normpath(os.path.join(library, row[0]))",
    put: "pass",
    named: "is also what is replaced, by its record",
  }),
  inFile(
    "plugins/pip/locate.ts",
    "test/plugins/pip/stages.test.ts",
  )({
    name: "pip: what is put back needs no pip",
    remove: "return isVirtual ? folder : realpath(python);",
    put: 'return isVirtual ? join(folder, "lib") : realpath(python);',
    named: "its environment names the journal",
  }),
  inFile(
    "plugins/pip/simple.ts",
    "test/plugins/pip/simple.test.ts",
  )({
    name: "pip: an index elsewhere sends us to no service of this machine",
    remove: 'const isLocal = page.startsWith("http:") && isAllowedUrl(page);',
    put: "const isLocal = true;",
    named: "only an index of this machine",
  }),
  requirements({
    name: "pip: a file that asks for hashes gets them",
    remove: 'entry.options.includes("require_hashes")',
    put: 'entry.options.includes("")',
    test: WORDS,
    named: "that asks for hashes of everything",
  }),
  inFile(
    "plugins/pip/handoff/asked.ts",
    ASKED,
  )({
    name: "pip: what a backend asks for reads no variable",
    code: "OPTION_REFUSED",
    remove: '.replaceAll("${", "$ {")',
    put: "",
    named: "no variable of the environment",
  }),
  inFile(
    "plugins/pip/handoff/asked.ts",
    ASKED,
  )({
    name: "pip: a project is not copied into itself",
    code: "INSTALLED_MISMATCH",
    remove: "isInside(ours, path) || ",
    put: "",
    named: "lies in the project",
  }),
  ...(
    [
      ["every file has its bytes", "in_place", "and _sha256(_bytes_of(path)) in hashes", "or not hashes"],
      ["nobody else writes into its folders", "in_place", "and not found.st_mode & 0o022 & _mask", ""],
      ["every file has its mode", "in_place", "stat.S_IMODE(found.st_mode) == mode", "mode"],
      [
        "no file is a link, or has another name",
        "in_place",
        "stat.S_ISREG(found.st_mode) and found.st_nlink == 1 and ",
        "",
      ],
      ["its record names nothing else", "in_place", "if set(named) - compiled != {*files, record}:", "if False:"],
      ["it is installed once", "in_place", 'installed.get(normal(wheel["name"])) != [info]', "False"],
      ["beside it lies nobody's file", "staying", "not foreign and not _has_strangers(one, strange)", "not foreign"],
      ["nothing foreign starts with Python", "staying", "not foreign and not _has", "not _has"],
    ] as const
  ).map(([what, file, remove, put]) =>
    inFile(
      `plugins/pip/python/plan/${file}.py`,
      IN_PLACE,
    )({
      name: `pip: left alone where ${what}`,
      remove,
      put,
      named: what.includes("foreign") ? "starts with Python" : "anything of it is not as pip",
    }),
  ),
  inFile(
    "plugins/pip/python/plan/staying.py",
    IN_PLACE,
  )({
    name: "pip: left alone where nobody makes a package of its namespace",
    remove: "for one in inits if not _recorded(one))",
    put: "for one in ())",
    named: "makes a package of its namespace",
  }),
  inFile(
    "plugins/pip/python/plan/staying.py",
    IN_PLACE,
  )({
    name: "pip: no link is recorded",
    remove: "        if not _is_plain(path):\n            return False\n",
    put: "",
    named: "a link that starts with Python",
  }),
  inFile(
    "plugins/pip/python/present.py",
    IN_PLACE,
  )({
    name: "pip: what is remembered is a wheel for this interpreter",
    remove: '        return not parse_wheel_filename(known["filename"])[3].isdisjoint(_supported)',
    put: "        return True",
    named: "whatever a cache says",
  }),
  inFile(
    "plugins/pip/python/plan/brought.py",
    PROGRAMS,
  )({
    name: "pip: what any reader takes for a command is one",
    remove: ' and line.endswith("]"):',
    put: ":",
    named: "the commands in",
  }),
  inFile(
    "plugins/pip/python/plan/plan.py",
    IN_PLACE,
  )({
    name: "pip: bytecode of what is left alone goes",
    remove: "for one in bytecode_in(folder, proven))",
    put: "for one in ())",
    named: "no bytecode that somebody else made",
  }),
  inFile(
    "plugins/pip/stages.ts",
    ATTACK,
  )({
    name: "pip: what chose by other words is resolved again",
    remove: "one !== own || !saidTheSame(own, plan)",
    put: "one !== own",
    named: "about dependencies is found out",
  }),
  inFile(
    "plugins/pip/resolve/known.ts",
    IN_PLACE,
  )({
    name: "pip: what is remembered names no other place",
    remove: "isOurs(page) && ",
    put: "",
    named: "whatever a cache says",
  }),
  plan({
    name: "bytecode that stands for a proven module is taken away",
    remove: 'wheel["stale"].update(stale_of(path))',
    put: "pass",
    test: ATTACK,
    named: "bytecode that pip leaves standing",
  }),
] as const;
