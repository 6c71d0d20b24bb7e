import { afterBeginning, mayServe, openHelper } from "../../../../plugins/pip/python/helper.ts";
import {
  BEGINNING,
  FETCHING,
  INSTALLATION,
  PLAN,
  RESOLUTION,
  SERVING,
  WORDS,
} from "../../../../plugins/pip/python/programs.ts";
import { openPython, type Python, runPython } from "../../../../plugins/pip/python/run.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { createGuide } from "../../../../src/io/guide.ts";
import type { Command } from "../../../../src/plugin.ts";
import { testHost } from "../../../support/npm-session.ts";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { describe, expect, it, onTestFinished } from "vitest";

const python3 = (process.env["PATH"] ?? "")
  .split(":")
  .map((folder) => join(folder, "python3"))
  .find((file) => existsSync(file));

it("serves what one run asks, but for what builds", () => {
  for (const source of [WORDS, RESOLUTION, FETCHING, PLAN, INSTALLATION])
    expect(source.slice(0, BEGINNING.length) + afterBeginning(source)).toBe(source);
  expect(afterBeginning("print(1)")).toBeNull();
});

it("needs a way to lead programs", () => expect(mayServe({ guide: null })).toBe(false));

it("that asks nothing has none served, and is not asked again", async () => {
  let count = 0;
  const helper = openHelper(async () => {
    count += 1;
    return { asks: async () => false, tell: () => expect.unreachable(), show: () => {}, ended: Promise.resolve(1) };
  });
  expect([await helper.answer("/a"), await helper.answer("/b"), count]).toEqual([null, null, 1]);
});

describe.skipIf(python3 === undefined || process.platform !== "linux")("one interpreter", () => {
  function open(env: Readonly<Record<string, string>> = {}): { python: Python; ends: AbortController } {
    const folder = temporaryFolder();
    const ends = new AbortController();
    const guide = createGuide(ends.signal);
    onTestFinished(() => guide.close());
    const own = testHost({ home: folder, env });
    const host = { ...own, signal: ends.signal, guide: (command: Command) => guide.start(command) };
    return { python: openPython({ file: python3 ?? "", cwd: folder, project: folder, folder, host }), ends };
  }

  const ask = (python: Python, body: string, more: object = {}) =>
    runPython(python, { source: `${BEGINNING}\n${body}`, job: {}, bare: true, ...more });

  it("answers several questions, each in a process of its own that leaves nothing to the next", async () => {
    const { python } = open({ LEFT: "1" });
    const says =
      'finish({"pid": os.getpid(), "parent": os.getppid(), "left": os.environ.get("LEFT"), "argv": sys.argv[1:]})';
    const first = await ask(python, `os.environ["LEFT"] = "2"; job["more"] = 1; ${says}`);
    const second = await ask(python, says);
    const third = await ask(python, says, { env: { LEFT: undefined } });
    const found = [first, second, third].map(({ answer }) => answer);
    expect(new Set(found.map((one) => one?.["parent"])).size).toBe(1);
    expect(new Set(found.map((one) => one?.["pid"])).size).toBe(3);
    expect(found.map((one) => one?.["left"])).toEqual(["2", "1", null]);
  });

  it("is held by the guard as the one that it copies is", async () => {
    const { python } = open();
    const tries = `for act in (lambda: os.fork() or os._exit(0), lambda: os.system("true")):
    try:
        act()
    except OSError as error:
        said.append(str(error)[:80])
finish({"said": said})`;
    const { answer } = await ask(python, `said = []\n${tries}`);
    expect(answer?.["said"]).toEqual(Array.from({ length: 2 }, () => expect.stringContaining("child process refused")));
    expect(answer?.["refused"]).toHaveLength(2);
    const network =
      'import socket\ntry:\n    socket.getaddrinfo("localhost", 80)\nexcept OSError as error:\n    finish({"said": str(error)})';
    expect((await ask(python, network, { job: { offline: true } })).answer).toMatchObject({
      said: expect.stringContaining("network refused"),
    });
  });

  it.each([
    ["sys.exit(7)", 7],
    ["os.kill(os.getpid(), 9)", 137],
    ['raise SystemExit("no")', 1],
  ])("ends as the program ends: %s", async (body, code) => {
    const { python } = open();
    expect(await ask(python, body)).toEqual({ code, answer: null });
    expect((await ask(python, "finish({})")).code).toBe(0);
  });

  it("gives an interpreter of its own to what wants one", async () => {
    const { python } = open();
    const says = 'finish({"parent": os.getppid()})';
    expect((await ask(python, says)).answer).not.toEqual({ refused: [], parent: process.pid });
    expect((await ask(python, says, { apart: true })).answer).toEqual({ refused: [], parent: process.pid });
  });

  it("ends, and with it the one that answers, where the run is ended", async () => {
    const { python, ends } = open();
    const started = join(python.folder, "started");
    const waits = ask(
      python,
      `open(${JSON.stringify(started)}, "w").write(str(os.getpid()))\nimport time\ntime.sleep(60)`,
    );
    const [, failed] = await Promise.all([
      (async () => {
        while (!existsSync(started)) await new Promise((done) => setTimeout(done, 10));
        ends.abort(new Error("ended"));
      })(),
      waits.catch((error: unknown) => error),
    ]);
    expect(failed).toMatchObject({ message: "ended" });
  });

  it("ends nobody whom it did not start, whenever its clock rings", async () => {
    const folder = temporaryFolder();
    const [program, job] = [join(folder, "serving.py"), join(folder, "job")];
    writeFileSync(program, SERVING);
    writeFileSync(job, JSON.stringify({ project: folder, cwd: folder, answer: `${job}.answer` }));
    const stdio = ["ignore", "inherit", "inherit", "pipe"] as const;
    // A group of its own: whoever ends a whole group would end the tests.
    const helper = spawn(python3 ?? "", ["-I", "-S", "-B", program, job], { stdio: [...stdio], detached: true });
    const line = helper.stdio[3] as Duplex;
    const ended = once(helper, "exit");
    await once(line, "data");
    helper.kill("SIGALRM");
    line.end();
    expect(await ended).toEqual([0, null]);
  });

  it("is not asked where there is none", async () => {
    const { python } = open();
    const file = join(python.folder, "python");
    writeFileSync(
      file,
      '#!/bin/sh\nfor job; do :; done\n[ -e "$0.asked" ] && echo "{}" > "$job.answer"\n: > "$0.asked"\n',
      {
        mode: 0o755,
      },
    );
    const { answer } = await ask(openPython({ ...python, file }), "finish({})");
    expect(answer).toEqual({});
    expect(readdirSync(python.folder)).toContain("python.asked");
  });
});
