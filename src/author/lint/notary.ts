import type { Layer, TrustedCertificate } from "../../policy/layer.ts";
import type { Signer } from "../../policy/schema/index.ts";
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

/** An authority vouches for O and C; a CN alone may be had from it by somebody else. */
function names({ identities = [] }: Notary, held: readonly TrustedCertificate[]): readonly LintFinding[] {
  const isShared = held.some(({ isAuthority, type }) => isAuthority && type !== "tsa");
  return identities.flatMap((text, at) => {
    const name = parseName(text.slice(SUBJECT.length));
    if (typeof name === "string" || !isShared) return [];
    const path = ["identities", at];
    const types = new Set(name.map(({ type }) => type));
    if (!types.has("O")) {
      const message = "no O is pinned: an authority that issues to everybody issues such a name to somebody else, too";
      return [
        finding("warning", "notary-no-organization", path, message, "C, ST and O of the certificate, and its CN"),
      ];
    }
    if (types.has("C")) return [];
    const message = "no C is pinned: an organization of this name may be there in another country";
    return [finding("note", "notary-no-country", path, message)];
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
