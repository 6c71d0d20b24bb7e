/**
 * Every code that can stop an install, in one table. docs/codes.md is generated from it.
 *
 * `exit`: see DESIGN of exit codes in `exit.ts`. `audit`: softened by audit mode. `excusable`: an exception may excuse it.
 */
interface CodeFacts {
  readonly meaning: string;
  readonly exit: 65 | 66 | 69;
  readonly audit: boolean;
  readonly excusable: boolean;
}

const soft = { audit: true, excusable: true } as const;
const hard = { audit: false, excusable: false } as const;

export const CODES = {
  // denied by policy
  NO_RULE: { exit: 65, ...soft, meaning: "no rule of the policy covers this package or this version of it" },
  NO_EVIDENCE: { exit: 65, ...soft, meaning: "the rule asks for a signature and none was found" },
  UNTRUSTED_SIGNER: { exit: 65, ...soft, meaning: "signed, but not by a signer that the rule names" },
  TOO_NEW: { exit: 65, ...soft, meaning: "younger than the rule's minimumAge, or without a verified time" },
  COUNT_NOT_MET: { exit: 65, ...soft, meaning: "fewer different signers than the rule's count" },
  PROVENANCE_MISMATCH: { exit: 65, ...soft, meaning: "the provenance does not say what the rule requires" },
  NOT_RECORDED: {
    exit: 65,
    ...soft,
    meaning: "the rule admits recorded digests only and this version is not recorded",
  },
  DENIED_BY_RULE: { exit: 65, ...hard, meaning: "the rule admits neither a signature nor unsigned bytes" },
  RULE_AMBIGUOUS: { exit: 65, ...hard, meaning: "two rules match this package equally well" },
  RULE_EXPIRED: { exit: 65, ...hard, meaning: "the rule, the archive entry or the recorded file has expired" },
  NOT_PROMOTABLE: {
    exit: 65,
    ...hard,
    meaning: "what was built is allowed by a rule that no signer has to meet: good enough to install, not to promote",
  },
  FOREIGN_REGISTRY: {
    exit: 65,
    ...hard,
    meaning: "the lock names an origin that is neither configured nor in the policy",
  },
  // does not hold, revoked, or cannot be bound
  REVOKED: { exit: 66, ...hard, meaning: "the policy revokes this package, digest, run or signer" },
  INTEGRITY_MISMATCH: { exit: 66, ...hard, meaning: "the bytes do not hash to what the lock states" },
  INTEGRITY_UNUSABLE: {
    exit: 66,
    ...hard,
    meaning: "the lock's integrity is malformed or names several digests of one kind",
  },
  PACKAGE_MISMATCH: {
    exit: 66,
    ...hard,
    meaning: "the package inside the archive has another name or version, or several",
  },
  ARCHIVE_INVALID: { exit: 66, ...hard, meaning: "the archive is malformed or larger than the bounds" },
  RECORDED_MISMATCH: { exit: 66, ...hard, meaning: "this version is recorded with other bytes" },
  BUNDLE_MALFORMED: {
    exit: 66,
    ...hard,
    meaning: "the evidence is not a well-formed Sigstore bundle, nor another signature that is known",
  },
  BUNDLE_TOO_LARGE: { exit: 66, ...hard, meaning: "the evidence exceeds a bound on size or count" },
  BUNDLE_VERSION: { exit: 66, ...hard, meaning: "the bundle's media type is not one that is known" },
  SIGNATURE_INVALID: { exit: 66, ...hard, meaning: "the signature does not verify" },
  CERTIFICATE_INVALID: {
    exit: 66,
    ...hard,
    meaning: "the certificate does not chain to the root, or is not one for signing code",
  },
  CERTIFICATE_REVOKED: { exit: 66, ...hard, meaning: "the authority has taken the signer's certificate back" },
  SIGNER_AMBIGUOUS: {
    exit: 66,
    ...hard,
    meaning: "the certificate names its subject or issuer more than once or contradictorily",
  },
  LOG_INVALID: { exit: 66, ...hard, meaning: "a transparency log entry does not verify, or too few logs have it" },
  LOG_MISMATCH: { exit: 66, ...hard, meaning: "the log entry records another certificate, key or signature" },
  TIME_INVALID: { exit: 66, ...hard, meaning: "a timestamp does not verify, or there is none for the signing time" },
  TIME_AFTER_NOW: {
    exit: 66,
    ...hard,
    meaning: "signed after now by the clock here (exit 69 where that is so of every package: the clock is slow)",
  },
  KEY_INVALID: { exit: 66, ...hard, meaning: "signed by a key outside its validity" },
  STATEMENT_INVALID: { exit: 66, ...hard, meaning: "the signed statement is malformed or of an unknown type" },
  SUBJECT_MISMATCH: { exit: 66, ...hard, meaning: "the statement is about another package or other bytes" },
  PREDICATE_TYPE_MISMATCH: {
    exit: 66,
    ...hard,
    meaning: "the wrapper states another predicate type than the signed statement",
  },
  GIT_DEPENDENCY: { exit: 66, ...hard, meaning: "a git dependency has no archive that could be proven" },
  REMOTE_DEPENDENCY: {
    exit: 66,
    ...hard,
    meaning: "a dependency by URL is outside of every registry, and not among the policy's archives",
  },
  FILE_DEPENDENCY: {
    exit: 66,
    ...hard,
    meaning: "a file dependency outside the repository, or an archive in it that is not among the policy's archives",
  },
  ARCHIVE_MISMATCH: { exit: 66, ...hard, meaning: "the policy lists this archive with other bytes" },
  SOURCE_DISTRIBUTION: {
    exit: 66,
    ...hard,
    meaning: "there is only a source distribution: building it runs its code, and nothing binds what comes out",
  },
  DEPENDENCIES_MISMATCH: {
    exit: 66,
    ...hard,
    meaning: "the index names other dependencies than the proven packages themselves",
  },
  OPTION_REFUSED: {
    exit: 66,
    ...hard,
    meaning: "a requirements file says something that changes where packages come from, or runs code",
  },
  LOCK_UNSUPPORTED: { exit: 66, ...hard, meaning: "the lockfile's version or a feature of it cannot be bound" },
  LOCK_IN_PACKAGE: {
    exit: 66,
    ...hard,
    meaning: "a package brings its own lock (npm-shrinkwrap.json): it decides what is unpacked, and nobody has seen it",
  },
  LOCK_PATCHED: { exit: 66, ...hard, meaning: "the lock patches packages: what is installed is not what was proven" },
  LOCK_EXTENSION: { exit: 66, ...hard, meaning: "project code would run while npm resolves" },
  LOCK_CHANGED: { exit: 66, ...hard, meaning: "the lockfile changed between judgement and installation" },
  INSTALLED_MISMATCH: { exit: 66, ...hard, meaning: "what the installer put on disk is not what was proven" },
  // could not find out
  EVIDENCE_UNAVAILABLE: { exit: 69, ...soft, meaning: "a source of evidence could not be asked" },
  REVOCATION_NOT_CHECKED: {
    exit: 69,
    ...hard,
    meaning: "nobody could be asked whether the authority has taken the signer's certificate back",
  },
  ARTIFACT_UNAVAILABLE: { exit: 69, ...hard, meaning: "the package could not be fetched" },
} as const satisfies Record<string, CodeFacts>;

export type Code = keyof typeof CODES;

/** Why one package (or the project) is not let in. Printed with what was expected and found. */
export interface Denial {
  readonly code: Code;
  /** One line: what is wrong. */
  readonly message: string;
  /** What was compared, for instance `{ name: "repository", expected: "acme/widget", found: "mallory/widget" }`. */
  readonly details: readonly Comparison[];
  /** Where the evidence came from. */
  readonly location?: string;
  /** What a person can do about it: a command or a JSON fragment. */
  readonly hint?: string;
  /** Whoever was asked answered that it is not there: to ask again is of no use. */
  readonly absent?: true;
}

export interface Comparison {
  readonly name: string;
  readonly expected: string;
  readonly found: string;
}
