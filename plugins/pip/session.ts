import { isAllowedUrl, SourceUnavailable } from "../../src/plugin.ts";
import { FETCHING } from "./python/programs.ts";
import { type Python, runPython } from "./python/run.ts";
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** GETs with pip's own session: the user's credentials (for the origins they are configured for), proxies, certificates. */
export interface PipSession {
  /** @throws SourceUnavailable */
  get(url: string, options: { readonly accept: string; readonly maxBytes: number }): Promise<SessionAnswer>;
}

interface SessionAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: Buffer;
}

interface Ask {
  readonly url: string;
  readonly accept: string;
  readonly maxBytes: number;
  readonly file: string;
}

interface Waiting {
  readonly ask: Ask;
  readonly done: (answer: SessionAnswer) => void;
  readonly fail: (error: unknown) => void;
}

/** What is asked while a pip is at work waits and goes together: one process for many addresses. */
export function openPipSession(python: Python, args: readonly string[]): PipSession {
  let waiting: Waiting[] = [];
  let working = false;
  return {
    get(url, { accept, maxBytes }) {
      if (python.file === null)
        return Promise.reject(new SourceUnavailable(url, "only pip's credentials would reach it"));
      if (python.host.offline) return Promise.reject(new SourceUnavailable(url, "offline"));
      if (!isAllowedUrl(url)) return Promise.reject(new SourceUnavailable(url, "neither https nor loopback"));
      const file = join(python.folder, `${randomUUID()}.body`);
      return new Promise((done, fail) => {
        waiting.push({ ask: { url, accept, maxBytes, file }, done, fail });
        if (!working) setImmediate(() => void work());
      });
    },
  };

  async function work(): Promise<void> {
    if (working) return;
    working = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      await askAll(batch).catch((error: unknown) => batch.forEach(({ fail }) => fail(error)));
    }
    working = false;
  }

  async function askAll(batch: readonly Waiting[]): Promise<void> {
    const asks = batch.map(({ ask }) => ask);
    const { answer } = await runPython(python, { source: FETCHING, job: { args, asks }, bare: true });
    const answers = (answer?.["answers"] ?? []) as readonly { status?: number; type?: string; failure?: string }[];
    await Promise.all(batch.map((one, index) => settle(one, answers[index] ?? { failure: "pip gave no answer" })));
  }
}

async function settle(
  { ask, done, fail }: Waiting,
  { status, type = "", failure }: { readonly status?: number; readonly type?: string; readonly failure?: string },
): Promise<void> {
  if (status === undefined) return fail(new SourceUnavailable(ask.url, failure ?? "no answer"));
  done({ status, type, body: await readFile(ask.file) });
}
