/** What was typed. */
export interface Request {
  /** "check": judge only; bytes are fetched only where evidence needs them, and no hand-off follows. */
  readonly purpose: "install" | "check";
  /** The installer's own words, untouched: for `safe-install npm ci --omit=dev`: `["ci", "--omit=dev"]`. */
  readonly args: readonly string[];
  /** How the installer was typed: `["npm"]`, `["pip3"]`, `["python3", "-m", "pip"]`, `["/venv/bin/pip"]`. Absent for `check`. */
  readonly program?: readonly string[];
  readonly cwd: string;
  /** Absent: nothing of the project runs. */
  readonly installs?: true;
  /** Also into what is the system's. */
  readonly system?: boolean;
  /** For `check`: the lockfile to read; absent: found from `cwd` as the installer would. */
  readonly lockfile?: string;
}
