import { askWithin } from "../../../src/sign/keyless/window.ts";
import { expect, it } from "vitest";

const START = Date.parse("2026-01-01T00:00:00Z");
const window = { of: "the certificate", closes: new Date(START + 600_000) };

/** Time passes where it is waited for, and with each question. */
function clock(perQuestion = 0) {
  let at = START;
  const waits: number[] = [];
  return {
    waits,
    tick: () => void (at += perQuestion),
    now: () => new Date(at),
    pause: async (ms: number) => void (waits.push(ms), (at += ms)),
  };
}

class Answer extends Error {
  readonly statusCode: number;
  constructor(statusCode: number) {
    super(`(${statusCode}) said so, the-secret`);
    this.statusCode = statusCode;
  }
}

const wrapped = (cause: unknown) => Object.assign(new Error("error creating tlog entry"), { cause });

function asking(answers: readonly unknown[], time = clock()) {
  let count = 0;
  const ask = async () => {
    time.tick();
    const answer = answers[Math.min(count++, answers.length - 1)];
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const asked = askWithin({ whom: "the log", window, secret: "the-secret", ask }, time);
  return { asked, count: () => count, time };
}

it.each([
  ["a server's fault", wrapped(new Answer(503))],
  ["too many questions", wrapped(new Answer(429))],
  ["a connection", wrapped(Object.assign(new Error("x"), { code: "ECONNREFUSED" }))],
])("%s passes: asked again", async (_, failure) => {
  const { asked, count } = asking([failure, failure, "entry"]);
  expect([await asked, count()]).toEqual(["entry", 3]);
});

it.each([
  ["what is refused", wrapped(new Answer(400))],
  ["a fault of a library", new TypeError("x is undefined")],
])("%s stays: asked once", async (_, failure) => {
  const { asked, count } = asking([failure]);
  await expect(asked).rejects.toMatchObject({ code: "SIGNING_UNAVAILABLE" });
  expect(count()).toBe(1);
});

it("unreachable for as often as is asked: said, with the last answer, and without the secret", async () => {
  const { asked, count, time } = asking([wrapped(new Answer(503))]);
  await expect(asked).rejects.toMatchObject({
    code: "SIGNING_UNAVAILABLE",
    message: "the log: (503) said so, (the token), 8 times",
  });
  expect([count(), time.waits]).toEqual([8, [250, 500, 1000, 2000, 4000, 8000, 16_000, 30_000]]);
});

it("the certificate's window closes while it is asked: which one, and when", async () => {
  const { asked, count } = asking([wrapped(new Answer(503))], clock(250_000));
  await expect(asked).rejects.toMatchObject({
    code: "WINDOW_CLOSED",
    message:
      "the certificate ended at 2026-01-01T00:10:00.000Z, before the log had answered; the last answer: (503) said so, (the token)",
  });
  expect(count()).toBe(3);
});
