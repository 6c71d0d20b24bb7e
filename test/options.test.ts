import { parseCommandLine } from "../src/options.ts";
import { describe, expect, it } from "vitest";

const none = { policy: null, offline: false, mode: null, reports: [], quiet: false, log: null, policyFrom: null };

describe("parseCommandLine", () => {
  it("what follows the installer's name is the installer's, whatever it looks like", () => {
    const line = ["--policy", "p.json", "npm", "ci", "--policy", "x", "--offline", "-v", "--", "--report"];
    expect(parseCommandLine(line)).toEqual({
      name: "install",
      installer: "npm",
      program: ["npm"],
      args: ["ci", "--policy", "x", "--offline", "-v", "--", "--report"],
      options: { ...none, policy: "p.json" },
    });
  });

  it.each([
    [["pip", "install", "a"], ["pip"]],
    [["pip3.12", "install", "a"], ["pip3.12"]],
    [[".venv/bin/pip", "install", "a"], [".venv/bin/pip"]],
    [
      ["python3", "-m", "pip", "install", "a"],
      ["python3", "-m", "pip"],
    ],
    [
      ["/opt/venv/bin/python", "-m", "pip", "install", "a"],
      ["/opt/venv/bin/python", "-m", "pip"],
    ],
  ])("%j reaches pip", (line, program) => {
    expect(parseCommandLine(line)).toMatchObject({
      name: "install",
      installer: "pip",
      program,
      args: ["install", "a"],
    });
  });

  it.each([["pipx"], ["python3", "setup.py"], ["python", "-m", "pipx"], ["./pip.sh"], ["toString"]])(
    "%j %j %j is not an installer",
    (...line) => {
      expect(() => parseCommandLine(line)).toThrow(/unknown command/);
    },
  );

  it("an option's value is not taken for a command", () => {
    expect(parseCommandLine(["--policy", "npm", "check"])).toMatchObject({ name: "check", options: { policy: "npm" } });
  });

  it("check takes lockfiles and options in any order", () => {
    expect(
      parseCommandLine([
        "--offline",
        "check",
        "a/package-lock.json",
        "--report",
        "json=out.json",
        "b/package-lock.json",
      ]),
    ).toEqual({
      name: "check",
      allowsBaseline: false,
      again: null,
      lockfiles: ["a/package-lock.json", "b/package-lock.json"],
      changedSince: null,
      staged: false,
      options: { ...none, offline: true, reports: [{ format: "json", file: "out.json" }] },
    });
  });

  it("check compares with a revision, or reads what is staged, wherever the options stand", () => {
    const command = { name: "check", changedSince: "origin/main", staged: true, options: { policyFrom: "v1" } };
    const options = ["--changed-since", "origin/main", "--policy-from=v1", "--staged"];
    expect(parseCommandLine([...options, "check"])).toMatchObject(command);
    expect(parseCommandLine(["check", ...options])).toMatchObject(command);
  });

  it.each([
    [[], { name: "alone", system: false, options: none }],
    [["--system"], { name: "alone", system: true, options: none }],
    [["--quiet"], { name: "alone", system: false, options: { ...none, quiet: true } }],
    [["--help"], { name: "help", topic: null }],
    [["help", "check"], { name: "help", topic: "check" }],
    [["check", "--help"], { name: "help", topic: "check" }],
    [["-v"], { name: "version" }],
    [["--version"], { name: "version" }],
    [["-V"], { name: "version" }],
    [["verify", "--help"], { name: "help", topic: "verify" }],
    [["evidence", "companion", "-h"], { name: "help", topic: "evidence" }],
    [["trust", "show", "--help"], { name: "help", topic: "trust" }],
    [["policy", "pin", "--help"], { name: "help", topic: "policy" }],
  ])("%j", (line, command) => {
    expect(parseCommandLine(line)).toEqual(command);
  });

  it("--audit and --enforce ask for a mode", () => {
    expect(parseCommandLine(["--audit", "check"])).toMatchObject({ options: { mode: "audit" } });
    expect(parseCommandLine(["--enforce", "npm", "ci"])).toMatchObject({ options: { mode: "enforce" } });
  });

  it.each<[readonly string[], string, string | null]>([
    [["nmp", "ci"], 'unknown command "nmp" (did you mean "npm"?)', null],
    [["chek"], 'unknown command "chek" (did you mean "check"?)', null],
    [["verfy"], 'unknown command "verfy" (did you mean "verify"?)', null],
    [["ci"], 'unknown command "ci"', "safe-install npm ci"],
    [["restore"], 'unknown command "restore"', "safe-install dotnet restore"],
    [["install", "chalk"], 'unknown command "install"', "safe-install npm install, or safe-install pip install"],
    [["--report", "jsn", "check"], 'unknown report format "jsn" (did you mean "json"?)', null],
    [["--ofline", "npm", "ci"], 'there is no option --ofline (did you mean "--offline"?)', "safe-install help options"],
    [["check", "--josn"], "there is no option --josn", "safe-install help check"],
  ])("%j: %s", (line, message, hint) => {
    expect(() => parseCommandLine(line)).toThrow(
      expect.objectContaining({ code: "USAGE", message, ...(hint === null ? {} : { hint }) }),
    );
  });

  it("- is standard output", () => {
    const reports = (word: string) => parseCommandLine(["check", "--report", word]);
    expect(reports("json=-")).toMatchObject({ options: { reports: [{ format: "json", file: null }] } });
    expect(reports("json=out/r.json")).toMatchObject({
      options: { reports: [{ format: "json", file: "out/r.json" }] },
    });
    expect(() => reports("json=")).toThrow(/which file/);
  });

  it.each([
    ["an unknown command", ["install"]],
    ["an unknown option of ours", ["--polcy", "x", "npm", "ci"]],
    ["an unknown option of check", ["check", "--fast"]],
    ["--changed-since where everything is installed", ["--changed-since", "main", "npm", "ci"]],
    ["two places for the policy", ["--policy", "a", "--policy-from", "b", "check"]],
    ["both modes", ["--audit", "--enforce", "check"]],
    ["an unknown report", ["--report", "xml", "check"]],
    ["an option without its value", ["check", "--policy"]],
    ["a prototype's name as an installer", ["constructor"]],
  ])("%s is a usage error", (_, line) => {
    expect(() => parseCommandLine(line)).toThrow(expect.objectContaining({ kind: "usage" }));
  });
});

