/**
 * What a key of a project's `.npmrc` may do. The file may come with a stranger's clone.
 * - `elsewhere`: decides where a connection goes, whom it believes, what it proves of the user, or which file counts as the user's
 * - `address`: where packages come from: the lock and the policy bind them, so it may be named, but carries nothing of the user's
 * - `credential`: of one host, for that host
 * - `sent`: travels in a request
 * - `runs`: chooses a program; for a tool that is proven the user's side alone counts
 * - `local`: none of these
 */
type Meaning = "elsewhere" | "address" | "credential" | "sent" | "runs" | "local";

/** By the key as npm takes it: expanded. A key that npm does not know means nothing to it: `local`. */
export function meaningOf(key: string): Meaning {
  const name = key.toLowerCase().replace(/\[\]$/, "");
  if (name.startsWith("//")) return CREDENTIAL.test(name) ? "credential" : "elsewhere";
  if (name.endsWith(":registry")) return "address";
  return MEANINGS.get(name) ?? "local";
}

/** Every key of npm's own configuration. */
export function isKnownKey(key: string): boolean {
  return MEANINGS.has(key);
}

/** npm-registry-fetch, `auth.js`; whatever else a `//host/` key names is a certificate or a program. */
const CREDENTIAL = /:(?:_auth|_authtoken|username|_password|email|always-auth)$/;

const MEANINGS: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ...all("elsewhere", "proxy https-proxy http-proxy noproxy no-proxy strict-ssl ca cafile cert key local-address"),
  ...all("elsewhere", "userconfig globalconfig"),
  ...all("address", "registry"),
  ...all("sent", "user-agent ci-name otp scope searchopts searchexclude cidr name orgs packages password scopes"),
  ...all("sent", "token-description message"),
  ...all("runs", "script-shell shell node-options node-gyp git python editor viewer browser call yes"),
  ...all(
    "local",
    "_auth access all allow-same-version allow-directory allow-file allow-git allow-remote allow-scripts",
  ),
  ...all("local", "also audit audit-level auth-type before bin-links bypass-2fa cache cache-max cache-min color"),
  ...all("local", "commit-hooks cpu dangerously-allow-all-scripts depth description dev diff diff-ignore-all-space"),
  ...all("local", "diff-name-only diff-no-prefix diff-dst-prefix diff-src-prefix diff-text diff-unified dry-run"),
  ...all("local", "engine-strict expect-result-count expect-results expires extension-file fetch-retries"),
  ...all("local", "fetch-retry-factor fetch-retry-maxtimeout fetch-retry-mintimeout fetch-timeout force"),
  ...all("local", "foreground-scripts format-package-lock fund git-tag-version global global-ignore-file global-style"),
  ...all("local", "heading if-present ignore-extension ignore-scripts include include-staged include-workspace-root"),
  ...all("local", "include-attestations init-author-email init-author-name init-author-url init-license init-module"),
  ...all("local", "init-type init-version init-private init.author.email init.author.name init.author.url"),
  ...all("local", "init.license init.module init.version install-links install-strategy json legacy-bundling"),
  ...all("local", "legacy-peer-deps libc link location lockfile-version loglevel logs-dir logs-max long maxsockets"),
  ...all("local", "min-release-age min-release-age-exclude offline omit omit-lockfile-registry-resolved only optional"),
  ...all("local", "os package package-lock package-lock-only pack-destination patches-dir allow-unused-patches"),
  ...all("local", "ignore-patch-failures edit-dir ignore-existing keep-edit-dir parseable allow-scripts-pending"),
  ...all("local", "allow-scripts-pin prefer-dedupe prefer-offline prefer-online prefix preid production progress"),
  ...all(
    "local",
    "provenance provenance-file read-only rebuild-bundle replace-registry-host save save-bundle save-dev shrinkwrap",
  ),
  ...all("local", "save-exact save-optional save-peer save-prefix save-prod sbom-format sbom-type packages-all"),
  ...all("local", "packages-and-scopes-permission orgs-permission searchlimit searchstaleness sign-git-commit"),
  ...all("local", "sign-git-tag strict-peer-deps strict-allow-scripts strict-npmrc tag tag-version-prefix timing to"),
  ...all("local", "umask unicode update-notifier usage version versions which workspace workspaces"),
  ...all("local", "workspaces-update"),
]);

function all(meaning: Meaning, keys: string): readonly (readonly [string, Meaning])[] {
  return keys.split(" ").map((key) => [key, meaning] as const);
}
