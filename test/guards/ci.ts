/** What a pull request could try: its own policy, its own git configuration, words in a CI log, scripts. */
import { inFile } from "./guard.ts";

const git = inFile("src/project/git.ts", "test/project/git.test.ts");
const revision = inFile("src/project/revision.ts", "test/project/revision.test.ts");
const changed = inFile("src/gate/changed.ts", "test/gate/changed.test.ts");
const text = inFile("src/report/text.ts", "test/report/text.test.ts");

export const CI = [
  git({
    name: "replaced objects are not believed",
    remove: '    GIT_NO_REPLACE_OBJECTS: "1",\n',
    put: "",
    named: "replaced objects are not believed",
  }),
  git({
    name: "no repository further up is read",
    remove: "    GIT_CEILING_DIRECTORIES: dirname(root),\n",
    put: '    GIT_CEILING_DIRECTORIES: dirname("/"),\n',
    named: "looks at no repository further up",
  }),
  git({
    name: "the environment names no other repository",
    remove: "extendEnv: false,\n",
    put: "extendEnv: false,\n    ...{ env },\n",
    named: "what the environment says of another repository does not count",
  }),
  inFile(
    "src/project/snapshot.ts",
    "test/project/git.test.ts",
  )({
    name: "a tree cannot write outside of its snapshot",
    remove: "content === undefined || !isInside(file, folder) || path.split(/[\\\\/]/).some(isStrange)",
    put: "content === undefined",
    named: "a tree that names",
  }),
  revision({
    name: "a layer that the change adds is never the outermost",
    remove: "layers: [...base.layers, ...asked.flatMap(({ layers }) => layers), ...added],",
    put: "layers: [...added, ...asked.flatMap(({ layers }) => layers), ...base.layers],",
    named: "come first",
  }),
  revision({
    name: "a policy that the change alters does not count",
    remove: "filter(({ name }) => !names.has(name))",
    put: "filter(({ name }) => names.size > 0 || name)",
    named: "are those of the revision",
  }),
  changed({
    name: "what no digest binds counts as changed",
    remove: "artifact.digests.length > 0 && ",
    put: "",
    named: "what no digest binds",
  }),
  changed({
    name: "another policy judges everything",
    remove: "return then !== null && filesOf(then) === filesOf(opened.bounds.loaded);",
    put: "return then !== null && opened !== null;",
    named: "another policy",
  }),
  changed({
    name: "another digest counts as changed",
    remove: "JSON.stringify([purl, subjectNames, ...digests.map(formatDigest).toSorted()])",
    put: "JSON.stringify([purl, subjectNames, digests.length])",
    named: "the same version with the same digest",
  }),
  text({
    name: "no text from outside commands Azure Pipelines",
    remove: "    .replaceAll(/(?<=#)#(?=(?:vso)?\\[)/gi, escaped)\n",
    put: "",
    named: "in a CI log",
  }),
  text({
    name: "no text from outside commands GitHub Actions",
    remove: "    .replaceAll(/(?<=^|\\s):(?=:)/g, escaped)",
    put: "",
    named: "in a CI log",
  }),
  inFile(
    "src/report/pretty.ts",
    "test/report/pretty.test.ts",
  )({
    name: "over nothing no summary speaks of every package",
    remove: "return project.decisions.length === 0 ?",
    put: "return project.decisions.length < 0 ?",
    named: "over nothing it never speaks of every package",
  }),
  inFile(
    "src/report/github.ts",
    "test/report/github.test.ts",
  )({
    name: "an annotation's property holds no separator",
    remove: '.replaceAll(",", "%2C")',
    put: "",
    named: "whatever a name holds",
  }),
  inFile(
    "src/report/azure.ts",
    "test/report/azure.test.ts",
  )({
    name: "a logging command's data is escaped",
    remove: '.replaceAll("\\n", "%0A")',
    put: "",
    named: "logs an issue",
  }),
  inFile(
    "src/io/files.ts",
    "test/report/log.test.ts",
  )({
    name: "a log that cannot be written stops the run",
    remove: 'throw new SafeInstallError("unavailable", "LOG_UNWRITABLE"',
    put: 'void new SafeInstallError("unavailable", "LOG_UNWRITABLE"',
    named: "a log that cannot be written",
  }),
  inFile(
    "plugins/npm/handoff/settings.ts",
    "test/e2e/scripts-handoff.test.ts",
  )({
    name: "npm unpacks without scripts where the policy chooses",
    remove: '...(runsScripts ? {} : { "ignore-scripts": "true" }),',
    put: '...(runsScripts ? {} : { "ignore-scripts": "false" }),',
    named: "scripts: none of both",
  }),
  inFile(
    "plugins/npm/handoff/scripts.ts",
    "test/e2e/scripts-handoff.test.ts",
  )({
    name: "only chosen packages are built",
    remove: ' && scripts !== "skip"',
    put: "",
    named: "scripts: run",
  }),
];
