const GENERAL = `safe-install: proves which pipeline signed every package before it may be unpacked

Usage
  safe-install [options] npm ci [npm's own options]     judge the lockfile, then install exactly what was proven
  safe-install [options] check [lockfile...]            the same judgement; installs nothing
  safe-install verify FILE --bundle BUNDLE ...          judge one file (safe-install help verify)

Options
  --policy FILE      use this policy instead of the .signing-policy.json files found from the project upwards
  --offline          no network: caches, files and the built-in trust root only
  --report FORMAT    pretty (default) or json; json=FILE writes a file; may be repeated
  --enforce          deny also where the policy only audits
  --audit            report without denying what is merely missing (only where the policy allows it)
  -q, --quiet        no progress and no report on the screen, errors only
  -h, --help         this text; -v, --version

What is npm's goes after "npm" and is passed on untouched. Commands that do not install (npm test, npm view ...)
pass straight through; those that install in a way that is not gated yet are refused.

The policy
  .signing-policy.json beside your lockfile says who may sign what. A first one:

    { "version": 1,
      "signers": { "widget": { "githubActions": { "repository": "acme/widget", "workflow": ".github/workflows/release.yml",
                               "ref": "refs/tags/v{version}" } } },
      "rules":   [ { "packages": ["npm:@acme/widget"], "signedBy": ["widget"] } ] }

Exit codes
  0   allowed (then the installer's own code)      66  bytes or evidence do not hold, revoked, cannot be bound
  64  usage                                        69  could not find out (registry, network)
  65  denied by policy                             78  the policy is missing or wrong
  70  a bug of ours                                127 the installer was not found
`;

const CHECK = `safe-install check: judge lockfiles, install nothing

Usage
  safe-install check [options] [lockfile...]

Without a lockfile, the one that npm would use here. Neither node_modules nor packages are needed: a package is
downloaded only where the lock has no sha512 for it or the signature is over the bytes themselves.

Examples
  safe-install check
  safe-install check --report json=report.json packages/*/package-lock.json
  safe-install check --offline                       with what earlier runs have seen
`;

const VERIFY = `safe-install verify: judge one file

Usage
  safe-install verify FILE|sha256:HEX --bundle BUNDLE
      (--certificate-identity SAN --certificate-oidc-issuer URL | --key PEM | --signer NAME) [--trusted-root FILE]

  --certificate-identity SAN       the certificate's subject alternative name, exactly
  --certificate-oidc-issuer URL    the certificate's issuer, exactly
  --key PEM                        a public key, for bundles that are signed by a key
  --signer NAME                    a signer of the policy found from here
  --artifact-version VERSION       fills {version} in that signer
  --trusted-root FILE              a trusted_root.json instead of the built-in public-good root
`;

const TOPICS: Readonly<Record<string, string>> = { check: CHECK, verify: VERIFY };

export function help(topic: string | null): string {
  return (topic === null ? undefined : TOPICS[topic]) ?? GENERAL;
}
