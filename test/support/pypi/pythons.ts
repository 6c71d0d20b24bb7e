import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, renameSync } from "node:fs";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import { repositoryRoot } from "../root.ts";

/** A pip that tests can run: a wheel of it, unpacked into new virtual environments. */
export interface TestPip {
  readonly version: string;
  readonly wheel: string;
}

const FACTS = `
import ensurepip, json, os, sys, sysconfig
folders = [os.path.join(os.path.dirname(ensurepip.__file__), "_bundled"), sysconfig.get_config_var("WHEEL_PKG_DIR")]
wheels = [os.path.join(f, n) for f in folders if f and os.path.isdir(f) for n in os.listdir(f) if n.startswith("pip-")]
print(json.dumps({"version": list(sys.version_info[:2]), "file": sys.executable, "wheels": wheels}))
`;

interface Facts {
  readonly version: readonly [number, number];
  readonly file: string;
  readonly wheels: readonly string[];
}

/** A folder that all files of one run share (test/support/setup.ts): what was found and made once is not found and made again. */
const SHARED = process.env["SAFE_INSTALL_TEST_SHARED"];

const FOUND: readonly Facts[] = once("pythons", pythons);

/** `SAFE_INSTALL_TEST_PYTHON=3.9`: another interpreter for all tests. */
const WANTED_PYTHON = process.env["SAFE_INSTALL_TEST_PYTHON"];

/** The interpreter of the tests: python3 on PATH, 3.10 or later unless told; null where there is none. */
export const PYTHON: string | null =
  FOUND.find(({ version: [major, minor] }) =>
    WANTED_PYTHON === undefined ? major === 3 && minor >= 10 : `${major}.${minor}` === WANTED_PYTHON,
  )?.file ?? null;

/** Real wheels, kept outside of this repository: `SAFE_INSTALL_WHEELS`, or `../shared/wheels`. */
export const WHEELS = process.env["SAFE_INSTALL_WHEELS"] ?? join(repositoryRoot(), "../shared/wheels");

/** The pips at hand: those that interpreters carry for `ensurepip`, and those among the wheels. */
const AT_HAND: readonly TestPip[] = pipsIn([...carriedWheels(), ...realWheels()]).filter(runsHere);

/** `SAFE_INSTALL_TEST_PIPS`: versions with commas between them, or "all". */
export const WANTED_PIPS = process.env["SAFE_INSTALL_TEST_PIPS"]?.split(",");

/** Those that what holds for every pip is shown with: the oldest and the newest unless told. */
export const PIPS: readonly TestPip[] = AT_HAND.filter(
  (pip) =>
    WANTED_PIPS?.some((one) => one === "all" || one === pip.version) ?? (pip === AT_HAND[0] || pip === AT_HAND.at(-1)),
);

export const hasPip = PYTHON !== null && PIPS.length > 0;

/** What most tests run: the newest that an interpreter brings along, unless told. */
export const NEWEST_PIP: TestPip | null =
  (WANTED_PIPS === undefined ? pipsIn(carriedWheels()).at(-1) : undefined) ?? PIPS.at(-1) ?? null;

function pythons(): readonly Facts[] {
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => isAbsolute(folder));
  const beside = [...new Set(folders)].map((folder) => join(folder, "python3")).filter((file) => existsSync(file));
  const root = process.env["PYENV_ROOT"] ?? join(process.env["HOME"] ?? "/", ".pyenv");
  const versions = existsSync(join(root, "versions")) ? readdirSync(join(root, "versions")) : [];
  const managed = versions
    .map((one) => join(root, "versions", one, "bin", "python3"))
    .filter((file) => existsSync(file));
  const found = new Map<string, Facts>();
  for (const file of [...beside, ...managed]) {
    const facts = factsOf(file);
    if (facts !== null) found.set(facts.file, facts);
  }
  return [...found.values()];
}

