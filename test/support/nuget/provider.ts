import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * A credential provider as NuGet runs one (protocol 2.0.0): stands in for the one for Azure Artifacts, which cannot be had
 * here. The real dotnet takes it too. What it was asked is written beside it. `stale`: what it gives until it is told that this
 * was not accepted.
 */
export function writeProvider(folder: string, password: string, stale = password): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "nuget-plugin-acme");
  writeFileSync(join(folder, "package.json"), "{}");
  writeFileSync(file, `#!${process.execPath}\nconst GIVEN = ${JSON.stringify({ password, stale })};\n${PROGRAM}`);
  chmodSync(file, 0o755);
  return file;
}

const PROGRAM = `
const { appendFileSync } = require("node:fs");
const send = (message) => process.stdout.write(JSON.stringify(message) + "\\r\\n");
const VERSION = { ProtocolVersion: "2.0.0" };
const ANSWERS = {
  Handshake: () => VERSION,
  GetOperationClaims: () => ({ Claims: ["Authentication"] }),
  GetAuthenticationCredentials: ({ Uri, IsRetry }) => {
    appendFileSync(__filename + ".asked", Uri + (IsRetry ? " again" : "") + "\\n");
    return { Username: "any", Password: IsRetry ? GIVEN.password : GIVEN.stale, AuthenticationTypes: ["basic"] };
  },
};
send({ RequestId: "1", Type: "Request", Method: "Handshake", Payload: { ...VERSION, MinimumProtocolVersion: "1.0.0" } });
send({ RequestId: "2", Type: "Request", Method: "Log", Payload: { LogLevel: "Minimal", Message: "hello" } });
require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
  const { RequestId, Type, Method, Payload = {} } = JSON.parse(line);
  if (Method === "Close") process.exit(0);
  if (Type !== "Request") return;
  const answer = (ANSWERS[Method] ?? (() => ({})))(Payload);
  send({ RequestId, Type: "Response", Method, Payload: { ResponseCode: "Success", ...answer } });
});
`;