describe("check --evidence", () => {
  const asked = (...words: readonly string[]) => parseCommandLine(["check", "--evidence", "out", ...words]);

  it("takes a time and a digest", () => {
    const digest = `sha256:${"a".repeat(64)}`;
    expect(asked()).toMatchObject({ again: { evidence: "out", at: null, digest: null } });
    expect(asked("--at", "2028-11-30", "--digest", digest)).toMatchObject({
      again: { at: new Date("2028-11-30T00:00:00Z"), digest },
    });
    expect(asked("--at=2028-11-30T12:00:00Z")).toMatchObject({ again: { at: new Date("2028-11-30T12:00:00Z") } });
  });

  it.each([
    ["another zone", ["--at", "2028-11-30T12:00:00+02:00"]],
    ["a day that is none", ["--at", "2028-02-31T99:00:00Z"]],
    ["words", ["--at", "now"]],
    ["a short digest", ["--digest", "sha256:abc"]],
    ["what is staged", ["--staged"]],
    ["what changed", ["--changed-since", "HEAD"]],
    ["what was built", ["--allow-baseline"]],
  ])("but not %s", (_, words) => expect(() => asked(...words)).toThrow());

  it("and neither time nor digest goes alone", () => {
    for (const word of ["--at=2028-11-30", `--digest=sha256:${"a".repeat(64)}`])
      expect(() => parseCommandLine(["check", word])).toThrow("go with --evidence");
  });
});
