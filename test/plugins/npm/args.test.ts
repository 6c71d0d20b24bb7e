import { classify, passed } from "../../../plugins/npm/args.ts";
import {
  CHANGES,
  CLEAN_INSTALL,
  CLEAN_INSTALL_TEST,
  CREATES,
  EXECUTES,
  INSTALLS,
  LINKS,
  PASSED,
} from "../../../plugins/npm/task.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

function kindOf(line: string): string {
  return classify(line.split(" ").filter(Boolean)).kind;
}

describe("gated", () => {
  test.each([
    "ci",
    "clean-install",
    "ic",
    "install-clean",
    "isntall-clean",
    "--omit=dev ci",
    "--omit dev ci",
    "--loglevel silent ci --no-audit",
    "-s ci",
    "ci -- --global",
    "--no-global ci",
    "install",
    "i left-pad",
    "add x",
    "isntall x",
    "install-ci-test",
    "cit",
    "it",
    "update",
    "-w packages/a up x",
    "dedupe",
    "prune",
    "uninstall x",
    "install -g x",
    "install --location=global x",
    "update --global",
    "rm -g x",
    "exec cowsay",
    "exec",
    "x -- cowsay -g",
    "init vite",
    "create @acme",
    "link",
    "audit fix",
    "audit --json fix",
  ])("npm %s", (line) => expect(kindOf(line)).toBe("gate"));

  test.each(["cowsay", "-y cowsay@1 install", "--no-install ls", "-p a -c b", "", "ls"])("npx %s", (line) =>
    expect(classify(line.split(" ").filter(Boolean), ["npx"]).kind).toBe("gate"),
  );
});

describe("passed through", () => {
  test.each([
    "",
    "--version",
    "-v",
    "ci --help",
    "install -h",
    "ls --all",
    "ls -g",
    "run build",
    "test -- --watch",
    "audit",
    "audit signatures",
    "audit --audit-level high",
    "audit --allow-directory all",
    "audit --allow-directory=fix",
    "audit signatures --min-release-age fix",
    "ls --os linux",
    "run build -- --allow-git fix",
    "view --registry https://npm.example/ widget --min-release-age 3",
    "pack",
    "pack ./packages/a",
    "cache ls",
    "cache verify",
    "publish ./folder",
    "config get registry",
    "view react version",
    "--loglevel info ls",
    "--loglevel=info run build",
    "--silent --prefix=app run build",
    "--prefix app run build",
    "--prefix ./pack run build",
  ])("npm %s", (line) => expect(kindOf(line)).toBe("pass"));
});

describe("refused", () => {
  test.each([
    "dedupe -g",
    "exec -g cowsay",
    "exec -w a cowsay",
    "init",
    "init -w a vite",
    "link left-pad",
    "audit fix -g",
    "edit x",
    "ci --global",
    "ci -g",
    "-g ci",
    "ci --location=global",
    "ci --location global",
    "ci --locat=global",
    "pack git+https://git.example/x.git",
    "pack lodash",
    "pack ./node_modules/lodash",
    "publish ./packages/a ./Node_Modules/b",
    "publish https://example.org/x.tgz",
    "cache add lodash",
    "cache ad lodash",
    "diff",
    "diff --diff=lodash",
    "view https://example.org/x.tgz",
    "rebuild",
    "rb lodash",
    "rebuild --ignore-scripts",
    "view github:a/b",
    "cache add git+ssh://git@git.example/x.git",
    "clean-in",
    "installTest",
    "nonsense",
    "toString",
    "__proto__",
    // npm of another line may read these otherwise
    "--loglevel install ls",
    "--strange ls",
    "--strange install ls",
    "--strange cleanInstall ls",
    "--allow-directory exe ls",
    // The same where nothing else is left: on 8701819 these passed, and npm 10 installed.
    "--allow-remote add",
    "--allow-directory upgrade",
    "--packages-and-scopes-permission unlink --tag ci",
    "--token-description diff",
    // On 87fa047 these passed, too.
    "--edit-dir approve-scripts",
    "--edit-dir approve-scripts ls",
    "--token-description version ll",
    "--token-description pack ls",
    "--token-description audit fix",
    // Behind the subcommand: npm 10 knows none of these, and takes the next word for its own.
    "audit --allow-directory fix",
    "audit --min-release-age fix --os linux",
    "audit --allow-git --json --allow-rem fix",
    "cache --allow-git add verify",
    "view --allow-git git+https://git.example/x.git",
    "pack --allow-remote=none --allow-git git+https://git.example/x.git",
    "--token-description view ls git+https://git.example/x.git",
    "-allow-git --provenance=x",
    "-allow-git --provenance=x ls",
    "--loglevel silly",
    "diff --diff=github:a/b",
    "diff --diff a/b --diff=widget",
    "docs a/b",
    "repo git+ssh://git@git.example/x.git",
    "fund a/b",
    "owner ls a/b",
    "find-dupes",
  ])("npm %s", (line) => {
    const invocation = classify(line.split(" "));
    expect(invocation.kind).toBe("refuse");
    if (invocation.kind === "refuse") expect(invocation.hint).not.toBe("");
  });
});

const NO_UPDATE = "--workspaces-update=false";

test.each([
  ["version patch -w a", ["version", "patch", "-w", "a", NO_UPDATE, NO_UPDATE]],
  // On 8701819 the last option took the only one for its value.
  ["version patch -L", ["version", "patch", "-L", NO_UPDATE, NO_UPDATE]],
  [
    "--workspaces-update verison minor -- x",
    ["--workspaces-update", "verison", "minor", NO_UPDATE, NO_UPDATE, "--", "x"],
  ],
  ["run version", ["run", "version"]],
])("npm %s installs nothing on the way", (line, expected) => expect(passed(line.split(" "))).toEqual(expected));

test("no word passes or is gated but those of the tables", () => {
  const known = [...CLEAN_INSTALL, ...CLEAN_INSTALL_TEST, ...CHANGES.keys(), ...EXECUTES, ...LINKS, ...PASSED];
  const prefixes = [...INSTALLS.keys(), ...CREATES, ...known].flatMap((word) => [
    word.slice(0, 2),
    word.slice(0, -1),
    word,
  ]);
  fc.assert(
    fc.property(fc.oneof(fc.constantFrom(...prefixes), fc.string({ minLength: 1 })), (word) => {
      fc.pre(!word.startsWith("-"));
      const { kind } = classify([word]);
      if (kind !== "refuse") expect(known).toContain(word);
    }),
  );
});

test("an option never hides an installing subcommand", () => {
  const option = fc.constantFrom("--json", "--silent", "--loglevel=silent", "--omit=dev", "-d", "--yes", "--no-audit");
  const installing = fc.constantFrom(...INSTALLS.keys(), ...CHANGES.keys(), ...EXECUTES, ...CREATES);
  fc.assert(
    fc.property(fc.array(option), installing, fc.array(option), (before, command, after) => {
      expect(classify([...before, command, ...after, "x"]).kind).toBe(INSTALLS.has(command) ? "refuse" : "gate");
    }),
  );
});
