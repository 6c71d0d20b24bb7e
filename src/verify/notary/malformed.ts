import { fail } from "../fault.ts";

/** @throws Fault the envelope is not one that the specification knows */
export function malformed(why: string): never {
  return fail("BUNDLE_MALFORMED", `the envelope ${why}`);
}

/** Names that differ from what is read in upper and lower case alone: another reader would take them. @throws Fault */
export function refuseLookalikes(names: Iterable<string>, read: readonly string[]): void {
  for (const name of names) {
    const alike = read.find((one) => one !== name && one.toLowerCase() === name.toLowerCase());
    if (alike !== undefined) malformed(`has ${JSON.stringify(name)}, which looks like ${alike}`);
  }
}
