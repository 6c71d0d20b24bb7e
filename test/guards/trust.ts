/** Trust roots that are refreshed, and the keys under them. */
import { inFile } from "./guard.ts";

const updates = inFile("src/trust/update.ts", "test/trust/update.test.ts");

const opened = inFile("src/trust/open.ts", "test/trust/open.test.ts");

export const TRUST = [
  opened({
    name: "trust: one mirror under two roots is two repositories",
    file: "src/trust/repository.ts",
    remove: "update(`${digest}\\n${address}`)",
    put: "update(address)",
    named: "one mirror under two roots",
  }),
  opened({
    name: "trust: what is older never takes the place of what is newer",
    file: "src/trust/state.ts",
    remove: "if (present !== null && isOlder(found, present)) return;",
    put: "",
    named: "what is newer stays",
  }),
  opened({
    name: "trust: a root is as old as its maxAge at most",
    remove: "return age <= maxAgeMs ? null",
    put: "return age <= age ? null",
    named: "in the way where a policy's maxAge is over",
  }),
  opened({
    name: "trust: a clock that went back makes nothing young",
    remove: "if (age < -LIMITS.clockToleranceMs) return",
    put: "if (age === Number.NaN) return",
    named: "a clock that went back",
  }),
  opened({
    name: "trust: nothing is called broken for want of a key that could be had",
    file: "src/trust/verifier.ts",
    remove: "if (!mayRefresh(host) || !first.namesUnknown(evidence)) return verdict;",
    put: "if (mayRefresh(host) || !first.namesUnknown(evidence)) return verdict;",
    named: "is judged again",
  }),
  opened({
    name: "trust: a repository is asked once a day",
    file: "src/trust/state.ts",
    remove: "since >= LIMITS.trustRefreshMs",
    put: "since >= 0",
    named: "then once a day",
  }),
  opened({
    name: "trust: in passing, nobody is asked whose name would hold up the end",
    file: "src/trust/refresh.ts",
    remove: "return !(await isDue(repository, host)) && host.trust.isNear(repository.mirror);",
    put: 'return !(await isDue(repository, host)) && repository.mirror !== "";',
    named: "not in passing where",
  }),
  opened({
    name: "trust: in passing, nobody is asked for what cannot be remembered",
    file: "src/trust/refresh.ts",
    remove: "return !(await isDue(repository, host)) && host",
    put: "return host",
    named: "not in passing where",
  }),
  opened({
    name: "trust: what somebody waits for is asked in earnest",
    file: "src/trust/refresh.ts",
    remove: 'return quiet === "unasked" ? once() : failed;',
    put: "return failed;",
    named: "not in passing where",
  }),
  opened({
    name: "trust: what is old is not quiet",
    file: "src/trust/refresh.ts",
    remove: "return ends !== null && ends <= now;",
    put: "return ends !== null && ends === now;",
    named: "said where what is held is old",
  }),
  inFile(
    "src/io/requests/requests.ts",
    "test/io/requests/requests.test.ts",
  )({
    name: "trust: the process waits for nothing that a run has left",
    remove: 'life.abort(new Error("the run has ended"));',
    put: "",
    named: "is not asked again once all are closed",
  }),
  inFile(
    "src/trust/bundle.ts",
    "test/trust/bundle.test.ts",
  )({
    name: "trust: a carried file names no file elsewhere",
    remove: "if (!repositories.every(({ held }) => isPlain(held))) return null;",
    put: "",
    named: "would be a file elsewhere",
  }),
  opened({
    name: "trust: switched off, nobody is asked",
    file: "src/trust/refresh.ts",
    remove: "return !offline && trust.settings.refreshes;",
    put: "return !offline || trust.settings.refreshes;",
    named: "never where that is switched off",
  }),
  opened({
    name: "trust: a mirror of the operator is one that may be asked",
    file: "src/trust/settings.ts",
    remove: "if (isAllowedUrl(address)) return address;",
    put: "return address;",
    named: "is none",
  }),
  updates({
    name: "trust: no target is larger than any trust root",
    remove: "if (info.length > LIMITS.trustedRootBytes) throw",
    put: "if (info.length < 0) throw",
    named: "name a target that is larger than any trust root",
  }),
  updates({
    name: "trust: what cannot be used never takes the place of what can",
    remove: "requireUsable(repository, found);",
    put: "",
    named: "serve no trust root under a good signature",
  }),
  updates({
    name: "trust: a damaged file is none",
    file: "src/trust/held.ts",
    remove: "if (digest !== digestOf(content)) return null;",
    put: "",
    named: "comes back as it was",
  }),
  updates({
    name: "trust: a repository that is slow is given up",
    file: "src/trust/refresh.ts",
    remove: "const held = await orEnded(work, deadline.signal);",
    put: "const held = await work;",
    named: "answer so slowly",
  }),
  inFile(
    "src/project/policy-roots.ts",
    "test/project/policy-file.test.ts",
  )({
    name: "trust: a keyless signer needs a time",
    remove: "requireTimes(place.name",
    put: "void (place.name",
    file: "src/project/policy-file.ts",
    named: "a keyless signer under a root",
  }),
  inFile(
    "src/verify/verifier.ts",
    "test/verify/trust/algorithm.test.ts",
  )({
    name: "trust: a deprecated algorithm is said by its name",
    code: "SIGNATURE_INVALID",
    remove: "refuseDeprecated(one.content, keysOf(one.signer));",
    put: "keysOf(one.signer);",
    named: "and so it is of a certificate",
  }),
  inFile(
    "src/verify/trust/algorithm.ts",
    "test/verify/trust/algorithm.test.ts",
  )({
    name: "trust: each curve has its digest",
    remove: 'secp384r1: "sha384", secp521r1: "sha512"',
    put: 'secp384r1: "sha256", secp521r1: "sha256"',
    named: "with SHA-256 is refused by its name",
  }),
  inFile(
    "src/policy/signers/signed.ts",
    "test/policy/signers/signed.test.ts",
  )({
    name: "trust: what rests on a root that is missing is not known",
    code: "EVIDENCE_UNAVAILABLE",
    remove: "return { denials: withoutRoot(layer, signedBy, facts) ?? [first, ...others] };",
    put: "return { denials: [first, ...others] };",
    named: "a trust root that is missing",
  }),
  inFile(
    "src/policy/signers/expand.ts",
    "test/policy/signers/signer.almost.test.ts",
  )({
    name: "trust: an enterprise's issuer is compared whole",
    remove: 'exactly("enterprise", "issuer", is.enterprise, `${GITHUB_ACTIONS}/`)',
    put: 'exactly("issuer", "issuer", GITHUB_ACTIONS)',
    named: "an enterprise's issuer",
  }),
  inFile(
    "src/policy/decide.ts",
    "test/policy/decide.baseline.test.ts",
  )({
    name: "trust: maxAge reaches the npm registry's keys",
    code: "EVIDENCE_UNAVAILABLE",
    remove: "baseline.filter((name) => withoutRoot(layer, [name], facts) === null);",
    put: "baseline;",
    named: "as good as the public-good root",
  }),
  inFile(
    "src/trust/carried.ts",
    "test/trust/carried.test.ts",
  )({
    name: "trust: what is carried is no younger than its signed metadata allow",
    remove: "host.now(), expiryOf(found)])",
    put: "host.now()])",
    named: "no younger than its signed metadata",
  }),
  inFile(
    "src/project/policy-roots.ts",
    "test/project/policy-file.test.ts",
  )({
    name: "trust: a keyless signer needs a time under a root that is fetched, too",
    remove: "requireTimes(file, policy, fetched);",
    put: "",
    named: "where such a root is fetched",
  }),
  inFile(
    "src/verify/certificate/signature-algorithm.ts",
    "test/verify/trust/algorithm.test.ts",
  )({
    name: "trust: PSS has the salt that its parameters say",
    remove: "({ key, padding, saltLength })",
    put: "({ key, padding, saltLength: 20 })",
    named: "signed in RSASSA-PSS hold",
  }),
];
