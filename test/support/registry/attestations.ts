import type { ServerResponse } from "node:http";

/** What `/-/npm/v1/attestations/NAME@VERSION` answers. */
export type AttestationsAnswer =
  /** 200 with `{ attestations: [...] }`. */
  | { readonly bundles: readonly { readonly predicateType?: string; readonly bundle: unknown }[] }
  /** A body as it is, for instance one of the corpus, or rubbish. */
  | { readonly status: number; readonly body?: string }
  /** Takes the request and never answers. */
  | { readonly hang: true };

export function attestationsAnswer(answer: AttestationsAnswer | undefined, response: ServerResponse): void {
  if (answer === undefined) return reply(response, 404, '{"error":"no attestations"}');
  if ("hang" in answer) return;
  if ("bundles" in answer) return reply(response, 200, JSON.stringify({ attestations: answer.bundles }));
  return reply(response, answer.status, answer.body ?? "{}");
}

function reply(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(body);
}
