/** Text in XML that MSBuild reads: its own special characters are escaped as it escapes them. */
export function inMsbuild(text: string): string {
  const plain = text.replaceAll(/[%$@'();?*]/g, (one) => `%${one.charCodeAt(0).toString(16)}`);
  return plain.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
