/** What was written several times once, and drifted apart, is written once: each has its one file, and nothing else may do it. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = resolve(import.meta.dirname, "../..");
const sources = execFileSync("git", ["ls-files"], { cwd: ROOT, encoding: "utf8" })
  .split("\n")
  .filter((path) => /^(?:src|plugins)\/.*\.ts$/.test(path) && existsSync(join(ROOT, path)));

interface Once {
  readonly what: string;
  /** How it looks in code. */
  readonly shape: RegExp;
  /** The file that is left; with files whose part in it is said behind them. */
  readonly files: readonly string[];
  /** How a second one would be written. */
  readonly samples: readonly string[];
}

const ONCE: readonly Once[] = [
  {
    what: "opening a project",
    shape: /(?:\bplugin|(?<!\.ts"\))\))\.locate\(|\.recover\((?!folders[,)])/i,
    files: ["src/project/open.ts"],
    samples: [
      "const project = await plugin.locate(request, host);",
      "await (await loadPlugin(name)).locate(asked, host)",
    ],
  },
  {
    what: "driving the stages of an installation",
    shape: /\.stages\(|\bstages\.next\(/,
    files: ["src/gate/walk.ts"],
    samples: ["const stages = plugin.stages(project, bounds, host);", "await stages.next(proven)"],
  },
  {
    what: "handing off",
    shape: /\.transaction\(|\.prepare\(\)|\.compare\(\)/,
    files: ["src/gate/handoff.ts"],
    samples: ["await host.transaction(paths, work)", "await handoff.prepare();", "await handoff.compare();"],
  },
  {
    what: "saying where a project and its repository end",
    shape: /["'`/]\.git["'`/]/,
    files: [
      "src/project/ends.ts",
      "src/project/snapshot.ts", // makes one
      "src/project/left-behind.ts", // is no folder of the project's
      "plugins/dotnet/add/mirror.ts", // marks one in a copy
      "plugins/pip/handoff/asked.ts", // leaves it out of a copy
      "src/io/output.ts", // the widest of any kind: what no output leaves
      "src/io/transaction/place.ts", // is never replaced
    ],
    samples: ['existsSync(join(folder, ".git"))', "stat(`${folder}/.git`)"],
  },
  {
    what: "saying whether a path is inside",
    shape: /startsWith\(["'`]\.\.(?:["'`]|\$)|\brelative\(/,
    files: ["src/io/inside.ts"],
    samples: ['!relative(folder, path).startsWith("..")', "way.startsWith(`..${sep}`)"],
  },
  {
    what: "looking for a program on PATH",
    shape: /\bsplit\((?:path\.)?delimiter\)|\bsplit\([^)]*win32[^)]*\)/,
    files: ["src/io/program.ts"],
    samples: ['env["PATH"].split(delimiter)', 'list.split(process.platform === "win32" ? ";" : ":")'],
  },
  {
    what: "asking one source for evidence by its kind",
    shape:
      /case "(?:url|directory|github|own|attestations|integrity|registrySignature|beside)"(?!: \{)|\bask(?:Url|Directory|Github)\b/,
    files: ["src/evidence/index.ts", "src/evidence/url.ts", "src/evidence/directory.ts", "src/evidence/github.ts"],
    samples: ['    case "directory":', "await askUrl(template, fields, fresh, host)"],
  },
  {
    what: "waiting for a time to be up",
    shape: /\bset(?:Timeout|Interval)\(|AbortSignal\.(?:any|timeout)\(|node:timers/,
    files: [
      "src/io/deadline.ts",
      "src/io/requests/look-up.ts", // of a name server
      "src/io/run.ts", // a child's
      "src/io/guide.ts", // a child's
    ],
    samples: ["setTimeout(done, ms)", "AbortSignal.timeout(5)", 'import { setTimeout } from "node:timers/promises";'],
  },
  {
    what: "supposing an attestation that nobody made",
    shape: /\bsupposedAttestation\b|verify\/supposed\.ts/,
    files: ["src/author/trials/try.ts", "src/verify/supposed.ts"],
    samples: ["supposedAttestation({ signer })", 'import { supposed } from "../verify/supposed.ts";'],
  },
  {
    what: "making a request",
    shape: /["']undici["']|["']node:(?:https?|http2|tls)["']|(?<![.\w]|function )fetch\((?!$|url: string|artifact)/,
    files: [
      "plugins/npm/resolve/stage/guard.ts", // inside of the user's own npm: it watches what npm asks, and asks nothing
      "src/io/requests/connections.ts",
      "src/io/requests/exchange.ts",
    ],
    samples: ['import { request } from "node:https";', 'await import("undici")', "const answer = await fetch(url);"],
  },
  {
    what: "reaching into private files of a library",
    shape: /["'](?:@[\w.-]+\/)?[\w-]+\/lib\//,
    files: [
      "plugins/npm/private.ts",
      "plugins/npm/resolve/stage/guard.ts", // inside of the user's own npm, which fails where it is not as known
    ],
    samples: ['import auth from "npm-registry-fetch/lib/auth.js";', 'load("@npmcli/config/lib/type-defs.js")'],
  },
  {
    what: "keeping proven bytes, or anything else, between runs",
    shape: /\bcreate(?:Store|Cache)\(|XDG_CACHE_HOME|LOCALAPPDATA|["']cacache["']/,
    files: [
      "src/io/store/store.ts",
      "src/io/cache.ts",
      "src/io/host.ts",
      "plugins/npm/handoff/cache.ts", // npm's own, of one run
      "src/exported/replaying.ts", // of one run, filled from an export
    ],
    samples: ["const mine = createStore(folder);", 'env["XDG_CACHE_HOME"]', 'import cacache from "cacache";'],
  },
];

describe.each(ONCE)("$what", ({ shape, files, samples }) => {
  it("is done in one place", () => {
    const found = sources.filter((path) =>
      codeOf(readFileSync(join(ROOT, path), "utf8")).some((line) => shape.test(line)),
    );
    expect(found.toSorted()).toEqual(files.toSorted());
  });

  it.each(samples)("a second one would be seen: %s", (line) => {
    expect(codeOf(`/** What it is for. */\n${line}\n`).filter((one) => shape.test(one))).toEqual([line]);
  });
});

it("a library whose private files are used is pinned exactly", () => {
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  const text = readFileSync(join(ROOT, "plugins/npm/private.ts"), "utf8");
  const used = [...text.matchAll(/"((?:@[\w.-]+\/)?[\w-]+)\/lib\//g)].map(([, name = ""]) => name);
  expect(new Set(used)).toEqual(new Set(["@npmcli/arborist", "@npmcli/config", "npm-registry-fetch"]));
  for (const name of used) expect(dependencies[name], name).toMatch(/^\d+\.\d+\.\d+$/);
});

function codeOf(text: string): readonly string[] {
  return text.split("\n").filter((line) => line !== "" && !/^\s*(?:\/\*\*|\*|\/\/)/.test(line));
}
