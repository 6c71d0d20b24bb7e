import type { Attestation } from "../../model/attestation.ts";
import type { Comparison } from "../../model/codes.ts";
import type { NameAttribute } from "../../model/notary.ts";
import type { Signer } from "../schema/index.ts";
import { compareName, parseName } from "./distinguished-name.ts";

type Nuget = NonNullable<Signer["nugetSignature"]>;

/** What of a pinned NuGet signature an attestation does not meet: the kind of signature, and the certificate or whose it is. */
export function compareNugetSignature(
  signerName: string,
  { kind, fingerprints, subject, issuer, policies = [] }: Nuget,
  { signer }: Attestation,
): readonly Comparison[] {
  if (signer.kind !== "key" || signer.usage !== `nuget:${kind}`) {
    const found = signer.kind === "key" ? `a signature of kind ${signer.usage}` : "a Sigstore certificate";
    return [{ name: "signer", expected: `${signerName}: NuGet's ${kind} signature`, found }];
  }
  if (fingerprints !== undefined) {
    if (fingerprints.includes(signer.fingerprint)) return [];
    return [{ name: "fingerprint", expected: fingerprints.join(" or "), found: signer.fingerprint }];
  }
  const { words } = signer;
  if (words === undefined || subject === undefined || issuer === undefined)
    return [{ name: "subject", expected: subject ?? "", found: "a certificate that says nothing" }];
  const [issuing] = words.authorities;
  const found = words.authorities.map(({ fingerprint }) => fingerprint);
  return [
    ...names("subject", subject, words.subject),
    ...(issuer.subject === undefined ? [] : names("issuer", issuer.subject, issuing?.subject ?? [])),
    ...(issuer.fingerprints.some((one) => found.includes(one))
      ? []
      : [
          {
            name: "issuer",
            expected: issuer.fingerprints.join(" or "),
            found: found.join(" or ") || "no authority came along whose signature holds",
          },
        ]),
    ...policies
      .filter((oid) => !words.policies.includes(oid))
      .map((oid) => ({ name: "policies", expected: oid, found: words.policies.join(" ") || "none" })),
  ];
}

function names(name: string, text: string, has: readonly NameAttribute[]): readonly Comparison[] {
  const pattern = parseName(text);
  if (typeof pattern === "string") return [{ name, expected: text, found: pattern }];
  return compareName(pattern, has).map((one) => ({ ...one, name: `${name} ${one.name}` }));
}
