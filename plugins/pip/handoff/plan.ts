import { type Denial, type NotGated, type Place, SafeInstallError, type Unbound } from "../../../src/plugin.ts";
import { PLAN } from "../python/programs.ts";
import { neutralEnvironment, notUnderstood, type Python, runPython } from "../python/run.ts";
import type { Said } from "../resolve/said.ts";
import type { PipOptions } from "../words.ts";
import { resolve } from "node:path";

/** A wheel that pip is to install. */
export interface Wheel {
  readonly name: string;
  /** Absolute; private. */
  readonly file: string;
  /** Built from a first-party project: nothing is compared with it. */
  readonly own: boolean;
}

/** What installing some wheels may change, and what must lie there afterwards: said before anything changes. */
export interface InstallPlan {
  /** Names the journal: the place that was named, else the folder of the libraries. Absolute. */
  readonly root: string;
  /** Further names of it. A place that was named has none: other runs of this environment do not wait for it. */
  readonly found: readonly string[];
  readonly replaces: readonly Place[];
  readonly expected: readonly ExpectedFile[];
  /** What lies in a target already, where pip leaves it alone. Absolute. */
  readonly standing: readonly string[];
  /** Bytecode that lies there for what the wheels bring: Python would run it in their place. Absolute. */
  readonly stale: readonly string[];
  /** Names of those of which everything lies there, exactly as pip would write it: nothing is done for them. */
  readonly staying: readonly string[];
  /** What lies there as bytecode of those that stay: never trusted, removed. Absolute. */
  readonly bytecode: readonly string[];
  /** In a package's own folder, and of no wheel of this run. Absolute. */
  readonly strangers: readonly string[];
  /** Run at every start, and of no wheel of this run. Absolute. */
  readonly starting: readonly string[];
  /** By name: what each wheel says of itself; null where it cannot be read. */
  readonly metadata: Readonly<Record<string, Said | null>>;
  /** Files that no wheel may bring. */
  readonly unfit: readonly {
    readonly name: string;
    readonly path: string;
    readonly why: "outside" | "ours" | "interpreter";
  }[];
}

/** One file of a proven wheel, in its place. */
export interface ExpectedFile {
  readonly name: string;
  /** Its name in the wheel. */
  readonly file: string;
  /** Absolute, links resolved. */
  readonly path: string;
  /** Hexadecimal; one of them. */
  readonly sha256: readonly string[];
}

export interface PlanPlaces {
  readonly options: PipOptions;
  /** What leads to its journal where pip cannot be asked. Absolute. */
  readonly environment: string;
  /** Normal names of what the user asked for. */
  readonly requested: readonly string[];
  readonly python: Python;
}

/**
 * Asks the environment's own pip where everything goes, with the variables of the hand-off. Only reads.
 * @param replaced further packages that pip will remove
 * @throws SafeInstallError CANNOT_SET_ASIDE where a link leads out of the environment
 */
export async function planFor(
  wheels: readonly Wheel[],
  replaced: readonly string[],
  { options, environment, requested, python }: PlanPlaces,
): Promise<InstallPlan> {
  const { target_dir: target, prefix_path: prefix, root_path: root, use_user_site: user } = options;
  const names = [...wheels.map(({ name }) => name), ...replaced];
  const { compile, upgrade } = options;
  const mayStay = mayStayIn(options);
  const job = { wheels, names, target, prefix, root, user: user === true, compile, upgrade, requested, mayStay };
  const program = { source: PLAN, job, bare: true, env: neutralEnvironment(python.host.env) };
  const { code, answer } = await runPython(python, program);
  if (answer === null) throw notUnderstood(`it ended with code ${code} when asked where wheels go`);
  const { astray, ...plan } = answer as unknown as Omit<InstallPlan, "found"> & { readonly astray: readonly string[] };
  const [path] = astray;
  if (path !== undefined) throw leadsOut(path);
  const named = target ?? root ?? prefix;
  if (named !== null) return { ...plan, root: resolve(python.cwd, named), found: [] };
  return { ...plan, found: [environment] };
}

/** Not where everything is wanted anew, where pip only adds, or where its report of what it did is asked for. */
function mayStayIn(options: PipOptions): boolean {
  const { target_dir: target, prefix_path: prefix, root_path: root, json_report_file: report } = options;
  const elsewhere = [target, prefix, root, report].some((one) => one !== null);
  return !elsewhere && options.force_reinstall !== true && options.ignore_installed !== true;
}

/** For the report. */
export function unfitIn({ unfit }: InstallPlan): readonly Unbound[] {
  return unfit.map(({ name, path, why }) => {
    const denial: Denial = {
      code: "ARCHIVE_INVALID",
      message: WHY[why],
      details: [{ name: "file", expected: "in another place, under another name", found: path }],
      hint: "tell the package's author; nothing was installed",
    };
    return { package: null, location: name, denial };
  });
}

const WHY = {
  outside: "the wheel brings a file that would lie outside of the environment",
  ours: "the wheel brings a file under a name that safe-install keeps for what it sets aside",
  interpreter: "the wheel brings a file in the place of the environment's own interpreter, or of its pip",
} as const;

/** For the report. */
export function standingIn({ standing }: InstallPlan): readonly NotGated[] {
  const detail = "it lies in the target already, and pip leaves it as it is; --upgrade replaces it";
  return standing.map((name) => ({ kind: "on-disk", name, detail }));
}

/** For the report: what lies beside proven packages, whatever is done with them. */
export function besideIn({ strangers, starting }: InstallPlan): readonly NotGated[] {
  return [
    ...strangers.map(
      (name) => ({ kind: "on-disk", name, detail: "no wheel brings it into this package's folder" }) as const,
    ),
    ...starting.map(
      (name) =>
        ({
          kind: "on-disk",
          name,
          detail: "Python runs it at every start, and no wheel of this run brings it",
        }) as const,
    ),
  ];
}

/** Wheels of first-party projects are known only when they are built. @throws SafeInstallError ARCHIVE_INVALID */
export function assertFit(plan: InstallPlan): void {
  const [first] = unfitIn(plan);
  if (first === undefined) return;
  const { code, message, details, hint } = first.denial;
  const found = details.map((one) => one.found).join(" ");
  throw new SafeInstallError(
    "unbound",
    code,
    `${first.location}: ${message}: ${found}`,
    hint === undefined ? {} : { hint },
  );
}

function leadsOut(path: string): SafeInstallError {
  return new SafeInstallError(
    "unavailable",
    "CANNOT_SET_ASIDE",
    `${path} lies outside of the environment, or behind a link out of it`,
    {
      hint: "pip would write there; remove the link, or the distutils configuration that says so, or make a new virtual environment",
    },
  );
}
