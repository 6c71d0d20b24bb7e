import { ArtifactError, SourceUnavailable } from "../errors.ts";
import type { ClosableHost } from "../io/host.ts";
import { createStore } from "../io/store/store.ts";
import { parseJson } from "../json.ts";
import type { Denial } from "../model/codes.ts";
import { parseDigest } from "../model/digest.ts";
import type { Evidence, RegistrySignature } from "../model/evidence.ts";
import type { Part } from "../plugin.ts";
import { closed, readAs } from "../shape.ts";
import { answerKey, keyDigest } from "./answer-key.ts";
import type { WrittenAnswer, WrittenEvidence } from "./index.ts";
import { damaged, type Pack } from "./pack.ts";
import { join } from "node:path";
import * as v from "valibot";

/** A host that knows nothing but what an export holds: no network, no cache or trust of this machine, at another time. */
export async function replayingHost(pack: Pack, host: ClosableHost, at: Date | null): Promise<ClosableHost> {
  const folder = await host.temporary("evidence");
  const kept = new Map(pack.index.kept.map(({ key, file }) => [key, file]));
  const cache: ClosableHost["cache"] = {
    get: async (key) => {
      const file = kept.get(keyDigest(key));
      return file === undefined ? null : pack.read(file);
    },
    put: async () => {},
  };
  const store = createStore(folder);
  for (const { digests, aliases, file } of pack.index.bytes) {
    const copy = join(await host.temporary("evidence-bytes"), "0");
    await pack.lay(file, copy);
    await store.keep(copy, { digests: digests.flatMap((one) => parseDigest(one) ?? []), aliases });
  }
  const held = new Map<string, Buffer>();
  const trust = {
    ...host.trust,
    settings: { ...host.trust.settings, refreshes: false },
    get: async (name: string) => held.get(name) ?? null,
    put: async (name: string, value: Buffer) => void held.set(name, value),
  };
  return { ...host, offline: true, cache, store, trust, ...(at === null ? {} : { now: () => at }) };
}

/** The same part, whose sources answer what they answered then. @param root absolute: the repository's */
export function replayed(part: Part, root: string, pack: Pack): Part {
  const answers = new Map(pack.index.answers.map((answer) => [answer.key, answer]));
  return {
    ...part,
    collect: async (artifact, source) => {
      const answer = answers.get(answerKey(artifact, source, root));
      if (answer === undefined) throw new SourceUnavailable(source.kind, "not in the exported evidence");
      return answered(answer, pack);
    },
  };
}

async function answered({ evidence, unavailable, fault }: WrittenAnswer, pack: Pack): Promise<readonly Evidence[]> {
  if (fault !== null) throw new ArtifactError(fault as Denial);
  const found = await Promise.all(evidence.map((one) => evidenceOf(one, pack)));
  if (unavailable !== null) throw new SourceUnavailable(unavailable.location, unavailable.reason, found);
  return found;
}

async function evidenceOf(written: WrittenEvidence, pack: Pack): Promise<Evidence> {
  if ("malformed" in written) return written;
  const { source, location } = written;
  if ("nugetSignature" in written)
    return { source, location, nugetSignature: { kind: written.kind, cms: await pack.read(written.nugetSignature) } };
  if ("notary" in written)
    return { source, location, notary: { format: written.format, envelope: await pack.read(written.notary) } };
  if ("registrySignature" in written) {
    const { registry, registrySignature: file } = written;
    return { source, location, registry, registrySignature: signatureIn(await pack.read(file), pack.nameOf(file)) };
  }
  const { bundle: file, statedPredicateType: stated, publisher } = written;
  return {
    source,
    location,
    bundle: jsonIn(await pack.read(file), pack.nameOf(file)),
    ...(stated === undefined ? {} : { statedPredicateType: stated }),
    ...(publisher === undefined ? {} : { publisher }),
  };
}

function jsonIn(content: Buffer, name: string): unknown {
  try {
    return parseJson(content.toString("utf8"));
  } catch (error) {
    throw damaged(name, (error as Error).message);
  }
}

const Signature = closed({
  name: v.string(),
  version: v.string(),
  integrity: v.string(),
  signatures: v.array(closed({ keyid: v.string(), sig: v.string() })),
  published: v.nullable(v.string()),
});

function signatureIn(content: Buffer, name: string): RegistrySignature {
  const read = readAs(Signature, jsonIn(content, name));
  if ("wrong" in read) throw damaged(name, read.wrong);
  return read.value;
}
