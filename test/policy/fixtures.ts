/** What each file of fixtures/policies/invalid is told, from its first line on. */
export const INVALID: Readonly<Record<string, readonly string[]>> = {
  "absolute-path.json": [
    "22:7: trust.contoso.trustedRoot: expected a path relative to the policy file, with forward slashes",
  ],
  "allow-without-reason.json": ['15:7: rules[0].unsigned: "allow" needs a reason and the day on which it expires'],
  "anybody.json": [
    "5:7: signers.widget.certificate: this issuer signs for everybody: sourceRepositoryURI or sourceRepositoryIdentifier is needed",
  ],
  "byte-order-mark.json": ["1:1: begins with a byte order mark; save it as UTF-8 without one"],
  "comment.json": ["2:3: Expected property name or '}'"],
  "duplicate-key.json": ['4:3: duplicate name "mode"'],
  "exception-without-digests.json": ['21:5: exceptions[0].digests: "digests" is missing'],
  "inherited-key.json": ['3:3: constructor: unknown key "constructor"'],
  "not-an-object.json": ["1:1: expected an object, found a list", '1:1: version: "version" is missing'],
  "null-list.json": ["3:3: rules: expected a list, found null"],
  "plain-http.json": ["22:7: registries.npm[0]: expected an https address without credentials (http on loopback only)"],
  "same-pattern.json": [
    "21:9: rules[1].packages[0]: rules[0] has the same pattern for the same versions: make their versions apart, or join the rules",
  ],
  "several-problems.json": [
    '3:3: mode: expected "enforce" or "audit", found "warn"',
    "6:7: rules[0].packages: must not be empty: leave it out instead",
    '7:7: rules[0].signedBy: expected a list, found "widget"',
    '10:3: extra: unknown key "extra"',
    '11:3: more: unknown key "more" (did you mean "mode"?)',
  ],
  "signer-unknown.json": ['16:9: rules[0].signedBy[0]: there is no signer "wigdet" (did you mean "widget"?)'],
  "trailing-comma.json": ["3:1: Expected double-quoted property name"],
  "trust-unknown.json": ['8:7: signers.widget.trust: there is no trust root "contosso"'],
  "two-kinds.json": [
    "4:5: signers.widget: a signer is exactly one of githubActions, gitlab, azurePipelines, certificate, publicKey, npmRegistry, nugetSignature, notary; found githubActions and gitlab",
  ],
  "unknown-key.json": ['8:7: rules[0].signedby: unknown key "signedby" (did you mean "signedBy"?)'],
  "version-2.json": ["2:3: version: must be 1"],
  "version-missing.json": ['1:1: version: "version" is missing'],
};
