import { LIMITS } from "../limits.ts";
import type { Evidence } from "../model/evidence.ts";
import type { TrustRoot } from "../model/trust.ts";
import type { NotaryTrust } from "../verify/notary/trust.ts";
import type { HeldKey } from "../verify/trust/held-key.ts";
import { createVerifier, type Subject } from "../verify/verifier.ts";
import { openTrust, PUBLIC_GOOD_ROOT, type Trust } from "./open.ts";
import { mayRefresh, refresh, type TrustHost } from "./refresh.ts";
import { sourceOf } from "./repository.ts";
import { askRevocation, type RevocationHost } from "./revocation.ts";
import { heldOf, wasInVain } from "./state.ts";

/** Whom trust is asked of while a run verifies. */
export type LivingHost = TrustHost & RevocationHost;

type Prepared = ReturnType<typeof createVerifier>;

/** What verification stands on, beside the built-in trust. */
interface Footing {
  /** Roots that policies name, as they were loaded. */
  readonly named: readonly TrustRoot[];
  /** Keys that policies name. */
  readonly keys: readonly HeldKey[];
  readonly trust: Trust;
  /** What signers of the Notary Project trust. */
  readonly notary?: readonly NotaryTrust[];
}

/**
 * Verifies as `Prepared.verifyBeside`. Where that fails and the evidence names a log, an authority or a key that is not
 * held, the roots are refreshed, once in a run, and it is judged again: nothing is called broken for want of a key that
 * could be had.
 */
export function livingVerifier(
  { named, keys, trust, notary = [] }: Footing,
  host: LivingHost,
): Prepared["verifyBeside"] {
  const over = (one: Trust) => createVerifier(one.roots, [...one.registryKeys, ...keys], host.now(), notary);
  const answers = new Map<string, Buffer | string>();
  const first = over(trust);
  let renewed: Promise<Prepared | null> | undefined;
  const renew = async () => ((await renewAll(named, host)) ? over(await openTrust(named, host)) : null);
  return async (evidence: Evidence, subject: Subject) => {
    const verdict = await withAnswers(first, evidence, subject, answers, host);
    if (verdict.status === "verified" || verdict.status === "needs-bytes") return verdict;
    if (!mayRefresh(host) || !first.namesUnknown(evidence)) return verdict;
    const second = await (renewed ??= renew());
    return second === null ? verdict : second.verifyBeside(evidence, subject);
  };
}

/**
 * An authority is asked only where nothing else is wrong, once in a run each, and of a bounded number: also where another
 * signer's trust is content without, since a rule may ask for the stricter one.
 */
async function withAnswers(
  verifier: Prepared,
  evidence: Evidence,
  subject: Subject,
  answers: Map<string, Buffer | string>,
  host: RevocationHost,
): ReturnType<Prepared["verifyBeside"]> {
  for (let asked = 0; ;) {
    const verdict = await verifier.verifyBeside(evidence, subject, answers);
    const isUnasked = verdict.status === "broken" && verdict.code === "REVOCATION_NOT_CHECKED";
    if (!isUnasked && verdict.status !== "verified") return verdict;
    const questions = verifier.revocationQuestions(evidence, answers);
    asked += questions.length;
    if (questions.length === 0 || asked > LIMITS.revocationQuestions) return verdict;
    for (const question of questions) answers.set(question.url, await askRevocation(question, host));
  }
}

/** @returns whether something new is held */
async function renewAll(named: readonly TrustRoot[], host: TrustHost): Promise<boolean> {
  const roots = [...named.filter(({ tuf }) => tuf !== undefined), PUBLIC_GOOD_ROOT];
  const repositories = roots.flatMap((root) => sourceOf(root, host.trust.settings.mirrors) ?? []);
  const asked = [...new Map(repositories.map((one) => [one.key, one])).values()];
  const found = await Promise.all(
    asked.map(async (repository) => {
      const before = await heldOf(repository, host);
      const age = before === null ? Number.POSITIVE_INFINITY : host.now().getTime() - before.checkedAt.getTime();
      // A refresh that began beside the run is waited for, whatever its age.
      if (age >= 0 && age < LIMITS.trustFreshMs && !host.trust.refreshes.has(repository.key)) return false;
      const stepMs = (await wasInVain(repository, before, host)) ? LIMITS.trustAgainMs : LIMITS.trustStepMs;
      const refreshed = await refresh(repository, host, stepMs);
      return "held" in refreshed;
    }),
  );
  return found.includes(true);
}
