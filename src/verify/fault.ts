import type { Code } from "../model/codes.ts";

/** Why a bundle does not hold. Never leaves `verify/`: it becomes a verdict. */
export class Fault extends Error {
  readonly code: Code;

  constructor(code: Code, detail: string) {
    super(detail);
    this.name = "Fault";
    this.code = code;
  }
}

export function fail(code: Code, detail: string): never {
  throw new Fault(code, detail);
}
