import { assertInstalled } from "../../../../plugins/npm/handoff/compare.ts";
import { registriesOf } from "../../../../plugins/npm/origin.ts";
import type { Filled } from "../../../../plugins/npm/handoff/cache.ts";
import { parseIntegrity } from "../../../../plugins/npm/integrity.ts";
import { type Asker, refOf } from "../../../../plugins/npm/resolve/places.ts";
import type { TreeNode } from "../../../../plugins/npm/resolve/node.ts";
import type { NotGated } from "../../../../src/plugin.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { hexOf, sriOf } from "../../../support/tarball.ts";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const REGISTRIES = registriesOf({ registry: "https://npm.example/", omit: [], cache: "" }, "never", []);
const BYTES = Buffer.from("the widget's tarball");
const GOOD = { version: "1.0.0", integrity: sriOf(BYTES) };

interface Told {
  /** What npm's hidden lockfile says. */
  readonly packages: Readonly<Record<string, object>>;
  /** Folders in node_modules. */
  readonly folders?: readonly string[];
  readonly notGated?: readonly NotGated[];
  readonly partial?: boolean;
  /** Where `widget` should lie, and who asks for it there. */
  readonly place?: { readonly location: string; readonly askers: readonly Asker[] };
}

/** `widget@1.0.0` is proven; npm says something. */
async function compare({ packages, folders, notGated = [], partial = false, place }: Told): Promise<void> {
  const project = temporaryFolder();
  for (const folder of folders ?? Object.keys(packages)) mkdirSync(join(project, folder), { recursive: true });
  const hidden = Buffer.from(JSON.stringify({ packages }));
  const resolution = { locked: new Map(), unbound: [], notGated, linkedFolders: [], conflicts: [] };
  const locked = { ...WIDGET.locked, places: WIDGET.locked.places.map((one) => ({ ...one, ...place })) };
  await assertInstalled(
    { project, resolution, proven: [{ ...WIDGET, locked }], registries: REGISTRIES, partial },
    { read: async () => hidden },
  );
}

const WIDGET: Filled = {
  locked: {
    package: refOf({ packageName: "widget", version: "1.0.0" } as TreeNode)!,
    stated: parseIntegrity(sriOf(BYTES))!,
    places: [
      {
        location: "node_modules/widget",
        resolved: null,
        integrity: sriOf(BYTES),
        optional: false,
        extraneous: false,
        hasInstallScript: false,
      },
    ],
  },
  bytes: {
    file: "/nowhere",
    runsScripts: false,
    carried: new Set(["node_modules/inner"]),
    bin: new Map(),
    aliases: new Map(),
    binFolder: null,
    files: new Set(),
    bundles: new Set(["inner"]),
    licence: null,
    digests: [{ algorithm: "sha512", hex: hexOf(BYTES) }],
    read: async () => BYTES,
  },
};

const ASKS = "packages/a/node_modules/asks";
const ABOVE = "node_modules/widget";
const DEEP = "packages/a/deep";
const NEARER = "packages/a/deep/node_modules/widget";
const ASIDE = "packages/b/node_modules/widget";
const at = (entry: object) => ({ packages: { "node_modules/widget": { ...GOOD, ...entry } } });
const bundled = { kind: "bundled", name: "node_modules/widget/node_modules/inner" } as const;

describe("what npm says it installed", () => {
  test.each<[string, Told]>([
    ["what was proven", at({})],
    ["with the address of a registry", at({ resolved: "https://npm.example/widget/-/widget-1.0.0.tgz" })],
    ["a package, with what it carries", withMore({ [bundled.name]: { version: "1.0.0", inBundle: true } }, [bundled])],
    ["a workspace", withMore({ "node_modules/w": { link: true } }, [{ kind: "workspace", name: "node_modules/w" }])],
    ["nothing, where only some workspaces were asked for", { packages: {}, partial: true }],
    ["nothing, where nobody who asks for it is there", below([], [ASKS])],
    ["nothing, where the one who asks for it finds it above", below([ABOVE], ["packages/a"])],
    ["nothing, where a package that asks for it finds it above", below([ASKS, ABOVE], [ASKS])],
  ])("passes: %s", async (_, told) => {
    await expect(compare(told)).resolves.toBeUndefined();
  });

  test.each<[string, Told, string]>([
    ["a package that was not proven", withMore({ "node_modules/evil": { version: "1.0.0" } }), "evil was not proven"],
    ["another version", at({ version: "1.0.1" }), "is version 1.0.1, not 1.0.0"],
    ["another digest", at({ integrity: sriOf(Buffer.from("others")) }), "has another sha512"],
    ["no digest", at({ integrity: undefined }), "has no digest"],
    ["an archive of the project", at({ resolved: "file:../evil.tgz" }), "is from file:../evil.tgz"],
    ["another name", at({ name: "evil" }), "is evil, not widget"],
    ["a link in its place", at({ link: true }), "is a link"],
    ["a package that is missing", { packages: {} }, "is missing"],
    ["a package that a workspace asks for and does not find", below([], ["packages/a"]), "widget is missing"],
    ["a package that a package asks for and does not find", below([ASKS], [ASKS]), "widget is missing"],
    [
      "a package that one finds above and another does not",
      below([ASIDE], ["packages/b", "packages/a"], [ASIDE]),
      "is missing",
    ],
    ["a package that nobody asks for", below([ABOVE], []), "widget is missing"],
    ["a package, and above it a version that nobody asks for", below([ABOVE], ["packages/a"], []), "widget is missing"],
    ["a package, and nearer than what fits one that does not", below([NEARER, ABOVE], [DEEP]), "widget is missing"],
    ["a folder that nobody named", { ...at({}), folders: ["node_modules/widget", "node_modules/evil"] }, "appeared"],
    ["a scoped folder that nobody named", { ...at({}), folders: ["node_modules/@evil/x"] }, "@evil/x appeared"],
    [
      "an entry that says that it is bundled, and lies in no proven package",
      withMore({ "node_modules/evil/node_modules/inner": { version: "1.0.0", inBundle: true } }),
      "inner was not proven",
    ],
    [
      "an entry inside a proven package that its archive does not bring along",
      withMore({ "node_modules/widget/node_modules/evil": { version: "1.0.0", inBundle: true } }),
      "evil was not proven",
    ],
  ])("differs: %s", async (_, told, words) => {
    await expect(compare(told)).rejects.toMatchObject({
      kind: "unbound",
      code: "INSTALLED_MISMATCH",
      message: expect.stringContaining(words) as string,
    });
  });
});

function withMore(packages: Readonly<Record<string, object>>, notGated: readonly NotGated[] = []): Told {
  return { packages: { "node_modules/widget": GOOD, ...packages }, notGated };
}

/** `widget` should lie below a workspace; npm says that these folders of ours lie somewhere. */
function below(there: readonly string[], asking: readonly string[], fits: readonly string[] = [ABOVE]): Told {
  const askers = asking.map((location) => ({ location, fits }));
  return {
    packages: Object.fromEntries(there.map((location) => [location, { link: true }])),
    notGated: there.map((name) => ({ kind: "workspace", name })),
    place: { location: "packages/a/node_modules/widget", askers },
  };
}
