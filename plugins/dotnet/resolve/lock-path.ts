import { type Host, LIMITS, type Unbound } from "../../../src/plugin.ts";
import { attribute, descendants, localName, type XmlElement } from "../xml.ts";
import { rootOf, sharedFiles, textOf } from "../sdk/references.ts";
import { LOCK } from "../table.ts";
import { basename, dirname, resolve } from "node:path";

/**
 * A project may go by a lock in another place (`NuGetLockFilePath`; learn.microsoft.com, "Locking dependencies"): then the
 * one beside it is read by nobody. Found in the text of the project, and of what it imports by a literal name.
 */
export async function lockElsewhere(project: string, host: Pick<Host, "read">): Promise<readonly Unbound[]> {
  const files = [project, ...(await sharedFiles(dirname(project)))];
  const found: Unbound[] = [];
  // It grows while it is read.
  for (const file of files) {
    const content = await host.read(file, { maxBytes: LIMITS.manifestBytes });
    // What is no XML is refused where project SDKs are looked for.
    const root = content === null ? null : rootOf(textOf(content));
    for (const element of root === null ? [] : [root, ...descendants(root)]) {
      const imported = importOf(element, file);
      if (imported !== null && !files.includes(imported)) files.push(imported);
      if (/^nugetlockfilepath$/i.test(localName(element)) && !isBeside(element.text))
        found.push(refused(file, element));
    }
  }
  return found;
}

const HERE = /^\$\(MSBuild(?:ThisFile|Project)Directory\)[\\/]?/i;

function importOf(element: XmlElement, file: string): string | null {
  const value = localName(element) === "Import" ? attribute(element, "Project") : null;
  const path = value?.replace(/^\$\(MSBuildThisFileDirectory\)[\\/]?/i, "").replaceAll("\\", "/") ?? "";
  return path === "" || /[$*%]/.test(path) ? null : resolve(dirname(file), path);
}

/** Every lock of such a name in the project's folder is judged, whatever stands for a property in it. */
function isBeside(value: string): boolean {
  const name = value
    .trim()
    .replace(HERE, "")
    .replaceAll(/\$\([^()]*\)/g, "x");
  return name === "" || (!/[\\/]/.test(name) && LOCK.test(name));
}

function refused(location: string, { text }: XmlElement): Unbound {
  const message = `${basename(location)} has projects go by another lock, ${text.trim()}: the one beside them says nothing of what a restore brings`;
  const hint = "leave NuGetLockFilePath out, or judge by safe-install dotnet restore --locked-mode";
  return { package: null, location, denial: { code: "LOCK_UNSUPPORTED", message, details: [], location, hint } };
}
