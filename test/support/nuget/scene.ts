/** A feed of attested packages, a project that wants them, and a home of its own: what the dotnet tests begin with. */
import { githubIdentity, type Instance } from "../sigstore.ts";
import { type Outcome, safeInstall } from "../cli.ts";
import { addSignature, type NugetFeed, type PackageOptions, startFeed } from "../nuget.ts";
import { createInstance, signerFor } from "../signed.ts";
import { dotnetEnvironment, nugetConfig, plainDotnet, writeFiles } from "./project.ts";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

export interface Scene {
  readonly instance: Instance;
  readonly feed: NugetFeed;
  /** Bundles by the sha256 of what they attest: what a `directory` source holds. */
  readonly bundles: Map<string, string>;
  /** Attests the package as the pipeline packed it, then publishes it as a feed would serve it. @returns the unsigned bytes */
  publish(options: PackageOptions, how?: Publishing): Promise<Buffer>;
}

export interface Publishing {
  /** The feed adds a signature: the bytes are no longer those that were attested. */
  readonly signature?: Buffer;
  readonly repository?: string;
  /** What the attestation is about; the unsigned package unless told. */
  readonly attested?: (unsigned: Buffer, served: Buffer) => Buffer;
  readonly bundle?: "directory" | "none";
}

export async function startScene(options: Parameters<typeof startFeed>[0] = {}): Promise<Scene> {
  const instance = await createInstance();
  const feed = await startFeed(options);
  const bundles = new Map<string, string>();
  return { instance, feed, bundles, publish };

  async function publish(options: PackageOptions, how: Publishing = {}): Promise<Buffer> {
    const unsigned = feed.make(options);
    const served = how.signature === undefined ? unsigned : addSignature(unsigned, how.signature);
    feed.publish(options.id, options.version, served);
    const about = (how.attested ?? ((bytes) => bytes))(unsigned, served);
    if (how.bundle !== "none") bundles.set(sha256(about), await attest(instance, options, about, how.repository));
    return unsigned;
  }
}

/** The text of a bundle by `acme/ID`, release.yml at the version's tag. */
export async function attest(
  instance: Instance,
  { id, version }: PackageOptions,
  about: Buffer,
  repository = `acme/${id}`,
): Promise<string> {
  const identity = githubIdentity({
    repository,
    workflow: ".github/workflows/release.yml",
    ref: `refs/tags/v${version}`,
  });
  const subjects = [{ name: `${id}.${version}.nupkg`, digest: { sha256: sha256(about) } }];
  return JSON.stringify(await instance.attest({ identity, subjects }));
}

export const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

/** Pins each id to `acme/ID` under the test instance's root. */
export function policyFor(ids: readonly string[], part: Readonly<Record<string, unknown>> = {}): string {
  const name = (id: string) => id.toLowerCase().replaceAll(".", "-");
  return JSON.stringify({
    version: 1,
    trust: { test: { trustedRoot: "trust/root.json" } },
    signers: Object.fromEntries(ids.map((id) => [name(id), signerFor(id)])),
    sources: { nuget: [{ directory: "bundles" }] },
    rules: ids.map((id) => ({ packages: [`nuget:${id}`], signedBy: [name(id)] })),
    ...part,
  });
}

export interface Stage {
  readonly project: string;
  readonly home: string;
  run(...args: string[]): Promise<Outcome>;
  runInCi(...args: string[]): Promise<Outcome>;
  /** As `run`, with another PATH. */
  runOn(PATH: string, ...args: string[]): Promise<Outcome>;
  plain(...args: string[]): Promise<Outcome>;
  write(files: Readonly<Record<string, string>>): void;
  /** Every file of the project with its content's digest. */
  snapshot(): Record<string, string>;
  exists(path: string): boolean;
  remove(path: string): void;
  read(path: string): string;
}

/** Writes a project beside its policy, trust root, bundles and NuGet.config. */
export function stage(
  scene: Scene,
  where: { readonly project: string; readonly home: string },
  files: Readonly<Record<string, string>>,
  policy: string,
): Stage {
  const { project, home } = where;
  writeFiles(project, {
    ".git/HEAD": "ref: refs/heads/main\n",
    ".git/objects/.keep": "",
    ".git/refs/.keep": "",
    "nuget.config": nugetConfig({ feed: scene.feed.url }),
    ".signing-policy.json": policy,
    "trust/root.json": JSON.stringify(scene.instance.trustedRoot),
    ...Object.fromEntries([...scene.bundles].map(([hex, text]) => [`bundles/sha256-${hex}.sigstore.json`, text])),
    ...files,
  });
  return {
    project,
    home,
    run: (...args) => safeInstall(args, { cwd: project, home, env: dotnetEnvironment(home) }),
    runInCi: (...args) => safeInstall(args, { cwd: project, home, env: { ...dotnetEnvironment(home), CI: "true" } }),
    runOn: (PATH, ...args) => safeInstall(args, { cwd: project, home, env: { ...dotnetEnvironment(home), PATH } }),
    plain: (...args) => plainDotnet(args, { cwd: project, home }),
    write: (more) => writeFiles(project, more),
    snapshot: () => snapshot(project),
    remove: (path) => rmSync(join(project, path), { recursive: true, force: true }),
    exists: (path) => existsSync(join(project, path)),
    read: (path) => readFileSync(join(project, path), "utf8"),
  };
}

export function snapshot(folder: string): Record<string, string> {
  if (!existsSync(folder)) return {};
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  const files = names.filter((name) => statSync(join(folder, name)).isFile());
  return Object.fromEntries(files.map((name) => [name, sha256(readFileSync(join(folder, name)))]));
}
