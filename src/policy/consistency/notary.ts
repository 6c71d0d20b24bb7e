import type { Problem } from "../read/problem.ts";
import type { Policy, Rule, Signer } from "../schema/index.ts";
import { type NamePattern, parseName } from "../signers/distinguished-name.ts";
import { SUBJECT } from "../signers/notary.ts";

/** A name that cannot be read would be met by nobody. */
export function notaryProblems({ notary: is }: Signer): readonly Problem[] {
  if (is === undefined) return [];
  const wrong = (is.identities ?? []).flatMap((text, at): readonly Problem[] => {
    const name = parseName(text.slice(SUBJECT.length));
    const message = typeof name === "string" ? name : whoIsNobody(name);
    return message === null ? [] : [{ path: ["notary", "identities", String(at)], message }];
  });
  const idle = is.timestamp !== undefined && is.tsa === undefined;
  const message = "says when a timestamp is needed, and there is no tsa that could make one";
  const authority = is.type === "signingAuthority" && is.tsa !== undefined;
  const vouched = "a signing authority vouches for the time itself: leave tsa out";
  return [
    ...wrong,
    ...(idle ? [{ path: ["notary", "timestamp"], message }] : []),
    ...(authority ? [{ path: ["notary", "tsa"], message: vouched }] : []),
  ];
}

function whoIsNobody(name: NamePattern): string | null {
  const isSomebody = name.some(({ type }) => type === "O" || type === "CN");
  return isSomebody ? null : "names nobody in particular: it needs O or CN";
}

/** By subject alone cannot be written: whoever makes certificates can write any name. */
export function nugetProblems({ nugetSignature: is }: Signer): readonly Problem[] {
  if (is === undefined) return [];
  const { kind, fingerprints, subject, issuer, policies } = is;
  const path = ["nugetSignature"];
  const named = [subject, issuer, policies].some((one) => one !== undefined);
  if (fingerprints !== undefined)
    return named
      ? [{ path, message: "fingerprints name the certificate: subject, issuer and policies say nothing more" }]
      : [];
  if (kind === "repository" || subject === undefined || issuer === undefined)
    return [{ path, message: "is either fingerprints, or (of an author) subject with issuer" }];
  const texts = [[subject, ["subject"]] as const, [issuer.subject, ["issuer", "subject"]] as const];
  return texts.flatMap(([text, at]) => {
    if (text === undefined) return [];
    const name = parseName(text);
    const message = typeof name === "string" ? name : whoIsNobody(name);
    return message === null ? [] : [{ path: [...path, ...at], message }];
  });
}

/** A level that enforces nothing goes with a rule that does not either. */
export function weakerThanRule(signer: Signer | undefined, policy: Policy, rule: Rule): readonly string[] {
  if (signer?.notary?.level !== "audit") return [];
  if ((rule.mode ?? policy.mode ?? "enforce") === "audit") return [];
  return ['its level is audit, and this rule enforces: "strict" or "permissive", or a rule in audit mode'];
}
