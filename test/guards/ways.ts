/** Ways round the policy that were found from outside. */
import { inFile } from "./guard.ts";

const revocations = inFile("src/policy/compared.ts", "test/attack/revocations.test.ts");

const keys = inFile("src/project/policy-keys.ts", "test/attack/keys.test.ts");

const links = inFile("src/project/revision.ts", "test/attack/links.test.ts");

const redirects = inFile("src/io/requests/requests.ts", "test/attack/redirects.test.ts");

const reports = inFile("src/report/text.ts", "test/attack/report-controls.test.ts");

const subjects = inFile("src/verify/subject.ts", "test/attack/subject-digests.test.ts");

export const WAYS = [
  subjects({
    name: "every digest of a subject is compared",
    code: "SUBJECT_MISMATCH",
    remove: "subject.bytes === null && !isWhollyKnown(matching.one, known)",
    put: "known === null",
    named: "where only the sha512 is known",
  }),
  reports({
    name: "no control character stands in JSON",
    remove: "/(?!\\n)[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]/gu, inJson",
    put: "/(?!\\n)[\\p{Zl}\\p{Zp}]/gu, inJson",
    named: "json",
  }),
  redirects({
    name: "a redirect does not lead to a number that is nearer",
    remove: "refuseNearer(next, least);",
    put: "",
    named: "a private place does not lead to this machine: http://127.0.0.1",
  }),
  redirects({
    name: "a redirect does not lead to a name that is nearer",
    file: "src/io/requests/connections.ts",
    remove: "{ lookup: lookupAtLeast(least) }",
    put: "{}",
    named: "a private place does not lead to this machine: http://localhost",
  }),
  redirects({
    name: "how near a place is, its connection says",
    file: "src/io/requests/connections.ts",
    remove: 'noted?.set(options.host ?? options.hostname, socket.remoteAddress ?? "")',
    put: "noted?.get(options.hostname)",
    named: "this machine's own places lead to each other, by name too",
  }),
  redirects({
    name: "what is asked over HTTP/1.1 is not asked over HTTP/2",
    file: "src/io/requests/connections.ts",
    remove: "buildConnector({ ...toOrigin, ...nowhereNear })",
    put: "buildConnector({ ...toOrigin, ...nowhereNear, allowH2: true })",
    test: "test/io/requests/requests.h2.test.ts",
    named: "is asked for again, and then could not be had",
  }),
  links({
    name: "a policy that is a link in a revision is an error",
    remove: 'if (what === undefined || what === "a submodule") continue;',
    put: "if (what !== null) continue;",
    named: "the root policy is a link",
  }),
  links({
    name: "a folder on the way to a policy is no link",
    remove: "[way, posix.join(way, POLICY_FILE)]",
    put: "[posix.join(way, POLICY_FILE)]",
    named: "the folder on the way is a link",
  }),
  keys({
    name: "the times that a root asks for are asked of keys",
    code: "TIME_INVALID",
    remove: "Math.max(times, Math.min(1, logs))",
    put: "Math.min(1, logs)",
    named: "a timestamp is asked of a key too",
  }),
  keys({
    name: "the logs that a root asks for are asked of keys",
    code: "LOG_INVALID",
    remove: "Math.max(tlog, root?.tlog ?? 0)",
    put: "tlog",
    named: "a log is, whatever the key's own threshold",
  }),
  keys({
    name: "the key says which hash was signed",
    code: "SIGNATURE_INVALID",
    file: "src/verify/content.ts",
    remove: "digestsFor(key).some((digest) => verifies(digest, bytes, key, message.signature))",
    put: 'verifies(key.asymmetricKeyType === "ed25519" ? null : message.algorithm, bytes, key, message.signature)',
    named: "bad-ecdsa-sha512",
  }),
  keys({
    name: "a hint binds a bundle to no key",
    file: "src/verify/grounds.ts",
    remove: "for (const tried of [named, ofPolicies(anchors)]) {",
    put: "for (const tried of named.length > 0 ? [named] : [ofPolicies(anchors)]) {",
    named: "a hint for another key that is held",
  }),
  keys({
    name: "no signature is from after now",
    code: "TIME_AFTER_NOW",
    file: "src/verify/verifier.ts",
    remove: "for (const { time } of counted) requirePast(time, now);",
    put: "",
    named: "of a log is refused by its name",
  }),
  inFile(
    "src/gate/gate.ts",
    "test/gate/gate.test.ts",
  )({
    name: "the clock is slow only where every package says so",
    code: "TIME_AFTER_NOW",
    remove: 'decisions.every(({ denials }) => isOnly(denials, "TIME_AFTER_NOW"))',
    put: 'decisions.some(({ denials }) => isOnly(denials, "TIME_AFTER_NOW"))',
    named: "TIME_AFTER_NOW ends with its own",
  }),
  keys({
    name: "the clock here may be slow: could not find out",
    code: "TIME_AFTER_NOW",
    file: "src/commands/verify/verify.ts",
    remove: 'if (denials.every(({ code }) => code === "TIME_AFTER_NOW")) return EXIT.unavailable;',
    put: "",
    named: "a timestamp of 2035 is not accepted",
  }),
  revocations({
    name: "a revoked version is met in every spelling",
    code: "REVOKED",
    file: "src/policy/revoked.ts",
    remove: "normalVersion(ecosystem, revoked.version) === normalVersion(ecosystem, version)",
    put: "revoked.version === version",
    named: "pkg:pypi/widget@1.0.0 meets pypi:widget@1.0",
  }),
  revocations({
    name: "a revoked digest makes us fetch what the lock knows by another",
    code: "REVOKED",
    file: "src/gate/judge.ts",
    remove: "artifact.digests.length === 0 || lacks(artifact.digests, compared)",
    put: "artifact.digests.length === 0",
    named: "by sha256, whichever digest the lock knows",
  }),
  revocations({
    name: "bytes are hashed as a revocation names them",
    code: "REVOKED",
    file: "src/gate/judge.ts",
    remove: "part.obtain(artifact, anew).then((obtained) => hashedIn(compared, obtained))",
    put: "part.obtain(artifact, anew)",
    named: "by sha384, whichever digest the lock knows",
  }),
  revocations({
    name: "a revoked digest may be of another form of the package",
    code: "REVOKED",
    file: "src/policy/revoked.ts",
    remove: "isOneOf(entry, [...digests, ...otherDigests])",
    put: "isOneOf(entry, digests)",
    named: "in another form of the package",
  }),
  revocations({
    name: "bytes that are admitted are compared in the policy's algorithm",
    remove: "[...revoked, ...admitted, ",
    put: "[...revoked, ",
    named: "recorded digests: the same",
  }),
  inFile(
    "src/commands/verify/named.ts",
    "test/commands/verify/verify.test.ts",
  )({
    name: "an index's attestation is for a file of its name",
    code: "SUBJECT_MISMATCH",
    remove: "return verifier.verify(evidence, { ...subject, names: [name], isName });",
    put: "return verdict;",
    named: "a distribution bears the name",
  }),
  inFile(
    "src/commands/verify/named.ts",
    "test/commands/verify/verify.test.ts",
  )({
    name: "a renamed distribution is another one, whoever attests it",
    code: "SUBJECT_MISMATCH",
    remove: "!asksForName && parseDistribution(name) === null",
    put: "!asksForName",
    named: "a distribution bears the name that another attestation has",
  }),
  inFile(
    "src/commands/verify/expected.ts",
    "test/commands/verify/verify.test.ts",
  )({
    name: "where a log vouches for a key it says when",
    remove: "timestamps: Math.max(times, Math.min(1, thresholds.tlog))",
    put: "timestamps: times",
    named: "a key where there is no log",
  }),
  inFile(
    "src/verify/nuget/signature.ts",
    "test/verify/nuget/signature.test.ts",
  )({
    name: "a NuGet signature is not from after now",
    code: "TIME_AFTER_NOW",
    remove: "requirePast(stamp.at, now);",
    put: "void now;",
    named: "never by a time after now",
  }),
  inFile(
    "src/verify/certificate/signer.ts",
    "test/verify/verifier.der.test.ts",
  )({
    name: "a certificate's key that cannot be read is the certificate's fault",
    code: "CERTIFICATE_INVALID",
    remove: 'fail("CERTIFICATE_INVALID", "the certificate\'s key cannot be read")',
    put: 'fail("BUNDLE_MALFORMED", "the certificate\'s key cannot be read")',
    named: "the certificate",
  }),
  inFile(
    "src/verify/vouching.ts",
    "test/verify/vouching.passed-over.test.ts",
  )({
    name: "a timestamp that nobody named is passed over beside a log only",
    code: "TIME_INVALID",
    remove: '!suffice || !counted.some(({ kind }) => kind === "log")',
    put: "!suffice",
    named: "is refused where no log says when",
  }),
  inFile(
    "src/verify/verifier.ts",
    "test/verify/vouching.passed-over.test.ts",
  )({
    name: "what is passed over says no time",
    remove: "times.filter((one) => holding.some((anchor) => countsUnder(anchor, one)))",
    put: "times.filter((one) => holding.some((anchor) => anchor !== null || one))",
    named: "whatever it says",
  }),
  inFile(
    "src/gate/own-copy.ts",
    "test/gate/own-copy.test.ts",
  )({
    name: "a gate that the project brings judges nothing in CI",
    remove: "if (!isInCi(env)) return notice",
    put: "if (isInCi({}) || env) return notice",
    named: "a copy inside",
  }),
  inFile(
    "src/gate/own-copy.ts",
    "test/gate/own-copy.test.ts",
  )({
    name: "nor where no project is opened",
    remove: "refuseOwnCopy(await groundsOf(cwd), env",
    put: "refuseOwnCopy(cwd, env",
    named: "the repository around the folder counts",
  }),
];
