import { SafeInstallError } from "../errors.ts";
import type { Claims } from "../model/claims.ts";
import { type Digest, formatDigest } from "../model/digest.ts";

/** One line of what a public log will show for ever. */
export interface PublicLine {
  readonly name: string;
  readonly value: string;
}

const SHOWN: readonly (readonly [name: string, claim: keyof Claims])[] = [
  ["identity", "subjectAlternativeName"],
  ["issuer", "issuer"],
  ["repository", "sourceRepositoryURI"],
  ["workflow", "buildConfigURI"],
  ["ref", "sourceRepositoryRef"],
  ["commit", "sourceRepositoryDigest"],
  ["run", "runInvocationURI"],
  ["subject", "tokenSubject"],
];

/** Everything that the certificate and the log entries will name. */
export function publicRecord(claims: Claims, digests: readonly Digest[]): readonly PublicLine[] {
  return [
    ...SHOWN.flatMap(([name, claim]) => {
      const value = claims[claim];
      return value === undefined ? [] : [{ name, value }];
    }),
    ...digests
      .filter(({ algorithm }) => algorithm === "sha256")
      .map((one) => ({ name: "digest", value: formatDigest(one) })),
  ];
}

/** The issuer of the token says that anybody can read the repository. */
function isOfPublicRepository({ sourceRepositoryVisibilityAtSigning: visibility }: Claims): boolean {
  return visibility === "public";
}

/** Before the certificate: its authority logs it, too. @throws SafeInstallError PUBLIC_LOG */
export function requireMayBePublic(claims: Claims, isAllowed: boolean): void {
  if (isAllowed || isOfPublicRepository(claims)) return;
  throw new SafeInstallError("usage", "PUBLIC_LOG", "the repository is not known to be public; nothing was sent", {
    hint: "--public-log where all of this may be public; else an instance of your own, or a key",
  });
}
