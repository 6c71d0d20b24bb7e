/**
 * Name and version of core metadata (PyPA "Core metadata specifications"), as Python's own reader of them takes the text: the
 * headers end at an empty line, or at one that is none; one without a name is passed over.
 * @returns what is wrong where they do not say one of each
 */
export function nameAndVersion(text: string): { readonly name: string; readonly version: string } | string {
  const found = { name: [] as string[], version: [] as string[] };
  let last = "";
  for (const line of text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/)) {
    if (/^[ \t]/.test(line)) {
      if (Object.hasOwn(found, last)) return `the metadata have a ${last} of several lines`;
      continue;
    }
    const [, header, value = ""] = /^([!-9;-~]*):(.*)$/s.exec(line) ?? [];
    if (header === undefined) break;
    last = header.toLowerCase();
    if (last === "name" || last === "version") found[last].push(value.trim());
  }
  const [name, version] = [found.name[0], found.version[0]];
  if (name === undefined || found.name.length > 1) return `the metadata have ${found.name.length} names`;
  if (version === undefined || found.version.length > 1) return `the metadata have ${found.version.length} versions`;
  return { name, version };
}
