/** The gate itself: what is asked, handed on, put back and read. */
import { inFile } from "./guard.ts";

const JUDGE = "test/gate/judge.test.ts";
const GATE = "test/gate/gate.test.ts";
const LAYERS = "test/project/policy-file.test.ts";
const judge = inFile("src/gate/judge.ts", JUDGE);
const part = inFile("src/gate/part.ts", GATE);
const walk = inFile("src/gate/walk.ts", "test/gate/walk.test.ts");
const TRANSACTION = "test/io/transaction/transaction.test.ts";
const PLACE = "test/io/transaction/place.test.ts";
const WALK = "test/io/transaction/transaction.faults.test.ts";
const layers = inFile("src/project/policy-file.ts", LAYERS);
const names = inFile("src/project/policy-names.ts", LAYERS);
const inside = inFile("src/io/inside.ts", "test/io/inside.test.ts");

const bytes = inFile("src/gate/bytes.ts", JUDGE);

export const GATE_GUARDS = [
  judge({
    name: "kept bytes that nothing names are fetched anew",
    remove: "judge.offline || isAboutBytes(first.decision)",
    put: "judge.offline || isAboutBytes(first.decision) || true",
    named: "are fetched anew where nothing does",
  }),
  bytes({
    name: "an exception names no bytes",
    remove: 'new Set(["signed", "baseline", "recorded", "archive"] as const)',
    put: 'new Set(["signed", "baseline", "recorded", "archive", "unsigned", "excepted"] as const)',
    named: "are fetched anew where nothing does",
  }),
  judge({
    name: "a bundle that does not hold ends the questions",
    remove: " || doesNotHold(decision)",
    put: "",
    named: "a broken bundle ends the questions and denies",
  }),
  judge({
    name: "what is denied is not handed on",
    remove: 'const refused = decision.outcome === "denied" || !bytes.started();',
    put: "const refused = !bytes.started();",
    named: "are not handed on for what is denied",
  }),
  judge({
    name: "bytes that contradict are not spoken of by evidence",
    code: "INTEGRITY_MISMATCH",
    remove: "sources: faults.length === 0 ? sources : []",
    put: "sources",
    named: "that contradict the lock deny",
  }),
  judge({
    name: "an install fetches the bytes of every package",
    remove: "judge.wantsBytes || artifact.digests.length === 0 || lacks(artifact.digests, compared)",
    put: "artifact.digests.length === 0",
    named: "are fetched for an install also where nothing else needs them",
  }),
  judge({
    name: "evidence that never binds the bytes is about something else",
    code: "SUBJECT_MISMATCH",
    remove:
      'return { status: "broken", evidence, code: "SUBJECT_MISMATCH", detail: "no digest of the subject binds bytes" };',
    put: 'return { status: "foreign", evidence, detail: "" };',
    named: "a statement that never binds them is about something else",
  }),
  part({
    name: "one denial, and nothing is handed off",
    remove: "proven: isDenied ? [] : proven };",
    put: "proven };",
    named: "one package is denied, and none is handed on",
  }),
  part({
    name: "what cannot be bound denies the whole set",
    remove: "part.unbound.length > 0 || decisions.some(",
    put: "decisions.some(",
    named: "what cannot be bound denies the whole set",
  }),
  walk({
    name: "a plugin never goes on past what is denied",
    remove: "if (proven === null) return null;",
    put: "if (proven === null) await stages.next([]);",
    named: "is denied: the plugin never goes on",
  }),
  walk({
    name: "a plugin is handed what was proven of this part",
    remove: "stage = await stages.next(proven);",
    put: "stage = await stages.next([]);",
    named: "each part is handed back what was proven of it",
  }),
  part({
    name: "what opens more is proven by its bytes, in a check too",
    remove: "part.opens ? { ...judge, wantsBytes: true } : judge",
    put: "judge",
    named: "that opens more is fetched by a check, too",
  }),
  inFile(
    "src/exit.ts",
    GATE,
  )({
    name: "what does not hold outranks what is denied",
    remove: "[EXIT.doesNotHold, EXIT.denied, EXIT.unavailable]",
    put: "[EXIT.denied, EXIT.doesNotHold, EXIT.unavailable]",
    named: "the worst reason decides the exit",
  }),
  inFile(
    "src/commands/install.ts",
    "test/commands/install.test.ts",
  )({
    name: "a denied set is never handed off",
    remove: 'if (gated.report.outcome !== "denied") return',
    put: "if (gated.parts.length > 0) return",
    named: "nothing is handed off",
  }),
  inFile(
    "src/project/open.ts",
    "test/commands/install.test.ts",
  )({
    name: "what an interrupted run left aside comes back first",
    remove: "await recover([project.root, ...project.found], host, project.name);",
    put: "",
    named: "an earlier run that was killed is undone",
  }),
  inFile(
    "src/project/declared.ts",
    "test/project/declared.test.ts",
  )({
    name: "nothing is replaced but what the table names",
    remove: "if (!isDeclared) throw",
    put: "if (replaces.length === 0) throw",
    named: "npm never replaces src/",
  }),
  inFile(
    "src/gate/handoff.ts",
    "test/contract/npm.test.ts",
  )({
    name: "what a hand-off replaces is held against the table",
    remove: "  await requireDeclared(handoff, table);\n",
    put: "",
    named: "replaces what its table names, and nothing else",
  }),
  inFile(
    "src/io/transaction/transaction.ts",
    TRANSACTION,
  )({
    name: "past the commit point nothing is put back",
    remove: "await (done === null ? putBack(written, null, options) : sweepAndTell(done, options));",
    put: "await putBack(written, null, options);",
    named: "after the commit point is a note",
  }),
  inFile(
    "src/io/transaction/transaction.ts",
    TRANSACTION,
  )({
    name: "what a run that is at work has aside stays there",
    remove: '} else if (life === "ended") {',
    put: '} else if (life !== "unknown") {',
    named: "that is at work is not disturbed",
  }),
  inFile(
    "src/io/transaction/transaction.ts",
    TRANSACTION,
  )({
    name: "what nobody can see from here is not taken for ended",
    remove: '} else if (life === "ended") {',
    put: '} else if (life !== "runs") {',
    named: "cannot be seen: nothing is put back",
  }),
  inFile(
    "src/io/transaction/transaction.ts",
    WALK,
  )({
    name: "the journal is written before the first move",
    remove: "await setAllAside(written.journal.entries, await mounts(), disk);",
    put: "await setAllAside(written.journal.entries, await mounts(), disk); await disk.rm(written.file);",
    named: "killed at any step",
  }),
  inFile(
    "src/io/transaction/place.ts",
    PLACE,
  )({
    name: "only what is below the root is set aside whole",
    remove: "if (!isBelow(path, root)) throw outside(path, `is not below ${root}`);",
    put: "",
    named: "refuses another folder",
  }),
  inFile(
    "src/io/transaction/place.ts",
    PLACE,
  )({
    name: "the home folder and our own state are never set aside",
    remove: "if (hold !== undefined) throw",
    put: "if (hold === undefined && path === root) throw",
    named: "refuses the home folder",
  }),
  inFile(
    "src/io/transaction/place.ts",
    PLACE,
  )({
    name: "what is git's own is never set aside",
    remove: 'if (path.slice(root.length).split(sep).includes(".git")) throw outside(path, "belongs to git");',
    put: "",
    named: "git's own",
  }),
  inFile(
    "src/io/transaction/place.ts",
    PLACE,
  )({
    name: "a place has its links resolved",
    remove: "const above = await realpath(parent).catch(() => {",
    put: "const above = await Promise.resolve(parent).catch(() => {",
    named: "refuses a place that a link leads out of the root",
  }),
  inFile(
    "src/io/transaction/place.ts",
    PLACE,
  )({
    name: "what is touched lies below its place",
    remove: "for (const way of touches) if (!isWay(way)) throw outside(join(path, way), `is not below ${path}`);",
    put: "",
    named: "refuses to touch",
  }),
  inFile(
    "src/io/transaction/put-back.ts",
    TRANSACTION,
  )({
    name: "putting back follows no folder that has become a link",
    remove: "if (real !== folder) throw outside(",
    put: 'if (real === "") throw outside(',
    named: "follow a folder above that has become a link",
  }),
  inFile(
    "src/io/transaction/put-back.ts",
    TRANSACTION,
  )({
    name: "without the folder in which things waited nothing is put back",
    remove: "if ((await whatIs(waits))?.isDirectory() !== true) return false;",
    put: "",
    named: "the project there is another one",
  }),
  inFile(
    "src/io/transaction/entry.ts",
    TRANSACTION,
  )({
    name: "a journal's paths are checked again when it is read",
    remove: "&& isBelow(path, root);",
    put: ";",
    named: "touch what lies the root itself",
  }),
  inFile(
    "src/io/transaction/owner.ts",
    "test/io/transaction/owner.test.ts",
  )({
    name: "a reused process id is another process",
    remove: "stat.started === owner.started && ",
    put: "",
    named: "is known by its id and by when it started",
  }),
  layers({
    name: "policies one below the other are bounded",
    remove: "if (places.length > LIMITS.policyLayers) throw",
    put: "if (places.length < 0) throw",
    test: "test/io/files.bounds.test.ts",
    named: "policies one below the other are counted",
  }),
  inFile(
    "src/io/files.ts",
    "test/io/files.bounds.test.ts",
  )({
    name: "a file is bounded before it is read",
    remove:
      "if (size > maxBytes) throw tooLarge(path, maxBytes);\n    const content = await file.readFile();\n    if (content.length > maxBytes) throw tooLarge(path, maxBytes);",
    put: "const content = await file.readFile();",
    named: "any file, by what is asked of it",
  }),
  layers({
    name: "a policy that is a broken link is an error, not an absent one",
    remove: "await lstat(file);",
    put: "await stat(file);",
    named: "a link that leads nowhere or out of the repository",
  }),
  names({
    name: "what a policy names stays in the repository, links resolved",
    remove: "if (isInside(file, boundary)) return file;",
    put: "if (file !== null) return file;",
    named: "a link that leads nowhere or out of the repository",
  }),
  inside({
    name: "two points at the beginning of a name lead nowhere",
    remove: "!way.startsWith(`..${sep}`)",
    put: '!way.startsWith("..")',
    named: "/r/..a in /r",
  }),
  inside({
    name: "what is above is not inside",
    remove: 'way !== ".." && ',
    put: "",
    named: "/ in /r",
  }),
  inside({
    name: "a link to what is not there yet is followed",
    remove: "isLink ? resolveLinks(",
    put: "!isLink && isLink ? resolveLinks(",
    named: "links to what is not there yet",
  }),
  inside({
    name: "one folder in two places is one folder",
    remove: "isInside(real, root) || (await passesThrough(real, root))",
    put: "isInside(real, root) || ((await passesThrough(real, root)) && real === root)",
    named: "asks the file system which folder it is",
  }),
  inFile(
    "src/url.ts",
    "test/url.test.ts",
  )({
    name: "plain http on loopback only",
    remove: '(url.protocol === "http:" && LOOPBACK.test(url.hostname))',
    put: '(url.protocol === "http:")',
    named: "http elsewhere",
  }),
  inFile(
    "src/url.ts",
    "test/url.test.ts",
  )({
    name: "no credentials in an address",
    remove: 'url.username !== "" || url.password !== "" || ',
    put: "",
    named: "with credentials",
  }),
  inFile(
    "src/report/text.ts",
    "test/report/text.test.ts",
  )({
    name: "no control character reaches the terminal",
    remove: "/[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]/gu",
    put: "/[\\p{Zl}\\p{Zp}\\p{Cs}]/gu",
    named: "no control character survives",
  }),
];
