import type { Ecosystem } from "../../model/package.ts";
import { isAllowedUrl } from "../../url.ts";
import type { Problem } from "../read/problem.ts";
import { type Policy, type PolicySource, SOURCE_KINDS } from "../schema/index.ts";

/** The kinds of sources that can be asked for packages of each ecosystem: the installers' tables say them. */
export type SourceKinds = Readonly<Partial<Record<Ecosystem, readonly string[]>>>;

const PLACEHOLDERS: ReadonlySet<string> = new Set(["name", "version", "filename", "id", "sha256", "sha512"]);
const HTTPS = "expected an https address without credentials (http on loopback only)";

export function sourceProblems({ sources = {} }: Policy, askable: SourceKinds): readonly Problem[] {
  return (Object.entries(sources) as [Ecosystem, readonly PolicySource[]][]).flatMap(([ecosystem, list]) =>
    list.flatMap((source, at) =>
      [...kindProblems(ecosystem, source, askable), ...urlProblems(source)].map(({ path, message }) => ({
        path: ["sources", ecosystem, at, ...path],
        message,
      })),
    ),
  );
}

function kindProblems(ecosystem: Ecosystem, source: PolicySource, askable: SourceKinds): readonly Problem[] {
  const kinds = SOURCE_KINDS.filter((kind) => source[kind] !== undefined);
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1)
    return [{ path: [], message: `a source is exactly one of ${SOURCE_KINDS.join(", ")}` }];
  if (askable[ecosystem]?.includes(kind) === true) return [];
  const only = Object.keys(askable).filter((one) => askable[one as Ecosystem]?.includes(kind));
  return [{ path: [kind], message: `"${kind}" is a source of ${only.join(", ") || "no installer"} only` }];
}

function urlProblems({ url, attestations, integrity }: PolicySource): readonly Problem[] {
  const plain = Object.entries({ attestations, integrity })
    .filter(([, address]) => address !== undefined && !isAllowedUrl(address))
    .map(([kind]) => ({ path: [kind], message: HTTPS }));
  return url === undefined ? plain : [...plain, ...templateProblems(url)];
}

function templateProblems(template: string): readonly Problem[] {
  const path = ["url"];
  const [, host = ""] = /^https?:\/\/([^/?]*)/.exec(template) ?? [];
  if (/[{}]/.test(host)) return [{ path, message: "placeholders may stand after the host only" }];
  const names = [...template.matchAll(/\{([^{}]*)\}/g)].map(([, name = ""]) => name);
  const unknown = names.find((name) => !PLACEHOLDERS.has(name));
  if (unknown !== undefined) return [{ path, message: `there is no placeholder {${unknown}}` }];
  if (/[{}]/.test(template.replace(/\{[^{}]*\}/g, ""))) return [{ path, message: "a brace is left over" }];
  if (names.length === 0)
    return [{ path, message: "needs a placeholder such as {name}: it would be one answer for all" }];
  return isAllowedUrl(template.replace(/\{[^{}]*\}/g, "x")) ? [] : [{ path, message: HTTPS }];
}

/** Origins, because a lock's addresses are compared by origin: a path would promise more than is compared. */
export function registryProblems({ registries = {} }: Policy): readonly Problem[] {
  return Object.entries(registries).flatMap(([ecosystem, list]) =>
    list.flatMap((address, at) => {
      const path = ["registries", ecosystem, at];
      if (!isAllowedUrl(address)) return [{ path, message: HTTPS }];
      const { origin } = new URL(address);
      return address === origin || address === `${origin}/` ? [] : [{ path, message: `expected an origin: ${origin}` }];
    }),
  );
}
