/** Readers that pass over an entry, which the differential tests against the locks' own tools must notice. */
import { type Guard, inFile } from "./guard.ts";

const PYTHON = "test/long/lock-diff-python.test.ts";

/** The text of each reader, what misses an entry, and the tests of its tool: as it reads thousands, and as its command tells it. */
const READERS = [
  {
    file: "plugins/npm/resolve/tree.ts",
    test: "test/long/lock-diff-npm.test.ts",
    remove: "nodes: nodes.filter((node) => !node.isProjectRoot),",
    put: "nodes: nodes.filter((node) => !node.isProjectRoot).slice(2),",
    named: ["as its own arborist", "as `npm ls"],
  },
  {
    file: "plugins/dotnet/resolve/lock.ts",
    test: "test/long/lock-diff-nuget.test.ts",
    remove: "Object.entries(entries).map(",
    put: "Object.entries(entries).slice(1).map(",
    named: ["PackagesLockFileFormat", "as `dotnet restore"],
  },
  {
    file: "plugins/pip/lock/uv.ts",
    test: PYTHON,
    remove: "readEach(PACKAGE, found.value.package, readPackage)",
    put: "readEach(PACKAGE, found.value.package.slice(2), readPackage)",
    named: ["as `uv export", "as `uv sync"],
  },
  {
    file: "plugins/pip/lock/poetry.ts",
    test: PYTHON,
    remove: "readEach(PACKAGE, found.value.package, (",
    put: "readEach(PACKAGE, found.value.package.slice(1), (",
    named: ["as Poetry's own Installer", "as `poetry install"],
  },
  {
    file: "plugins/pip/lock/pipfile.ts",
    test: PYTHON,
    remove: "Object.entries(group).map(",
    put: "Object.entries(group).slice(1).map(",
    named: ["as pipenv's own", "as `pipenv requirements"],
  },
  {
    file: "plugins/pip/lock/pylock.ts",
    test: PYTHON,
    remove: "readEach(PACKAGE, found.value.packages, (entry)",
    put: "readEach(PACKAGE, found.value.packages.slice(1), (entry)",
    named: ["as pip's own", "as `pip install"],
  },
];

export const LOCK_DIFF: readonly Guard[] = READERS.flatMap(({ file, test, named, ...change }) =>
  named.map((title) => inFile(file, test)({ name: `no entry is passed over ${title}`, named: title, ...change })),
);
