import type { Layer, TrustedCertificate } from "../../policy/layer.ts";
import type { Problem } from "../../policy/read/problem.ts";
import type { Policy, Signer } from "../../policy/schema/index.ts";
import { parseName } from "../../policy/signers/distinguished-name.ts";
import { SUBJECT } from "../../policy/signers/notary.ts";
import { type LintFinding, finding } from "./finding.ts";

/** Signers of the Notary Project that admit more than whoever wrote them may think. */
export function notaryFindings({ policy, notary = {} }: Layer): readonly LintFinding[] {
  return Object.entries(policy.signers ?? {}).flatMap(([name, signer]) => {
    if (signer.notary === undefined) return [];
    const held = Object.hasOwn(notary, name) ? (notary[name]?.certificates ?? []) : [];
    const own = [...levels(signer.notary), ...names(signer.notary, held), ...stores(signer.notary, held)];
    return own.map((one) => ({ ...one, path: ["signers", name, "notary", ...one.path] }));
  });
}

type Notary = NonNullable<Signer["notary"]>;

function levels({ level }: Notary): readonly LintFinding[] {
  if (level === undefined || level === "strict") return [];
  const message = `at the level ${level} an expired or revoked certificate signs on`;
  return [finding("warning", "notary-level", ["level"], message, '"level": "strict"')];
}

function names({ identities = [] }: Notary, held: readonly TrustedCertificate[]): readonly LintFinding[] {
  const isShared = held.some(({ isAuthority, type }) => isAuthority && type !== "tsa");
  if (!isShared) return [];
  return identities.flatMap((text, at) => nameFindings("notary", text.slice(SUBJECT.length), ["identities", at]));
}

/** An authority vouches for O and C; a CN alone may be had from it by somebody else. */
function nameFindings(kind: "notary" | "nuget", text: string, path: Problem["path"]): readonly LintFinding[] {
  const name = parseName(text);
  if (typeof name === "string") return [];
  const types = new Set(name.map(({ type }) => type));
  if (!types.has("O")) {
    const message = "no O is pinned: an authority that issues to everybody issues such a name to somebody else, too";
    return [finding("warning", `${kind}-no-organization`, path, message, "C, ST and O of the certificate, and its CN")];
  }
  if (types.has("C")) return [];
  const message = "no C is pinned: an organization of this name may be there in another country";
  return [finding("note", `${kind}-no-country`, path, message)];
}

/** Authors by NuGet's own signatures. */
export function nugetFindings({ signers = {} }: Policy): readonly LintFinding[] {
  return Object.entries(signers).flatMap(([name, { nugetSignature: is }]) => {
    if (is?.kind !== "author") return [];
    const path = ["signers", name, "nugetSignature"];
    if (is.subject !== undefined) return nameFindings("nuget", is.subject, [...path, "subject"]);
    const message =
      "a certificate ends, and what is signed with the next one stops here: list that one before it signs";
    return [finding("note", "nuget-certificate-ends", [...path, "fingerprints"], message, '"subject" with "issuer"')];
  });
}

function stores({ type = "ca", tsa, level }: Notary, held: readonly TrustedCertificate[]): readonly LintFinding[] {
  const leaf = held.find(({ isAuthority, type: of }) => !isAuthority && of !== "tsa");
  const leafMessage = `${leaf?.file} is a leaf: with its end nothing new is signed, and its successor has to be named here`;
  const timeless = type === "ca" && tsa === undefined && (level ?? "strict") === "strict";
  const message =
    "no tsa: with the signer's certificate each of its signatures ends, also those that were made in time";
  return [
    ...(leaf === undefined ? [] : [finding("note", "notary-leaf", ["trustStore"], leafMessage)]),
    ...(timeless ? [finding("note", "notary-no-tsa", [], message, '"tsa": ["keys/tsa-root.pem"]')] : []),
  ];
}
