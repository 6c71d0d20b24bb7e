import { readSidecar } from "../../evidence/sidecar.ts";
import { EXIT, worstExit } from "../../exit.ts";
import { LIMITS } from "../../limits.ts";
import type { Attestation } from "../../model/attestation.ts";
import { CODES, type Denial } from "../../model/codes.ts";
import { formatDigest, parseDigest } from "../../model/digest.ts";
import type { Evidence } from "../../model/evidence.ts";
import { denialBlock } from "../../report/denial.ts";
import { attestationJson } from "../../report/json.ts";
import { answerJson } from "../../report/answer.ts";
import { type Paint, printable } from "../../report/text.ts";
import { type Subject, createVerifier } from "../../verify/verifier.ts";
import { parseVerify, type VerifyArguments } from "./arguments.ts";
import { NOBODY_EXPECTED, ownSignatures, signatureRows } from "./own-signatures.ts";
import type { ExpectedSigner, ExpectationSources } from "./expectation.ts";
import { digestsOf, expectation } from "./expected.ts";
import { notaryRows } from "./notary.ts";
import { required } from "./required.ts";
import { revocationAnswers } from "./revocation.ts";

import { isOfIndex, verifyNamed } from "./named.ts";

export type { ExpectedSigner } from "./expectation.ts";

/** What the command needs of the outside. */
interface VerifyIo extends ExpectationSources {
  /** Standard output. */
  write(text: string): void;
  readonly paint: Paint;
  readonly columns: number;
  /** One object instead of text. */
  readonly json?: boolean;
}

/**
 * Judges one artifact by the bundles of one file: none may fail to hold, and one must be by the expected signer.
 * @returns 0, 65 (not the expected signer), 66 (does not hold) or 69 (signed after now: the clock here is slow). @throws SafeInstallError usage, unreadable files
 */
export async function verifyCommand(args: readonly string[], io: VerifyIo): Promise<number> {
  const asked = parseVerify(args);
  if (asked.bundle === null) return verifyOwn(asked, io);
  const { bundle } = asked;
  const content = await required(bundle, LIMITS.evidenceBytes, io);
  const evidence = readSidecar(content, "file", bundle);
  const isIndexes = isOfIndex(content.toString("utf8"));
  const expected = await expectation(asked, evidence, io);
  const subject = await subjectOf(asked.artifact, io);
  const answers = await revocationAnswers(evidence, subject, expected, io);
  const answered = (verifier: Verifier): Pick<Verifier, "verify"> => ({
    verify: (one, about) => verifier.verify(one, about, answers),
  });
  const file = parseDigest(asked.artifact) === null ? asked.artifact : null;
  const verifies = (verifier: Verifier, one: Evidence) =>
    verifyNamed(answered(verifier), one, subject, file, isIndexes);
  const judged = judge(evidence, verifies, expected, io.host.now());
  return concluded(judged, asked.artifact, expected, io);
}

/** A package by the signatures that it carries itself: told who made them; with a signer, one must be by that one. */
async function verifyOwn(asked: VerifyArguments, io: VerifyIo): Promise<number> {
  const { evidence, verifies, expected } = await ownSignatures(asked, io);
  const judged = judge(evidence, verifies, expected, io.host.now());
  const exit = concluded(judged, asked.artifact, expected, io);
  if (asked.by.kind === "anybody" && exit === EXIT.ok && io.json !== true) io.write(`    ${NOBODY_EXPECTED}\n`);
  return exit;
}

function concluded(
  judged: readonly Judged[],
  artifact: string,
  { asks, isAudit = false }: ExpectedSigner,
  io: VerifyIo,
): number {
  const denials = judged.flatMap((one) => ("denial" in one ? [one.denial] : []));
  const unheld = denials.filter(({ code }) => CODES[code].exit === EXIT.doesNotHold);
  const accepted = judged.flatMap((one) => ("attestation" in one ? [one.attestation] : []));
  const isAccepted = unheld.length === 0 && accepted.length > 0;
  const said = isAccepted ? [] : unheld.length > 0 ? unheld : denials;
  const isPassedOver = isAudit && denials.every(({ code }) => code === "UNTRUSTED_SIGNER");
  const exit = isAccepted || isPassedOver ? EXIT.ok : exitOf(denials);
  const text = isAccepted
    ? accepted.map((one) => acceptance(artifact, one, asks, io.paint))
    : said.map((one) => `${denialBlock(artifact, one, isPassedOver ? "!" : "✗", io.paint, io.columns)}\n`);
  const json = () => ({ artifact, accepted: isAccepted ? accepted.map(attestationJson) : [], denials: said });
  const audit = isPassedOver ? ["    passed over at the level audit: nothing is verified\n"] : [];
  io.write(io.json === true ? answerJson("verify", exit, json()) : [...text, ...audit].join(""));
  return exit;
}

