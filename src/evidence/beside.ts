import { SourceUnavailable } from "../errors.ts";
import { LIMITS } from "../limits.ts";
import type { Evidence } from "../model/evidence.ts";
import type { Host } from "../plugin.ts";
import { redactUrl } from "../url.ts";
import { NOTARY_ENDINGS, readSidecar } from "./sidecar.ts";
import { meansNone } from "./url.ts";
import { fileURLToPath } from "node:url";

/** What the name of a bundle beside a file adds to the file's own. */
const ENDING = ".sigstore.json";

/** What publishers call the evidence of a file that they built; of attestations PyPI's (pypi-attestations), of signatures the Notary Project's. */
export const EVIDENCE_ENDINGS: readonly string[] = [
  ENDING,
  ".sigstore",
  ".sigstore.jsonl",
  ".intoto.jsonl",
  ".publish.attestation",
  ".slsa.attestation",
  ...NOTARY_ENDINGS,
];

/** GET as the ecosystem's own client asks, with its credentials. @throws SourceUnavailable */
type Get = (url: string) => Promise<{ readonly status: number; readonly body: Buffer }>;

/**
 * Looks for `FILE.sigstore.json` where the file itself is: on its registry, or in a folder of files; with `notary` for
 * `FILE.jws.sig` and `FILE.cose.sig` as well. Never kept for the next run: what lies beside a file may be put there later.
 * @throws SourceUnavailable
 */
export async function askBeside(
  file: string,
  get: Get,
  host: Pick<Host, "read">,
  notary = false,
): Promise<readonly Evidence[]> {
  const endings = [ENDING, ...(notary ? NOTARY_ENDINGS : [])];
  return (await Promise.all(endings.map((ending) => askOne(file, ending, get, host)))).flat();
}

async function askOne(file: string, ending: string, get: Get, host: Pick<Host, "read">): Promise<readonly Evidence[]> {
  if (!URL.canParse(file)) return [];
  const url = new URL(file);
  url.pathname += ending;
  if (url.protocol === "file:") return readBeside(fileURLToPath(url), host);
  const location = redactUrl(url.href);
  const { status, body } = await get(url.href);
  if (meansNone(status)) return [];
  if (status !== 200) throw new SourceUnavailable(location, `answered ${status}`);
  return readSidecar(body, "beside", location);
}

/** One file that may be a bundle; none where it is not there. */
export async function readBeside(path: string, host: Pick<Host, "read">): Promise<readonly Evidence[]> {
  const content = await host.read(path, { maxBytes: LIMITS.evidenceBytes });
  return content === null ? [] : readSidecar(content, "beside", path);
}
