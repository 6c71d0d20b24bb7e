import type { Code } from "../../src/model/codes.ts";

/** One guard: the text that holds it, what stands there without it, and the test that must notice. */
export interface Guard {
  readonly name: string;
  /** The code that this place gives; absent where it gives none of its own. */
  readonly code?: Code;
  readonly file: string;
  /** Must occur exactly once. */
  readonly remove: string;
  readonly put: string;
  /** The file of the test. */
  readonly test: string;
  /** Part of the test's title. */
  readonly named: string;
}

type Make = (what: Omit<Guard, "file" | "test"> & Partial<Pick<Guard, "file" | "test">>) => Guard;

/** Guards of one source file, noticed by one file of tests unless told otherwise. */
export function inFile(file: string, test: string): Make {
  return (what) => ({ file, test, ...what });
}
