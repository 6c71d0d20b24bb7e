import { SourceUnavailable } from "../errors.ts";
import type { ClosableHost } from "../io/host.ts";
import type { Ask, Command, Fetched, Guided } from "../host.ts";
import type { ProjectReport } from "../model/report.ts";
import { redactUrl } from "../url.ts";
import { printable } from "./text.ts";
import { basename } from "node:path";

/** Takes one line for people. */
export type Say = (line: string) => void;

/** Lines with the time of `now`, in milliseconds. */
export function sayer(write: (text: string) => void, now: () => number): Say {
  return (line) => write(`${now().toFixed(0).padStart(7)} ms  ${printable(line)}\n`);
}

/**
 * A host that tells what it is asked: each request with what came of it, each program that is started. Addresses are without
 * user, password and query; headers, and what programs are told, are never shown.
 */
export function traced(host: ClosableHost, say: Say, now: () => number): ClosableHost {
  const { guide } = host;
  return {
    ...host,
    fetch: (url, options) => told(url, () => host.fetch(url, options)),
    request: (url, ask: Ask) => told(url, () => host.request(url, ask)),
    run: (command) => started(command, () => host.run(command)),
    converse: (command, hear, timeoutMs) => started(command, () => host.converse(command, hear, timeoutMs)),
    guide: guide === null ? null : (command) => led(command, guide(command)),
  };

  function led(command: Command, guided: Guided): Guided {
    void started(command, () => guided.ended);
    return guided;
  }

  async function told(url: string, ask: () => Promise<Fetched>): Promise<Fetched> {
    const begun = now();
    const about = `GET ${redactUrl(url)}`;
    try {
      const fetched = await ask();
      const size = fetched.body.length === 0 ? "" : ` ${fetched.body.length} bytes,`;
      say(`${about}  ${fetched.status},${size} in ${(now() - begun).toFixed(0)} ms`);
      return fetched;
    } catch (error) {
      say(`${about}  ${reasonOf(error)}, in ${(now() - begun).toFixed(0)} ms`);
      throw error;
    }
  }

  async function started<T>({ file, args }: Command, start: () => Promise<T>): Promise<T> {
    const begun = now();
    const about = [basename(file), args[0] ?? ""].join(" ").trim();
    try {
      return await start();
    } finally {
      say(`${about}  ran for ${(now() - begun).toFixed(0)} ms`);
    }
  }
}

/** Whatever else an error says may hold the address as it was asked. */
function reasonOf(error: unknown): string {
  if (error instanceof SourceUnavailable) return error.reason;
  return error instanceof Error ? error.name : "failed";
}

/** Which policies judged, and what came of it. */
export function sayJudged({ project, lockfile, policies, decisions, unbound, outcome }: ProjectReport, say: Say): void {
  for (const { name, digest, mode } of policies) say(`policy ${name} (${mode}) ${digest}`);
  say(`${lockfile ?? project}: ${decisions.length + unbound.length} packages judged: ${outcome}`);
}
