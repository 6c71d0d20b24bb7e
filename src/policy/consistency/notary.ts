import type { Problem } from "../read/problem.ts";
import type { Policy, Rule, Signer } from "../schema/index.ts";
import { parseName } from "../signers/distinguished-name.ts";
import { SUBJECT } from "../signers/notary.ts";

/** A name that cannot be read would be met by nobody. */
export function notaryProblems({ notary: is }: Signer): readonly Problem[] {
  if (is === undefined) return [];
  const wrong = (is.identities ?? []).flatMap((text, at): readonly Problem[] => {
    const name = parseName(text.slice(SUBJECT.length));
    if (typeof name === "string") return [{ path: ["notary", "identities", String(at)], message: name }];
    if (name.some(({ type }) => type === "O" || type === "CN")) return [];
    return [{ path: ["notary", "identities", String(at)], message: "names nobody in particular: it needs O or CN" }];
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

/** A level that enforces nothing goes with a rule that does not either. */
export function weakerThanRule(signer: Signer | undefined, policy: Policy, rule: Rule): readonly string[] {
  if (signer?.notary?.level !== "audit") return [];
  if ((rule.mode ?? policy.mode ?? "enforce") === "audit") return [];
  return ['its level is audit, and this rule enforces: "strict" or "permissive", or a rule in audit mode'];
}
