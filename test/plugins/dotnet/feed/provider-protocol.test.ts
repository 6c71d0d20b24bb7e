import { asking } from "../../../../plugins/dotnet/feed/provider-protocol.ts";
import { describe, expect, it } from "vitest";

const FEED = "https://feed.example/v3/index.json";
type Message = Readonly<Record<string, unknown>>;

/** A conversation, from the provider's side. */
function converse(isRetry = false) {
  const conversation = asking({ address: FEED, isRetry });
  const said: Message[] = [];
  const raw: string[] = [];
  const hear = (one: Message | string) =>
    conversation.hear(typeof one === "string" ? one : JSON.stringify(one), (line) => {
      raw.push(line);
      said.push(JSON.parse(line) as Message);
    });
  const request = (Method: string) => hear({ RequestId: "p", Type: "Request", Method });
  const respond = (Method: string, Payload: object = { ResponseCode: "Success" }) =>
    hear({ RequestId: "q", Type: "Response", Method, Payload });
  return { hear, request, respond, said, raw, answer: () => conversation.answer() };
}

/** Up to the question for credentials. */
function begun(isRetry = false) {
  const one = converse(isRetry);
  one.request("Handshake");
  const ended = ["Handshake", "MonitorNuGetProcessExit", "Initialize"].map((method) => one.respond(method));
  ended.push(one.respond("GetOperationClaims", { Claims: ["DownloadPackage", "Authentication"] }));
  return { ...one, ended };
}

describe("a credential provider", () => {
  it("speaks first, and is answered and asked in turn, one line for each", () => {
    const { said, raw, request } = converse();
    expect(request("Handshake")).toBe(false);
    expect(said).toMatchObject([
      {
        RequestId: "p",
        Type: "Response",
        Method: "Handshake",
        Payload: { ResponseCode: "Success", ProtocolVersion: "2.0.0" },
      },
      { Type: "Request", Method: "Handshake", Payload: { ProtocolVersion: "2.0.0", MinimumProtocolVersion: "1.0.0" } },
    ]);
    expect(raw.every((line) => /^\{[^\r\n]*\}\r\n$/.test(line))).toBe(true);
  });

  it("is asked one thing after the other, and in the end for this feed, without anything on the screen", () => {
    const { said, ended } = begun();
    expect(ended).toEqual([false, false, false, false]);
    expect(said.map(({ Method }) => Method).slice(1)).toEqual([
      "Handshake",
      "MonitorNuGetProcessExit",
      "Initialize",
      "GetOperationClaims",
      "GetAuthenticationCredentials",
    ]);
    expect(said[2]?.["Payload"]).toEqual({ ProcessId: process.pid });
    expect(said.at(-1)?.["Payload"]).toEqual({
      Uri: FEED,
      IsRetry: false,
      IsNonInteractive: true,
      CanShowDialog: false,
    });
    expect(begun(true).said.at(-1)?.["Payload"]).toMatchObject({ IsRetry: true });
    expect(new Set(said.slice(1).map(({ RequestId }) => RequestId)).size).toBe(5);
  });

  it.each([
    [
      { Username: "bob", Password: "secret" },
      { username: "bob", password: "secret" },
    ],
    [{ Password: "secret" }, { username: "", password: "secret" }],
    [{ Username: "bob" }, null],
    [{ Username: 7, Password: "secret" }, null],
  ])("%j is what it gives", (payload, expected) => {
    const { respond, answer, said } = begun();
    expect(answer()).toBeNull();
    expect(respond("GetAuthenticationCredentials", { ResponseCode: "Success", ...payload })).toBe(true);
    expect(answer()).toEqual(expected);
    expect(said.at(-1)).toMatchObject({ Type: "Request", Method: "Close" });
  });

  it("that says no is asked no more", () => {
    for (const response of [{ ResponseCode: "NotFound", Password: "secret" }, {}]) {
      const { respond, answer } = begun();
      expect(respond("GetAuthenticationCredentials", response)).toBe(true);
      expect(answer()).toBeNull();
    }
    const { request, respond, said } = converse();
    request("Handshake");
    expect(respond("Handshake", { ResponseCode: "Error" })).toBe(true);
    expect(said).toHaveLength(2);
  });

  it.each([{ Claims: ["DownloadPackage"] }, { Claims: "Authentication" }, { ResponseCode: "Success" }])(
    "that is none for credentials (%j) is asked for none",
    (claims) => {
      const { request, respond, said } = converse();
      request("Handshake");
      for (const method of ["Handshake", "MonitorNuGetProcessExit", "Initialize"]) respond(method);
      expect(respond("GetOperationClaims", claims)).toBe(true);
      expect(said.at(-1)?.["Method"]).toBe("GetOperationClaims");
    },
  );

  it("may ask for more, tell how far it is, or speak of something else: it is waited for", () => {
    const { hear, request, respond, said } = begun();
    const count = said.length;
    expect(request("Log")).toBe(false);
    expect(said.at(-1)).toEqual({
      RequestId: "p",
      Type: "Response",
      Method: "Log",
      Payload: { ResponseCode: "Success" },
    });
    expect(request("Handshake")).toBe(false);
    expect(said).toHaveLength(count + 2);
    expect(hear({ RequestId: "x", Type: "Progress", Method: "GetAuthenticationCredentials" })).toBe(false);
    expect(respond("Initialize")).toBe(false);
    for (const line of ["", "{", "null", "7", '{"RequestId":7,"Method":"x"}', '{"RequestId":"x"}'])
      expect(hear(line)).toBe(false);
    expect(said).toHaveLength(count + 2);
  });

  it("that fails is asked no more", () => {
    const { hear, answer } = begun();
    expect(
      hear({
        RequestId: "x",
        Type: "Fault",
        Method: "GetAuthenticationCredentials",
        Payload: { ResponseCode: "Success", Password: "x" },
      }),
    ).toBe(true);
    expect(answer()).toBeNull();
  });
});
