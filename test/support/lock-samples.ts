import type { Value } from "./lock-mutants.ts";

const HEX = "ab".repeat(32);
const OTHER = "cd".repeat(32);
const wheel = "widget-1.0-py3-none-any.whl";

const PYTHON: Readonly<Record<string, Value>> = {
  "uv.lock": {
    version: 1,
    revision: 3,
    "requires-python": ">=3.11",
    "resolution-markers": ["python_version >= '3.12'"],
    "supported-markers": ["sys_platform == 'linux'"],
    "required-markers": ["sys_platform == 'linux'"],
    conflicts: [[{ package: "app", extra: "a" }]],
    options: { "exclude-newer": "2026-01-01T00:00:00Z" },
    manifest: { members: ["app"], constraints: [{ name: "widget", specifier: ">=1" }] },
    package: [
      {
        name: "app",
        version: "0.1.0",
        source: { virtual: "." },
        dependencies: [{ name: "widget", marker: "sys_platform == 'linux'" }],
        "optional-dependencies": { a: [{ name: "widget", extra: ["b"] }] },
        "dev-dependencies": { dev: [{ name: "widget" }] },
        metadata: {
          "requires-dist": [{ name: "widget", specifier: ">=1" }],
          "provides-extras": ["a"],
          "requires-dev": { dev: [{ name: "widget" }] },
        },
      },
      {
        name: "widget",
        version: "1.0",
        source: { registry: "https://pypi.example/simple" },
        "resolution-markers": ["python_version >= '3.12'"],
        sdist: {
          url: "https://pypi.example/files/widget-1.0.tar.gz",
          hash: `sha256:${OTHER}`,
          size: 10,
          "upload-time": "2026-01-01T00:00:00Z",
        },
        wheels: [{ url: `https://pypi.example/files/${wheel}`, hash: `sha256:${HEX}`, size: 10 }],
      },
    ],
  },
  "poetry.lock": {
    package: [
      {
        name: "widget",
        version: "1.0",
        description: "",
        optional: false,
        "python-versions": "*",
        groups: ["main"],
        markers: "python_version >= '3'",
        files: [
          { file: wheel, hash: `sha256:${HEX}` },
          { file: "widget-1.0.tar.gz", hash: `sha256:${OTHER}` },
        ],
        dependencies: { gadget: ">=1" },
        extras: { a: ["gadget"] },
        source: { type: "legacy", url: "https://pypi.example/simple", reference: "own" },
      },
      {
        name: "own",
        version: "1.0",
        optional: false,
        "python-versions": "*",
        files: [],
        develop: true,
        source: { type: "directory", url: "own" },
      },
    ],
    extras: { a: ["widget"] },
    metadata: { "lock-version": "2.1", "python-versions": ">=3", "content-hash": "0" },
  },
  "pylock.toml": {
    "lock-version": "1.0",
    environments: ["sys_platform == 'linux'"],
    "requires-python": ">=3",
    extras: ["a"],
    "dependency-groups": ["dev"],
    "default-groups": ["dev"],
    "created-by": "t",
    packages: [
      {
        name: "widget",
        version: "1.0",
        marker: "python_version >= '3'",
        "requires-python": ">=3",
        dependencies: [{ name: "gadget" }],
        index: "https://pypi.example/simple",
        sdist: { name: "widget-1.0.tar.gz", hashes: { sha256: OTHER } },
        wheels: [{ name: wheel, url: `https://pypi.example/files/${wheel}`, size: 10, hashes: { sha256: HEX } }],
        "attestation-identities": [{ kind: "GitHub" }],
        tool: { a: { b: 1 } },
      },
    ],
    tool: { a: { b: 1 } },
  },
  "Pipfile.lock": {
    _meta: {
      hash: { sha256: "0" },
      "pipfile-spec": 6,
      requires: { python_version: "3.11" },
      sources: [{ name: "own", url: "https://pypi.example/simple", verify_ssl: true }],
    },
    default: {
      widget: {
        version: "==1.0",
        hashes: [`sha256:${HEX}`, `sha256:${OTHER}`],
        index: "own",
        extras: ["a"],
        markers: "python_version >= '3'",
        pip_args: ["--config-settings", "a=b"],
      },
    },
    develop: { gadget: { version: "==1.0", hashes: [`sha256:${HEX}`] } },
  },
};

const NUGET: Value = {
  version: 1,
  dependencies: {
    "net8.0": {
      Widget: {
        type: "Direct",
        requested: "[1.0.0, )",
        resolved: "1.0.0",
        contentHash: Buffer.alloc(64, 7).toString("base64"),
        dependencies: { Gadget: "1.0.0" },
      },
      Gadget: { type: "Transitive", resolved: "1.0.0", contentHash: Buffer.alloc(64, 8).toString("base64") },
      own: { type: "Project", dependencies: { Widget: "[1.0.0, )" } },
    },
  },
};

/** The package.json beside npm's. */
export const MANIFEST: Value = {
  name: "app",
  version: "1.0.0",
  dependencies: { widget: "^1.0.0", renamed: "npm:other@1.0.0" },
};

const ADDRESS = "https://npm.example";
const sri = (byte: number) => `sha512-${Buffer.alloc(64, byte).toString("base64")}`;

const NPM_LOCK: Value = {
  name: "app",
  version: "1.0.0",
  lockfileVersion: 2,
  requires: true,
  // For npm 6 the same once more.
  dependencies: {
    widget: { version: "1.0.0", resolved: `${ADDRESS}/widget/-/widget-1.0.0.tgz`, integrity: sri(1) },
  },
  packages: {
    "": MANIFEST,
    "node_modules/widget": {
      version: "1.0.0",
      resolved: `${ADDRESS}/widget/-/widget-1.0.0.tgz`,
      integrity: sri(1),
      license: "MIT",
      bin: { widget: "bin.js" },
      engines: { node: ">=18" },
      dependencies: { gadget: "^1.0.0" },
      peerDependencies: { renamed: "*" },
      peerDependenciesMeta: { renamed: { optional: true } },
    },
    "node_modules/widget/node_modules/gadget": {
      version: "1.0.0",
      resolved: `${ADDRESS}/gadget/-/gadget-1.0.0.tgz`,
      integrity: sri(2),
      hasInstallScript: true,
      dev: true,
      os: ["plan9"],
    },
    "node_modules/renamed": {
      name: "other",
      version: "1.0.0",
      resolved: `${ADDRESS}/other/-/other-1.0.0.tgz`,
      integrity: sri(3),
    },
  },
};

const TOOLS: Value = {
  $schema: "https://schema.example/dotnet-tools.json",
  version: 1,
  isRoot: true,
  tools: {
    dotnetsay: { version: "2.1.4", commands: ["dotnetsay"], rollForward: false },
    "acme.tool": { version: "1.0.0", commands: ["acme"] },
  },
};

/** By the name of its file a lock of each format that is read, with every member that the format has. */
export const LOCKS: Readonly<Record<string, Value>> = {
  ...PYTHON,
  "packages.lock.json": NUGET,
  "dotnet-tools.json": TOOLS,
  "package-lock.json": NPM_LOCK,
};
