/** What is generated from the sources: `npm run schema` writes it, a test checks that it is current. */
import { JsonReport } from "../../src/report/json-schema.ts";
import { NPM_MEMBERS } from "../../plugins/npm/resolve/entry.ts";
import { PIPFILE_MEMBERS } from "../../plugins/pip/lock/pipfile.ts";
import { POETRY_MEMBERS } from "../../plugins/pip/lock/poetry.ts";
import { PYLOCK_MEMBERS } from "../../plugins/pip/lock/pylock.ts";
import { UV_MEMBERS } from "../../plugins/pip/lock/uv.ts";
import { NUGET_MEMBERS } from "../../plugins/dotnet/resolve/lock.ts";
import { TOOL_MEMBERS } from "../../plugins/dotnet/tools/manifests.ts";
import { allCodes, type CodeMeaning, factsOf } from "../../src/help/codes/index.ts";
import { CODES } from "../../src/model/codes.ts";
import { INVARIANTS } from "./invariants.ts";
import { TABLES } from "../../src/plugins.ts";
import { PolicySchema } from "../../src/policy/schema/index.ts";
import { toJsonSchema } from "@valibot/to-json-schema";
import { compile } from "json-schema-to-typescript-lite";

/** Path from the repository root -> what it must contain, given what it contains now. */
export const GENERATED: Readonly<Record<string, (now: string) => string | Promise<string>>> = {
  "signing-policy.schema.json": () => policySchema(),
  "report.schema.json": () => reportSchema(),
  "signing-policy.d.ts": () => typesOf(policySchema(), "SigningPolicy"),
  "report.d.ts": () => typesOf(reportSchema(), "Report"),
  ".pre-commit-hooks.yaml": hooks,
  "docs/locks.md": (now) => between(now, "members", lockMembers()),
  "docs/codes.md": (now) => between(now, "codes", codesPage()),
  "docs/invariants.md": (now) => between(now, "invariants", invariantsList()),
};

/** pre-commit runs them where a changed file has a name of these: every lock, and what is read beside it. */
function hooks(): string {
  const locks = TABLES.flatMap((table) =>
    table.locks.map(({ name, below }) => (below === undefined ? name : inFolder(below, name))),
  );
  const manifests = TABLES.flatMap((table) => table.manifests);
  const policies = /^\.signing-[a-z-]+\.json$/;
  return [
    ...hook("check", "Every package in the lockfile must be signed by the pipeline that .signing-policy.json expects", {
      entry: "safe-install check",
      files: namesAre(locks),
      pass_filenames: "true",
    }),
    ...hook(
      "staged",
      "What is staged and not in the last commit must be signed by the pipeline that .signing-policy.json expects",
      {
        entry: "safe-install check --staged --changed-since HEAD",
        files: namesAre([...locks, ...manifests, policies]),
        pass_filenames: "false",
      },
    ),
    "",
  ].join("\n");
}

function inFolder(folder: string, { source, flags }: RegExp): RegExp {
  return new RegExp(source.replace(/^\^/, `^${folder.replaceAll(".", "\\.")}/`), flags);
}

function hook(id: string, description: string, more: Readonly<Record<string, string>>): readonly string[] {
  const name = id === "check" ? "safe-install check" : `safe-install check --${id}`;
  const { entry = "", ...rest } = more;
  // A merge brings locks, too; stages have these names from 3.2 on.
  const when = { stages: "[pre-commit, pre-merge-commit]", minimum_pre_commit_version: "3.2.0" };
  const fields = { name, description, language: "node", entry, ...rest, require_serial: "true", ...when };
  return [`- id: safe-install-${id}`, ...Object.entries(fields).map(([key, value]) => `  ${key}: ${value}`)];
}

/** A path whose last part is one of these names, as Python's `re` reads it. */
function namesAre(names: readonly RegExp[]): string {
  const bare = names.map(({ source, flags }) => {
    const inner = source.replace(/^\^/, "").replace(/\$$/, "");
    return flags.includes("i") ? `(?i:${inner})` : inner;
  });
  return `'(^|/)(?:${bare.join("|")})$'`;
}

function policySchema(): string {
  return text({ title: "safe-install signing policy", ...toJsonSchema(PolicySchema, { errorMode: "ignore" }) });
}

function reportSchema(): string {
  return text({ title: "safe-install report", ...toJsonSchema(JsonReport) });
}

/** The same shape for who writes or reads such a file in TypeScript. */
function typesOf(schema: string, name: string): Promise<string> {
  const { $schema: _, title: __, ...shape } = JSON.parse(schema) as Record<string, unknown>;
  return compile(shape, name, { additionalProperties: false });
}

