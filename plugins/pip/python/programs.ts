import { readFileSync } from "node:fs";

// Each program is its parts in this order, in one namespace: later parts use the names of earlier ones. All are read when
// the plugin is loaded: nothing that an installer writes afterwards can change what runs.

/** The first parts of what one interpreter may answer. */
export const BEGINNING = program("guard", "installed");

/** That interpreter. */
export const SERVING = program("guard", "installed", "serving");

/** What pip understands of a command line. */
export const WORDS = program("guard", "installed", "parsed", "lines", "places", "words");

/** `pip install --dry-run` inside the guard; then the archives that it chose, fetched with pip's own session. */
export const RESOLUTION = program(
  "guard",
  "installed",
  "tamed",
  "parsed",
  "lines",
  "described",
  "present",
  "obtaining",
  "resolving",
);

/** Single GETs with pip's own session. */
export const FETCHING = program("guard", "installed", "tamed", "parsed", "fetching");

/** What installing these wheels may change, and what must lie there afterwards. */
export const PLAN = program(
  "guard",
  "installed",
  "plan/started",
  "places",
  "plan/brought",
  "plan/replaced",
  "described",
  "plan/in_place",
  "plan/staying",
  "plan/plan",
);

/** pip itself, for proven wheels: no children, no network. */
export const INSTALLATION = program("guard", "installed", "requested", "run_pip");

/** pip itself, for first-party projects: their wheels are built and kept, or, once they are, installed. */
export const PROJECTS = program("guard", "installed", "projects", "run_pip");

/** pip with the user's own words, for what passes by the gate. */
export const PASSING = program("passing");

function program(...parts: readonly string[]): string {
  return parts.map((part) => readFileSync(new URL(`./${part}.py`, import.meta.url), "utf8")).join("\n");
}
