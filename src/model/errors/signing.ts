import type { ErrorFacts } from "./facts.ts";

/** Exit 64, of `sign`: its words, or what they name, are nothing that can be signed with. */
export const SIGNING = {
  ALREADY_SIGNED: {
    meaning: "there is a bundle beside the file already",
    todo: "It is never replaced. --append writes one more into it; or move it away first.",
  },
  ISSUER_NOT_TAKEN: {
    meaning: "the public Sigstore instance takes no token of Azure DevOps",
    todo: "Sign with a Sigstore instance of your own (docs/private.md), or with a key: sign --key-command.",
  },
  NOT_SUMMED_UP: {
    meaning: "the report after sign --vsa does not say that the file was allowed by a signature",
    todo: "Judge what was built first: safe-install check dist --report json=report.json.",
  },
  NO_IDENTITY: {
    meaning: "sign finds no identity: no key was named, and the environment has no token",
    todo: "In a pipeline: let the job have a token (docs/signing.md). Elsewhere: --key, --key-command or --identity-token.",
  },
  NO_PROVENANCE: {
    meaning: "sign finds no pipeline whose provenance it could state",
    todo: "--predicate states another one; --blob signs the file alone.",
  },
  PREDICATE_INVALID: {
    meaning: "the file after sign --predicate is not one JSON object",
    todo: "Give the predicate alone, as strict JSON: the statement around it is written by safe-install.",
  },
  PUBLIC_LOG: {
    meaning: "what sign would write into a public log is of a repository that is not known to be public",
    todo: "Nothing was sent. What would be public is printed above; --public-log says that it may be.",
  },
  SIGNING_CONFIG: {
    meaning: "the file after sign --signing-config is no signing configuration that can be used",
    todo: "Give the instance's SigningConfig v0.2, or the ClientTrustConfig that holds it; --trusted-root judges what it signs.",
  },
  SIGNING_KEY: {
    meaning: "the key that was to sign cannot be used: its file, its kind or its password",
    todo: "Give an encrypted PKCS#8 file and its password, or a program: safe-install help sign.",
  },
} as const satisfies Record<string, ErrorFacts>;
