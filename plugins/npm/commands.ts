/** npm's own clean install under every name that npm gives it (npm 10 to 12, lib/utils/cmd-list.js). */
export const CLEAN_INSTALL: ReadonlySet<string> = new Set(words("ci clean-install ic install-clean isntall-clean"));

/** Subcommands that put no package on disk. Full names and aliases; abbreviations are not among them. */
export const PASSED: ReadonlySet<string> = new Set([
  ...words("access adduser add-user login logout whoami token profile org ogr owner author team hook trust"),
  ...words("audit bugs issues docs home repo cache completion config c get set deprecate undeprecate diff"),
  ...words("dist-tag dist-tags doctor explain why explore find-dupes fund help hlep help-search ls list la ll"),
  ...words("outdated pack ping pkg prefix publish unpublish query rebuild rb root sbom search find s se"),
  ...words("run run-script rum urn restart start stop test t tst shrinkwrap star stars unstar"),
  ...words("version verison view v info show"),
]);

/** Of those, the ones that read package specs; a git spec would make npm install and run code to pack it. */
export const READS_SPECS: ReadonlySet<string> = new Set(words("pack publish cache diff view v info show"));

/** Subcommands that install, with what they do. */
export const INSTALLS: ReadonlyMap<string, string> = new Map([
  ...words("install i in ins inst insta instal isnt isnta isntal isntall add").map(does("changes the lockfile")),
  ...words("install-test it install-ci-test cit sit clean-install-test").map(does("installs and runs in one step")),
  ...words("update up upgrade udpate u dedupe ddp prune").map(does("changes the lockfile")),
  ...words("uninstall unlink remove rm r un").map(does("changes the lockfile and installs what is left")),
  ...words("exec x").map(does("installs a package without a lockfile and runs it")),
  ...words("init innit create").map(does("installs a package without a lockfile and runs it")),
  ...words("link ln").map(does("installs outside of this project")),
  ...words("edit install-scripts").map(does("runs install scripts")),
]);

function words(text: string): readonly string[] {
  return text.split(" ");
}

function does(what: string): (name: string) => readonly [string, string] {
  return (name) => [name, what];
}
