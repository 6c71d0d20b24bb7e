/** What is shown first: no more lines than a small terminal has. */
export const GENERAL = `safe-install: proves which pipeline signed every package, before it is installed

Usage: safe-install [options] COMMAND

  start     init                     write a first policy from what is locked
            check [LOCKFILE...]      judge what is locked, install nothing
  use       npm ci, npm install ...  the installer's own words, judged first;
            pip install, dotnet restore, npx TOOL; without a command: all of
            the locked installs of this folder
            explain PACKAGE|CODE     why is it allowed, or denied?
            verify FILE              judge one file
  maintain  policy pin|except|test|diff|lint, trust show|update|pin,
            cache [prune], report LOG..., evidence companion, sign FILE

  safe-install init
  safe-install npm ci
  safe-install check --report json=-

More: safe-install help COMMAND, help options, help exits. The documents are in
the package's docs folder; begin with its README.md.
`;

export const OPTIONS = `safe-install options: they stand before the installer's name

Usage
  safe-install [options] COMMAND

  --policy FILE    use this policy instead of the .signing-policy.json files
                   that are found from the project upwards
  --offline        no network: caches, files and the built-in trust root only
  --policy-from REV
                   the policies, keys, roots and recorded files of that git
                   revision, so that a change cannot approve itself
  --report FORMAT  pretty (default), json, sarif, markdown, html, cyclonedx,
                   github or azure; FORMAT=FILE writes a file, FORMAT=-
                   standard output; may be repeated.
                   Without it, GitHub Actions and Azure Pipelines get their
                   annotations as well
  --log FILE       append a line of JSON for each decision
  --enforce        deny also where the policy only audits
  --audit          report what is merely missing instead of denying it
                   (only where the policy allows that)
  --system         (without a command) also into the system's own Python
  -q, --quiet      no progress and no report on the screen, denials only
  --json           one JSON object on standard output: of what judges a lock
                   the report, else the command's answer; errors, too
  --verbose        each request, each program that is started, when, for how
                   long, and which policies judged; on standard error
  --no-color       no colours, as with NO_COLOR=1
  -h, --help       help; after a command: on that command
  -v, --version    the version

What stands after "npm", "npx", "pip" or "dotnet" is theirs and is passed on
untouched. Commands that do not install (npm test, pip list, ...) pass straight
through; those that install in a way that is not supported are refused.
`;

export const EXITS = `safe-install exit codes

Usage
  safe-install check; echo $?

  0    allowed; then the installer's own code
  64   usage, or a command that is not supported
  65   denied by policy
  66   bytes or evidence do not hold, are revoked, or cannot be bound
  69   could not find out: registry, network, trust root
  70   a bug of ours
  78   the policy is missing or wrong
  127  the installer was not found

safe-install explain CODE says more about each code that is printed.
`;
