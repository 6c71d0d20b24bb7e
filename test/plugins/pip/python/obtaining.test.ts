import { temporaryFolder } from "../../../support/folder.ts";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, it } from "vitest";

const OBTAINING = resolve(import.meta.dirname, "../../../../plugins/pip/python/obtaining.py");
const hasPip = spawnSync("python3", ["-I", "-c", "import pip"]).status === 0;

const PROGRAM = `import json, os, sys
cases, folder, part = json.loads(sys.argv[1]), sys.argv[2], sys.argv[3]
job = {"wheels": folder, "maxBytes": 100}
exec(compile(open(part).read(), part, "exec"))

class Raw:
    def __init__(self, chunks):
        self.chunks = chunks

    def stream(self, size, decode_content=False):
        for one in self.chunks:
            yield one.encode()

class Response:
    pass

for name, (headers, *chunks) in cases.items():
    response = Response()
    response.headers, response.raw = headers, Raw(chunks)
    keep_bytes(response, "https://user:secret@index.example/%s.whl#sha256=00" % name)
    assert b"".join(response.raw.stream(4)) == "".join(chunks).encode()
print(json.dumps(read_whole))`;

it.skipIf(!hasPip)("an archive that pip reads to its end is kept, and one whose connection ended early is not", () => {
  const cases = {
    whole: [{ "content-length": "8" }, "byte", "s of"],
    unsaid: [{}, "bytes"],
    early: [{ "content-length": "9" }, "byte", "s of"],
    large: [{}, "byte".repeat(26)],
  };
  const words = ["-I", "-c", PROGRAM, JSON.stringify(cases), temporaryFolder(), OBTAINING];
  const { status, stdout, stderr } = spawnSync("python3", words, { encoding: "utf8" });
  expect(status, stderr).toBe(0);
  const found = Object.entries(JSON.parse(stdout) as Readonly<Record<string, string | null>>);
  const texts = found.map(([url, file]) => [url, file === null ? null : readFileSync(file, "utf8")]);
  expect(Object.fromEntries(texts)).toEqual({
    "https://index.example/whole.whl": "bytes of",
    "https://index.example/unsaid.whl": "bytes",
    "https://index.example/early.whl": null,
    "https://index.example/large.whl": null,
  });
});
