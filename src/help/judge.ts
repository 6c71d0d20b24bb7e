/** Help for the commands that judge, and install nothing. */
export const CHECK = `safe-install check: judge lockfiles or what was built, install nothing

Usage
  safe-install check [options] [lockfile...]
  safe-install check [options] FOLDER|PACKAGE...

Without a lockfile: those that lie here, one for each of npm, Python's tools
(pylock.toml, uv.lock, poetry.lock, Pipfile.lock, requirements.txt with hashes)
and NuGet (packages.lock.json). No packages are needed: one is downloaded only
where the lock has no hash for it, or where the signature is over its bytes.

  --changed-since REV  judge only what is not in that git revision's lock. All
                       of it is judged where a policy, or a file that a policy
                       names, is not the same there
  --staged             read lock, manifests and policies as they are staged
                       in git's index, for a commit hook

A folder, or .whl, .tar.gz, .tgz, .nupkg files: what was built is judged before
it is promoted, by the policy of the working directory and with the evidence
that lies beside each file. Anything else in the folder is an error.

  --allow-baseline     promote also what rests on a baseline, on unsigned or on
                       an exception

  --evidence DIR|FILE  decide again from an export of evidence, with nothing
                       asked: see safe-install help evidence
  --at TIME            with --evidence: the time that counts as now, in UTC
  --digest sha256:HEX  with --evidence: as export said it. Its trust roots count
                       then; else those that a root of yours leads to

Examples
  safe-install check
  safe-install check dist/
  safe-install check --report json=report.json packages/*/package-lock.json
  safe-install check --changed-since HEAD~1
  safe-install check --policy-from refs/remotes/origin/main
  safe-install check --staged --changed-since HEAD
  safe-install check --offline          with what earlier runs have seen

The options are those of safe-install help options.
`;

export const VERIFY = `safe-install verify: judge one file

Usage
  safe-install verify FILE|sha256:HEX --bundle BUNDLE [who] [--trusted-root F]
  safe-install verify PACKAGE.nupkg [--signer NAME]
                                 by the signatures in the package itself: whose
                                 certificates they are, and when they were made

Who must have signed, one of:
  --certificate-identity SAN     the certificate's subject alternative name and
  --certificate-oidc-issuer URL  its issuer, both exactly
  --key PEM                      a public key, for bundles signed by a key
  --signer NAME                  a signer of the policy found from here;
  --artifact-version VERSION     fills {version} in that signer

  --trusted-root F               a trusted_root.json instead of the built-in
                                 root of the public-good instance
  --tlog N, --sct N, --timestamps N
                                 how many different logs, certificate logs and
                                 vouched times it asks for (default 1 each);
                                 with --trusted-root or --key. --key with
                                 --tlog 0: a bundle that no log knows

A signature of the Notary Project (notation blob sign), who by:
  --notary-trust-store [ca:|signingAuthority:|tsa:]PEM
                                 certificates of authorities, or the signer's
                                 own; repeatable. With tsa: a timestamp is asked
  --notary-identity "x509.subject: C=US, O=Contoso, CN=release"
                                 what the subject must have, any of several
  --notary-level strict|permissive|audit
                                 permissive passes over time, expiry and
                                 revocation; audit over the signer as well
  --notary-timestamp always|afterCertExpiry
  --media-type TYPE              the signed media type
  --offline                      no authority is asked about revocation

A wheel or source distribution with evidence of an index (PEP 740) must also
bear the name that was signed.
`;

export const EVIDENCE = `safe-install evidence: evidence that is carried somewhere else

Usage
  safe-install evidence export DIR [options and lockfiles of check]
  safe-install evidence export --archive FILE [options and lockfiles of check]
  safe-install evidence verify DIR|FILE [--digest sha256:HEX]
  safe-install evidence companion PACKAGE.nupkg BUNDLE.sigstore.json [OUT.nupkg]

export     judges as check does, and writes down everything that the decision
           stood on: bundles, registry signatures, what a lock or a bundle
           needed beside, trust roots. Says the digest of it all
verify     whether such a folder or file is whole, and what is in it. Judges
           nothing: safe-install check --evidence DIR does
companion  makes a NuGet package that holds the bundle of another one, for feeds
           (Azure Artifacts) that have no place for it: push it beside the
           package. Without OUT.nupkg it is named after package and version

Exit codes: 0; export: those of check; 66 evidence that is damaged; 64 usage, or
a file that is no package or no bundle.
`;
