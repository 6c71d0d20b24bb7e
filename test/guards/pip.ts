/** pip: nobody's code while it resolves, evidence about this very file, only proven bytes installed. */
import { inFile } from "./guard.ts";

const ATTACK = "test/attack/pip.test.ts";
const E2E = "test/e2e/pip.test.ts";
const EVIDENCE = "test/e2e/pip-evidence.test.ts";
const requirements = inFile("plugins/pip/requirements.ts", "test/plugins/pip/requirements.test.ts");
const locked = inFile("plugins/pip/lock/locked.ts", "test/plugins/pip/lock.test.ts");
const distribution = inFile("plugins/pip/distribution.ts", "test/plugins/pip/distribution.test.ts");
const pep740 = inFile("src/evidence/pep740.ts", "test/evidence/pep740.test.ts");
const guard = inFile("plugins/pip/programs/guard.ts", ATTACK);
const resolution = inFile("plugins/pip/programs/resolution.ts", ATTACK);
const again = inFile("plugins/pip/again.ts", ATTACK);
const handoff = inFile("plugins/pip/handoff.ts", E2E);
const args = inFile("plugins/pip/args.ts", "test/plugins/pip/args.test.ts");
const evidence = inFile("plugins/pip/evidence.ts", EVIDENCE);
const interpreter = inFile("plugins/pip/interpreter.ts", ATTACK);

export const PIP = [
  guard({
    name: "pip: no child process while it resolves",
    remove: "sys.addaudithook(_hook)",
    put: "sys.addaudithook(lambda event, args: None)",
    named: "runs code under plain pip",
  }),
  guard({
    name: "pip: .pth files do not run before the verdict",
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
  resolution({
    name: "pip: the second resolution sees nothing but the proven wheels",
    remove: 'options.no_index, options.find_links = True, [job["findLinks"]]',
    put: "pass",
    named: "about dependencies is found out",
  }),
  requirements({
    name: "pip: no index option in a requirements file",
    code: "OPTION_REFUSED",
    remove: "if (option !== undefined) {",
    put: "if (option === null) {",
    named: "is refused",
  }),
  requirements({
    name: "pip: first-party is inside the repository",
    code: "FILE_DEPENDENCY",
    remove: "if (isInside(real, repositoryRoot)) return null;",
    put: "return null;",
    named: "outside of the repository",
  }),
  requirements({
    name: "pip: dynamic dependencies are not known",
    remove: "if (found.dynamic && !options.ignore_dependencies)",
    put: "if (found.name === path)",
    named: "what only its build code knows",
  }),
  locked({
    name: "pip: a lock with a source distribution only",
    code: "SOURCE_DISTRIBUTION",
    remove: "return { files: sources, unbound, notGated: [] };",
    put: "return { files: sources, unbound: [], notGated: [] };",
    named: "only as source",
  }),
  locked({
    name: "pip: no file of a lock without a strong hash",
    code: "LOCK_UNSUPPORTED",
    remove: "if (digests === null) return unusable(",
    put: "if (hash === locked) return unusable(",
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
  handoff({
    name: "pip: what is installed already is replaced",
    remove: 'prefix !== null || root !== null ? ["--ignore-installed"] : ["--force-reinstall"]',
    put: "[]",
    test: ATTACK,
    named: "an installed package is not taken for proven",
  }),
  handoff({
    name: "pip: what stands at --target is replaced",
    remove: '["--ignore-installed", "--upgrade"]',
    put: '["--ignore-installed"]',
    named: "there and nowhere else",
  }),
  inFile(
    "plugins/pip/installed.ts",
    ATTACK,
  )({
    name: "pip: what lies on disk is what was proven",
    code: "INSTALLED_MISMATCH",
    remove: "if (differences.length === 0) return;",
    put: "if (differences.length >= 0) return;",
    named: "a link that pip leaves standing",
  }),
  inFile(
    "plugins/pip/aside.ts",
    ATTACK,
  )({
    name: "pip: only journals that a run of this user wrote",
    remove: 'if (known?.toString("utf8") !== journal.path) throw foreign(journal.path);',
    put: "if (known === undefined) throw foreign(journal.path);",
    named: "acts upon no journal that a clone brings along",
  }),
  handoff({
    name: "pip: the environment comes back",
    remove: "await (code === 0 ? aside.discard() : aside.restore());",
    put: "await aside.discard();",
    test: ATTACK,
    named: "that fails half way",
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
  interpreter({
    name: "pip: none from inside the project",
    remove: "if ((await isWithin(folder, project)) && !(await isActivated(folder, env))) continue;",
    put: "",
    named: "a pip inside the project",
  }),
] as const;
