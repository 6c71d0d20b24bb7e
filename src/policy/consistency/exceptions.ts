import { type Code, CODES } from "../../model/codes.ts";
import { dayOf, instantOf } from "../day.ts";
import { nearest } from "../../nearest.ts";
import type { Problem } from "../read/problem.ts";
import { parsePurl } from "../../ecosystems/purl.ts";
import type { Exception, Policy, Revocation } from "../schema/index.ts";

const EXCUSABLE: ReadonlySet<string> = new Set((Object.keys(CODES) as Code[]).filter((code) => CODES[code].excusable));

/** Exceptions and revocations. */
export function exceptionProblems(policy: Policy): readonly Problem[] {
  return [
    ...(policy.exceptions ?? []).flatMap((exception, at) => under(["exceptions", at], problemsOf(exception))),
    ...(policy.revoked ?? []).flatMap((entry, at) => under(["revoked", at], revocationProblems(policy, entry))),
  ];
}

function problemsOf({ package: purl, excuses, since, expires }: Exception): readonly Problem[] {
  return [
    ...((parsePurl(purl)?.version ?? null) === null
      ? [{ path: ["package"], message: "expected a package URL with a version, such as pkg:npm/%40acme/widget@2.1.0" }]
      : []),
    ...excuses.flatMap((code, at) => excuseProblem(code, ["excuses", at])),
    ...(since !== undefined && dayOf(since) === null
      ? [{ path: ["since"], message: `the calendar has no ${since}` }]
      : []),
    ...(dayOf(expires) === null ? [{ path: ["expires"], message: `the calendar has no ${expires}` }] : []),
  ];
}

function excuseProblem(code: string, path: Problem["path"]): readonly Problem[] {
  if (EXCUSABLE.has(code)) return [];
  const message = Object.hasOwn(CODES, code)
    ? `no exception can excuse ${code}`
    : `there is no code ${code}${nearest(code, EXCUSABLE)}`;
  return [{ path, message }];
}

function revocationProblems(policy: Policy, entry: Revocation): readonly Problem[] {
  const kinds = (["run", "signer", "package", "digest"] as const).filter((kind) => entry[kind] !== undefined);
  if (kinds.length !== 1) return [{ path: [], message: "revokes exactly one of run, signer, package, digest" }];
  return [...signerProblems(policy, entry), ...windowProblems(entry), ...addressProblems(entry)];
}

function signerProblems({ signers = {} }: Policy, { signer }: Revocation): readonly Problem[] {
  if (signer === undefined) return [];
  const path = ["signer"];
  const found = Object.hasOwn(signers, signer) ? signers[signer] : undefined;
  if (found !== undefined) return [];
  return [{ path, message: `there is no signer "${signer}"${nearest(signer, Object.keys(signers))}` }];
}

function windowProblems({ signer, signedFrom, signedUntil }: Revocation): readonly Problem[] {
  const given = Object.entries({ signedFrom, signedUntil }).filter(([, time]) => time !== undefined);
  const wrong = given.flatMap(([key, time]) => {
    if (signer === undefined) return [{ path: [key], message: `${key} goes with signer only` }];
    return instantOf(time ?? "") === null ? [{ path: [key], message: `the calendar has no ${time}` }] : [];
  });
  if (wrong.length > 0 || signedFrom === undefined || signedUntil === undefined || signedFrom < signedUntil)
    return wrong;
  return [{ path: ["signedUntil"], message: "the window is empty: signedUntil must be after signedFrom" }];
}

function addressProblems({ run, package: purl }: Revocation): readonly Problem[] {
  return [
    ...(run === undefined || (URL.canParse(run) && run.startsWith("https://"))
      ? []
      : [{ path: ["run"], message: "expected the build's https address, as in the certificate's runInvocationURI" }]),
    ...(purl === undefined || parsePurl(purl) !== null
      ? []
      : [{ path: ["package"], message: "expected a package URL such as pkg:npm/%40acme/widget@2.1.0" }]),
  ];
}

function under(prefix: Problem["path"], problems: readonly Problem[]): readonly Problem[] {
  return problems.map(({ path, message }) => ({ path: [...prefix, ...path], message }));
}
