/** ASCII letters in lower case; other letters stay, so that none turns into an ASCII one. */
export function foldAscii(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
