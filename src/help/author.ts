/** Help for the commands that write and read policies. */
export const INIT = `safe-install init: a first policy, written from the evidence that is there

Usage
  safe-install init [options] [lockfile...]
  safe-install init [options] -- npm install PACKAGE...

Reads the lockfiles here (all platforms) or, after --, what that command would
install in a project that has no lock yet; asks for every package's evidence,
verifies it, and writes .signing-policy.json and .signing-recorded.json:

  - one signer for each pipeline that was seen: repository, workflow, ref,
    trigger, runner, ids; a tag that spells the version becomes {version}
  - one rule for each signer, with the names of its packages
  - what nobody signs, but the registry's own signature says that it published:
    a baseline, by name. It proves which bytes were published, not who built
    them; new versions of these names are allowed as well, new
    names never
  - packages that nobody vouches for: recorded, by exact digest, for 180 days

Nothing is trusted in silence: it prints who would be trusted for what, and
marks what deserves a second look. What does not hold or could not be found out
is never written. Where a policy is there already, only what is new is added.

Options
  --trusted-root NAME=FILE  a private Sigstore instance's trusted_root.json;
                            may be repeated
  --record                  no baseline: all that nobody signs by exact digest;
                            every new version then waits for policy pin
  --audit                   write "mode": "audit": report first, deny later
  --policy FILE             write there instead of beside the lockfile
  --offline, -q             as everywhere

Then
  git diff; safe-install check; safe-install policy lint

Exit codes: 0 check would pass now; otherwise as check would end (65, 66, 69).
`;

export const POLICY = `safe-install policy: keep a policy current

Usage
  safe-install policy pin [package...] [--write] [--known] [--prune]
  safe-install policy pin [package...] [--write] -- npm install PACKAGE...
  safe-install policy except
  safe-install policy except PACKAGE --code CODE --reason WHY --days N [--write]
  safe-install policy except PACKAGE --renew --days N [--write]
  safe-install policy test FILE...
  safe-install policy diff REVISION
  safe-install policy lint [lockfile...]

pin    shows, as a diff, what new packages and new versions need; --write
       applies it and keeps the file's layout. A package that lost its
       evidence or changed its pipeline is shown as exactly that and left
       alone, unless you name it. After --: what that command would install,
       with everything that it brings along; the project stays as it is.
       --known pins nothing but new versions of recorded names, by digest:
       what a bot may do; nobody new is trusted.
       --prune also takes recorded versions out that no lockfile here names
       (one --lockfile for each project that shares the recorded file).
except shows, as a diff, the exception that lets one version through, by its
       bytes, until a day; --write applies it, --renew moves the day of one
       that is there. Without a package: every exception, with its age
test   tries the policy here on what a file supposes, signatures among it, and
       compares what comes of it with what the file expects; asks nobody
diff   says in words what the policy here newly allows or forbids, for the
       lock here, compared with the policy of a git revision
lint   rules that can never match, unused signers, identities that a fork or
       a pull request could have, what is about to expire, Azure pitfalls

Options
  --lockfile FILE           instead of those that lie here; may be repeated
  --trusted-root NAME=FILE  (pin) a further trust root
  --code CODE               (except) what is excused; may be repeated
  --reason WHY              (except) for the next person who reads it
  --approved-by WHO         (except)
  --days N                  (except) from today, at most 366
  --record                  (pin) by digest, also where the policy's baseline
                            would do
  --policy FILE, --offline, -q   as everywhere

Examples
  safe-install policy pin --write -- npm install left-pad@1.3.0
  safe-install policy pin                   what would be added?
  safe-install policy pin --write           add it
  safe-install policy pin nuxt --write      nuxt changed its pipeline: meant
  safe-install policy except left-pad@1.3.0 --code NO_EVIDENCE \\
      --reason "urgent fix" --days 14 --write
  safe-install policy diff refs/remotes/origin/main
                                            what does this branch change?

Exit codes: pin as check would end once it is written; lint 0 when clean
(notes are fine), 78 otherwise; except as check would end for that
package; test 0 where all is as expected, 78 otherwise; diff 0.
`;

export const EXPLAIN = `safe-install explain: the whole story of one package, or of one code

Usage
  safe-install explain PACKAGE [--lockfile FILE]
  safe-install explain PACKAGE -- npm install PACKAGE...
  safe-install explain CODE                      for instance NO_RULE

PACKAGE is a name of the lock (@acme/widget), a name with its version
(@acme/widget@2.1.0), or a package URL (pkg:npm/%40acme/widget@2.1.0). After --
stands what would install it, where no lock names it yet.

Shows where it is in the tree, which rule speaks and why, each claim expected
and found, each piece of evidence and its fate, and what would make it pass.

CODE is what a denial or an error begins with: what it means, whether audit mode
and exceptions let it pass, and what to do.

Exit codes: as check would end for this package alone; 0 for a code.
`;
