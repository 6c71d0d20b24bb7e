import { ASKABLE, TABLES } from "../plugins.ts";
import type { Ecosystem } from "../model/package.ts";
import { loadPolicy } from "../gate/ground.ts";
import { SafeInstallError } from "../errors.ts";
import { readBounded } from "../io/files.ts";
import { wayTo } from "../io/inside.ts";
import { findRepository } from "../project/ends.ts";
import { POLICY_FILE } from "../project/policy-file.ts";
import { loadTrustRoot } from "../project/trust.ts";
import { parseJson } from "../json.ts";
import { LIMITS } from "../limits.ts";
import type { TrustRoot } from "../model/trust.ts";
import { type Layer } from "../policy/layer.ts";
import { parsePolicy } from "../policy/read/parse.ts";
import { parsePackagePattern } from "../policy/package-pattern.ts";
import type { RecordedPackages } from "./propose/plan.ts";
import type { Policy, TrustEntry } from "../policy/schema/index.ts";
import type { NotaryTrust } from "../verify/notary/trust.ts";
import type { HeldKey } from "../verify/trust/held-key.ts";
import type { Runtime } from "../runtime.ts";
import type { AuthorArguments } from "./arguments.ts";
import { existsSync } from "node:fs";
import { realpath } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

/** The policy that is there, or the beginning of one, as something to write on. */
export interface Foundation {
  /** All that apply here, the outermost first; empty where there is none. */
  readonly layers: readonly Layer[];
  /** Named roots, without the built-in one. */
  readonly roots: readonly TrustRoot[];
  /** The keys that signers of the policies name. */
  readonly keys: readonly HeldKey[];
  /** What signers of the Notary Project trust. */
  readonly notary: readonly NotaryTrust[];
  /** What was read of policies, as `LoadedPolicy` has it. */
  readonly files: ReadonlyMap<string, string>;
  readonly repositoryRoot: string;
  /** Absolute: the outermost policy's file, or where the first one will be. */
  readonly file: string;
  /** For people: relative to where the command was typed. */
  readonly shown: string;
  /** null: the file is not there yet. */
  readonly text: string | null;
  /** What a first policy may give an editor as "$schema"; null: there is no schema that its folder leads to. */
  readonly schema: string | null;
  readonly policy: Policy;
  readonly recordedFile: string;
  readonly recorded: RecordedPackages;
  /** Of these, what nobody signs rests on the registry's own signature, where there is one. */
  readonly baseline: readonly Ecosystem[];
}

export const RECORDED_FILE = ".signing-recorded.json";

const SCHEMA = "./node_modules/safe-install/signing-policy.schema.json";

type PolicyArguments = Pick<AuthorArguments, "options" | "trustedRoots"> & Partial<Pick<AuthorArguments, "record">>;

/** @throws SafeInstallError a policy is there and wrong */
export async function findFoundation(asked: PolicyArguments, runtime: Runtime): Promise<Foundation> {
  const project = await realpath(runtime.cwd);
  const loaded = await loadPolicy(project, asked.options.policy, runtime.cwd).catch(ifMissing);
  const repositoryRoot = loaded?.repositoryRoot ?? (await findRepository(project)) ?? project;
  const [outermost] = loaded?.layers ?? [];
  const file = policyFile(asked, outermost, repositoryRoot, project, runtime);
  const text = outermost === undefined ? null : await read(file);
  const policy = text === null ? { version: 1 as const } : parsePolicy(text, outermost?.name ?? POLICY_FILE, ASKABLE);
  const { trust, roots } = await readRoots(asked, file, runtime);
  const recordedFile = resolve(dirname(file), policy.recorded?.file ?? RECORDED_FILE);
  return {
    layers: (loaded?.layers ?? []).map((layer, at) => (at === 0 ? withRoots(layer, roots) : layer)),
    roots: [...(loaded?.roots ?? []), ...roots],
    keys: loaded?.keys ?? [],
    notary: loaded?.notary ?? [],
    files: loaded?.files ?? new Map(),
    repositoryRoot,
    file,
    shown: wayTo(runtime.cwd, file) || POLICY_FILE,
    text,
    schema: existsSync(join(dirname(file), SCHEMA)) ? SCHEMA : null,
    policy: Object.keys(trust).length === 0 ? policy : { ...policy, trust: { ...trust, ...policy.trust } },
    recordedFile,
    recorded: policy.recorded === undefined ? new Map() : await readPackages(recordedFile),
    baseline: asked.record === true ? [] : SIGNING.filter((one) => text === null || hasBaseline(policy, one)),
  };
}

