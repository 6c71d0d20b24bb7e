import { hasToken } from "../support/token.ts";
import { NAMESPACE } from "../support/namespace.ts";
import { execFileSync } from "node:child_process";

/** A test that CI may skip on this machine, with the reason that is printed. Every other skipped test fails CI. */
export interface MaySkip {
  readonly file: string;
  /** Its full name, or what is found in the full names of those that are meant. */
  readonly name: string | RegExp;
  readonly reason: string;
}

/** What cannot run here. A machine without real bundles or wheels must say so: `SAFE_INSTALL_CORPUS=none`. */
export const MAY_SKIP: readonly MaySkip[] = [
  ...theOtherNpm(),
  ...(process.getuid?.() === 0 ? ofRoot() : ofOthers()),
  ...(hasToken() ? [] : withoutToken()),
  ...(NAMESPACE === null ? inNamespaces() : []),
  ...(process.env["SAFE_INSTALL_CORPUS"] === "none" ? withCorpus() : []),
  ...(process.env["SAFE_INSTALL_WHEELS"] === "none" ? withWheels() : []),
];

/** One of the two always runs. */
function theOtherNpm(): readonly MaySkip[] {
  const npm = execFileSync("npm", ["--version"], { encoding: "utf8" });
  const title =
    Number.parseInt(npm, 10) >= 12
      ? "npm-shrinkwrap.json wins over package-lock.json"
      : "npm-shrinkwrap.json is not what npm 12 reads";
  const reason = "there is one npm on PATH; `npm run test:real` runs others";
  return [{ file: "test/e2e/npm-handoff.test.ts", name: `locks that npm reads > ${title}`, reason }];
}

function ofRoot(): readonly MaySkip[] {
  const reason = "nothing is unreadable to root";
  return [{ file: "test/plugins/pip/handoff/asked.test.ts", name: /is asked without what cannot be read$/, reason }];
}

function ofOthers(): readonly MaySkip[] {
  const reason = "only root can give a folder to somebody else";
  return [
    { file: "test/project/ends.test.ts", name: /the nearest \.git of any kind or owner$/, reason },
    { file: "test/io/policy-file.test.ts", name: /another owner's folder is not entered$/, reason },
    { file: "test/project/ends.placed.test.ts", name: /may not be another owner's$/, reason },
  ];
}

/** `.ci/run` installs both where it can. */
function withoutToken(): readonly MaySkip[] {
  const reason = "there is no SoftHSM, or no OpenSC, here";
  return [
    { file: "test/commands/sign/keys.hsm.test.ts", name: /^a key in a token > /, reason },
    { file: "test/docs/signing.test.ts", name: "the block > pkcs11 signs what verify takes", reason },
  ];
}

function inNamespaces(): readonly MaySkip[] {
  const reason = "neither unshare -n nor unshare -rn gives a process a network of its own here";
  return [{ file: "test/attack/exported.test.ts", name: /years later, where there is no network/, reason }];
}

function withCorpus(): readonly MaySkip[] {
  const reason = "there are no real bundles here";
  return [
    { file: "test/sign/key/answer.test.ts", name: /^real answers > /, reason },
    { file: "test/sign/key/private-key.test.ts", name: /^real key files > /, reason },
    { file: "test/commands/sign/index.test.ts", name: /cosign's own key file is refused by its name$/, reason },
    { file: "test/policy/signers/signer.corpus.test.ts", name: /^signers against real certificates > /, reason },
    { file: "test/policy/signers/build.test.ts", name: /^what real builders say of a build > /, reason },
    { file: "test/policy/signers/contradictions.test.ts", name: /^real provenance > /, reason },
    { file: "test/policy/signers/sbom.test.ts", name: /^a real bill, /, reason },
    { file: "test/policy/signers/slsa.test.ts", name: /^real provenance > /, reason },
    { file: "test/policy/signers/vsa.test.ts", name: /^a real summary > /, reason },
    { file: "test/attack/exported-kinds.test.ts", name: /packages by their registry's own signature$/, reason },
    { file: "test/verify/verifier.real-bundles.test.ts", name: /./, reason },
    { file: "test/verify/verifier.conformance.test.ts", name: /^sigstore-conformance > /, reason },
    { file: "test/verify/nuget/signature.test.ts", name: /^real signatures > /, reason },
    { file: "test/verify/registry-signature.test.ts", name: /^real registry signatures > /, reason },
    { file: "test/verify/claims.test.ts", name: "a real certificate of the first generation", reason },
    { file: "test/project/trust.test.ts", name: /it is the published one$/, reason },
    { file: "test/e2e/corpus.test.ts", name: /^(?:real attestations|altered attestations: .*) > /, reason },
    { file: "test/e2e/baseline.test.ts", name: /^real registry signatures > /, reason },
    { file: "test/e2e/pip-corpus.test.ts", name: /^the corpus' real files > /, reason },
    { file: "test/e2e/adoption.test.ts", name: /(?:pinned to their real pipelines|baseline is refused)$/, reason },
  ];
}

function withWheels(): readonly MaySkip[] {
  const reason = "there are no wheels of these lines of pip here";
  return [{ file: "test/attack/pip.test.ts", name: /pip '?(?:23\.0|23\.2|26)\b/, reason }];
}
