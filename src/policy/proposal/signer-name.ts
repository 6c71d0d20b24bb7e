import type { Signer } from "../schema.ts";

/** A name for a signer that says where it comes from: `owner-repository`, then the workflow, then the ref, then a number. */
export function freeName(signer: Signer, taken: ReadonlySet<string>): string {
  const parts = partsOf(signer)
    .map(wordOf)
    .filter((part) => part !== "");
  const candidates = parts.map((_, at) =>
    parts
      .slice(0, at + 1)
      .join("-")
      .slice(0, 60)
      .replace(/[-.]+$/, ""),
  );
  const base = candidates[0] ?? "signer";
  for (const candidate of candidates) if (!taken.has(candidate)) return candidate;
  for (let count = 2; ; count++) if (!taken.has(`${base}-${count}`)) return `${base}-${count}`;
}

function partsOf({ githubActions, gitlab, azurePipelines, certificate, npmRegistry }: Signer): readonly string[] {
  if (npmRegistry !== undefined) return [new URL(npmRegistry).host, new URL(npmRegistry).pathname];
  if (githubActions !== undefined) {
    const { repository, workflow = "", ref = "" } = githubActions;
    return [repository, baseOf(workflow), baseOf(ref)];
  }
  if (gitlab !== undefined) return [gitlab.project, baseOf(gitlab.configPath ?? ""), baseOf(gitlab.ref ?? "")];
  if (azurePipelines !== undefined) return ["azure", azurePipelines.definitionId ?? "connection"];
  return [
    certificate?.subjectAlternativeName ??
      certificate?.sourceRepositoryURI?.replace(/^https?:\/\//, "") ??
      "certificate",
  ];
}

/** `release` of `.github/workflows/release.yml`, `main` of `refs/heads/main`. */
function baseOf(path: string): string {
  const last = path.split("/").at(-1) ?? "";
  return last
    .replace(/\.ya?ml$/, "")
    .replace("{version}", "")
    .replaceAll("*", "");
}

function wordOf(text: string): string {
  return text.replace(/[^A-Za-z0-9._]+/g, "-").replace(/^[-._]+|[-._]+$/g, "");
}
