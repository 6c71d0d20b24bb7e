import { SafeInstallError } from "../../errors.ts";
import { LIMITS } from "../../limits.ts";
import type { Layer, SignerTrust, TrustedCertificate } from "../../policy/layer.ts";
import type { Policy, Signer } from "../../policy/schema/index.ts";
import { attributesOf, nameText } from "../../verify/certificate/names.ts";
import { isAuthority } from "../../verify/notary/chain.ts";
import {
  fingerprintOf,
  type NotaryTrust,
  notaryTrust,
  readStoreFile,
  type StoreCertificate,
  type StoreType,
} from "../../verify/notary/trust.ts";
import { type PolicyPlace, readNamedBytes } from "../policy-names.ts";

/** What a policy's signers of the Notary Project trust: for the verifier, and by signer for the policy. */
interface PolicyNotary {
  readonly trusts: readonly NotaryTrust[];
  readonly bySigner: NonNullable<Layer["notary"]>;
}

/** @throws SafeInstallError kind "policy": a file is missing, or holds no certificates of its kind; or nobody is named */
export async function readNotary(place: PolicyPlace, { signers = {} }: Policy): Promise<PolicyNotary> {
  const named = Object.entries(signers).flatMap(([name, { notary }]) =>
    notary === undefined ? [] : [{ name, notary }],
  );
  const read = await Promise.all(
    named.map(async ({ name, notary }) => ({ name, ...(await trustOf(place, name, notary)) })),
  );
  return {
    trusts: read.map(({ held }) => held),
    bySigner: Object.fromEntries(read.map(({ name, signer }) => [name, signer])),
  };
}

async function trustOf(
  place: PolicyPlace,
  name: string,
  is: NonNullable<Signer["notary"]>,
): Promise<{ readonly held: NotaryTrust; readonly signer: SignerTrust }> {
  const anchors = await storeOf(place, is.trustStore, is.type ?? "ca");
  const authorities = await storeOf(place, is.tsa ?? [], "tsa");
  if (is.identities === undefined) requireLeaves(place, name, anchors);
  const stores = [...anchors, ...authorities];
  const held = notaryTrust(
    stores.map(({ one }) => one),
    is.level ?? "strict",
    is.timestamp ?? "always",
  );
  return { held, signer: { trust: held.id, certificates: stores.map(({ file, one }) => trusted(file, one)) } };
}

interface NamedCertificate {
  readonly file: string;
  readonly one: StoreCertificate;
}

async function storeOf(
  place: PolicyPlace,
  files: readonly string[],
  type: StoreType,
): Promise<readonly NamedCertificate[]> {
  const read = await Promise.all(
    files.map(async (file) => {
      const found = readStoreFile(await readNamedBytes(place, file, LIMITS.keyBytes), type);
      if (typeof found === "string") throw unusable(`${place.name} names ${file}, which ${found}`);
      return found.map((one) => ({ file, one }));
    }),
  );
  return read.flat();
}

/** An authority issues to many: without a name whatever it issued would do. */
function requireLeaves(place: PolicyPlace, name: string, anchors: readonly NamedCertificate[]): void {
  const authority = anchors.find(({ one }) => isAuthority(one.certificate));
  if (authority === undefined) return;
  throw unusable(
    `${place.name}: the signer "${name}" names no identities, and ${authority.file} is of an authority, which issues to others, too`,
  );
}

function trusted(file: string, { type, certificate }: StoreCertificate): TrustedCertificate {
  return {
    file,
    type,
    fingerprint: fingerprintOf(certificate),
    subject: nameText(attributesOf(certificate.subject)),
    isAuthority: isAuthority(certificate),
    notAfter: certificate.notAfter,
  };
}

function unusable(message: string): SafeInstallError {
  return new SafeInstallError("policy", "TRUST_STORE_UNUSABLE", message, {
    hint: 'a trust store holds certificates of authorities, with "identities": ["x509.subject: C=..., O=..."], or the signer\'s own self-signed one',
  });
}
