/** The shape and the bounds of evidence, and where it is asked for. */
import { inFile } from "./guard.ts";

const TEST = "test/verify/verifier.attack.test.ts";
const bundle = inFile("src/verify/bundle/bundle.ts", TEST);
const url = inFile("src/evidence/url.ts", "test/evidence/url.test.ts");
const REQUESTS = "test/io/requests/requests.test.ts";
const requests = inFile("src/io/requests/requests.ts", REQUESTS);
const exchange = inFile("src/io/requests/exchange.ts", REQUESTS);
const content = inFile("src/io/requests/content.ts", REQUESTS);
const deadline = inFile("src/io/deadline.ts", REQUESTS);
const github = inFile("src/evidence/github.ts", "test/evidence/github.test.ts");
const elsewhere = inFile("src/evidence/github-bundles.ts", "test/evidence/github-bundles.test.ts");
const document = inFile("src/evidence/document.ts", "test/evidence/document.test.ts");
const json = inFile("src/json.ts", "test/policy/read/parse.test.ts");

export const BUNDLES = [
  github({
    name: "a rate limit ends the questions of a run",
    remove: "if (limited !== undefined) throw",
    put: "if (limited === null) throw",
    named: "nothing more is asked in this run",
  }),
  github({
    name: "an answer that says so is not asked again at once",
    remove: "    obeysLimits: true,\n",
    put: "",
    named: "nothing more is asked in this run",
  }),
  elsewhere({
    name: "where GitHub keeps a bundle, no token is sent",
    remove: 'accept: "*/*", from })',
    put: 'accept: "*/*", from, authorization: `Bearer ${host.env["GH_TOKEN"]}` })',
    named: "is fetched without the token",
  }),
  elsewhere({
    name: "an address that carries its own access is not told",
    remove: "const shown = redactUrl(address);",
    put: 'const shown = [address, redactUrl].join().split(",")[0] ?? "";',
    named: "its address is not told whole",
  }),
  inFile(
    "src/evidence/snappy.ts",
    "test/evidence/snappy.test.ts",
  )({
    name: "a block is not unpacked where it says that it is too large",
    remove: "if (length > maxBytes) throw",
    put: "if (length < 0) throw",
    named: "is not unpacked where it says",
  }),
  inFile(
    "src/io/requests/requests.ts",
    "test/attack/redirects.test.ts",
  )({
    name: "an address in an answer does not lead nearer",
    remove: 'step.from === undefined ? "machine" : step.connections.reachOf(new URL(step.from))',
    put: 'step.from === null ? "public" : "machine"',
    named: "nor does an address in its answer",
  }),
  bundle({
    name: "known media types only",
    code: "BUNDLE_VERSION",
    remove: "return version ?? fail(",
    put: 'return version ?? "0.3" ?? fail(',
    named: "unknown media types",
  }),
  bundle({
    name: "a message signature or an envelope, never both",
    code: "BUNDLE_MALFORMED",
    remove: "if (absent(dsseEnvelope) === absent(messageSignature)) {",
    put: "if (absent(dsseEnvelope) && absent(messageSignature)) {",
    named: "both a message signature and an envelope",
  }),
  bundle({
    name: "exactly one kind of signer",
    code: "BUNDLE_MALFORMED",
    remove: ".filter((one) => !absent(one)).length !== 1) {",
    put: ".filter((one) => !absent(one)).length < 1) {",
    named: "a chain in a version 0.3 bundle, two kinds of signer, none",
  }),
  bundle({
    name: "the sum of a bundle's parts is bounded",
    code: "BUNDLE_TOO_LARGE",
    remove: "return size > LIMITS.bundleBytes",
    put: "return size < 0",
    named: "huge-bundle",
  }),
  document({
    name: "bundles of one answer are bounded",
    remove: "if (bundles.length > LIMITS.bundlesPerArtifact)",
    put: "if (bundles === null)",
    named: "too many is malformed evidence, never none",
  }),
  json({
    name: "no name twice in JSON",
    remove: "if (names?.has(name)) onRepeated(name);",
    put: "if (names === null) onRepeated(name);",
    named: "invalid/duplicate-key.json",
  }),
  json({
    name: "nesting is bounded",
    remove: "if (open.length > LIMITS.jsonDepth) throw",
    put: "if (open.length < 0) throw",
    test: TEST,
    named: "deep JSON in a statement",
  }),
  url({
    name: "an answer that is none of both could not be found out",
    code: "EVIDENCE_UNAVAILABLE",
    remove: "if (status !== 200) throw new SourceUnavailable(url, `answered ${status}`);",
    put: "if (status !== 200) return [];",
    named: "503 means: could not find out",
  }),
  url({
    name: "no value climbs out of its place in an address",
    remove: "if (value === undefined || /^\\.*$/.test(value)) complete = false;",
    put: "if (value === undefined) complete = false;",
    named: "no value can leave its place in the path",
  }),
  requests({
    name: "offline asks nobody",
    code: "EVIDENCE_UNAVAILABLE",
    remove: 'if (offline) throw new SourceUnavailable(url, "offline");',
    put: "",
    test: "test/evidence/url.test.ts",
    named: "offline means: could not find out",
  }),
  requests({
    name: "a redirect never leads to plain http elsewhere",
    remove: "mayLead: (_, to) => isAllowedUrl(to.href),",
    put: "mayLead: () => true,",
    test: "test/evidence/url.test.ts",
    named: "follows a redirect, but never to plain http elsewhere",
  }),
  requests({
    name: "who forbids a redirect is obeyed",
    remove: "if (!step.mayLead(place, next)) throw",
    put: "if (place === next) throw",
    test: "test/evidence/url.test.ts",
    named: "follows a redirect, but never to plain http elsewhere",
  }),
  requests({
    name: "redirects are bounded",
    remove: "for (let hops = 0; hops <= LIMITS.httpRedirects; hops++) {",
    put: "for (let hops = 0; hops <= 2 * LIMITS.httpRedirects; hops++) {",
    named: "follows no more redirects than the bound",
  }),
  requests({
    name: "credentials do not follow a redirect to another origin",
    remove: "authorization === undefined || place.origin !== origin ? bare",
    put: "authorization === undefined ? bare",
    named: "credentials stay at their origin",
  }),
  requests({
    name: "a redirect brings no credentials of its own",
    remove: '    next.username = "";\n    next.password = "";\n',
    put: "",
    test: "test/e2e/npm-credentials.test.ts",
    named: "what an address in a redirect names",
  }),
  requests({
    name: "a step has an end",
    remove: "startDeadline(Math.min(stepMs, run.left()), life.signal)",
    put: "startDeadline(run.left(), life.signal)",
    named: "of a step: an answer that keeps its pace has no longer than that",
  }),
  requests({
    name: "a run has an end",
    remove: "startDeadline(Math.min(stepMs, run.left()), life.signal)",
    put: "startDeadline(stepMs, life.signal)",
    named: "of the run: what is asked after it is not asked at all",
  }),
  requests({
    name: "who is silent again and again is asked no more",
    remove: "if (step.silent.count(place) >= LIMITS.httpSilences) throw",
    put: "if (step.silent.count(place) < 0) throw",
    named: "who is silent again and again is asked no more",
  }),
  requests({
    name: "a stream is bounded, too",
    remove: "(streams(head) ? bounded(receive!(), maxBytes)",
    put: "(streams(head) ? receive!()",
    test: "test/io/requests/requests.answers.test.ts",
    named: "as it streams",
  }),
  exchange({
    name: "what comes byte by byte does not keep an answer alive",
    remove: "if (take === null || inTime < LIMITS.httpPaceBytes) return;",
    put: "if (take === null) return;",
    named: "lets its body drip",
  }),
  exchange({
    name: "an answer that nobody reads has an end",
    remove: "if (take === null && inTime > UNREAD_BYTES) return finish(true);",
    put: "",
    test: "test/io/requests/requests.answers.test.ts",
    named: "could not be found out",
  }),
  content({
    name: "answers are bounded while they stream",
    remove: "if (size > maxBytes) throw",
    put: "if (size < 0) throw",
    test: "test/evidence/url.test.ts",
    named: "an answer over the bound is refused while it streams",
  }),
  content({
    name: "what a coding unpacks is bounded",
    file: "src/io/requests/requests.ts",
    remove: "const content = collect(maxBytes);",
    put: "const content = collect(Infinity);",
    named: "the bound is on what comes out, too",
  }),
  deadline({
    name: "time is up",
    remove: "const isUp = (after: number) => () => controller.abort(new TimeUp(after));",
    put: "const isUp = (after: number) => () => void after;",
    named: "connects and says nothing",
  }),
];
