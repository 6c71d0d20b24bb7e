/** What of a lock can be bound to bytes at all. */
import { inFile } from "./guard.ts";

const ATTACK = "test/attack/npm.test.ts";
const LOCK = "test/plugins/npm/resolve/lock.test.ts";
const archive = inFile("plugins/npm/resolve/archive.ts", ATTACK);
const edges = inFile("plugins/npm/resolve/edges.ts", "test/plugins/npm/resolve/edges.test.ts");
const lock = inFile("plugins/npm/resolve/lock.ts", LOCK);
const text = inFile("plugins/npm/resolve/text.ts", LOCK);
const integrity = inFile("plugins/npm/integrity.ts", "test/plugins/npm/integrity.test.ts");
const places = inFile("plugins/npm/resolve/places.ts", "test/plugins/npm/resolve/places.test.ts");
const stages = inFile("plugins/npm/stages.ts", LOCK);
const part = inFile("plugins/npm/part.ts", LOCK);

const reach = inFile("plugins/npm/resolve/reach.ts", "test/plugins/npm/resolve/edges.test.ts");
const passedBy = inFile("plugins/npm/resolve/resolve.ts", "test/plugins/npm/resolve/resolve.test.ts");
const manifest = inFile("plugins/npm/bytes/manifest.ts", "test/plugins/npm/bytes/manifest.test.ts");

