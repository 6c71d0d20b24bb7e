import { EXPLAIN, INIT, POLICY } from "./help/author.ts";

const GENERAL = `safe-install: proves which pipeline signed every package, before it is unpacked

Usage
  safe-install [options] npm ci [npm's options]  judge the lockfile, then
                                                 install what was proven
  safe-install [options] npm install [-g] [PACKAGE...]  the same for a change:
                     update, uninstall, dedupe, audit fix, link
  safe-install [options] npx PACKAGE [words]     run a tool that was proven;
                     npm exec, npm create
  safe-install [options] pip install [pip's options]  the same for pip; also
                     pip3, python -m pip, .venv/bin/pip
  safe-install [options] dotnet restore          the same for .NET; also build,
                     test, run, publish, pack, add package, tool restore
  safe-install [options]                         npm ci, pip install, dotnet
                     restore: the locked install of whatever lies here, all of
                     it judged before any of it is installed
  safe-install [options] check [lockfile...]     judge, install nothing
  safe-install verify FILE --bundle BUNDLE ...   judge one file
  safe-install evidence companion FILE BUNDLE    a NuGet package that holds it
  safe-install init                              write a first policy
  safe-install policy pin|except|test|diff|lint  keep a policy current
  safe-install explain PACKAGE                   why is it allowed, or denied?
  safe-install cache [prune]                     what is kept between runs
  safe-install trust [show|update|pin]           which roots and keys count

  safe-install help COMMAND: more about check, verify, init, policy, explain,
                             cache, trust

Options
  --policy FILE    use this policy instead of the .signing-policy.json files
                   that are found from the project upwards
  --offline        no network: caches, files and the built-in trust root only
  --policy-from REV
                   the policies, keys, roots and recorded files of that git
                   revision, so that a change cannot approve itself
  --report FORMAT  pretty (default), json, sarif, github or azure; FORMAT=FILE
                   writes a file; may be repeated. Without it, GitHub Actions
                   and Azure Pipelines get their annotations as well
  --log FILE       append a line of JSON for each decision
  --enforce        deny also where the policy only audits
  --audit          report what is merely missing instead of denying it
                   (only where the policy allows that)
  --system         (without a command) also into the system's own Python
  -q, --quiet      no progress and no report on the screen, denials only
  -h, --help       this text
  -v, --version    the version

What stands after "npm", "npx", "pip" or "dotnet" is theirs and is passed on
untouched. Commands that do not install (npm test, pip list, ...) pass straight
through; those that install in a way that is not supported are refused.

The policy
  .signing-policy.json beside the lockfile says who may sign what. A first one
  is written by safe-install init, or by hand:

    { "version": 1,
      "signers": {
        "widget": { "githubActions": {
          "repository": "acme/widget",
          "workflow": ".github/workflows/release.yml",
          "ref": "refs/tags/v{version}" } } },
      "rules": [
        { "packages": ["npm:@acme/widget"], "signedBy": ["widget"] } ] }

Exit codes
  0    allowed; then the installer's own code
  64   usage, or a command that is not supported
  65   denied by policy
  66   bytes or evidence do not hold, are revoked, or cannot be bound
  69   could not find out: registry, network, trust root
  70   a bug of ours
  78   the policy is missing or wrong
  127  the installer was not found
`;

const CHECK = `safe-install check: judge lockfiles, install nothing

Usage
  safe-install check [options] [lockfile...]

Without a lockfile: those that lie here, one for each of npm, Python's tools
(pylock.toml, uv.lock, poetry.lock, Pipfile.lock, requirements.txt with hashes)
and NuGet (packages.lock.json). No packages are needed: one is downloaded only
where the lock has no hash for it, or where the signature is over its bytes.

  --changed-since REV  judge only what is not in that git revision's lock. All
                       of it is judged where a policy, or a file that a policy
                       names, is not the same there
  --staged             read lock, manifests and policies as they are staged
                       in git's index, for a commit hook

Examples
  safe-install check
  safe-install check --report json=report.json packages/*/package-lock.json
  safe-install check --changed-since HEAD~1
  safe-install check --policy-from refs/remotes/origin/main
  safe-install check --staged --changed-since HEAD
  safe-install check --offline          with what earlier runs have seen

The options are those of safe-install --help.
`;

const VERIFY = `safe-install verify: judge one file

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

A wheel or source distribution with evidence of an index (PEP 740) must also
bear the name that was signed.
`;

const CACHE = `safe-install cache: what is kept between runs

Usage
  safe-install cache                             folder, sizes, counts, ages
  safe-install cache prune [options]             remove some of it

  --older-than AGE  what was not used for so long: 12h, 30d, 4w (default 90d)
  --max-size SIZE   then the longest unused, until no more is left than this:
                    500MB, 2GB (default 5GB); 0 empties it

Packages by digest, and evidence. None of it is trusted for being there: bytes
are hashed again and evidence is verified again at each use, so that removing
it costs downloads and nothing else. Once a day a run prunes by the defaults.
It lies in SAFE_INSTALL_CACHE, else in the user's cache folder.
`;

const TRUST = `safe-install trust: which roots, logs and registry keys count

Usage
  safe-install trust [show] [--json]
  safe-install trust update [--json]
  safe-install trust update --offline-bundle FILE [--digest sha256:HEX]
  safe-install trust pin FILE

show    every trust root here with its logs, authorities and registry keys:
        from where, how old, valid until when. Asks nobody
update  asks each root's repository now. A run does so by itself once a day,
        and where a bundle names somebody who is not known. What fails leaves
        what was held
        --offline-bundle  takes a file instead, by the chain of signatures
                          from a root that is held here, never an older one
        --digest          of that file: it counts because you say so
pin     writes what is held into FILE, to be carried over an air gap, and says
        its digest

SAFE_INSTALL_TRUST_MIRROR names a mirror of the public-good repository (and
SAFE_INSTALL_TRUST_MIRROR_GITHUB one of GitHub's); off: nobody is asked.

Exit codes: 0; 69 where a root was not refreshed; 64 usage.
`;

const TOPICS: Readonly<Record<string, string>> = {
  check: CHECK,
  verify: VERIFY,
  init: INIT,
  policy: POLICY,
  pin: POLICY,
  except: POLICY,
  diff: POLICY,
  lint: POLICY,
  explain: EXPLAIN,
  cache: CACHE,
  trust: TRUST,
};

export function help(topic: string | null): string {
  return (topic === null ? undefined : TOPICS[topic]) ?? GENERAL;
}
