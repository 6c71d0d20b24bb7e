import { type Code, isAllowedUrl, isInside, resolveLinks, wayTo } from "../../../src/plugin.ts";
import { parseIntegrity } from "../integrity.ts";
import { deny, isAskedThere, type Sorted } from "./edges.ts";
import type { TreeNode } from "./node.ts";
import { type Outside, placeOf, refOf } from "./places.ts";

interface Within {
  readonly archives?: boolean;
  readonly project: string;
  readonly repositoryRoot: string;
}

/**
 * An archive at an address, or a file of the repository: no registry vouches for it, so that all that can be known of it
 * is where it lies and what it hashes to. It is one of the same name and version elsewhere in no respect.
 */
export async function sortOutside(node: TreeNode, code: Code, scope: Within): Promise<Sorted> {
  const says = WORDS[code] ?? "";
  const ref = refOf(node);
  if (scope.archives !== true || ref === null) return deny(node, code, says);
  if (![...node.edgesIn].some(isAskedThere)) return deny(node, code, `${says}, and nothing asks for it by its place`);
  if (parseIntegrity(node.integrity)?.hex["sha512"] === undefined)
    return deny(node, code, `${says}, and the lock does not say its sha512`);
  const archive = await outsideOf(node.resolved ?? "", scope);
  if (typeof archive === "string") return deny(node, code, archive);
  const { place } = archive;
  const purl = `${ref.purl}?download_url=${encodeURIComponent(place.url ?? `file:${place.path}`)}`;
  const resolved = place.url ?? `file:${wayTo(scope.project, (node.resolved ?? "").slice("file:".length))}`;
  return { kind: "gated", package: { ...ref, purl }, place: { ...placeOf(node), resolved }, archive };
}

const WORDS: Readonly<Partial<Record<Code, string>>> = {
  FILE_DEPENDENCY: "an archive in the project has no registry that vouches for it",
  REMOTE_DEPENDENCY: "a dependency by URL is outside of every registry",
};

/** Why it can be neither, or where it lies. */
async function outsideOf(resolved: string, { repositoryRoot }: Within): Promise<Outside | string> {
  if (!resolved.startsWith("file:"))
    return isAllowedUrl(resolved)
      ? { place: { url: resolved }, file: null }
      : "an archive by URL needs an https address without credentials";
  const file = await resolveLinks(resolved.slice("file:".length)).catch(() => null);
  if (file === null) return `there is no ${resolved.slice("file:".length)}`;
  if (!isInside(file, repositoryRoot)) return `${file} is outside of the repository`;
  return { place: { path: wayTo(repositoryRoot, file) }, file };
}
