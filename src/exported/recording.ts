import { ArtifactError, SourceUnavailable } from "../errors.ts";
import type { ClosableHost } from "../io/host.ts";
import type { Evidence } from "../model/evidence.ts";
import type { Artifact } from "../model/artifact.ts";
import type { Part } from "../plugin.ts";
import type { Source } from "../model/wanted.ts";
import { answerKey, keyDigest } from "./answer-key.ts";
import type { Index, WrittenAnswer, WrittenEvidence } from "./index.ts";
import type { Spool } from "./spool.ts";

/** What a judgement stood on, while it is made. */
export interface Recording {
  /** Does what the host does, and writes down what plugins keep and take. */
  readonly host: ClosableHost;
  /** The same part, whose answers are written down. @param root absolute: the repository's */
  readonly watch: (part: Part, root: string) => Part;
  readonly recorded: () => Pick<Index, "answers" | "kept" | "bytes">;
}

/** @param spool where it is kept meanwhile */
export function recording(host: ClosableHost, spool: Spool): Recording {
  const put = (content: Buffer) => spool.put(content);
  const answers = new Map<string, WrittenAnswer>();
  const kept = new Map<string, string>();
  const bytes = new Map<string, Index["bytes"][number]>();
  const keepBytes = (path: string, aliases: readonly string[] = []): void => {
    const { name: file, sha512 } = spool.take(path);
    const all = new Set([...(bytes.get(file)?.aliases ?? []), ...aliases]);
    bytes.set(file, { digests: [`sha256:${file}`, `sha512:${sha512}`], aliases: [...all], file });
  };
  const { cache, store } = host;
  return {
    host: {
      ...host,
      cache: {
        get: async (key) => {
          const found = await cache.get(key);
          if (found !== null) kept.set(keyDigest(key), put(found));
          return found;
        },
        put: async (key, value) => {
          kept.set(keyDigest(key), put(value));
          await cache.put(key, value);
        },
      },
      store: {
        ...store,
        take: async (sought, into) => {
          const taken = await store.take(sought, into);
          if (taken !== null) keepBytes(into, sought.aliases);
          return taken;
        },
        keep: async (file, options) => {
          keepBytes(file, options.aliases);
          await store.keep(file, options);
        },
      },
    },
    watch: (part, root) => ({
      ...part,
      collect: async (artifact, source, fresh) => {
        const write = (said: Collected) => {
          const key = answerKey(artifact, source, root);
          answers.set(key, written(artifact, key, said, put));
        };
        return ask(part, artifact, source, fresh, write);
      },
    }),
    recorded: () => ({ answers: [...answers.values()], kept: listed(kept), bytes: [...bytes.values()] }),
  };
}

function listed(kept: ReadonlyMap<string, string>): Index["kept"] {
  return [...kept].map(([key, file]) => ({ key, file })).toSorted((left, right) => (left.key < right.key ? -1 : 1));
}

interface Collected {
  readonly evidence?: readonly Evidence[];
  readonly unavailable?: WrittenAnswer["unavailable"];
  readonly fault?: ArtifactError;
}

async function ask(
  part: Part,
  artifact: Artifact,
  source: Source,
  fresh: boolean,
  write: (said: Collected) => void,
): Promise<readonly Evidence[]> {
  try {
    const evidence = await part.collect(artifact, source, fresh);
    write({ evidence });
    return evidence;
  } catch (error) {
    if (error instanceof ArtifactError) write({ fault: error });
    if (error instanceof SourceUnavailable) {
      const { location, reason, partial } = error;
      write({ evidence: partial, unavailable: { location, reason } });
    }
    throw error;
  }
}

function written(
  artifact: Artifact,
  key: string,
  { evidence = [], unavailable = null, fault }: Collected,
  put: Spool["put"],
): WrittenAnswer {
  return {
    package: artifact.package.purl,
    key,
    evidence: evidence.map((one) => writtenEvidence(one, put)),
    unavailable,
    fault: fault === undefined ? null : { ...fault.denial, details: fault.denial.details.map((one) => ({ ...one })) },
  };
}

function writtenEvidence(evidence: Evidence, put: Spool["put"]): WrittenEvidence {
  const { source, location } = evidence;
  const json = (value: unknown) => put(Buffer.from(JSON.stringify(value)));
  if ("malformed" in evidence) return { source, location, malformed: evidence.malformed };
  if ("nugetSignature" in evidence) {
    const { kind, cms } = evidence.nugetSignature;
    return { source, location, kind, nugetSignature: put(cms) };
  }
  if ("notary" in evidence) {
    const { format, envelope } = evidence.notary;
    return { source, location, format, notary: put(envelope) };
  }
  if ("registrySignature" in evidence)
    return { source, location, registry: evidence.registry, registrySignature: json(evidence.registrySignature) };
  const { bundle, statedPredicateType: stated, publisher } = evidence;
  return {
    source,
    location,
    bundle: json(bundle),
    ...(stated === undefined ? {} : { statedPredicateType: stated }),
    ...(publisher === undefined ? {} : { publisher }),
  };
}
