/** What was built is promoted only by a signer, under its own name, by a policy from elsewhere. */
import { inFile } from "./guard.ts";

const ATTACK = "test/attack/promotion.test.ts";
const policy = inFile("src/policy/promotion.ts", "test/policy/promotion.test.ts");
const gate = inFile("src/gate/promote.ts", ATTACK);
const built = inFile("src/project/built.ts", "test/project/built.test.ts");
const pip = inFile("plugins/pip/bytes/built.ts", "test/plugins/pip/bytes/built.test.ts");
const metadata = inFile("plugins/pip/bytes/metadata.ts", "test/plugins/pip/bytes/metadata.test.ts");
const wheel = inFile("plugins/pip/bytes/wheel.ts", "test/plugins/pip/bytes/wheel.test.ts");
const sdist = inFile("plugins/pip/bytes/sdist.ts", "test/plugins/pip/bytes/sdist.test.ts");
const shared = inFile("src/evidence/shared.ts", "test/evidence/shared.test.ts");
const zip = inFile("src/io/zip/zip.ts", "test/plugins/pip/bytes/wheel.test.ts");
const archive = inFile("plugins/npm/bytes/archive.ts", "test/plugins/npm/bytes/archive.test.ts");
const npm = inFile("plugins/npm/bytes/built.ts", "test/plugins/npm/bytes/built.test.ts");
const nuget = inFile("plugins/dotnet/bytes/built.ts", "test/plugins/dotnet/bytes/built.test.ts");

export const PROMOTION = [
  policy({
    name: "promotion: a ground that is no signer's is held back",
    code: "NOT_PROMOTABLE",
    remove: 'layer.ground.kind === "signed" || allowsBaseline',
    put: 'layer.ground.kind !== "unsigned" || allowsBaseline',
    named: "is not, in any layer",
  }),
  policy({
    name: "promotion: what is audited stays denied",
    remove: 'if (layer.outcome === "audited") return { ...layer, outcome: "denied" };',
    put: 'if (layer.outcome === "audited") return layer;',
    named: "what is audited stays denied",
  }),
  gate({
    name: "promotion: the policy's own decision is not the last word",
    remove: "{ ...judge, decide }",
    put: "judge",
    named: "good enough to install, not to promote",
  }),
  gate({
    name: "promotion: no policy in the folder that it judges",
    remove: "await refuseJudged(judged, { bounds, options, cwd: runtime.cwd });",
    put: "",
    named: "holds no policy that judges it",
  }),
  built({
    name: "promotion: nothing unknown lies among the packages",
    remove: "if (other !== undefined) throw unknown(join(named, other));",
    put: "",
    named: "a folder with something else in it",
  }),
  built({
    name: "promotion: evidence belongs to a package that is there",
    remove: "...packages.flatMap((name) => EVIDENCE_ENDINGS.map((one) => name + one)),",
    put: "...names.filter((name) => EVIDENCE_ENDINGS.some((one) => name.endsWith(one))),",
    named: "evidence without its package",
  }),
  pip({
    name: "promotion: a distribution's name says what its metadata say",
    code: "PACKAGE_MISMATCH",
    remove: "if (!isFileOf(filename, name, version))",
    put: "if (filename === name)",
    named: "another package's source",
  }),
  metadata({
    name: "promotion: metadata name one package",
    remove: "found.name.length > 1",
    put: "found.name.length > 2",
    named: "two names",
  }),
  gate({
    name: "promotion: a policy beside a package that was named has to be named, too",
    remove: "...(options.policy === null ? built.around : [])",
    put: "",
    named: "is not judged by a policy in it where its packages are named one by one",
  }),
  pip({
    name: "promotion: a wheel's tags are those inside",
    remove: "if (wheel !== null) requireTags(filename, wheel.tags, location);",
    put: "",
    named: "another platform's wheel is refused",
  }),
  shared({
    name: "promotion: what a shared file says under a package's name is about it",
    remove: 'basename(one.name ?? "") === name ||',
    put: "",
    named: "its name, whatever the digest",
  }),
  wheel({
    name: "promotion: a wheel has one .dist-info",
    code: "PACKAGE_MISMATCH",
    remove: "folders.length !== 1 || ",
    put: "",
    named: "two folders",
  }),
  sdist({
    name: "promotion: a source distribution has one PKG-INFO",
    code: "PACKAGE_MISMATCH",
    remove: "text !== null && count === 1",
    put: "text !== null",
    named: "two in a zip file",
  }),
  sdist({
    name: "promotion: no second PKG-INFO is held",
    remove: 'if (++count > 1) parser.abort(notOne("2 or more"));',
    put: "count += 1;",
    named: "holds one PKG-INFO at most",
  }),
  sdist({
    name: "promotion: a member that Python alone would unpack",
    remove: 'parser.on("ignoredEntry"',
    put: 'parser.on("drain"',
    named: "no known type",
  }),
  zip({
    name: "zip: an entry has one name to all readers",
    remove: "if (other !== null) fail(other);",
    put: "",
    named: "ends a name at a NUL",
  }),
  archive({
    name: "npm: no second package.json is held",
    remove: "void (isFirst && chunks.push(chunk))",
    put: "void chunks.push(chunk)",
    named: "is held, of two",
  }),
  npm({
    name: "promotion: what package.json names is a package",
    code: "PACKAGE_MISMATCH",
    remove: "refNamed(textOf(name), ",
    put: "refNamed(String(name), ",
    named: "a name of another type",
  }),
  nuget({
    name: "promotion: a statement about another NuGet package is about another",
    remove: "if (stem !== undefined) return isStemOf(ref, stem);",
    put: "if (stem !== undefined) return true;",
    named: '"Other.1.2.0.nupkg"',
  }),
];
