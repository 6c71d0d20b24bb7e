import { openMissing } from "../../../../plugins/pip/evidence/missing.ts";
import { expect, it } from "vitest";

const file = (origin: string, filename: string, provenance: string | null = null) => ({
  filename,
  url: `${origin}/files/${filename}`,
  hashes: {},
  provenance,
});
const MIRROR = "https://mirror.example";
const INDEX = "https://i.example";
const PAGES = [
  { url: `${MIRROR}/simple/one/`, files: [file(MIRROR, "one-1.0-py3-none-any.whl"), file(MIRROR, "one-1.0.tar.gz")] },
  { url: `${MIRROR}/simple/two/`, files: [file(MIRROR, "two-1.0-py3-none-any.whl")] },
  {
    url: `${INDEX}/simple/three/`,
    files: [
      file(INDEX, "three-1.0-py3-none-any.whl"),
      file(INDEX, "three-1.0.tar.gz", `${INDEX}/p`),
      file(INDEX, "three-2.0-py3-none-any.whl"),
    ],
  },
];

it("a release is named where another file of it has provenance; what no file of it has is the gate's to say", () => {
  const said: string[] = [];
  const missing = openMissing(PAGES, (text) => void said.push(text));
  for (const page of PAGES) for (const one of page.files) if (one.provenance === null) missing(one);
  expect(said).toEqual([
    "safe-install: three-1.0-py3-none-any.whl has no provenance, but three-1.0.tar.gz of the same release has",
  ]);
});
