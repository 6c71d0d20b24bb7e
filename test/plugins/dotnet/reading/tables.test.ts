/** The tables hold what the SDK that is installed runs in a restore, derived from its own files. */
import {
  FILLED,
  IMPORTED,
  PROJECTS,
  REDIRECTS,
  RESTORE_TARGETS,
  RESTORE_TASKS,
  SDK_FOLDERS,
} from "../../../../plugins/dotnet/reading/tables.ts";
import {
  attribute,
  children,
  descendants,
  localName,
  parseRoot,
  type XmlElement,
} from "../../../../plugins/dotnet/xml.ts";
import { hasDotnet } from "../../../support/nuget/project.ts";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";

let roots: readonly XmlElement[] = [];

function sdkFolder(): string {
  const version = execFileSync("dotnet", ["--version"], { encoding: "utf8" }).trim();
  const line = execFileSync("dotnet", ["--list-sdks"], { encoding: "utf8" })
    .split("\n")
    .find((one) => one.startsWith(`${version} `));
  return join(/\[(.*)\]/.exec(line ?? "")?.[1] ?? "", version);
}

const list = (text: string | null) =>
  (text ?? "")
    .split(";")
    .map((one) => one.trim())
    .filter((one) => one !== "");
const all = (name: string) => roots.flatMap((root) => descendants(root).filter((one) => localName(one) === name));

describe.skipIf(!hasDotnet)("the tables hold", () => {
  beforeAll(() => {
    const folder = sdkFolder();
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
    const names = files
      .map((one) => join(one.parentPath, one.name))
      .filter((name) => /\.(?:props|targets|tasks|overridetasks)$/.test(name));
    roots = names.map((name) => parseRoot(readFileSync(name, "utf8")));
    expect(roots.length).toBeGreaterThan(100);
  });

  it("every target that a restore reaches, and every task of these; none is reached by way of a property", () => {
    const { running, targets } = runningTargets();
    expect([...running].filter((one) => !RESTORE_TARGETS.has(one))).toEqual([]);
    const tasks = targets
      .filter(({ name }) => running.has(name))
      .flatMap(({ element }) => children(element).map(localName));
    const own = tasks.filter((one) => !/^(?:PropertyGroup|ItemGroup|OnError)$/.test(one));
    expect(own.filter((one) => !RESTORE_TASKS.has(one.toLowerCase()))).toEqual([]);
  });

  it("every property by which the SDK imports a file or finds the tasks of a restore", () => {
    const RESERVED = /^(?:MSBuild(?:Project|ThisFile)\w*|MSBuildProjectExtensionsPath|VisualStudioVersion)$/;
    const tasks = all("UsingTask").filter((one) =>
      RESTORE_TASKS.has((attribute(one, "TaskName") ?? "").toLowerCase().split(".").at(-1) ?? ""),
    );
    const named = [
      ...all("Import").map((one) => attribute(one, "Project")),
      ...tasks.map((one) => attribute(one, "AssemblyFile")),
    ];
    const properties = new Set(
      named.flatMap((one) => [...(one ?? "").matchAll(/\$\((\w+)\)/g)].map(([, name = ""]) => name)),
    );
    const missing = [...properties].filter(
      (one) => !RESERVED.test(one) && ![IMPORTED, REDIRECTS, SDK_FOLDERS].some((table) => table.test(one)),
    );
    expect(missing).toEqual([]);
  });

  it("every list that the SDK fills while it reads, or while it restores", () => {
    const { running, targets } = runningTargets();
    const inTargets = new Set(all("Target").flatMap(descendants));
    const ran = targets.filter(({ name }) => running.has(name)).flatMap(({ element }) => descendants(element));
    const groups = all("ItemGroup").filter((one) => !inTargets.has(one) || ran.includes(one));
    const items = groups
      .flatMap((group) => children(group))
      .filter((one) => attribute(one, "Include") !== null)
      .map(localName);
    const made = ran.filter((one) => localName(one) === "Output").flatMap((one) => attribute(one, "ItemName") ?? []);
    const names = new Set([...items, ...made]);
    expect(names.size).toBeGreaterThan(50);
    expect([...names].filter((one) => !FILLED.test(one.toLowerCase()) && !PROJECTS.test(one))).toEqual([]);
  });
});

/** Names in lower case. */
function runningTargets() {
  const targets = all("Target").map((element) => ({
    element,
    name: (attribute(element, "Name") ?? "").toLowerCase(),
  }));
  const running = new Set(["restore", "generaterestoregraphfile"]);
  for (let before = 0; before !== running.size;) {
    before = running.size;
    for (const { element, name } of targets) {
      const hooks = [...list(attribute(element, "BeforeTargets")), ...list(attribute(element, "AfterTargets"))];
      if (hooks.some((one) => running.has(one.toLowerCase()))) running.add(name);
      if (!running.has(name)) continue;
      const called = children(element).filter((one) => /^(?:MSBuild|CallTarget)$/.test(localName(one)));
      for (const one of [
        attribute(element, "DependsOnTargets"),
        ...called.map((each) => attribute(each, "Targets")),
      ].flatMap(list))
        running.add(one.toLowerCase());
    }
  }
  return { running, targets };
}
