import type { Filled } from "../../plugins/npm/handoff/cache.ts";
import { parseIntegrity } from "../../plugins/npm/integrity.ts";
import { type Placement, refOf } from "../../plugins/npm/resolve/places.ts";
import type { TreeNode } from "../../plugins/npm/resolve/node.ts";
import { hexOf, sriOf } from "./tarball.ts";

interface Told {
  readonly bin?: Readonly<Record<string, string>>;
  readonly carried?: readonly string[];
  readonly places?: readonly Partial<Placement>[];
  readonly archive?: Filled["locked"]["archive"];
}

/** A proven package of npm, in memory: `NAME@VERSION`, at the top of node_modules unless told otherwise. */
export function filled(spec: string, { bin = {}, carried = [], places = [{}], archive }: Told = {}): Filled {
  const at = spec.lastIndexOf("@");
  const [packageName, version] = [spec.slice(0, at), spec.slice(at + 1)];
  const content = Buffer.from(spec);
  const ref = refOf({ packageName, version } as TreeNode);
  const stated = parseIntegrity(sriOf(content));
  if (ref === null || stated === null) throw new TypeError(`${spec} is no package`);
  const plain = {
    resolved: null,
    integrity: sriOf(content),
    optional: false,
    extraneous: false,
    hasInstallScript: false,
  };
  return {
    locked: {
      package: ref,
      stated,
      places: places.map((one) => ({ location: `node_modules/${packageName}`, ...plain, ...one })),
      ...(archive === undefined ? {} : { archive }),
    },
    bytes: {
      file: "/nowhere",
      runsScripts: false,
      carried: new Set(carried),
      bin: new Map(Object.entries(bin)),
      aliases: new Map(),
      binFolder: null,
      files: new Set(),
      bundles: new Set(),
      licence: null,
      digests: [{ algorithm: "sha512", hex: hexOf(content) }],
      read: () => Promise.resolve(content),
    },
  };
}
