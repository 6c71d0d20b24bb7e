import { assertOnDisk, assertReported } from "../../../../plugins/pip/handoff/compare.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { createHash } from "node:crypto";
import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

const SHA = "a".repeat(64);
const READY = [
  { name: "widget", version: "1.0", sha256: SHA, filename: "widget-1.0-py3-none-any.whl" },
  { name: "gadget", version: "2.0", sha256: "b".repeat(64), filename: "gadget-2.0-py3-none-any.whl" },
];
const mismatch = (message: string) => ({
  kind: "unbound",
  code: "INSTALLED_MISMATCH",
  message: expect.stringContaining(message) as string,
});

type Item = readonly [name: string, version: string, hashes: Readonly<Record<string, string>>];
const HONEST: readonly Item[] = [
  ["Widget", "1.0", { sha256: SHA }],
  ["gadget", "2.0", { md5: "c".repeat(32), sha256: "b".repeat(64) }],
];

function reported(items: readonly Item[], version = "1") {
  const file = join(temporaryFolder(), "report.json");
  const install = items.map(([name, one, hashes]) => ({
    metadata: { name, version: one },
    is_direct: false,
    download_info: { url: "https://i.example/x.whl", archive_info: { hashes } },
  }));
  writeFileSync(file, JSON.stringify({ version, install }));
  return assertReported(file, READY);
}

describe("what pip says that it installed", () => {
  it("is what was proven, under whatever spelling of its name", async () => {
    await expect(reported(HONEST)).resolves.toBeUndefined();
  });

  it.each<[string, readonly Item[], string]>([
    ["less", HONEST.slice(0, 1), `gadget==2.0 sha256:${"b".repeat(64)} is missing`],
    ["more", [...HONEST, ["evil", "1", { sha256: SHA }]], `evil==1 sha256:${SHA} was not proven`],
    ["another version", [["widget", "1.1", { sha256: SHA }], ...HONEST.slice(1)], `widget==1.1 sha256:${SHA} was not`],
    ["other bytes", [["widget", "1.0", { sha256: "d".repeat(64) }], ...HONEST.slice(1)], "was not proven"],
    ["no bytes that are known", [["widget", "1.0", {}], ...HONEST.slice(1)], "widget==1.0 sha256:none was not proven"],
  ])("is %s", async (_, items, message) => {
    await expect(reported(items)).rejects.toMatchObject(mismatch(message));
  });

  it("names no more than five differences", async () => {
    const more = [1, 2, 3, 4, 5, 6].map((at): Item => ["evil", `${at}`, { sha256: SHA }]);
    const error = (await reported([...HONEST, ...more]).catch((one: unknown) => one)) as Error;
    expect(error.message.split("; ")).toHaveLength(5);
  });
});

const BIG = "x".repeat(1_000_001);
const hash = (text: string) => createHash("sha256").update(text).digest("hex");

/** Files of one wheel, with what the plan says of each. */
function planned(files: Readonly<Record<string, string>>) {
  const root = realpathSync(temporaryFolder());
  const expected = Object.entries(files).map(([file, content]) => {
    const path = join(root, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return { name: "widget", file, path, sha256: [hash("another form"), hash(content)] };
  });
  return { root, expected };
}
const FILES = { "widget/__init__.py": "", "widget/core.py": "x = 1\n", "widget/data.bin": BIG };

describe("what lies on disk", () => {
  it("is what the plan said, small or large", async () => {
    await expect(assertOnDisk(planned(FILES).expected)).resolves.toBeUndefined();
  });

  it.each(["widget/__init__.py", "widget/core.py", "widget/data.bin"])("other bytes in %s", async (file) => {
    const { root, expected } = planned(FILES);
    writeFileSync(join(root, file), `${FILES[file as keyof typeof FILES]}#`);
    await expect(assertOnDisk(expected)).rejects.toMatchObject({ ...mismatch(`: widget: ${file}`) });
  });

  it.skipIf(process.platform === "win32")("a link, in the place of a file or on the way to it", async () => {
    const { root, expected } = planned({ "a/one.py": "1", "b/two.py": "1" });
    const [first, second] = expected;
    symlinkSync("a", join(root, "c"));
    symlinkSync("one.py", join(root, "a/three.py"));
    const at = (path: string) => [{ ...first!, path: join(root, path), file: path }, second!];
    await expect(assertOnDisk(at("a/one.py"))).resolves.toBeUndefined();
    for (const path of ["c/one.py", "a/three.py", "a/gone.py", "gone/one.py", "a"])
      await expect(assertOnDisk(at(path))).rejects.toMatchObject(mismatch(`proven: widget: ${path}`));
  });
});
