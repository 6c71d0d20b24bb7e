/** Help for what a pipeline does with what it has built. */
export const SIGN = `safe-install sign: sign what was built

Usage
  safe-install sign FILE...                      by the pipeline's identity
  safe-install sign FILE... --key KEY.pem
  safe-install sign FILE... --key-command "PROGRAM ARGS" --public-key KEY.pem
  safe-install sign --check FILE... [--policy F] [--trusted-root F]
                                                 judge what lies beside, sign
                                                 nothing

Writes FILE.sigstore.json beside each file, a Sigstore bundle. It packs and
builds nothing. Each signature is judged by our own verifier before it is
written; a bundle that is there already is never replaced.

By identity (GitHub Actions, SIGSTORE_ID_TOKEN as in GitLab, Azure Pipelines)
  --signing-config F   your own Sigstore instance instead of the public one;
                       --trusted-root F judges what it signs
  --public-log         what goes into a public log may be public
  --policy F, --signer NAME
                       the policy of those who install: who asks here is
                       compared with whom it pins, before anything is sent
  --identity-token F   a file that holds the token; --audience TEXT: for whom
                       it is asked; --service-connection ID: Azure

By key
  --key FILE           an encrypted PKCS#8 file; its password is what
                       SAFE_INSTALL_KEY_PASSWORD holds, or is asked for
  --key-command "..."  a program (KMS, HSM): the digest comes on its standard
                       input, the signature goes to its output. No shell
  --public-key FILE    (with it) the key that must have signed
  --key-format FORMAT  (with it) der, or p1363: r and s one after the other
  --key-input WHAT     (with it) digest, digestinfo or message. Ed25519 always
                       gets the message
  --padding PADDING    RSA: pkcs1 or pss
  --public-key-out FILE  writes the public key as a policy has to name it
  --key-ends DAY       warns when the key is to be replaced; refuses afterwards

What is signed
  --blob               the file's own bytes; the default with a key. Without
                       one: SLSA provenance, by the pipeline's variables
  --predicate FILE --type URI
                       a statement about the file (in-toto), an SBOM for
                       instance
  --vsa REPORT --verifier URI
                       that check let it through, by its report in JSON

  --audit-log FILE     a line of JSON before and after each signature; where it
                       cannot be written, nothing is signed
  --append             one more bundle in the same file

Exit codes: 0; 64 usage; 65 not who is pinned; 66 a signature that does not
verify; 69 a program, an authority or a log that failed.
`;
