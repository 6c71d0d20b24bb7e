/** Projects of well-known stacks: real locks, and for a fifth of their packages evidence as their pipelines would sign it. */
import { layRepository } from "./repository.ts";
import { corpusText, genuineIntegrity, hasCorpus, REAL_PACKAGES } from "./corpus.ts";
import { repositoryRoot } from "./root.ts";
import type { Registry } from "./registry.ts";
import type { GitHub } from "./sigstore/identity.ts";
import { githubIdentity, type Instance } from "./sigstore.ts";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export const STACKS = ["vite-app", "next-app", "express-service", "angular-app", "nest-service"] as const;
export type Stack = (typeof STACKS)[number];

export interface Entry {
  readonly name: string;
  readonly version: string;
  readonly integrity: string;
}

/** Which pipeline would have built a package; in the shapes that real ones have. */
const PIPELINES: readonly (readonly [RegExp, (name: string, version: string) => Partial<GitHub>])[] = [
  [/^@vitejs\//, (name, v) => pipeline("vitejs/vite-plugin-react", "publish.yml", `refs/tags/${name.slice(8)}@${v}`)],
  [/^vite$/, (_, v) => pipeline("vitejs/vite", "publish.yml", `refs/tags/v${v}`)],
  [
    /^(vitest|@vitest\/.+)$/,
    (_, v) => ({ ...pipeline("vitest-dev/vitest", "publish.yml", `refs/tags/v${v}`), environment: "Release" }),
  ],
  [
    /^(@typescript-eslint\/.+|typescript-eslint)$/,
    () => pipeline("typescript-eslint/typescript-eslint", "release.yml", "refs/heads/main"),
  ],
  [
    /^(next|@next\/.+|eslint-config-next)$/,
    () => ({
      ...pipeline("vercel/next.js", "build_and_deploy.yml", "refs/heads/canary"),
      trigger: "workflow_dispatch",
    }),
  ],
  [
    /^(tailwindcss|@tailwindcss\/.+)$/,
    (_, v) => ({ ...pipeline("tailwindlabs/tailwindcss", "release.yml", `refs/tags/v${v}`), trigger: "release" }),
  ],
  [/^@sigstore\/|^sigstore$/, () => pipeline("sigstore/sigstore-js", "release.yml", "refs/heads/main")],
  [/^(@rollup\/.+|rollup)$/, (_, v) => pipeline("rollup/rollup", "build-and-tests.yml", `refs/tags/v${v}`)],
  [
    /^(@angular\/(build|cli)|@angular-devkit\/.+)$/,
    (_, v) => pipeline("angular/angular-cli", "publish.yml", `refs/tags/v${v}`),
  ],
  [/^semver$/, () => pipeline("npm/node-semver", "release.yml", "refs/heads/main")],
  [/^@npmcli\//, (name) => pipeline(`npm/${name.slice(8)}`, "release.yml", "refs/heads/main")],
  [
    /^undici$/,
    () => ({ ...pipeline("nodejs/undici", "release.yml", "refs/heads/main"), trigger: "workflow_dispatch" }),
  ],
  [/^(@jest\/.+|jest.*|babel-jest)$/, () => pipeline("jestjs/jest", "release.yml", "refs/heads/main")],
  [/^(@types\/.+)$/, () => ({})],
  [/^[a-m]/, (name, v) => pipeline(`${name}-org/${name}`, "release.yml", `refs/tags/v${v}`)],
];

function pipeline(repository: string, workflow: string, ref: string): Partial<GitHub> {
  return { repository, workflow: `.github/workflows/${workflow}`, ref };
}

/** An old major that was published before anybody signed. */
const OLD: Readonly<Record<string, RegExp>> = { semver: /^[0-6]\./, rollup: /^[0-3]\./ };

export interface StackProject {
  readonly entries: readonly Entry[];
  /** Those that have evidence, the corpus' among them. */
  readonly attested: readonly Entry[];
  /** Those that nobody attests, and of which the default registry's own signature is to be had. */
  readonly published: readonly Entry[];
}

/** Writes the stack's project and gives the registry the evidence; at most a fifth of the packages has any. */
export async function prepareStack(
  stack: Stack,
  folder: string,
  registry: Registry,
  instance: Instance,
): Promise<StackProject> {
  const text = readFileSync(join(repositoryRoot(), "fixtures/projects/npm/stacks", `${stack}.lock.json`), "utf8");
  const lock = JSON.parse(text) as { name: string; packages: Record<string, LockEntry> };
  const real = hasCorpus ? realEntries() : [];
  for (const { name, version, integrity } of real) {
    lock.packages[`node_modules/real-${version}/node_modules/${name}`] = { version, integrity };
  }
  const published = hasCorpus ? publishedEntries() : [];
  for (const { name, version, integrity } of published) {
    lock.packages[`node_modules/published-${version}/node_modules/${name}`] = { version, integrity };
  }
  const entries = entriesOf(lock.packages);
  const most = Math.floor(entries.length / 5) - real.length;
  const minted = entries
    .filter((one) => buildOf(one) !== null && ![...real, ...published].some((other) => isSame(one, other)))
    .slice(0, most);
  await Promise.all(minted.map((one) => mint(one, registry, instance)));
  for (const one of published) registry.publish({ ...one, published: one.time });
  for (const { name, version, answer } of hasCorpus ? REAL_PACKAGES : []) {
    registry.publish({
      name,
      version,
      integrity: genuineIntegrity(name, version),
      attestations: { status: 200, body: corpusText(answer) },
    });
  }
  layRepository(folder);
  mkdirSync(join(folder, "trust"));
  writeFileSync(join(folder, "trust/root.json"), JSON.stringify(instance.trustedRoot));
  writeFileSync(join(folder, ".npmrc"), `registry=${registry.url}\n`);
  writeFileSync(join(folder, "package.json"), JSON.stringify(lock.packages[""]));
  writeFileSync(join(folder, "package-lock.json"), JSON.stringify(lock));
  return { entries, attested: [...minted, ...real], published };
}

interface LockEntry {
  readonly name?: string;
  readonly version: string;
  readonly integrity?: string;
  readonly inBundle?: boolean;
}

/** By pipeline first, so that the fifth holds the well-known ones. Those that npm would not install here are left out of it. */
function entriesOf(packages: Readonly<Record<string, LockEntry>>): readonly Entry[] {
  const all = Object.entries(packages).flatMap(([location, { name, version, integrity, inBundle }]) => {
    if (location === "" || integrity === undefined || inBundle === true) return [];
    return [{ name: name ?? location.split("node_modules/").at(-1) ?? "", version, integrity }];
  });
  const unique = [...new Map(all.map((one) => [`${one.name}@${one.version}`, one])).values()];
  const rank = ({ name }: Entry) => PIPELINES.findIndex(([pattern]) => pattern.test(name)) >>> 0;
  return unique.toSorted((left, right) => rank(left) - rank(right));
}

function realEntries(): readonly Entry[] {
  return REAL_PACKAGES.map(({ name, version }) => ({ name, version, integrity: genuineIntegrity(name, version) }));
}

/** Real signatures of the default registry, as many as make a rule worth reading. */
function publishedEntries() {
  const all = JSON.parse(corpusText("npm/registry-signatures.json")) as readonly (Entry & {
    readonly time: string;
    readonly signatures: { readonly keyid: string; readonly sig: string }[];
  })[];
  return all.filter(({ name }) => PUBLISHED.has(name));
}

const PUBLISHED: ReadonlySet<string> = new Set(["which", "tinyglobby", "@nuxt/kit"]);

export function buildOf({ name, version }: Entry): GitHub | null {
  if (OLD[name]?.test(version) === true) return null;
  const found = PIPELINES.find(([pattern]) => pattern.test(name))?.[1](name, version);
  return found?.repository === undefined ? null : (found as GitHub);
}

async function mint(entry: Entry, registry: Registry, instance: Instance): Promise<void> {
  const { name, version, integrity } = entry;
  const of = buildOf(entry);
  if (of === null) return;
  const sha512 = Buffer.from(integrity.replace("sha512-", ""), "base64").toString("hex");
  const subjects = [{ name: `pkg:npm/${name.replace("@", "%40")}@${version}`, digest: { sha512 } }];
  const bundle = await instance.attest({ identity: githubIdentity(of), subjects });
  const predicateType = "https://slsa.dev/provenance/v1";
  registry.publish({ name, version, integrity, attestations: { bundles: [{ predicateType, bundle }] } });
}

function isSame(left: Entry, right: Entry): boolean {
  return left.name === right.name && left.version === right.version;
}
