/**
 * Where the address of a source is asked: `https://host:port`; null for a folder of this machine. What is neither, or could be
 * read in two ways, stays as it is: nobody else names it so.
 */
export function originOf(address: string): string | null {
  if (/^\s*[\\/]{2}/.test(address)) return address;
  if (!/^\s*[A-Za-z][A-Za-z0-9+.-]+:/.test(address)) return null;
  if (!URL.canParse(address) || /[^\u0021-\u007E]|\\/.test(address)) return address;
  const { protocol, origin, host, username, password } = new URL(address);
  if (protocol === "file:") return host === "" ? null : address;
  return /^https?:$/.test(protocol) && username + password === "" ? origin : address;
}
