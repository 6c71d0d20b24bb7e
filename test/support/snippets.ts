import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** The code block that follows `<!-- snippet: NAME -->` in the page on CI. */
export function snippet(name: string): string {
  const found = readFileSync(join(ROOT, "docs/ci.md"), "utf8").split(`<!-- snippet: ${name} -->`)[1];
  const block = /^\s*```\w+\n(.*?)```/s.exec(found ?? "")?.[1];
  if (block === undefined) throw new Error(`the page has no snippet ${name}`);
  return block;
}

/** The commands of a CI file: the values of `run:` and `script:`, and the items of a `script:` list, in order. */
export function commandsOf(yaml: string): readonly string[] {
  const blocks = /^ *(?:- )?(?:(?:run|script): |- )(?:\|\n(( +)\S.*\n(?:\2.*\n)*)|((?:.*safe-install |if ).*)$)/gm;
  return [...yaml.matchAll(blocks)].map(([, block, , line = ""]) => block?.replaceAll(/^ +/gm, "") ?? line);
}

/** `files` says whether a path starts the hook, by Python's `re`, which pre-commit asks. */
export function hook(id: string): { readonly entry: string; readonly files: (path: string) => boolean } {
  const hooks = readFileSync(join(ROOT, ".pre-commit-hooks.yaml"), "utf8").split(/^- id: /m);
  const text = hooks.find((one) => one.startsWith(`${id}\n`)) ?? "";
  const entry = /^ {2}entry: (.+)$/m.exec(text)?.[1];
  const files = /^ {2}files: '(.+)'$/m.exec(text)?.[1];
  if (entry === undefined || files === undefined) throw new Error(`there is no hook ${id}`);
  const program = "import re, sys; sys.exit(re.search(sys.argv[1], sys.argv[2]) is None)";
  return { entry, files: (path) => spawnSync("python3", ["-I", "-c", program, files, path]).status === 0 };
}

export const VERSION = (JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string }).version;
