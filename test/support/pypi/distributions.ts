import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { gzipSync } from "node:zlib";
import { makeTar } from "../tarball.ts";

export interface WheelContent {
  readonly name: string;
  readonly version: string;
  /** `Requires-Dist` lines. */
  readonly requires?: readonly string[];
  /** `py3-none-any` unless told. */
  readonly tag?: string;
  /** What WHEEL says instead of it. */
  readonly tags?: readonly string[];
  readonly extras?: readonly string[];
  /** Further files by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** What METADATA says instead of the truth. */
  readonly metadata?: string;
  readonly buildTag?: string;
}

export interface Distribution {
  readonly filename: string;
  readonly bytes: Buffer;
  /** METADATA as an index serves it (PEP 658). */
  readonly metadata: string;
}

/** A wheel with one module that says who it is, and a console script. */
export function makeWheel(content: WheelContent): Distribution {
  const { name, version, tag = "py3-none-any", tags = [tag], buildTag } = content;
  const module = name.replaceAll(/[-.]/g, "_").toLowerCase();
  const info = `${module}-${version}.dist-info`;
  const metadata = content.metadata ?? metadataOf(content);
  const files: Record<string, string> = {
    [`${module}/__init__.py`]: `WHO = ${JSON.stringify(`${name}==${version}`)}\n`,
    ...content.files,
    [`${info}/METADATA`]: metadata,
    [`${info}/WHEEL`]: `Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\n${tags.map((one) => `Tag: ${one}\n`).join("")}`,
  };
  const record = Object.entries(files).map(
    ([path, text]) => `${path},sha256=${recordHash(text)},${Buffer.byteLength(text)}`,
  );
  const all = { ...files, [`${info}/RECORD`]: [...record, `${info}/RECORD,,`, ""].join("\n") };
  const build = buildTag === undefined ? "" : `-${buildTag}`;
  return { filename: `${module}-${version}${build}-${tag}.whl`, bytes: makeZip(all), metadata };
}

export function metadataOf({ name, version, requires = [], extras = [] }: WheelContent): string {
  const lines = [
    "Metadata-Version: 2.1",
    `Name: ${name}`,
    `Version: ${version}`,
    ...extras.map((extra) => `Provides-Extra: ${extra}`),
    ...requires.map((one) => `Requires-Dist: ${one}`),
  ];
  return `${lines.join("\n")}\n\n`;
}

export interface SourceContent {
  readonly name: string;
  readonly version: string;
  /** A file that the build code writes to as soon as it runs. Absolute. */
  readonly mark: string;
  readonly requires?: readonly string[];
  readonly buildRequires?: readonly string[];
  readonly pyproject?: string;
  /** Once this module is installed the build leaves its mark, and not before; then it waits for as long as its parent lives. */
  readonly waitsFor?: string;
}

const waiting = (module: string) => `
import glob, sys, time
parent = os.getppid()
if glob.glob(os.path.join(sys.prefix, "lib", "python3*", "site-packages", ${JSON.stringify(module)})):
    mark()
    while os.getppid() == parent:
        time.sleep(0.05)
    raise SystemExit(1)
`;

/** The files of a project with a build backend of its own (PEP 517), which leaves a mark when it runs. */
export function makeProject(content: SourceContent): Readonly<Record<string, string>> {
  const { name, version, mark, requires = [], buildRequires = [] } = content;
  const list = (items: readonly string[]) => JSON.stringify(items);
  const pyproject = [
    "[project]",
    `name = ${JSON.stringify(name)}`,
    `version = ${JSON.stringify(version)}`,
    `dependencies = ${list(requires)}`,
    "[build-system]",
    `requires = ${list(buildRequires)}`,
    'build-backend = "backend"',
    'backend-path = ["."]',
    "",
  ];
  const metadata = metadataOf({ name, version, requires });
  const module = name.replaceAll(/[-.]/g, "_");
  const backend = `
import os, zipfile
def mark():
    open(${JSON.stringify(mark)}, "a").write("%d\\n" % os.getpid())
${content.waitsFor === undefined ? "mark()" : waiting(content.waitsFor)}
INFO, METADATA = "${module}-${version}.dist-info", ${JSON.stringify(metadata)}
WHEEL = "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"

def prepare_metadata_for_build_wheel(folder, config_settings=None):
    os.makedirs(os.path.join(folder, INFO))
    for name, text in (("METADATA", METADATA), ("WHEEL", WHEEL)):
        with open(os.path.join(folder, INFO, name), "w") as file:
            file.write(text)
    return INFO

def build_wheel(folder, config_settings=None, metadata_directory=None):
    name = "${module}-${version}-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(folder, name), "w") as wheel:
        wheel.writestr("${module}.py", "WHO = 1\\n")
        wheel.writestr(INFO + "/METADATA", METADATA)
        wheel.writestr(INFO + "/WHEEL", WHEEL)
        wheel.writestr(INFO + "/RECORD", "")
    return name

prepare_metadata_for_build_editable = prepare_metadata_for_build_wheel
build_editable = build_wheel
`;
  return { "pyproject.toml": content.pyproject ?? pyproject.join("\n"), "backend.py": backend, "PKG-INFO": metadata };
}

/** A source distribution of such a project. */
export function makeSdist(content: SourceContent): Distribution {
  const folder = `${content.name}-${content.version}`;
  const entries = Object.entries(makeProject(content)).map(([path, text]) => ({
    path: `${folder}/${path}`,
    content: text,
  }));
  return { filename: `${folder}.tar.gz`, bytes: gzipSync(makeTar(entries)), metadata: metadataOf(content) };
}

export function sha256(bytes: Buffer | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function recordHash(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}

/** Stored, not deflated (APPNOTE 4.3). */
export function makeZip(files: Readonly<Record<string, string>>): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const [path, text] of Object.entries(files)) {
    const [name, data] = [Buffer.from(path), Buffer.from(text)];
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x21, 8);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), common, name, data]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(0o100644 * 0x10000, 6);
    tail.writeUInt32LE(offset, 10);
    centrals.push(Buffer.concat([Buffer.from("PK\x01\x02"), Buffer.from([20, 3]), common, tail, name]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", 0, "latin1");
  end.writeUInt16LE(centrals.length, 8);
  end.writeUInt16LE(centrals.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}
