import { layOut, resolveAgain } from "../../../../plugins/pip/handoff/again.ts";
import { packageRef } from "../../../../plugins/pip/distribution.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { fakePython } from "../../../support/pypi/fake-python.ts";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

const chosen = (name: string, version = "1.0") => ({
  package: packageRef(name, version),
  filename: `${name}-${version}-py3-none-any.whl`,
  url: `https://i.example/${name}`,
  stated: [],
  fetched: { file: "/nowhere" },
});
const FIRST = {
  args: ["install"],
  lines: ["widget"],
  constraints: [],
  named: ["widget"],
  chosen: [chosen("widget"), chosen("gadget")],
};

const item = ({ package: { name, version }, url }: ReturnType<typeof chosen>) => ({
  metadata: { name, version },
  is_direct: false,
  download_info: { url, archive_info: { hashes: {} } },
});

/** What pip chooses from the proven wheels alone. */
async function again(second: readonly ReturnType<typeof chosen>[], first = FIRST, failed: object | null = null) {
  const made = fakePython(({ job }) => {
    const install = second.map(item);
    writeFileSync(String(job["report"]), JSON.stringify({ version: "1", install }));
    const nothing = {
      status: 0,
      failure: null,
      refused: [],
      pages: [],
      files: [],
      present: [],
      said: {},
      conflict: [],
      direct: [],
    };
    return { answer: failed === null ? nothing : { ...nothing, status: 1, ...failed } };
  });
  return { unbound: await resolveAgain(first, "/proven", made.python), asked: made.asked };
}
const mismatch = (expected: string, found: string) => [
  {
    package: null,
    location: expect.stringContaining("second resolution") as string,
    denial: { code: "DEPENDENCIES_MISMATCH", details: [{ name: "packages", expected, found }] },
  },
];

describe("from the proven wheels pip chooses", () => {
  it("the same, in whatever order", async () => {
    const { unbound, asked } = await again([chosen("gadget"), chosen("widget")]);
    expect(unbound).toEqual([]);
    expect(asked[0]?.job).toMatchObject({ findLinks: "/proven", offline: true, named: ["widget"] });
  });

  it("more, less, or other versions: the index has lied", async () => {
    const all = [chosen("widget"), chosen("gadget")];
    expect((await again([...all, chosen("evil")])).unbound).toMatchObject(mismatch("nothing more", "evil==1.0"));
    expect((await again(all.slice(0, 1))).unbound).toMatchObject(mismatch("gadget==1.0", "none of these"));
    expect((await again([chosen("widget"), chosen("gadget", "2.0")])).unbound).toMatchObject(
      mismatch("gadget==1.0", "gadget==2.0"),
    );
    const many = [1, 2, 3, 4, 5, 6].map((at) => chosen(`evil${at}`));
    const [one] = (await again([...all, ...many])).unbound;
    expect(one?.denial.details[0]?.found.split(", ")).toHaveLength(5);
  });

  it("nothing, and says why", async () => {
    const [one] = (await again([], FIRST, { failure: { type: "X", message: "needs evil" } })).unbound;
    expect(one?.denial.details[0]?.found).toContain("needs evil");
    const source = { refused: [{ name: "evil", url: "https://i.example/evil-1.0.tar.gz", program: "python" }] };
    expect((await again([], FIRST, source)).unbound).toMatchObject([{ denial: { code: "SOURCE_DISTRIBUTION" } }]);
  });

  it("nothing where nothing was chosen, and is not asked", async () => {
    const { unbound, asked } = await again([chosen("evil")], { ...FIRST, chosen: [] });
    expect([unbound, asked]).toEqual([[], []]);
  });
});

it("proven wheels lie under their own names in a private folder, and nobody writes to them", async () => {
  const { python } = fakePython(() => ({}));
  const file = join(temporaryFolder(), "kept");
  writeFileSync(file, "bytes");
  const all = [chosen("widget"), chosen("gadget")];
  const folder = await layOut(all, () => ({ file }) as never, python);
  expect(dirname(folder)).toBe(python.folder);
  expect(readdirSync(folder).toSorted()).toEqual(all.map(({ filename }) => filename).toSorted());
  const path = join(folder, all[0]?.filename ?? "");
  expect(readFileSync(path, "utf8")).toBe("bytes");
  if (process.platform !== "win32") expect(statSync(path).mode & 0o777).toBe(0o400);
});