function exitOf(denials: readonly Denial[]): number {
  if (denials.every(({ code }) => code === "TIME_AFTER_NOW")) return EXIT.unavailable;
  return worstExit(denials.map(({ code }) => CODES[code].exit));
}

async function subjectOf(artifact: string, io: VerifyIo): Promise<Subject> {
  const digest = parseDigest(artifact);
  if (digest !== null) return { names: [], digests: [digest], bytes: null };
  const bytes = await required(artifact, LIMITS.artifactBytes, io);
  return { names: [], digests: digestsOf(bytes), bytes };
}

type Verifier = ReturnType<typeof createVerifier>;

type Judged = { readonly attestation: Attestation } | { readonly denial: Denial };

function judge(
  evidence: readonly Evidence[],
  verifies: (verifier: Verifier, one: Evidence) => ReturnType<Verifier["verify"]>,
  { roots, keys, notary, compare, revoked }: ExpectedSigner,
  now: Date,
): readonly Judged[] {
  if (evidence.length === 0) return [{ denial: denial("NO_EVIDENCE", "the file holds no bundle or signature") }];
  const verifier = createVerifier(roots, keys, now, notary);
  return evidence.map((one): Judged => {
    const { location } = one;
    const verdict = verifies(verifier, one);
    switch (verdict.status) {
      case "needs-bytes":
        return { denial: denial("SUBJECT_MISMATCH", "this digest is not enough: give the file itself", location) };
      case "broken":
        return { denial: denial(verdict.code, verdict.detail, location) };
      case "foreign":
        return { denial: denial("UNTRUSTED_SIGNER", verdict.detail, location) };
      case "verified": {
        const [taken] = revoked?.(verdict.attestation) ?? [];
        if (taken !== undefined) return { denial: { ...taken, location } };
        const details = compare(verdict.attestation);
        if (details.length === 0) return { attestation: verdict.attestation };
        return { denial: { ...denial("UNTRUSTED_SIGNER", "signed by somebody else", location), details } };
      }
      default:
        return verdict satisfies never;
    }
  });
}

function denial(code: Denial["code"], message: string, location?: string): Denial {
  return { code, message, details: [], ...(location === undefined ? {} : { location }) };
}

function acceptance(artifact: string, attestation: Attestation, asks: string | undefined, paint: Paint): string {
  const { signer, predicateType, signedAt, matched, timesPassedOver: passedOver = 0 } = attestation;
  const by =
    signer.kind === "key"
      ? [["key", signer.fingerprint]]
      : [
          ["identity", signer.claims.subjectAlternativeName ?? ""],
          ["issuer", signer.claims.issuer ?? ""],
        ];
  const own = [...signatureRows(attestation), ...notaryRows(attestation)];
  const said = [...by, ["signed", signedAt === null ? "at a time that nothing proves" : signedAt.toISOString()]];
  const rows = [
    ...(own.length > 0 ? own : said),
    ...(asks === undefined ? [] : [["asked", asks]]),
    ...(passedOver === 0 ? [] : [["passed", passedOverText(passedOver)]]),
    ["about", matched.map(formatDigest).join(" ")],
    ["says", predicateType ?? "a signature over the file's own bytes"],
  ];
  const lines = rows.map(([name = "", value = ""]) => `    ${paint("dim", name.padEnd(12))}${printable(value)}\n`);
  return `${paint("green", "✓")} ${paint("bold", printable(artifact))}\n${lines.join("")}`;
}

/** It neither helped nor harmed: whoever holds the bundle could have left it out. */
function passedOverText(count: number): string {
  const what = count === 1 ? "1 timestamp" : `${count} timestamps`;
  return `over ${what} of an authority that no trust root in use holds: the log's time counts`;
}
