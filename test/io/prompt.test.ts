import { askHidden } from "../../src/io/prompt.ts";
import { EventEmitter } from "node:events";
import { expect, it } from "vitest";

function terminal(...typed: readonly string[]) {
  const modes: boolean[] = [];
  const input = Object.assign(new EventEmitter(), {
    setRawMode: (mode: boolean) => void modes.push(mode),
    resume: () => queueMicrotask(() => typed.forEach((one) => input.emit("data", Buffer.from(one)))),
    pause: () => {},
  });
  let shown = "";
  const asked = askHidden("Password: ", input as unknown as Parameters<typeof askHidden>[1], {
    write: (text: string) => void (shown += text),
  });
  return { asked, modes, shown: () => shown };
}

it("takes what is typed up to the line's end, and shows none of it", async () => {
  const { asked, modes, shown } = terminal("sec", "rex\u007fet", "\r");
  expect(await asked).toBe("secreet");
  expect(shown()).toBe("Password: \n");
  expect(modes).toEqual([true, false]);
});

it("Ctrl-C gives up, and the terminal is as before", async () => {
  const { asked, modes } = terminal("sec\u0003");
  await expect(asked).rejects.toThrow("given up");
  expect(modes).toEqual([true, false]);
});
