/** Every bound in one place. Bytes, counts and milliseconds; the name says which. */
export const LIMITS = Object.freeze({
  policyBytes: 4_000_000,
  recordedBytes: 64_000_000,
  trustedRootBytes: 4_000_000,
  /** A repository's metadata with its targets, as they are held. */
  heldTrustBytes: 32_000_000,
  /** Roots that may follow one another in one refresh; Sigstore has had sixteen in five years. */
  trustRotations: 64,
  /** After an attempt to refresh a trust root the next one waits so long, where it can be waited for. */
  trustRefreshMs: 86_400_000,
  /** So young, what is held is not asked for again, also where a bundle names somebody who is unknown. */
  trustFreshMs: 3_600_000,
  /** One refresh, with all its requests. */
  trustStepMs: 30_000,
  /** So long a run that has ended waits for a refresh that began beside it. */
  trustGraceMs: 500,
  /** A refresh that is waited for, where the last one led to nothing. */
  trustAgainMs: 3_000,
  /** So long a name server may think about a mirror's name before a refresh beside the run asks nobody. */
  trustNameMs: 1_000,
  keyBytes: 100_000,
  /** An identity token, or the answer that holds one. */
  tokenBytes: 64_000,
  /** What a Sigstore instance is asked in vain, before it is asked no more. */
  signingAttempts: 8,
  /** What a program that signs writes; an RSA signature of 4096 bits has 512 bytes. */
  signatureBytes: 16_384,
  /** So long a program may take to sign: a person may have to touch a token. */
  signatureMs: 300_000,
  lockfileBytes: 128_000_000,
  /** One answer of an evidence source; real ones are about 15 kB. */
  evidenceBytes: 8_000_000,
  /** What an export of evidence lists; some 2 kB a package. */
  evidenceIndexBytes: 256_000_000,
  /** A package that holds nothing but another one's bundles. */
  companionBytes: 32_000_000,
  /** All metadata of one package, of which a few members are held; real ones reach tens of megabytes. */
  packumentBytes: 128_000_000,
  /** What is held of a body that was packed for the way, before it is unpacked. */
  codedBytes: 32_000_000,
  /** One bundle, as JSON. */
  bundleBytes: 4_000_000,
  bundlesPerArtifact: 64,
  /** As sigstore-go. */
  tlogEntries: 32,
  timestamps: 32,
  subjects: 1024,
  digestsPerSubject: 32,
  certificateChain: 10,
  certificateBytes: 64_000,
  jsonDepth: 256,
  /** One tarball, packed and unpacked. */
  artifactBytes: 1_000_000_000,
  unpackedBytes: 4_000_000_000,
  /** Of one archive; the largest packages have some ten thousand. */
  archiveMembers: 250_000,
  /** What archive members say of themselves beside their headers (pax, POSIX.1-2001), in sum; each has npm's own bound of 1 MB. */
  archiveHeaderBytes: 64_000_000,
  /** In characters; no system that an installer runs on unpacks a longer one (`PATH_MAX` of Linux). */
  pathLength: 4096,
  /** An archive up to this size is held in memory as a whole; nearly all are smaller. As many as are under way are held. */
  heldBytes: 1_048_576,
  /** A package that is this large, packed and unpacked in sum, is unpacked by its installer alone. */
  laidBytes: 250_000_000,
  manifestBytes: 8_000_000,
  /** What the cache keeps without being asked: this much, and this long after its last use; looked after once a day. */
  cacheBytes: 5_000_000_000,
  cacheAgeMs: 90 * 86_400_000,
  cachePruneMs: 86_400_000,
  artifacts: 100_000,
  /** One line of a decision log: one package with all its evidence. */
  logLineBytes: 16_000_000,
  /** So far back a run looks for the one before it in its decision log. */
  logTailBytes: 256_000_000,
  policyLayers: 32,
  /** `.git`, `HEAD` and their like, which hold one path or one name. */
  gitFileBytes: 16_384,
  /** What git answers to one question; the files of a revision are read together. */
  gitBytes: 512_000_000,
  /** A credential provider's answer; it may have to ask a service of its own. */
  providerTimeoutMs: 60_000,
  /** As far may the clock of a log or an authority be ahead of the one here. */
  clockToleranceMs: 600_000,
  /** What a hand-off replaces, with a line for every file that changes in place. */
  journalBytes: 64_000_000,
  /** An authority's answer whether it has taken a certificate back; the largest lists have some megabytes. */
  revocationBytes: 32_000_000,
  revocationMs: 15_000,
  /** Authorities that are asked about one signature. */
  revocationQuestions: 32,
  /** Connecting, and every silence of who is asked. */
  httpTimeoutMs: 60_000,
  /** In each such time an answer under way must bring as much, or its rest: about 1 kB a second. */
  httpPaceBytes: 60_000,
  /** In vain, one after another: then a place is asked no more in a run. */
  httpSilences: 8,
  /** One question, with its redirects and retries. */
  stepMs: 600_000,
  /** All questions of a run, from the first one on. */
  runMs: 7_200_000,
  httpRetries: 2,
  httpRedirects: 5,
  /** Artifacts in flight. */
  concurrency: 16,
});
