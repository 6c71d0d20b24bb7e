import { SafeInstallError } from "../../errors.ts";
import { LIMITS } from "../../limits.ts";
import type { Attestation } from "../../model/attestation.ts";
import type { Comparison } from "../../model/codes.ts";
import { compareIdentities } from "../../policy/signers/notary.ts";
import { notaryTrust, readStoreFile } from "../../verify/notary/trust.ts";
import type { ExpectationSources, ExpectedSigner } from "./expectation.ts";
import type { NotaryAsked } from "./notary-arguments.ts";
import { required } from "./required.ts";

/** Who is expected to have signed an envelope of the Notary Project. @throws SafeInstallError a file is missing, or no trust store */
export async function notaryExpected(asked: NotaryAsked, io: ExpectationSources): Promise<ExpectedSigner> {
  const read = await Promise.all(
    asked.stores.map(async ({ type, file }) => {
      const found = readStoreFile(await required(file, LIMITS.keyBytes, io), type);
      if (typeof found !== "string") return found;
      throw new SafeInstallError("policy", "TRUST_STORE_UNUSABLE", `${file} ${found}`);
    }),
  );
  return {
    roots: [],
    keys: [],
    notary: [notaryTrust(read.flat(), asked.level, asked.timestamps)],
    compare: (attestation) => compare(asked, attestation),
    isAudit: asked.level === "audit",
    asks: asksOf(asked),
  };
}

function compare({ identities, mediaType }: NotaryAsked, { signer }: Attestation): readonly Comparison[] {
  if (signer.kind !== "key" || signer.notary === undefined)
    return [{ name: "signer", expected: "a signature of the Notary Project", found: "another one" }];
  const { notary } = signer;
  return [
    ...compareIdentities(identities.length === 0 ? undefined : identities, notary),
    ...(mediaType === null || mediaType === notary.mediaType
      ? []
      : [{ name: "media type", expected: mediaType, found: notary.mediaType }]),
  ];
}

function asksOf({ level, identities }: NotaryAsked): string {
  const whose = identities.length === 0 ? "no identity was compared: --notary-identity says who" : "an identity";
  return `the level ${level}, a certificate of the trust store, and ${whose}`;
}

/** What is said of an envelope that holds. */
export function notaryRows({ signer, signedAt }: Attestation): readonly (readonly [string, string])[] {
  if (signer.kind !== "key" || signer.notary === undefined) return [];
  const { scheme, mediaType, heldBy } = signer.notary;
  return [
    ["signature", `of the Notary Project, ${scheme}`],
    ["certificate", signer.fingerprint],
    ["subject", signer.certificate?.subject ?? ""],
    ["issuer", signer.certificate?.issuer ?? ""],
    ["signed", signedAt?.toISOString() ?? "at a time that nothing proves"],
    ["media type", mediaType],
    ...heldBy.flatMap(({ passedOver }) => passedOver.map((why) => ["passed over", why] as const)),
  ];
}