function text(schema: object): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** An overview, then a section a code, whose heading is its anchor: what `safe-install explain CODE` prints. */
function codesPage(): string {
  const all = allCodes();
  const [ofPackage, ofRun] = [all.filter(({ code }) => code in CODES), all.filter(({ code }) => !(code in CODES))];
  return [
    "## Codes of a package",
    "",
    "| code | meaning | exit | audit softens it | an exception may excuse it |",
    "|---|---|---|---|---|",
    ...ofPackage.map(
      ({ code, meanings: [{ meaning, exit, softened } = NOTHING] }) =>
        `| ${linked(code)} | ${meaning} | ${exit} | ${yes(softened?.audit)} | ${yes(softened?.excusable)} |`,
    ),
    "",
    "## Codes of a run",
    "",
    "These stop a command as a whole. Audit mode and exceptions do not apply to them.",
    "",
    "| code | meaning | exit |",
    "|---|---|---|",
    ...ofRun.flatMap(({ code, meanings }) =>
      meanings.map(({ meaning, exit }) => `| ${linked(code)} | ${meaning} | ${exit} |`),
    ),
    "",
    "## Each code",
    ...all.flatMap(({ code, meanings }) => ["", `### ${code}`, ...meanings.flatMap(sectionOf)]),
  ].join("\n");
}

const NOTHING = { meaning: "", exit: 0, softened: null };

function sectionOf(one: CodeMeaning): readonly string[] {
  return ["", sentence(one.meaning), "", ...factsOf(one).map(([name, text]) => `- ${name}: ${text}`)];
}

/** Names of programs and files keep their letters. */
function sentence(text: string): string {
  if (/^(?:npm|npx|pip|git|git's|dotnet|dotnet's|verify|global\.json)\s/.test(text)) return `${text}.`;
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function linked(code: string): string {
  return `[\`${code}\`](#${code.toLowerCase()})`;
}

function yes(is: boolean | undefined): string {
  return is === true ? "yes" : "no";
}

/** Each promise with the files of tests that try to break it, and their titles folded away. */
function invariantsList(): string {
  const items = INVARIANTS.map(({ promise, meaning, tests }, at) => {
    const files = Object.entries(tests).map(
      ([file, titles]) => `  - \`test/${file}\`: ${titles.map(quoted).join(", ")}`,
    );
    return `${at + 1}. **${promise}.** ${meaning}\n\n   <details><summary>tests</summary>\n\n${files.map((line) => ` ${line}`).join("\n")}\n\n   </details>`;
  });
  return [
    ...items,
    "",
    "`npm run test:guards` removes these checks, one at a time, and shows that a test goes red for each.",
  ].join("\n");
}

function quoted(title: string): string {
  return `*${title.replaceAll("*", "\\*").replaceAll("_", "\\_")}*`;
}

type Shape = { readonly pipe: readonly [unknown, { readonly entries: object }] };

/** What each reader of locks knows, and nothing else is taken: the keys of its shapes. */
function lockMembers(): string {
  const rows = Object.entries(LOCKS).flatMap(([lock, shapes]) =>
    Object.entries(shapes as Readonly<Record<string, Shape>>).map(([where, { pipe }]) => {
      const members = Object.keys(pipe[1].entries).map((member) => `\`${member}\``);
      return `| ${lock} | ${where} | ${members.join(", ")} |`;
    }),
  );
  return ["| lock | in | members |", "|---|---|---|", ...rows].join("\n");
}

const LOCKS = {
  "`package-lock.json`": NPM_MEMBERS,
  "`uv.lock`": UV_MEMBERS,
  "`poetry.lock`": POETRY_MEMBERS,
  "`Pipfile.lock`": PIPFILE_MEMBERS,
  "`pylock.toml`": PYLOCK_MEMBERS,
  "`packages.lock.json`": NUGET_MEMBERS,
  "`dotnet-tools.json`": TOOL_MEMBERS,
};

/** Replaces what stands between `<!-- NAME... -->` and `<!-- /NAME -->`. */
function between(document: string, name: string, content: string): string {
  const start = document.indexOf(`<!-- ${name}`);
  const from = document.indexOf("-->", start) + "-->".length;
  const to = document.indexOf(`<!-- /${name} -->`);
  if (start < 0 || to < from) throw new Error(`the page has no place for ${name}`);
  return `${document.slice(0, from)}\n${content}\n${document.slice(to)}`;
}
