import type { Credentials } from "./settings.ts";
import { randomUUID } from "node:crypto";

/** What is wanted of a provider. */
export interface Question {
  /** URL of the feed's service index. */
  readonly address: string;
  /** What it gave before was not accepted. */
  readonly isRetry: boolean;
}

/** One side of the conversation with a credential provider. */
interface Asking {
  /** Takes one line. @returns whether that was all */
  hear(line: string, say: (line: string) => void): boolean;
  /** null: the provider has none for this feed. */
  answer(): Credentials | null;
}

interface Message {
  readonly RequestId: string;
  readonly Type: string;
  readonly Method: string;
  readonly Payload?: Readonly<Record<string, unknown>>;
}

const VERSIONS = { ProtocolVersion: "2.0.0", MinimumProtocolVersion: "1.0.0" };
const SUCCESS = { ResponseCode: "Success" };

/**
 * Asks as NuGet does: both sides shake hands, then one request after the other, a JSON message on each line (learn.microsoft.com,
 * "NuGet cross platform plugins" and "NuGet cross platform authentication plugin", protocol 2.0.0). Nobody is asked anything on the screen.
 */
export function asking({ address, isRetry }: Question): Asking {
  let credentials: Credentials | null = null;
  const steps: readonly (readonly [method: string, payload: object])[] = [
    ["Handshake", VERSIONS],
    ["MonitorNuGetProcessExit", { ProcessId: process.pid }],
    ["Initialize", { ClientVersion: "6.0.0", Culture: "en", RequestTimeout: "00:00:30" }],
    ["GetOperationClaims", {}],
    ["GetAuthenticationCredentials", { Uri: address, IsRetry: isRetry, IsNonInteractive: true, CanShowDialog: false }],
  ];
  let at = 0;
  return { hear, answer: () => credentials };

  function hear(line: string, say: (line: string) => void): boolean {
    const message = parse(line);
    if (message === null) return false;
    const tell = (one: object) => say(`${JSON.stringify(one)}\r\n`);
    if (message.Type === "Request") {
      const { RequestId, Method } = message;
      const own = Method === "Handshake" ? { ...SUCCESS, ProtocolVersion: VERSIONS.ProtocolVersion } : SUCCESS;
      tell({ RequestId, Type: "Response", Method, Payload: own });
      // The provider speaks first; its handshake opens ours.
      if (Method === "Handshake" && at === 0) ask(tell);
      return false;
    }
    if (message.Type === "Progress" || message.Method !== steps[at]?.[0]) return false;
    if (message.Type !== "Response" || !isAgreed(message)) return true;
    if (++at < steps.length) return ask(tell);
    credentials = credentialsIn(message.Payload);
    tell({ RequestId: randomUUID(), Type: "Request", Method: "Close" });
    return true;
  }

  function ask(tell: (message: object) => void): false {
    const [Method, Payload] = steps[at] ?? [];
    tell({ RequestId: randomUUID(), Type: "Request", Method, Payload });
    return false;
  }
}

function parse(line: string): Message | null {
  try {
    const message = JSON.parse(line) as Partial<Message> | null;
    return typeof message?.RequestId === "string" && typeof message.Method === "string" ? (message as Message) : null;
  } catch {
    return null;
  }
}

function isAgreed({ Method, Payload = {} }: Message): boolean {
  if (Method === "GetOperationClaims")
    return Array.isArray(Payload["Claims"]) && Payload["Claims"].includes("Authentication");
  return Payload["ResponseCode"] === "Success";
}

function credentialsIn(payload: Message["Payload"]): Credentials | null {
  const { Username: username = "", Password: password } = payload ?? {};
  return typeof password === "string" && typeof username === "string" ? { username, password } : null;
}
