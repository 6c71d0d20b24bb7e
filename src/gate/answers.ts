import { ArtifactError, SourceUnavailable } from "../errors.ts";
import { LIMITS } from "../limits.ts";
import type { Artifact } from "../model/artifact.ts";
import type { Denial } from "../model/codes.ts";
import type { Unavailable } from "../model/decision.ts";
import type { Evidence } from "../model/evidence.ts";
import type { Source } from "../model/wanted.ts";
import type { Part } from "../plugin.ts";

/** What one source said of one artifact. */
export interface Answer {
  readonly evidence: readonly Evidence[];
  readonly unavailable: readonly Unavailable[];
  readonly faults: readonly Denial[];
}

/** Never rejects but for a bug: what could not be found out is an answer too. */
export async function answerOf(
  part: Pick<Part, "collect">,
  artifact: Artifact,
  source: Source,
  fresh: boolean,
): Promise<Answer> {
  const nothing = { evidence: [], unavailable: [], faults: [] };
  try {
    return { ...nothing, evidence: atMost(await part.collect(artifact, source, fresh)) };
  } catch (error) {
    if (error instanceof SourceUnavailable) {
      const unavailable = [{ location: error.location, reason: error.reason }];
      return { ...nothing, evidence: atMost(error.partial), unavailable };
    }
    if (error instanceof ArtifactError) return { ...nothing, faults: [error.denial] };
    throw error;
  }
}

/** More bundles than the bound are not looked at, and say so: none of them could be left out in silence. */
function atMost(evidence: readonly Evidence[]): readonly Evidence[] {
  const most = LIMITS.bundlesPerArtifact;
  const extra = evidence[most];
  if (extra === undefined) return evidence;
  return [{ source: extra.source, location: extra.location, malformed: `more than ${most} bundles` }];
}
