import { wordsOf } from "../../../src/sign/key/command-words.ts";
import { expect, it } from "vitest";

it.each([
  ["pkcs11-tool --sign", ["pkcs11-tool", "--sign"]],
  ["  a   b  ", ["a", "b"]],
  [`"C:\\Program Files\\sign.exe" 'it''s' ""`, ["C:\\Program Files\\sign.exe", "its", ""]],
  [`sh -c 'base64 -w0 | "my tool"; $HOME'`, ["sh", "-c", 'base64 -w0 | "my tool"; $HOME']],
])("%s", (command, words) => expect(wordsOf(command)).toEqual(words));

it.each(["", "   ", '""', "a 'b", 'a "b'])("%j is no command", (command) => {
  expect(() => wordsOf(command)).toThrow(expect.objectContaining({ kind: "usage", code: "USAGE" }));
});
