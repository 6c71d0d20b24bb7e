import type { Advice } from "./advice.ts";

const CONTRADICTS = "Nothing can excuse it: the evidence contradicts itself or the package. Ask who publishes it.";
const REGISTRY = "Take the package from a registry, where its bytes have a name, a version and a digest.";

/** Bytes or evidence that do not hold, are revoked, or cannot be bound (exit 66). */
export const UNBOUND = {
  REVOKED: {
    example: "`revoked` names the run that built it",
    todo: "Take another version. `reason` in the policy says why this one was revoked.",
  },
  INTEGRITY_MISMATCH: {
    example: "the registry serves other bytes than the lock's sha512",
    todo: "Do not change the lock to match. Ask the registry who replaced the archive.",
  },
  INTEGRITY_UNUSABLE: {
    example: '`"integrity": "sha512-A sha512-B"`: any of two would do',
    todo: "Remove the entry from the lock and let npm write it again: npm install --package-lock-only.",
  },
  PACKAGE_MISMATCH: {
    example: "the lock says `is-odd`, the archive's package.json says `is-number`",
    todo: "Find out who changed the lock. An alias must be one of your package.json or of a proven package.",
  },
  ARCHIVE_INVALID: {
    example: "the archive unpacks to more than the bound",
    todo: "Do not unpack it by hand. Ask its author to publish it again.",
  },
  RECORDED_MISMATCH: {
    example: "one byte of a recorded version changed",
    todo: "A published version never changes by itself. Compare both archives before anything else.",
  },
  BUNDLE_MALFORMED: {
    example: "the attestations endpoint answers an HTML page",
    todo: "Check the registry or proxy that answered. A file that is no bundle counts as evidence that does not hold.",
  },
  BUNDLE_TOO_LARGE: { example: "two hundred timestamps in one bundle", todo: CONTRADICTS },
  BUNDLE_VERSION: {
    example: "media type `application/vnd.dev.sigstore.bundle.v9.9+json`",
    todo: "Update safe-install. Versions 0.1 to 0.3 of the bundle are known.",
  },
  SIGNATURE_INVALID: { example: "one byte of the signed statement was edited", todo: CONTRADICTS },
  CERTIFICATE_INVALID: {
    example: "a certificate for servers, or one that expired before the signed time",
    todo: "If it was issued by a Sigstore instance of your own, name its root under `trust`. Otherwise ask who publishes the package.",
  },
  CERTIFICATE_REVOKED: {
    example: "the signer's certificate is on its authority's list of revoked ones",
    todo: "Do not install it. Ask who publishes the package which signatures still count.",
  },
  SIGNER_AMBIGUOUS: { example: "a certificate with two subject alternative names", todo: CONTRADICTS },
  LOG_INVALID: { example: "an inclusion proof that leads to another root hash", todo: CONTRADICTS },
  LOG_MISMATCH: { example: "the log entry records another certificate than the bundle carries", todo: CONTRADICTS },
  TIME_INVALID: {
    example: "a log entry without a time and no timestamp beside it",
    todo: "A private instance without a log needs a timestamp authority in its trusted root.",
  },
  TIME_AFTER_NOW: { example: "a timestamp of 2035", todo: "Check the clock of this machine first." },
  KEY_INVALID: {
    example: "a publish attestation made after its key ended",
    todo: "Update safe-install, whose keys may be older than the registry's. If it stays, ask the registry.",
  },
  STATEMENT_INVALID: { example: "two members `subject` in one statement", todo: CONTRADICTS },
  SUBJECT_MISMATCH: {
    example: "genuine provenance of version 1.0.0 beside the bytes of 1.0.1",
    todo: CONTRADICTS,
  },
  PREDICATE_TYPE_MISMATCH: {
    example: "the registry says provenance, the signed statement says SBOM",
    todo: CONTRADICTS,
  },
  GIT_DEPENDENCY: { example: '`"widget": "github:acme/widget"`', todo: REGISTRY },
  REMOTE_DEPENDENCY: {
    example: '`"widget": "https://acme.example/widget.tgz"`',
    todo: `${REGISTRY} Otherwise list it under "archives" in the policy: safe-install init --record.`,
  },
  FILE_DEPENDENCY: {
    example: '`"widget": "file:../../elsewhere"`',
    todo: 'Move the folder into the repository, or take the package from a registry. An archive inside the repository can be listed under "archives" in the policy: safe-install init --record.',
  },
  ARCHIVE_MISMATCH: {
    example: "the archive at a listed address was replaced, and the lock follows it",
    todo: "Find out who replaced it and compare both archives, before its sha512 in the policy is changed.",
  },
  SOURCE_DISTRIBUTION: {
    example: "`pip install` of a project that publishes no wheel",
    todo: "Build the wheel in your own pipeline, sign it there, and serve it from your index.",
  },
  DEPENDENCIES_MISMATCH: {
    example: "the index hides a `Requires-Dist` line that the wheel itself has",
    todo: "Ask the index: its metadata is not that of the wheel.",
  },
  OPTION_REFUSED: {
    example: "`--extra-index-url https://mallory.example/simple` in requirements.txt",
    todo: "Write the option on the command line or in your own configuration, where the file's author has no say.",
  },
  LOCK_UNSUPPORTED: {
    example: "lockfileVersion 1 or 4",
    todo: "docs/locks.md says what is read. Make the lock again with a version of its tool that writes that.",
  },
  LOCK_IN_PACKAGE: {
    example: "`@getgrit/cli` is published with an `npm-shrinkwrap.json`",
    todo: "Take a version without one, or run the tool by its own installer. npm would put below it what that file says.",
  },
  LOCK_PATCHED: {
    example: "`patchedDependencies` in the lock",
    todo: "Publish the patched package under a name of your own, signed by your own pipeline.",
  },
  LOCK_EXTENSION: {
    example: "`.npm-extension.mjs` beside package.json",
    todo: "Use `overrides` in package.json instead.",
  },
  LOCK_CHANGED: {
    example: "something rewrote package-lock.json while it was judged",
    todo: "Run it again once nothing else writes to the project.",
  },
  INSTALLED_MISMATCH: {
    example: "an extra folder in `node_modules` after npm ended",
    todo: "Everything was put back. An install script may have written there: `scripts` in the policy chooses whose run.",
  },
} as const satisfies Record<string, Advice>;
