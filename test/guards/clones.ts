/** What a clone, a tag, a cache or another user may do. */
import { type Guard, inFile } from "./guard.ts";

const program = inFile("src/io/program.ts", "test/io/run.test.ts");
const bin = inFile("src/bin.ts", "test/hygiene.test.ts");

export const CLONES: readonly Guard[] = [
  program({
    name: "no installer takes compiled code from a shared folder",
    remove: '{ ...env, NODE_DISABLE_COMPILE_CACHE: "1" } : env;',
    put: "env : env;",
    named: "an installer",
  }),
  bin({
    name: "nor do we",
    remove: "const interrupted = new AbortController();",
    put: 'const interrupted = new AbortController();\n((await import("node:module")) as { enableCompileCache?: () => unknown }).enableCompileCache?.();',
    named: "no compiled code anywhere",
  }),
];
