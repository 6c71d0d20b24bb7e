import type { Ecosystem } from "../../model/package.ts";
import { isAllowedUrl } from "../../url.ts";
import type { Problem } from "../read/problem.ts";
import type { Policy, PolicySource } from "../schema/index.ts";

const KINDS = ["url", "attestations", "directory", "companion", "integrity", "github", "beside"] as const;
const ONLY: Readonly<Partial<Record<(typeof KINDS)[number], Ecosystem>>> = {
  attestations: "npm",
  integrity: "pypi",
  companion: "nuget",
};
const PLACEHOLDERS: ReadonlySet<string> = new Set(["name", "version", "filename", "id", "sha256", "sha512"]);
const HTTPS = "expected an https address without credentials (http on loopback only)";

export function sourceProblems({ sources = {} }: Policy): readonly Problem[] {
  return (Object.entries(sources) as [Ecosystem, readonly PolicySource[]][]).flatMap(([ecosystem, list]) =>
    list.flatMap((source, at) =>
      [...kindProblems(ecosystem, source), ...urlProblems(source)].map(({ path, message }) => ({
        path: ["sources", ecosystem, at, ...path],
        message,
      })),
    ),
  );
}

function kindProblems(ecosystem: Ecosystem, source: PolicySource): readonly Problem[] {
  const kinds = KINDS.filter((kind) => source[kind] !== undefined);
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1)
    return [{ path: [], message: `a source is exactly one of ${KINDS.join(", ")}` }];
  const only = ONLY[kind];
  return only === undefined || only === ecosystem
    ? []
    : [{ path: [kind], message: `"${kind}" is a source of ${only} only` }];
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