function factsOf(file: string): Facts | null {
  try {
    const text = execFileSync(file, ["-I", "-S", "-c", FACTS], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return JSON.parse(text) as Facts;
  } catch {
    return null;
  }
}

function carriedWheels(): readonly string[] {
  return FOUND.flatMap(({ wheels }) => wheels);
}

function realWheels(): readonly string[] {
  return existsSync(WHEELS) ? readdirSync(WHEELS).map((name) => join(WHEELS, name)) : [];
}

/** Whether it is for the interpreter that was asked for: of Python 3 no older one (`Requires-Python`), nor, for pip 23.0, 3.12. */
function runsHere({ version, wheel }: TestPip): boolean {
  if (WANTED_PYTHON === undefined || PYTHON === null) return true;
  const minor = Number(WANTED_PYTHON.split(".")[1]);
  const code = `import sys, zipfile
wheel = zipfile.ZipFile(sys.argv[1])
print(wheel.read(next(n for n in wheel.namelist() if n.endswith(".dist-info/METADATA"))).decode())`;
  const metadata = execFileSync(PYTHON, ["-I", "-c", code, wheel], { encoding: "utf8" });
  const oldest = /^Requires-Python: *>=3\.(\d+)/m.exec(metadata)?.[1] ?? "0";
  return Number(oldest) <= minor && (minor < 12 || !version.startsWith("23.0."));
}

function pipsIn(wheels: readonly string[]): readonly TestPip[] {
  const found = new Map<string, TestPip>();
  for (const wheel of wheels) {
    const version = /(?:^|[\\/])pip-(\d+(?:\.\d+)*)-py/.exec(wheel)?.[1];
    if (version !== undefined && Number.parseInt(version, 10) >= 23 && existsSync(wheel))
      found.set(version, { version, wheel });
  }
  const key = (version: string) =>
    version
      .split(".")
      .map((part) => part.padStart(4, "0"))
      .join(".");
  return [...found.values()].sort((one, other) => (key(one.version) < key(other.version) ? -1 : 1));
}

export interface VirtualEnvironment {
  readonly folder: string;
  readonly python: string;
  readonly pip: string;
  readonly sitePackages: string;
  /** Names of what is installed, `name==version`, without pip; read without running any of it. */
  readonly installed: () => readonly string[];
}

/** A new virtual environment with this pip and nothing else. */
export function makeEnvironment(folder: string, pip: TestPip): VirtualEnvironment {
  if (PYTHON === null) throw new Error("no python");
  if (SHARED === undefined) unpackEnvironment(folder, pip, PYTHON);
  else execFileSync("cp", ["-a", `${templateOf(SHARED, pip, PYTHON)}/.`, madeFolder(folder)]);
  layLauncher(folder, folder);
  return environmentIn(folder);
}

/** One that no test changes: for what is refused before any environment is touched. */
export function untouchedEnvironment(pip: TestPip): VirtualEnvironment {
  if (PYTHON === null || SHARED === undefined) throw new Error("no python, or no run");
  return environmentIn(templateOf(SHARED, pip, PYTHON));
}

function environmentIn(folder: string): VirtualEnvironment {
  const bin = join(realpathSync(folder), "bin");
  const sitePackages = sitePackagesOf(folder);
  return {
    folder,
    python: join(bin, "python"),
    pip: join(folder, "bin", "pip"),
    sitePackages,
    installed: () => installedIn(sitePackages),
  };
}

function layLauncher(folder: string, willBe: string): void {
  const launcher = join(folder, "bin", "pip");
  const python = join(willBe === folder ? realpathSync(folder) : willBe, "bin", "python");
  writeFileSync(launcher, `#!${python}\nimport sys\nfrom pip._internal.cli.main import main\nsys.exit(main())\n`);
  chmodSync(launcher, 0o755);
}

/** One for the whole run, with pip's bytecode, as an installed pip has it: whoever is first makes it, all others copy it. */
function templateOf(shared: string, pip: TestPip, python: string): string {
  const template = join(shared, `venv-${pip.version}`);
  if (existsSync(template)) return template;
  const made = mkdtempSync(join(shared, "making-"));
  unpackEnvironment(made, pip, python);
  execFileSync(join(made, "bin", "python"), ["-I", "-S", "-m", "compileall", "-q", sitePackagesOf(made)]);
  layLauncher(made, template);
  try {
    renameSync(made, template);
  } catch (error) {
    if (!existsSync(template)) throw error;
    rmSync(made, { recursive: true, force: true });
  }
  return template;
}

function unpackEnvironment(folder: string, pip: TestPip, python: string): void {
  execFileSync(python, ["-I", "-m", "venv", "--without-pip", folder], { stdio: "ignore" });
  const sitePackages = sitePackagesOf(folder);
  mkdirSync(sitePackages, { recursive: true });
  execFileSync(join(folder, "bin", "python"), ["-I", "-S", "-m", "zipfile", "-e", pip.wheel, sitePackages]);
}

function sitePackagesOf(folder: string): string {
  const [lib = ""] = readdirSync(join(folder, "lib"));
  return join(folder, "lib", lib, "site-packages");
}

function madeFolder(folder: string): string {
  mkdirSync(folder, { recursive: true });
  return folder;
}

function once<T>(name: string, find: () => T): T {
  if (SHARED === undefined) return find();
  const file = join(SHARED, `${name}.json`);
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as T;
  const found = find();
  writeFileSync(`${file}.${process.pid}`, JSON.stringify(found));
  renameSync(`${file}.${process.pid}`, file);
  return found;
}

export function installedIn(folder: string): readonly string[] {
  const infos = (existsSync(folder) ? readdirSync(folder) : []).filter((name) => name.endsWith(".dist-info"));
  return infos
    .map((name) => name.slice(0, -".dist-info".length).replace("-", "=="))
    .filter((name) => !name.startsWith("pip=="))
    .sort();
}