export const NPM_LOCK = [
  reach({
    name: "what the root needs is as package.json asks for it",
    code: "LOCK_UNSUPPORTED",
    remove: "if (from.walked !== false) return false;",
    put: "",
    named: "of a package of the root",
  }),
  reach({
    name: "what lies below a workspace lies in it",
    code: "LOCK_UNSUPPORTED",
    remove: "to.location.startsWith(`${from.location}/`)",
    put: "to.location.startsWith(from.location)",
    named: "below a neighbour of like name",
  }),
  passedBy({
    name: "a place without a version has nothing to unpack",
    remove: "!version && resolved === null && integrity === null",
    put: "!version",
    named: "a place with an address",
  }),
  passedBy({
    name: "an archive outside of node_modules is passed by where npm passes it by",
    remove: 'node.package["extraneous"] === true && node.linksIn.size === 0 &&',
    put: "node.linksIn.size === 0 &&",
    named: "does not say so",
  }),
  manifest({
    name: "what npm acts on stands once in a package.json",
    code: "PACKAGE_MISMATCH",
    remove: "repeats ? ambiguousMember(text) : null",
    put: "repeats ? null : null",
    named: "name twice",
  }),
  manifest({
    name: "a command of directories.bin is a file of the archive",
    code: "PACKAGE_MISMATCH",
    remove: "files.has(unpackedPath(`package/${path}`))",
    put: "files.size >= 0",
    named: "a file that is not there",
  }),
  inFile(
    "plugins/npm/resolve/aliases.ts",
    "test/attack/npm-names.test.ts",
  )({
    name: "an alias is not answered by the package of its own name",
    code: "LOCK_UNSUPPORTED",
    remove: "if (node.packageName === node.name) return asksForAnother(node);",
    put: "if (node.packageName === node.name) return false;",
    named: "an alias of",
  }),
  inFile(
    "plugins/npm/resolve/aliases.ts",
    "test/attack/npm-names.test.ts",
  )({
    name: "an override that npm looks at makes an alias",
    code: "LOCK_UNSUPPORTED",
    remove: "!isOverridden(edge) || !isLeftAlone(edge)",
    put: "!isOverridden(edge)",
    named: "an alias of our own overrides",
  }),
  inFile(
    "plugins/npm/resolve/aliases.ts",
    "test/attack/npm-names.test.ts",
  )({
    name: "an alias that a workspace itself asks for is one",
    code: "LOCK_UNSUPPORTED",
    remove: "!isOverridden(edge) || !isLeftAlone(edge)",
    put: "!isLeftAlone(edge)",
    named: "nor an alias of a workspace",
  }),
  inFile(
    "plugins/npm/install.ts",
    "test/plugins/npm/resolve/resolve.test.ts",
  )({
    name: "a check judges every platform and group",
    remove: 'const everything = at.request.purpose === "check";',
    put: "const everything = false;",
    named: "leaves nothing out",
  }),
  inFile(
    "plugins/npm/resolve/entry.ts",
    LOCK,
  )({
    name: "a lock's entry has members of their types",
    code: "LOCK_UNSUPPORTED",
    remove: "integrity: v.optional(v.pipe(v.string(), v.regex(/\\S/))),",
    put: "integrity: v.optional(v.unknown()),",
    named: "an integrity that is no text",
  }),
  inFile(
    "plugins/npm/resolve/archive.ts",
    "test/plugins/npm/resolve/resolve.test.ts",
  )({
    name: "a range that npm's parser throws at is denied",
    code: "LOCK_UNSUPPORTED",
    remove: "if (unread !== undefined)",
    put: "if (unread === null)",
    named: "a range is denied",
  }),
  inFile(
    "plugins/npm/resolve/places.ts",
    "test/plugins/npm/resolve/resolve.test.ts",
  )({
    name: "no blank in a version of npm's lock",
    code: "LOCK_UNSUPPORTED",
    remove: "if (version !== null && /\\s/.test(version)) return null;",
    put: "",
    named: "with a blank behind its version",
  }),
  edges({
    name: "a git dependency is refused",
    code: "GIT_DEPENDENCY",
    remove: 'git: "GIT_DEPENDENCY",',
    put: "",
    named: "from git is refused",
  }),
  edges({
    name: "a dependency by URL is refused",
    code: "REMOTE_DEPENDENCY",
    remove: 'remote: "REMOTE_DEPENDENCY",',
    put: "",
    named: "by URL is refused",
  }),
  edges({
    name: "an archive in the project is refused",
    code: "FILE_DEPENDENCY",
    remove: 'file: "FILE_DEPENDENCY",',
    put: "",
    named: "as an archive is refused",
  }),
  inFile(
    "plugins/npm/resolve/node.ts",
    "test/plugins/npm/resolve/edges.test.ts",
  )({
    name: "what a lock has must have the version that is asked for",
    code: "LOCK_UNSUPPORTED",
    remove: "edge.satisfiedBy?.(to) !== true",
    put: "edge.satisfiedBy === undefined",
    named: "of a package of the root",
  }),
  edges({
    name: "a lock that does not fit package.json is refused",
    code: "LOCK_UNSUPPORTED",
    remove: "if (!edge.missing && !isUnfit(edge)) return null;",
    put: "if (edge.name !== null) return null;",
    named: "a lock that does not fit package.json is refused",
  }),
  archive({
    name: "nor one behind a link that is not there yet",
    code: "FILE_DEPENDENCY",
    remove: "const folder = await resolveLinks(place).catch(() => null);",
    put: "const folder = place as string | null;",
    test: "test/plugins/npm/resolve/resolve.test.ts",
    named: "behind a link that leads out",
  }),
  archive({
    name: "a folder outside of the repository is refused, links resolved",
    code: "FILE_DEPENDENCY",
    remove: "if (folder === null || !isInside(folder, repositoryRoot))",
    put: "if (folder === null || !isInside(place, repositoryRoot))",
    named: "a link in it that leads out",
  }),
  archive({
    name: "the lock names configured origins only",
    code: "FOREIGN_REGISTRY",
    remove: "if (url !== null && isAdmitted(url, ref.name, registries))",
    put: "if (url !== null)",
    named: "no integrity, and an address of the attacker",
  }),
  inFile(
    "plugins/npm/resolve/reach.ts",
    ATTACK,
  )({
    name: "only what a proven package carries counts as bundled",
    remove: "if (bundler !== null) return isInNodeModules(bundler) && !bundler.isLink;",
    put: "if (bundler !== null) return true;",
    named: "an entry says that it is bundled, and nobody bundles it",
  }),
  inFile(
    "plugins/npm/bytes/download.ts",
    ATTACK,
  )({
    name: "a packument points to configured origins only",
    code: "FOREIGN_REGISTRY",
    remove: "if (effective === null || isAdmitted(effective, name, registries)) return effective;",
    put: "if (effective !== undefined) return effective;",
    named: "the packument of a lock without addresses points elsewhere",
  }),
  inFile(
    "plugins/npm/origin.ts",
    "test/plugins/npm/origin.test.ts",
  )({
    name: "an origin is compared whole",
    code: "FOREIGN_REGISTRY",
    remove: "new URL(one).origin === origin)",
    put: "origin.startsWith(new URL(one).origin))",
    named: "a package may come from its registry's origin or one that the policy names",
  }),
  inFile(
    "plugins/npm/bytes/download.ts",
    "test/plugins/npm/evidence/index.test.ts",
  )({
    name: "a bundle beside a tarball is asked of registries in use only",
    remove: "return url !== null && isAdmitted(url, name, registries) ? url : null;",
    put: "return url;",
    named: "a lock that names https://elsewhere.example/w-1.0.0.tgz",
  }),
  text({
    name: "only lockfile versions that are understood",
    code: "LOCK_UNSUPPORTED",
    remove: "if (version !== 2 && version !== 3) return",
    put: "if (version === null) return",
    named: "a version as text: LOCK_UNSUPPORTED",
  }),
  text({
    name: "a lock is strict JSON",
    code: "LOCK_UNSUPPORTED",
    remove: "const lock = parseJson(text)",
    put: "const lock = JSON.parse(text)",
    named: "a name twice: LOCK_UNSUPPORTED",
  }),
  text({
    name: "patched entries are refused",
    code: "LOCK_PATCHED",
    remove: 'if ("patched" in entry || "patchedDependencies" in entry) return patched(location);',
    put: "",
    named: "a patched package: LOCK_PATCHED",
  }),
  text({
    name: "a manifest that patches is refused",
    code: "LOCK_PATCHED",
    remove: 'if (content["patchedDependencies"] !== undefined) return patched("package.json");',
    put: "",
    named: "patchedDependencies: LOCK_PATCHED",
  }),
  text({
    name: "applied extensions are refused",
    code: "LOCK_EXTENSION",
    remove: "if (extension.some((key) => key in entry)) return",
    put: "if (extension.length === 0) return",
    named: "an applied extension: LOCK_EXTENSION",
  }),
  lock({
    name: "project code that npm would run while it resolves is refused",
    code: "LOCK_EXTENSION",
    remove: "(extension === null ? null : runsCode(extension))",
    put: "(extension === null ? null : null)",
    named: ".npm-extension.mjs: LOCK_EXTENSION",
  }),
  stages({
    name: "npm's own offline setting means us too",
    code: "EVIDENCE_UNAVAILABLE",
    remove: 'offline: outside.offline || project.config.get("offline") === true',
    put: "offline: outside.offline",
    test: "test/plugins/npm/evidence/index.test.ts",
    named: "npm's own offline setting means us too",
  }),
  part({
    name: "what cannot be bound is never handed off",
    code: "LOCK_UNSUPPORTED",
    remove: "if (unbound.length > 0)\n    throw refused",
    put: "if (unbound === null)\n    throw refused",
    named: "v1: LOCK_UNSUPPORTED",
  }),
  integrity({
    name: "one digest of a kind",
    code: "INTEGRITY_UNUSABLE",
    remove: "if (one === null || (hex[one.algorithm] ?? one.hex) !== one.hex) return null;",
    put: "if (one === null) return null;",
    test: ATTACK,
    named: "two digests, one of them the attacker's",
  }),
  integrity({
    name: "an integrity that is none is refused",
    code: "INTEGRITY_UNUSABLE",
    remove: "if (one === null || (hex",
    put: "if (one === null) continue; if ((hex",
    test: ATTACK,
    named: "an integrity that is none: rubbish",
  }),
  integrity({
    name: "an integrity is exactly what encodes back",
    code: "INTEGRITY_UNUSABLE",
    remove: ' && word === `${algorithm}-${bytes.toString("base64")}`;',
    put: ";",
    named: "null for no padding",
  }),
  integrity({
    name: "only sha512 binds",
    remove: 'const sha512 = stated.hex["sha512"];',
    put: "const sha512 = Object.values(stated.hex)[0]?.padEnd(128, '0');",
    named: "sha1 is kept for comparison and does not bind",
  }),
  places({
    name: "two entries of one package do not contradict",
    code: "INTEGRITY_UNUSABLE",
    remove: "? mergeStated(known.stated, one) : one;",
    put: "? known.stated : one;",
    test: ATTACK,
    named: "one package at two places with two digests",
  }),
  places({
    name: "two addresses of one package need a sha512",
    code: "INTEGRITY_UNUSABLE",
    remove: "if (urls.size > 1) unbound",
    put: "if (urls.size < 0) unbound",
    named: "two addresses and no sha512",
  }),
  places({
    name: "each of two addresses of one package needs a sha512",
    code: "INTEGRITY_UNUSABLE",
    remove: "places.every(({ integrity })",
    put: "places.some(({ integrity })",
    named: "a second address without integrity",
  }),
  places({
    name: "no address is the registry's own one",
    code: "INTEGRITY_UNUSABLE",
    remove: "resolved === null ? conventionalUrl(name, version, registries)",
    put: 'resolved === null ? "https://npm.example/other/w.tgz"',
    named: "another address, once left out",
  }),
  inFile(
    "plugins/npm/resolve/resolve.ts",
    "test/attack/npm-lock.test.ts",
  )({
    name: "an empty place hides nothing that is asked for from elsewhere",
    remove: "denyPlaced(node) ?? leave(",
    put: "leave(",
    named: "what a package asks for must be a registry's",
  }),
];
