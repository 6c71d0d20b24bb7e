import { ArtifactError, SafeInstallError } from "../errors.ts";
import { readBeside } from "../evidence/beside.ts";
import { readShared } from "../evidence/shared.ts";
import { askSource } from "../evidence/index.ts";
import type { ClosableHost } from "../io/host.ts";
import { copyHashed } from "../io/store/hashed-copy.ts";
import { LIMITS } from "../limits.ts";
import type { Artifact } from "../model/artifact.ts";
import type { BuiltFile, BuiltPackage } from "../model/built.ts";
import { digestOf } from "../model/digest.ts";
import type { Evidence } from "../model/evidence.ts";
import type { ProjectReport } from "../model/report.ts";
import type { Source } from "../model/wanted.ts";
import type { Options } from "../options.ts";
import type { Part, Unbound } from "../plugin.ts";
import { builderOf } from "../plugins.ts";
import { promotable } from "../policy/promotion.ts";
import type { BuiltSet, BuiltPlace } from "../project/built.ts";
import type { Runtime } from "../runtime.ts";
import { exitOf, outcomeOf } from "./gate.ts";
import { findGround } from "./ground.ts";
import { refuseJudged } from "./judged.ts";
import { refuseOwnCopy } from "./own-copy.ts";
import { judgePart } from "./part.ts";
import type { Progress } from "./progress.ts";
import { projectReport } from "./report.ts";
import { basename, join } from "node:path";
import pMap from "p-map";

export interface PromotionRequest {
  readonly built: BuiltSet;
  readonly options: Options;
  /** See `promotable`. */
  readonly allowsBaseline: boolean;
}

interface PromotionMeans {
  readonly runtime: Runtime;
  readonly host: ClosableHost;
  readonly progress: Progress;
}

/**
 * Judges what was built before it is promoted: each file is copied, hashed and opened, its evidence is looked for beside it
 * and in the places that the policy names, and the policy of the working directory decides, always in enforce mode.
 * @throws SafeInstallError POLICY_JUDGED: what is judged would judge
 */
export async function promote(
  asked: PromotionRequest,
  { runtime, host, progress }: PromotionMeans,
): Promise<ProjectReport> {
  const { built, allowsBaseline } = asked;
  const options = { ...asked.options, mode: "enforce" } as const;
  const about = { project: runtime.cwd, ecosystem: ecosystemOf(built), purpose: "install", options } as const;
  const bounds = await findGround(about, host, runtime.cwd);
  const judged = [...built.folders, ...(options.policy === null ? built.around : [])];
  await refuseJudged(judged, { bounds, options, cwd: runtime.cwd });
  await refuseOwnCopy(bounds.repositoryRoot, runtime.env, (text) => host.notice(text));
  const { judge } = bounds;
  const decide: typeof judge.decide = (facts) => promotable(judge.decide(facts), allowsBaseline);
  const part = await judgePart(await partOf(built, host), { ...judge, decide }, progress);
  const [only, ...others] = built.folders;
  const folder = only === undefined || others.length > 0 ? runtime.cwd : only;
  const found = { parts: [part], notes: built.notes, outcome: outcomeOf([part]), exit: exitOf([part]) };
  return projectReport({ project: { folder }, bounds }, found, runtime, undefined);
}

/** Further registries are for locks: of the first file's is as good as any. */
function ecosystemOf({ files: [first] }: BuiltSet): Artifact["package"]["ecosystem"] {
  const builder = builderOf(basename(first?.path ?? ""));
  if (builder === null) throw new TypeError("nothing was built");
  return builder.table.ecosystem;
}

/** All files as one part, whatever they are for. */
async function partOf({ files }: BuiltSet, host: ClosableHost): Promise<Part> {
  const folder = await host.temporary("built");
  const members = new Map<Artifact, Member>();
  const unbound: Unbound[] = [];
  const work = (place: BuiltPlace, at: number) => open(place, join(folder, String(at)));
  for (const one of await pMap(files, work, { concurrency: LIMITS.concurrency })) {
    if ("denial" in one) unbound.push(one);
    else members.set(artifactOf(one), one);
  }
  const memberOf = (artifact: Artifact): Member => {
    const member = members.get(artifact);
    if (member === undefined) throw new TypeError(`${artifact.package.purl} is not of this part`);
    return member;
  };
  return {
    lockfile: null,
    artifacts: [...members.keys()],
    unbound,
    notGated: [],
    opens: false,
    obtain: async (artifact) => memberOf(artifact).is.bytes,
    collect: (artifact, source, fresh) => collect(memberOf(artifact), source, fresh, host),
  };
}

interface Member {
  readonly place: BuiltPlace;
  readonly file: BuiltFile;
  readonly is: BuiltPackage;
}

/** What is hashed and opened is the copy: whatever happens to the file meanwhile. */
async function open(place: BuiltPlace, copy: string): Promise<Member | Unbound> {
  const { path, location } = place;
  const name = basename(path);
  const taken = await copyHashed(path, { digests: [], hashes: ["sha384"] }, copy, { anyOwner: true });
  const read = await builderOf(name)?.load();
  if (taken === null || read === undefined)
    throw new SafeInstallError("unavailable", "FILE_UNREADABLE", `${location}: no file that can be read, or too large`);
  const digests = (["sha256", "sha384", "sha512"] as const).flatMap(
    (algorithm) => digestOf(algorithm, taken.hex[algorithm] ?? "") ?? [],
  );
  const file = { name, location, file: copy, digests };
  try {
    return { place, file, is: await read(file) };
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    return { package: null, location, denial: error.denial };
  }
}

function artifactOf({ place, file, is }: Member): Artifact {
  const { package: ref, bytes, subjectNames, form, runsScripts } = is;
  return {
    package: ref,
    digests: bytes.digests,
    locations: [place.location],
    subjectNames,
    ...(is.isSubjectName === undefined ? {} : { isSubjectName: is.isSubjectName.bind(is) }),
    ...(form === undefined ? {} : { form }),
    runsScripts,
    built: file.digests,
  };
}

/** Nobody has published it yet: a registry is not asked, and what lies beside it takes the place of its answer. */
async function collect(
  { place, file, is }: Member,
  source: Source,
  fresh: boolean,
  host: ClosableHost,
): Promise<readonly Evidence[]> {
  const { name, version } = is.package;
  const { digests, forms = [] } = is.bytes;
  const all = [...digests, ...forms.flatMap((form) => form.digests)];
  const sought = {
    fresh,
    host,
    known: digests,
    digests: async () => all,
    named: async () => digests,
    fields: { name, id: name, version, filename: file.name },
  };
  const nothing = async () => [];
  return askSource(source, sought, {
    own: async ({ signature }) => {
      const beside = await Promise.all(place.evidence.map((path) => readBeside(path, host)));
      const about = { name: file.name, digests: [...file.digests, ...all] };
      const shared = place.shared === null ? [] : await readShared(place.shared, about, host);
      return [...shared, ...(signature === true ? (is.signatures?.("author") ?? []) : []), ...beside.flat()];
    },
    registrySignature: async () => is.signatures?.("repository") ?? [],
    attestations: nothing,
    integrity: nothing,
    beside: nothing,
    companion: nothing,
  });
}
