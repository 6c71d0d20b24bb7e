import type { ReadStream } from "node:tty";

/** Asks at the terminal for what is not shown while it is typed; Ctrl-C and the end of input give up. @throws the reason */
export async function askHidden(
  question: string,
  input: Pick<ReadStream, "setRawMode" | "on" | "off" | "resume" | "pause">,
  output: { write(text: string): unknown },
): Promise<string> {
  output.write(question);
  input.setRawMode(true);
  input.resume();
  let typed = "";
  try {
    return await new Promise<string>((resolve, reject) => {
      input.on("end", () => reject(new Error("nobody answered")));
      input.on("data", (chunk: Buffer) => {
        for (const one of chunk.toString("utf8")) {
          if (one === "\r" || one === "\n") return resolve(typed);
          if (one === "\u0003" || one === "\u0004") return reject(new Error("given up"));
          typed = one === "\u007f" || one === "\b" ? typed.slice(0, -1) : typed + one;
        }
        return undefined;
      });
    });
  } finally {
    input.setRawMode(false);
    input.pause();
    output.write("\n");
  }
}