const SIGNING = TABLES.filter(({ registrySigns }) => registrySigns !== null).map(({ ecosystem }) => ecosystem);

/**
 * A policy that has chosen one goes on with it, one that records digests is not loosened; what it is silent about goes as
 * the rest.
 */
function hasBaseline({ rules = [] }: Policy, ecosystem: Ecosystem): boolean {
  const own = rules.filter(({ packages }) => packages.some((one) => ecosystemOf(one) === ecosystem));
  return (own.length > 0 ? own : rules).some(({ baseline }) => baseline !== undefined);
}

function ecosystemOf(pattern: string): Ecosystem | null {
  const read = parsePackagePattern(pattern);
  return typeof read === "string" ? null : read.ecosystem;
}

/** A file that the policy names, for people: relative to where the command was typed. */
export function shownBeside({ shown }: Pick<Foundation, "shown">, name: string): string {
  return join(dirname(shown), name);
}

/** The same of another folder than that of the command line; the files that were typed stay what they are. */
export async function foundationOf(
  project: string,
  { options, trustedRoots, record = false }: PolicyArguments,
  runtime: Runtime,
): Promise<Foundation> {
  const typed = (file: string) => resolve(runtime.cwd, file);
  const policy = options.policy === null ? null : typed(options.policy);
  const roots = trustedRoots.map(({ name, file }) => ({ name, file: typed(file) }));
  const absolute = { options: { ...options, policy }, trustedRoots: roots, record };
  const found = await findFoundation(absolute, { ...runtime, cwd: project });
  return { ...found, shown: wayTo(await realpath(runtime.cwd), found.file) };
}

/** No policy yet: that is what `init` is for. */
function ifMissing(error: unknown): null {
  if (error instanceof SafeInstallError && error.code === "NO_POLICY") return null;
  throw error;
}

function policyFile(
  asked: PolicyArguments,
  layer: Layer | undefined,
  root: string,
  project: string,
  runtime: Runtime,
): string {
  if (asked.options.policy !== null) return resolve(runtime.cwd, asked.options.policy);
  return layer === undefined ? join(project, POLICY_FILE) : resolve(root, layer.name);
}

function withRoots(layer: Layer, roots: readonly TrustRoot[]): Layer {
  return { ...layer, roots: { ...layer.roots, ...Object.fromEntries(roots.map(({ name, id }) => [name, id])) } };
}

interface Roots {
  readonly trust: Readonly<Record<string, TrustEntry>>;
  readonly roots: readonly TrustRoot[];
}

async function readRoots({ trustedRoots }: PolicyArguments, policy: string, runtime: Runtime): Promise<Roots> {
  const read = await Promise.all(
    trustedRoots.map(async ({ name, file }) => {
      const place = resolve(runtime.cwd, file);
      const bytes = await readBounded(place, { maxBytes: LIMITS.trustedRootBytes });
      if (bytes === null) throw new SafeInstallError("usage", "USAGE", `--trusted-root: there is no ${file}`);
      const entry = wayTo(dirname(policy), await realpath(place));
      return { name, entry, root: loadTrustRoot(bytes, name, { tlog: 1, sct: 1, timestamps: 1 }) };
    }),
  );
  const trust = Object.fromEntries(read.map(({ name, entry }) => [name, { trustedRoot: entry }]));
  return { trust, roots: read.map(({ root }) => root) };
}

async function read(file: string): Promise<string> {
  const bytes = await readBounded(file, { maxBytes: LIMITS.policyBytes });
  return bytes?.toString("utf8") ?? "";
}

/** The recorded file of a policy, which the loader has checked already; nothing where there is none. */
export async function readPackages(file: string): Promise<RecordedPackages> {
  const bytes = await readBounded(file, { maxBytes: LIMITS.recordedBytes });
  if (bytes === null) return new Map();
  const { packages } = parseJson(bytes.toString("utf8")) as { packages: Record<string, string[]> };
  return new Map(Object.entries(packages));
}
