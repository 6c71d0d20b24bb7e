/**
 * Builds the program with a fourth ecosystem in it, in a copy: its folder, its entry among the ecosystems, and one line of
 * the table. The tables stay closed; whoever adds an installer adds these and nothing else.
 */
import { repositoryRoot } from "../../support/root.ts";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Built {
  /** The program. */
  readonly bin: string;
  /** The toy's own installer. */
  readonly installer: string;
  /** `dist` of the copy. */
  readonly dist: string;
  remove(): void;
}

export function buildWithToy(): Built {
  const root = repositoryRoot();
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "safe-install-toy-")));
  for (const name of ["src", "plugins", "types", "package.json", "tsconfig.json"])
    cpSync(join(root, name), join(folder, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  addFolder(join(root, "test/contract/toy"), folder);
  addLines(folder);
  execFileSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", "."], {
    cwd: folder,
    encoding: "utf8",
  });
  return {
    bin: join(folder, "dist/src/bin.js"),
    installer: join(root, "test/contract/toy/installer.mjs"),
    dist: join(folder, "dist"),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function addFolder(toy: string, folder: string): void {
  mkdirSync(join(folder, "plugins/toy"));
  for (const name of readdirSync(join(toy, "plugin"))) {
    const text = readFileSync(join(toy, "plugin", name), "utf8");
    writeFileSync(join(folder, "plugins/toy", name), text.replaceAll("../../../../src/", "../../src/"));
  }
  const entry = readFileSync(join(toy, "ecosystem.ts"), "utf8");
  writeFileSync(join(folder, "src/ecosystems/toy.ts"), entry.replaceAll("../../../src/ecosystems/", "./"));
}

function addLines(folder: string): void {
  edit(join(folder, "src/model/package.ts"), '"nuget"] as const', '"nuget", "toy"] as const');
  const entries = join(folder, "src/ecosystems/index.ts");
  edit(entries, "{ npm, pypi, nuget }", "{ npm, pypi, nuget, toy }");
  writeFileSync(entries, `import { toy } from "./toy.ts";\n${readFileSync(entries, "utf8")}`);
  const plugins = join(folder, "src/plugins.ts");
  const line = '  toy: { table: toy, load: async () => (await import("../plugins/toy/index.ts")).toy },\n';
  edit(plugins, "const PLUGINS = {\n", `const PLUGINS = {\n${line}`);
  writeFileSync(plugins, `import { table as toy } from "../plugins/toy/table.ts";\n${readFileSync(plugins, "utf8")}`);
}

/** @throws Error where the text does not stand there exactly once */
function edit(file: string, before: string, after: string): void {
  const text = readFileSync(file, "utf8");
  if (text.split(before).length !== 2) throw new Error(`${file} must hold this exactly once: ${before}`);
  writeFileSync(
    file,
    text.replace(before, () => after),
  );
}
