/** What lies between `npm install NAME` and the lock that is judged, and what lands of it. */
import { inFile } from "./guard.ts";

const ATTACK = "test/attack/npm-install.test.ts";
const INSTALL = "test/e2e/npm-install.test.ts";
const FOLDERS = "test/e2e/npm-folders.test.ts";
const stage = inFile("plugins/npm/resolve/stage/stage.ts", ATTACK);
const manifests = inFile("plugins/npm/resolve/stage/manifests.ts", ATTACK);
const specs = inFile("plugins/npm/resolve/stage/specs.ts", ATTACK);
const resolving = inFile("plugins/npm/resolve/stage/resolving.ts", ATTACK);
const landing = inFile("plugins/npm/handoff/landing.ts", ATTACK);
const handoff = inFile("plugins/npm/handoff/handoff.ts", ATTACK);

export const NPM_INSTALL = [
  stage({
    name: "an extension is refused before npm is started",
    code: "LOCK_EXTENSION",
    remove: "  await refuseExtensions(origin.project, host);\n",
    put: "",
    named: "an extension is refused before npm is started",
  }),
  stage({
    name: "npm resolves under the project's own names",
    remove: 'basename(origin.repositoryRoot) || "root"',
    put: '"root"',
    test: INSTALL,
    named: "no manifest",
  }),
  specs({
    name: "git on npm's command line is refused",
    code: "GIT_DEPENDENCY",
    remove: 'if (type === "git")',
    put: "if (type === null)",
    named: "git on the command line is refused before npm is started",
  }),
  specs({
    name: "a URL on npm's command line is refused",
    code: "REMOTE_DEPENDENCY",
    remove: 'if (type === "remote")',
    put: "if (type === null)",
    named: "a URL is refused before npm is started",
  }),
  specs({
    name: "an archive on npm's command line is refused",
    code: "FILE_DEPENDENCY",
    remove: 'if (type === "file")',
    put: "if (type === null)",
    named: "an archive is refused before npm is started",
  }),
  specs({
    name: "an absolute folder is refused",
    code: "FILE_DEPENDENCY",
    remove: 'if (isAbsolute(spec.replace(/^file:/, "")))',
    put: "if (spec === null)",
    named: "an absolute folder is refused before npm is started",
  }),
  manifests({
    name: "overrides are read before npm is started",
    remove: 'for (const [name, spec] of overridesIn(manifest["overrides"])) folderOf(spec, name, folder, path);',
    put: "",
    named: "git in an override is refused before npm is started",
  }),
  manifests({
    name: "workspaces are read before npm is started",
    remove: "queue.push(...(await workspacesOf(manifest, folder)))",
    put: "await workspacesOf(manifest, folder)",
    named: "git in a workspace is refused before npm is started",
  }),
  manifests({
    name: "folders that are depended on are read before npm is started",
    remove: "for (const from of new Set([folder, place])) queue.push(...foldersIn(manifest, from, path, folderOf));",
    put: "foldersIn(manifest, folder, path, folderOf);",
    test: FOLDERS,
    named: "beside the project, in the manifest",
  }),
  manifests({
    name: "a folder outside of the repository is not read",
    code: "FILE_DEPENDENCY",
    remove: "if (real === null || !isInside(real, repositoryRoot))",
    put: "if (real === null)",
    named: "a folder outside is refused before npm is started",
  }),
  manifests({
    name: "a link that leads out of the repository is not followed",
    code: "FILE_DEPENDENCY",
    remove: "const real = await resolveLinks(next).catch(() => null);",
    put: "const real = next as string | null;",
    test: FOLDERS,
    named: "a link to a link that does",
  }),
  manifests({
    name: "links round in a circle come to an end",
    remove: "if (found.has(path)) continue;",
    put: "if (found.has(path) && folder === place) continue;",
    test: FOLDERS,
    named: "a link that leads to a folder around it",
  }),
  manifests({
    name: "a manifest is no link",
    code: "FILE_DEPENDENCY",
    remove: 'await assertNoLink(join(place, "package.json"));',
    put: "",
    named: "links that lead elsewhere are refused",
  }),
  manifests({
    name: "what npm acts on stands once in a package.json of our own",
    remove: "if (repeated === null) return manifest;",
    put: "if (repeated !== undefined) return manifest;",
    named: "a manifest that repeats a key",
  }),
  resolving({
    name: "no script of the project runs while npm resolves",
    remove: '"ignore-scripts": "true",',
    put: "",
    named: "none of the project's own scripts runs",
  }),
  resolving({
    name: "nothing is installed while npm resolves",
    remove: '"package-lock-only": "true",',
    put: "",
    named: "no archive is fetched",
  }),
  resolving({
    name: "with --no-save npm writes down what is judged",
    remove: '...(isUnsaved(task, config) ? { save: "true" } : {}),',
    put: "",
    test: INSTALL,
    named: "unsaved",
  }),
  landing({
    name: "what npm read is still there when its result lands",
    code: "LOCK_CHANGED",
    remove: "if (!isSame(before, await host.read(file, { maxBytes: LIMITS.lockfileBytes }))) throw changed(file);",
    put: "",
    named: "a manifest that changes while it is judged",
  }),
  landing({
    name: "files keep their modes",
    remove: "if (mode !== undefined) await chmod(file, mode);",
    put: "",
    named: "files keep their modes",
  }),
  landing({
    name: "with --no-save the old files come back",
    remove: "unsaved ? put(({ before }) => before) : undefined",
    put: "undefined",
    test: INSTALL,
    named: "unsaved",
  }),
  handoff({
    name: "package.json and the lock wait aside with node_modules",
    remove: "...(landing?.files ?? [])",
    put: "",
    named: "npm fails: package.json, the lock and node_modules are as they were",
  }),
  handoff({
    name: "a node_modules that cannot be put aside is not emptied",
    remove: 'if ((await lstat(join(real, "node_modules")).catch(() => null)) === null) return true;',
    put: "if (real !== null) return true;",
    test: FOLDERS,
    named: "a node_modules behind such a link",
  }),
  inFile(
    "plugins/npm/resolve/resolve.ts",
    FOLDERS,
  )({
    name: "nothing is unpacked behind a link that leads out of the project",
    code: "LOCK_UNSUPPORTED",
    remove: "if (folder !== null && isInside(folder, project)) return null;",
    put: "if (folder === null || isInside(folder, repositoryRoot)) return null;",
    named: "packages that npm would unpack behind a link",
  }),
  inFile(
    "plugins/npm/resolve/edges.ts",
    "test/plugins/npm/resolve/edges.test.ts",
  )({
    name: "only a folder beside the project is not walked",
    code: "GIT_DEPENDENCY",
    remove: 'return node.location.startsWith("../") && !isInNodeModules(node);',
    put: 'return node.location.startsWith("../");',
    named: "a folder beside the project is linked to",
  }),
  inFile(
    "src/io/transaction/place.ts",
    "test/io/transaction/place.test.ts",
  )({
    name: "one folder is moved aside once",
    remove: "asked.set(resolved.path, {",
    put: "asked.set(path, {",
    named: "one folder under two names",
  }),
];
