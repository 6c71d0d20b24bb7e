/** The built program as it would have been packed on an earlier day, run by the clock of another. */
import { publicGoodSeed, TRUSTED_ROOT } from "../../src/trust/repository.ts";
import { type Outcome, isolated } from "./cli.ts";
import { temporaryFolder } from "./folder.ts";
import { keptProcess } from "./kept.ts";
import { repositoryRoot } from "./root.ts";
import { type Day, KEYS, newestRoot, realFiles } from "./tuf-corpus.ts";
import { execa } from "execa";
import { cpSync, linkSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

export interface Installation {
  run(args: readonly string[], how: Run): Promise<Outcome>;
}

interface Run {
  readonly cwd: string;
  readonly home: string;
  /** The day that its clock says. */
  readonly now: string;
  /** What serves the public-good repository; absent: none is asked. */
  readonly mirror?: string;
}

/**
 * Nothing of the program knows of it: its dependency that holds the embedded roots is one of that day, and Node is told to
 * load another clock before it.
 */
export function installationOf(day: Day): Installation {
  const folder = temporaryFolder();
  const [own, clock] = [repositoryRoot(), join(folder, "clock.cjs")];
  cpSync(join(own, "package.json"), join(folder, "package.json"));
  linkAll(join(own, "dist"), join(folder, "dist"));
  linkModules(join(own, "node_modules"), join(folder, "node_modules"), ["@sigstore", "tuf"]);
  mkdirSync(join(folder, "node_modules/@sigstore/tuf"));
  writeFileSync(join(folder, "node_modules/@sigstore/tuf/seeds.json"), JSON.stringify(seedsOf(day)));
  writeFileSync(clock, CLOCK);
  const kept = keptProcess(join(folder, "dist/src/cli.js"), ["--require", clock]);
  return {
    run: async (args, { cwd, home, now, mirror = "off" }) => {
      const env = { ...isolated(home), SAFE_INSTALL_TRUST_MIRROR: mirror, TEST_NOW: now };
      const answer = kept.run({ args, cwd, env });
      if (answer !== null) return answer;
      const program = ["--require", clock, join(folder, "dist/src/bin.js"), ...args];
      const ended = await execa(process.execPath, program, {
        cwd,
        env,
        extendEnv: false,
        reject: false,
        stdin: "ignore",
      });
      return { exit: ended.exitCode ?? -1, stdout: ended.stdout, stderr: ended.stderr };
    },
  };
}

/** Said anew at each call: a process that is kept runs on several days. */
const CLOCK = `
const Real = Date;
const now = () => Math.round(Real.parse(process.env.TEST_NOW) + performance.now());
globalThis.Date = new Proxy(Real, {
  construct: (_, args, target) => Reflect.construct(Real, args.length === 0 ? [now()] : args, target),
  get: (_, name) => (name === "now" ? now : Real[name]),
});
`;

/** In the form in which the program's dependency holds its embedded roots. */
function seedsOf(day: Day): object {
  const targets = [TRUSTED_ROOT, KEYS].map((name) => {
    const [, bytes] = [...realFiles(day)].find(([path]) => path.startsWith("targets/") && path.endsWith(name)) ?? [];
    return [encodeURIComponent(name), bytes?.toString("base64")];
  });
  const { mirror } = publicGoodSeed();
  return { [mirror]: { "root.json": newestRoot(day).toString("base64"), targets: Object.fromEntries(targets) } };
}

/** The same files under other names: what is required of them is looked for from there. */
function linkAll(from: string, to: string): void {
  for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
    const path = join(to, join(entry.parentPath, entry.name).slice(from.length));
    if (entry.isDirectory()) mkdirSync(path, { recursive: true });
    else {
      mkdirSync(dirname(path), { recursive: true });
      linkSync(join(entry.parentPath, entry.name), path);
    }
  }
}

/** Links to all of them but one, whose place stays free. */
function linkModules(from: string, to: string, [scope, name]: readonly [scope: string, name: string]): void {
  for (const place of ["", scope]) {
    mkdirSync(join(to, place));
    for (const one of readdirSync(join(from, place)))
      if (one !== (place === "" ? scope : name)) symlinkSync(join(from, place, one), join(to, place, one));
  }
}
