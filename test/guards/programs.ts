import { type Guard, inFile } from "./guard.ts";

const program = inFile("src/io/program.ts", "test/io/program.test.ts");
const INSTALLER = "test/plugins/npm/installer.test.ts";
const PIP = "test/attack/pip.test.ts";
const SDK = "test/plugins/dotnet/installer.test.ts";

/** Which program may run: nothing that a repository holds, for whichever installer. */
const INSIDE = {
  remove: "if (!(isInside(path, outside) || (await mayBeInside(path, root)))) return true;",
  put: 'if (path !== "") return true;',
} as const;

export const PROGRAMS: readonly Guard[] = [
  program({ ...INSIDE, name: "no program of the repository is started", named: "nothing inside is found" }),
  program({
    ...INSIDE,
    name: "npm is never one inside the project",
    test: INSTALLER,
    named: "by a link that leads into the project, or out of it",
  }),
  program({ ...INSIDE, name: "pip: none from inside the project", test: PIP, named: "a pip inside the project" }),
  program({
    ...INSIDE,
    name: "a restore starts no program of the project",
    test: SDK,
    named: "no folder of the project on PATH",
  }),
  program({
    ...INSIDE,
    name: "no folder of the project is on the tool's PATH",
    test: "test/attack/npx-npmrc.test.ts",
    named: "a link on PATH",
  }),
  program({
    name: "nor is a link out of an admitted folder",
    remove: " && (await isAllowed(file, dirname(file), search));",
    put: ";",
    named: "but for what is admitted",
  }),
  program({
    name: "no program out of node_modules",
    remove: "if (real === null || [folder, real].some(isOfPackages)) return false;",
    put: "if (real === null) return false;",
    named: "nothing out of a node_modules folder",
  }),
  program({
    name: "no npm out of node_modules",
    remove: "if (real === null || [folder, real].some(isOfPackages)) return false;",
    put: "if (real === null) return false;",
    test: INSTALLER,
    named: "out of a node_modules/.bin",
  }),
  program({
    name: "no node_modules behind a link either",
    remove: "[folder, real].some(isOfPackages)",
    put: "[folder].some(isOfPackages)",
    named: "nothing out of a node_modules folder",
  }),
  program({
    name: "a relative entry of PATH counts for nothing",
    remove: ".filter((entry) => isAbsolute(entry));",
    put: ".filter((entry) => !isAbsolute(entry) || entry !== null);",
    named: "by a relative or empty entry",
  }),
  program({
    name: "an admitted folder admits itself alone",
    remove: "return (await admits?.(folder)) === true;",
    put: "return admits !== undefined;",
    named: "but for what is admitted",
  }),
];
