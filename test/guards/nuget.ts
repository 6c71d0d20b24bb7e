/** What a NuGet package and its signatures must be. */
import { inFile } from "./guard.ts";

const STRIP = "test/plugins/dotnet/bytes/strip.test.ts";
const strip = inFile("plugins/dotnet/bytes/strip.ts", STRIP);
const zip = inFile("src/io/zip/zip.ts", STRIP);
const assets = inFile("plugins/dotnet/resolve/assets.ts", "test/plugins/dotnet/resolve/assets.test.ts");
const lock = inFile("plugins/dotnet/resolve/lock.ts", "test/plugins/dotnet/resolve/lock.test.ts");
const nuspec = inFile("plugins/dotnet/bytes/package.ts", "test/plugins/dotnet/bytes/package.test.ts");
const signature = inFile("src/verify/nuget/signature.ts", "test/verify/nuget/signature.test.ts");
const timestamp = inFile("src/verify/nuget/timestamp.ts", "test/verify/nuget/signature.test.ts");

export const NUGET = [
  inFile(
    "src/author/propose/pin.ts",
    "test/author/propose/sighting.test.ts",
  )({
    name: "a registry that is not known is pinned by the one certificate that was seen",
    code: "UNTRUSTED_SIGNER",
    remove: "NUGET_ORG.includes(signer.fingerprint) ? NUGET_ORG : [signer.fingerprint]",
    put: "true ? NUGET_ORG : [signer.fingerprint]",
    named: "another registry's, as that one certificate",
  }),
  inFile(
    "plugins/dotnet/handoff/packages-folder.ts",
    "test/plugins/dotnet/handoff/compare.test.ts",
  )({
    name: "dotnet: the packages of another solution stay",
    code: "INSTALLED_MISMATCH",
    remove: " && one.startsWith(own)",
    put: "",
    named: "several solutions of one folder",
  }),
  inFile(
    "src/io/transaction/transaction.ts",
    "test/io/transaction/transaction.test.ts",
  )({
    name: "two runs of one root replace nothing in common",
    code: "INSTALLED_MISMATCH",
    remove: "await requireApart(written, options);",
    put: "",
    named: "is not disturbed where it replaces",
  }),
  inFile(
    "src/io/transaction/transaction.ts",
    "test/io/transaction/transaction.test.ts",
  )({
    name: "what another run replaces is not worked in",
    code: "INSTALLED_MISMATCH",
    remove: "requireFree(await plan(paths, newId(), options), options)",
    put: "void (await plan(paths, newId(), options))",
    named: "is not worked beside in what it replaces",
  }),
  inFile(
    "plugins/dotnet/handoff/handoff.ts",
    "test/plugins/dotnet/handoff/handoff.test.ts",
  )({
    name: "dotnet: nobody restores beside closed settings",
    code: "INSTALLED_MISMATCH",
    remove: "...(hooked === null ? { name: target.file } : {}),",
    put: "name: target.file,",
    named: "no other is restored",
  }),
  inFile(
    "plugins/dotnet/resolve/projects.ts",
    "test/plugins/dotnet/resolve/projects.test.ts",
  )({
    name: "dotnet: a project is the repository's by where it leads",
    code: "FILE_DEPENDENCY",
    remove: "if (!(await leadsInside(file, repositoryRoot).catch(() => false)))",
    put: "if (!file.startsWith(repositoryRoot))",
    named: "linked/a.csproj",
  }),
  lock({
    name: "an entry of NuGet's lock has the members of its type",
    code: "LOCK_UNSUPPORTED",
    remove: "isProject ? readAs(PROJECT, entry) :",
    put: 'isProject ? { value: { type: "Project" as const } } :',
    named: "a project with bytes",
  }),
  inFile(
    "plugins/dotnet/tools/manifests.ts",
    "test/plugins/dotnet/tools/manifests.test.ts",
  )({
    name: "one tool under two spellings is refused",
    remove: "if (twice !== undefined)",
    put: "if (twice === null)",
    named: "one tool under two spellings",
  }),
  inFile(
    "src/shape.ts",
    "test/shape.test.ts",
  )({
    name: "each member of a table is looked at, whatever its name",
    remove: "Object.entries(input)) {",
    put: 'Object.entries(input).filter(([one]) => one !== "constructor")) {',
    named: "constructor is one of them",
  }),
  strip({
    name: "two signature entries are refused",
    remove: "if (found.length > 1)",
    put: "if (found.length > 9)",
    named: "two signatures",
  }),
  strip({
    name: "the signature entry is the last one",
    remove: "if (entries.at(-1) !== entry ||",
    put: "if (entries.length < 0 &&",
    named: "a signature with another entry behind it",
  }),
  strip({
    name: "the signature entry carries nothing else",
    remove: "if (extras !== 0 ||",
    put: "if (extras < 0 ||",
    named: "a comment on the signature",
  }),
  zip({
    name: "every byte of a package belongs to an entry",
    remove: "if (local.at > expected)",
    put: "if (local.at < 0)",
    named: "a gap before the signature",
  }),
  zip({
    name: "entries do not overlap",
    remove: "if (local.at < expected)",
    put: "if (local.at < 0)",
    named: "overlapping entries",
  }),
  zip({ name: "zip64 is refused", remove: "if (has64 ||", put: "if (directory < 0 ||", named: "a zip64 locator" }),
  nuspec({
    name: "a package has one nuspec",
    remove: "if (found.length !== 1)",
    put: "if (found.length < 1)",
    named: "two of them: refused",
  }),
  lock({
    name: "two hashes of one package contradict",
    code: "INTEGRITY_UNUSABLE",
    remove: "if (stated.length > 1)",
    put: "if (stated.length > 9)",
    named: "two hashes for one package",
  }),
  assets({
    name: "what dotnet restored is compared by hash",
    code: "INSTALLED_MISMATCH",
    remove: "digestOfHash(contentHash)?.hex === expected",
    put: 'digestOfHash(contentHash)?.hex !== ""',
    named: "another hash",
  }),
  signature({
    name: "NuGet's signature is over this content",
    code: "SUBJECT_MISMATCH",
    remove: 'if (compareDigests([stated], known) !== "same")',
    put: "if (known.length < 0)",
    named: "over another content",
  }),
  timestamp({
    name: "the timestamp is over this signature",
    code: "TIME_INVALID",
    remove: "if (!createHash(digest).update(signature).digest().equals(imprint))",
    put: "if (imprint.length === 0)",
    named: "with a timestamp over something else",
  }),
];
