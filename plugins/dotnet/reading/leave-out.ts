import { inAttribute, rewritten } from "../rewrite.ts";
import { attribute, children, type XmlElement } from "../xml.ts";

/**
 * A project file without what these targets do: each is empty, and the others that run with it still do: what depends on it,
 * what it depends on. Null: the file's encoding is not one in which that can be told.
 */
export function withoutTargets(content: Buffer, names: ReadonlySet<string>): Buffer | null {
  return rewritten(content, (root) =>
    children(root, "Target").flatMap((one) => {
      const name = attribute(one, "Name") ?? "";
      return names.has(name) ? [[one, `<Target${wordsOf(one)} />`] as const] : [];
    }),
  );
}

function wordsOf({ attributes }: XmlElement): string {
  const kept = Object.entries(attributes).filter(([key]) => ORDER.test(key));
  return kept.map(([key, text]) => ` ${key}="${inAttribute(text)}"`).join("");
}

/** When a target runs, and with which others. */
const ORDER = /^(?:Name|Condition|BeforeTargets|AfterTargets|DependsOnTargets)$/;
