import { parseJson } from "../json.ts";
import type { Digest } from "../model/digest.ts";
import type { Evidence } from "../model/evidence.ts";
import type { Host } from "../plugin.ts";
import { readBeside } from "./beside.ts";
import { basename } from "node:path";

/** What slsa-github-generator calls the provenance of several files together. */
export const SHARED_EVIDENCE = "multiple.intoto.jsonl";

/** A file, as a statement may speak of it. */
interface About {
  readonly name: string;
  readonly digests: readonly Digest[];
}

/**
 * What a file about several packages holds about one: each bundle that names it or a digest of it, and what cannot be read that
 * far. Whether it holds is another matter; what is about others says nothing of this one.
 */
export async function readShared(path: string, about: About, host: Pick<Host, "read">): Promise<readonly Evidence[]> {
  const all = await readBeside(path, host);
  return all.filter((one) => !("bundle" in one) || isAbout(one.bundle, about));
}

function isAbout(bundle: unknown, { name, digests }: About): boolean {
  const subjects = subjectsOf(bundle);
  if (subjects === null) return true;
  return subjects.some(
    (one) =>
      basename(one.name ?? "") === name ||
      digests.some(({ algorithm, hex }) => String(one.digest?.[algorithm]).toLowerCase() === hex),
  );
}

interface StatedSubject {
  readonly name?: string;
  readonly digest?: Readonly<Record<string, unknown>>;
}

/** null: nobody can say. */
function subjectsOf(bundle: unknown): readonly StatedSubject[] | null {
  try {
    const { payload } = (bundle as { readonly dsseEnvelope: { readonly payload: string } }).dsseEnvelope;
    const { subject } = parseJson(Buffer.from(payload, "base64").toString("utf8")) as {
      readonly subject: readonly StatedSubject[];
    };
    return subject.every((one) => typeof (one.name ?? "") === "string") ? subject : null;
  } catch {
    return null;
  }
}
