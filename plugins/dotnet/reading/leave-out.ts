import { inAttribute, rewritten } from "../rewrite.ts";
import { attribute, children } from "../xml.ts";

/**
 * A project file without what these targets do: each is empty and hooks on to nothing, so that what depends on it still finds
 * it. Null: the file's encoding is not one in which that can be told.
 */
export function withoutTargets(content: Buffer, names: ReadonlySet<string>): Buffer | null {
  return rewritten(content, (root) =>
    children(root, "Target").flatMap((one) => {
      const name = attribute(one, "Name") ?? "";
      return names.has(name) ? [[one, `<Target Name="${inAttribute(name)}" />`] as const] : [];
    }),
  );
}
