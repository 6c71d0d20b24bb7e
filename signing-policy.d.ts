export interface SigningPolicy {
  $schema?: string
  version: 1
  /**
   * enforce (default) or audit
   */
  mode?: ("enforce" | "audit")
  /**
   * Named trust roots beside public-good
   */
  trust?: {
    [k: string]: {
      /**
       * trusted_root.json, a ClientTrustConfig or JSONL of roots
       */
      trustedRoot?: string
      /**
       * A repository of The Update Framework that keeps the root current
       */
      tuf?: {
        /**
         * The repository's address: trusted_root.json is its target
         */
        mirror: string
        /**
         * The repository's root.json, as its operator hands it out: the beginning of the chain
         */
        root: string
      }
      /**
       * The root counts so long after it was last found to be current
       */
      maxAge?: string
      /**
       * Transparency logs that must vouch; 1 when absent
       */
      tlog?: number
      /**
       * Certificate transparency logs that must vouch; 1 when absent
       */
      sct?: number
      timestamps?: number
    }
  }
  /**
   * Named identities
   */
  signers?: {
    [k: string]: {
      /**
       * A GitHub Actions workflow
       */
      githubActions?: {
        /**
         * owner/repository, spelt as GitHub spells it
         */
        repository: string
        /**
         * The enterprise whose tokens have an issuer of their own: its slug
         */
        enterprise?: string
        /**
         * Path of the workflow that was started. * is one or more characters but /.
         */
        workflow?: string
        /**
         * The git ref. * is one or more characters but /; {version} is the package's version, literally; {version:padded} admits leading zeros in its release numbers.
         */
        ref?: string
        /**
         * The deployment environment
         */
        environment?: string
        runner?: ("github-hosted" | "self-hosted")
        trigger?: (string | [string, ...(string)[]])
        repositoryId?: string
        ownerId?: string
        /**
         * The reusable workflow that signed: owner/repo/path@ref
         */
        signerWorkflow?: string
      }
      /**
       * A gitlab.com pipeline
       */
      gitlab?: {
        /**
         * group/project on gitlab.com
         */
        project: string
        /**
         * Path of the CI configuration
         */
        configPath?: string
        /**
         * The git ref. * is one or more characters but /; {version} is the package's version, literally; {version:padded} admits leading zeros in its release numbers.
         */
        ref?: string
        /**
         * The deployment environment
         */
        environment?: string
        runner?: ("gitlab-hosted" | "self-hosted")
        trigger?: (string | [string, ...(string)[]])
        projectId?: string
        namespaceId?: string
      }
      /**
       * An Azure Pipelines build
       */
      azurePipelines?: {
        /**
         * The Azure DevOps organisation's id
         */
        organizationId: string
        /**
         * With definitionId: the pipeline's own token
         */
        projectId?: string
        definitionId?: string
        /**
         * The git ref. * is one or more characters but /; {version} is the package's version, literally; {version:padded} admits leading zeros in its release numbers.
         */
        ref?: string
        /**
         * With serviceConnectionId: the Entra issuer
         */
        tenantId?: string
        serviceConnectionId?: string
      }
      /**
       * Exact claims of a Fulcio certificate
       */
      certificate?: {
        /**
         * The OIDC issuer
         */
        issuer: string
        /**
         * The certificate's one SAN
         */
        subjectAlternativeName?: string
        /**
         * OID .9
         */
        buildSignerURI?: string
        /**
         * OID .10
         */
        buildSignerDigest?: string
        /**
         * OID .11
         */
        runnerEnvironment?: string
        /**
         * OID .12
         */
        sourceRepositoryURI?: string
        /**
         * OID .13
         */
        sourceRepositoryDigest?: string
        /**
         * OID .14
         */
        sourceRepositoryRef?: string
        /**
         * OID .15
         */
        sourceRepositoryIdentifier?: string
        /**
         * OID .16
         */
        sourceRepositoryOwnerURI?: string
        /**
         * OID .17
         */
        sourceRepositoryOwnerIdentifier?: string
        /**
         * OID .18
         */
        buildConfigURI?: string
        /**
         * OID .19
         */
        buildConfigDigest?: string
        /**
         * OID .20
         */
        buildTrigger?: string
        /**
         * OID .21
         */
        runInvocationURI?: string
        /**
         * OID .22
         */
        sourceRepositoryVisibilityAtSigning?: string
        /**
         * OID .23
         */
        deploymentEnvironment?: string
        /**
         * OID .24
         */
        tokenSubject?: string
      }
      /**
       * Keys held by a KMS, an HSM or a person
       */
      publicKey?: {
        /**
         * Any of these keys: rotation by listing the old and the new one
         *
         * @minItems 1
         */
        files: [string, ...(string)[]]
        /**
         * Logs of the trust root that must vouch; 1 when absent. 0: none. A root that `trust` names may ask for more
         */
        tlog?: number
      }
      /**
       * The registry whose own signature counts: a baseline, not an identity
       */
      npmRegistry?: string
      /**
       * NuGet's author or repository signature
       */
      nugetSignature?: {
        kind: ("author" | "repository")
        /**
         * SHA-256 of the signing certificate, any of them
         *
         * @minItems 1
         */
        fingerprints?: [string, ...(string)[]]
        /**
         * What its subject must have (RFC 4514), such as CN=Contoso, O=Contoso; with issuer
         */
        subject?: string
        issuer?: {
          /**
           * What the subject of the issuing authority must have
           */
          subject?: string
          /**
           * SHA-256 of the issuing authority's certificate, or of one above it, any of them
           *
           * @minItems 1
           */
          fingerprints: [string, ...(string)[]]
        }
        /**
         * Certificate policies or purposes that the certificate must have, all of them
         *
         * @minItems 1
         */
        policies?: [string, ...(string)[]]
      }
      /**
       * A signature of the Notary Project (notation blob sign)
       */
      notary?: {
        /**
         * One of them must be in the signature's chain
         *
         * @minItems 1
         */
        trustStore: [string, ...(string)[]]
        /**
         * Whom the trust store names: ca when absent; signingAuthority: a service that vouches for the time
         */
        type?: ("ca" | "signingAuthority")
        /**
         * Authorities for timestamps: with them a timestamp is needed
         *
         * @minItems 1
         */
        tsa?: [string, ...(string)[]]
        /**
         * Any of these; may be absent where the trust store is the signer itself
         *
         * @minItems 1
         */
        identities?: [string, ...(string)[]]
        /**
         * strict when absent; permissive passes over time, expiry and revocation; audit in audit mode alone
         */
        level?: ("strict" | "permissive" | "audit")
        /**
         * With tsa: when a timestamp is needed; always when absent
         */
        timestamp?: ("always" | "afterCertExpiry")
      }
      /**
       * The trust root that must vouch; public-good when absent
       */
      trust?: string
    }
  }
  /**
   * Where else evidence is found
   */
  sources?: {
    /**
     * Asked in order, after the ecosystem's own place
     *
     * @minItems 1
     */
    npm?: [{
      /**
       * URL template with {name}, {version}, {filename}, {id}, {sha256}, {sha512}, after the host
       */
      url?: string
      /**
       * Another registry that answers for attestations
       */
      attestations?: string
      /**
       * Folder of sha256-HEX.sigstore.json[l] and sha512-HEX.sigstore.json[l]
       */
      directory?: string
      /**
       * A package of the same version in the same feed
       */
      companion?: string
      /**
       * An index that serves PEP 740 provenance by file
       */
      integrity?: string
      github?: true
      beside?: true
    }, ...({
      /**
       * URL template with {name}, {version}, {filename}, {id}, {sha256}, {sha512}, after the host
       */
      url?: string
      /**
       * Another registry that answers for attestations
       */
      attestations?: string
      /**
       * Folder of sha256-HEX.sigstore.json[l] and sha512-HEX.sigstore.json[l]
       */
      directory?: string
      /**
       * A package of the same version in the same feed
       */
      companion?: string
      /**
       * An index that serves PEP 740 provenance by file
       */
      integrity?: string
      github?: true
      beside?: true
    })[]]
    /**
     * Asked in order, after the ecosystem's own place
     *
     * @minItems 1
     */
    pypi?: [{
      /**
       * URL template with {name}, {version}, {filename}, {id}, {sha256}, {sha512}, after the host
       */
      url?: string
      /**
       * Another registry that answers for attestations
       */
      attestations?: string
      /**
       * Folder of sha256-HEX.sigstore.json[l] and sha512-HEX.sigstore.json[l]
       */
      directory?: string
      /**
       * A package of the same version in the same feed
       */
      companion?: string
      /**
       * An index that serves PEP 740 provenance by file
       */
      integrity?: string
      github?: true
      beside?: true
    }, ...({
      /**
       * URL template with {name}, {version}, {filename}, {id}, {sha256}, {sha512}, after the host
       */
      url?: string
      /**
       * Another registry that answers for attestations
       */
      attestations?: string
      /**
       * Folder of sha256-HEX.sigstore.json[l] and sha512-HEX.sigstore.json[l]
       */
      directory?: string
      /**
       * A package of the same version in the same feed
       */
      companion?: string
      /**
       * An index that serves PEP 740 provenance by file
       */
      integrity?: string
      github?: true
      beside?: true
    })[]]
    /**
     * Asked in order, after the ecosystem's own place
     *
     * @minItems 1
     */
    nuget?: [{
      /**
       * URL template with {name}, {version}, {filename}, {id}, {sha256}, {sha512}, after the host
       */
      url?: string
      /**
       * Another registry that answers for attestations
       */
      attestations?: string
      /**
       * Folder of sha256-HEX.sigstore.json[l] and sha512-HEX.sigstore.json[l]
       */
      directory?: string
      /**
       * A package of the same version in the same feed
       */
      companion?: string
      /**
       * An index that serves PEP 740 provenance by file
       */
      integrity?: string
      github?: true
      beside?: true
    }, ...({
      /**
       * URL template with {name}, {version}, {filename}, {id}, {sha256}, {sha512}, after the host
       */
      url?: string
      /**
       * Another registry that answers for attestations
       */
      attestations?: string
      /**
       * Folder of sha256-HEX.sigstore.json[l] and sha512-HEX.sigstore.json[l]
       */
      directory?: string
      /**
       * A package of the same version in the same feed
       */
      companion?: string
      /**
       * An index that serves PEP 740 provenance by file
       */
      integrity?: string
      github?: true
      beside?: true
    })[]]
  }
  /**
   * Further origins that a lock may name; only the outermost policy's count
   */
  registries?: {
    /**
     * Further origins that a lock may name
     *
     * @minItems 1
     */
    npm?: [string, ...(string)[]]
    /**
     * Further origins that a lock may name
     *
     * @minItems 1
     */
    pypi?: [string, ...(string)[]]
    /**
     * Further origins that a lock may name
     *
     * @minItems 1
     */
    nuget?: [string, ...(string)[]]
  }
  /**
   * What is asked of which packages. No rule: denied.
   */
  rules?: {
    /**
     * The packages this rule is for. The most specific pattern of all rules decides.
     *
     * @minItems 1
     */
    packages: [string, ...(string)[]]
    /**
     * A semver range (npm), a PEP 440 specifier (PyPI) or an interval (NuGet). Other versions are denied.
     */
    versions?: string
    /**
     * Signers, any of them (or `count` of them)
     *
     * @minItems 1
     */
    signedBy?: [string, ...(string)[]]
    /**
     * Registry or feed signatures: what was published, not who built it
     *
     * @minItems 1
     */
    baseline?: [string, ...(string)[]]
    /**
     * deny (default), recorded (exactly the recorded digests) or allow (needs reason and expires)
     */
    unsigned?: ("deny" | "recorded" | "allow")
    /**
     * How many different signers
     */
    count?: number
    /**
     * Asks for SLSA provenance that says this
     */
    provenance?: {
      /**
       * The SLSA builder id
       */
      builder?: string
      /**
       * The SLSA build type
       */
      buildType?: string
      /**
       * The source repository's address, without git+, .git and a ref
       */
      repository?: string
      commit?: string
      /**
       * What started the build: a workflow's path, a job, a configuration
       */
      entryPoint?: string
      /**
       * Parameters of the build, by JSON pointer: /inputs/target
       */
      parameters?: {
        [k: string]: (string | number | boolean)
      }
    }
    /**
     * Asks for SLSA provenance of this level. The certificate says which it is; a predicate can lower it
     */
    slsa?: {
      /**
       * SLSA Build Level
       */
      buildLevel: number
      builders?: ("known" | [string, ...(string)[]])
    }
    /**
     * Asks for a verification summary (VSA) of this package that PASSED, in place of provenance
     */
    vsa?: {
      /**
       * The verifier's id
       */
      verifier: string
      /**
       * Each must have been verified
       *
       * @minItems 1
       */
      levels: [string, ...(string)[]]
      /**
       * sha256:HEX, sha384:HEX or sha512:HEX
       */
      policyDigest?: string
    }
    /**
     * Further statements by the same signers; contains: a bill of materials that lists the package's own digest
     *
     * @minItems 1
     */
    attestations?: [(string | {
      /**
       * A predicate type
       */
      type: string
      contains: "subject"
    }), ...((string | {
      /**
       * A predicate type
       */
      type: string
      contains: "subject"
    }))[]]
    /**
     * Further predicate types that meet signedBy
     *
     * @minItems 1
     */
    predicateTypes?: [string, ...(string)[]]
    /**
     * Since it was signed: 30m, 72h, 7d, 2w
     */
    minimumAge?: string
    mode?: ("enforce" | "audit")
    /**
     * Why
     */
    reason?: string
    /**
     * The first day on which the rule no longer admits anything (UTC)
     */
    expires?: string
  }[]
  recorded?: {
    /**
     * The recorded digests, written by the tool
     */
    file: string
    /**
     * Why bytes count without evidence
     */
    reason: string
    /**
     * The first day on which it no longer counts (UTC)
     */
    expires: string
  }
  /**
   * One version each, by digest, for a time
   *
   * @minItems 1
   */
  exceptions?: [{
    /**
     * One version: pkg:nuget/Newtonsoft.Json@13.0.3
     */
    package: string
    /**
     * The bytes that are excepted (NuGet: the contentHash)
     *
     * @minItems 1
     */
    digests: [string, ...(string)[]]
    /**
     * The codes that are excused
     *
     * @minItems 1
     */
    excuses: [string, ...(string)[]]
    /**
     * Why
     */
    reason: string
    /**
     * Who decided
     */
    approvedBy?: string
    /**
     * When it was granted: reports say how old it is
     */
    since?: string
    /**
     * The first day on which it no longer counts (UTC)
     */
    expires: string
  }, ...({
    /**
     * One version: pkg:nuget/Newtonsoft.Json@13.0.3
     */
    package: string
    /**
     * The bytes that are excepted (NuGet: the contentHash)
     *
     * @minItems 1
     */
    digests: [string, ...(string)[]]
    /**
     * The codes that are excused
     *
     * @minItems 1
     */
    excuses: [string, ...(string)[]]
    /**
     * Why
     */
    reason: string
    /**
     * Who decided
     */
    approvedBy?: string
    /**
     * When it was granted: reports say how old it is
     */
    since?: string
    /**
     * The first day on which it no longer counts (UTC)
     */
    expires: string
  })[]]
  /**
   * Archives by address or path, by digest, for a time. No rule for a name is about them.
   *
   * @minItems 1
   */
  archives?: [{
    /**
     * The address, exactly as the lock's resolved has it; asked without credentials
     */
    url?: string
    /**
     * A file of the repository, relative to this policy
     */
    path?: string
    /**
     * The SHA-512 of the archive, in hexadecimal
     */
    sha512: string
    /**
     * Why
     */
    reason: string
    /**
     * The first day on which it no longer counts (UTC)
     */
    expires: string
  }, ...({
    /**
     * The address, exactly as the lock's resolved has it; asked without credentials
     */
    url?: string
    /**
     * A file of the repository, relative to this policy
     */
    path?: string
    /**
     * The SHA-512 of the archive, in hexadecimal
     */
    sha512: string
    /**
     * Why
     */
    reason: string
    /**
     * The first day on which it no longer counts (UTC)
     */
    expires: string
  })[]]
  /**
   * Counts for every layer and whatever else holds
   *
   * @minItems 1
   */
  revoked?: [{
    /**
     * A build, with all its attempts: https://github.com/acme/widget/actions/runs/1
     */
    run?: string
    signer?: string
    /**
     * Inclusive
     */
    signedFrom?: string
    /**
     * Exclusive
     */
    signedUntil?: string
    /**
     * pkg:npm/NAME@VERSION, or without a version for all of them
     */
    package?: string
    /**
     * sha256:HEX, sha384:HEX or sha512:HEX
     */
    digest?: string
    /**
     * Why
     */
    reason: string
  }, ...({
    /**
     * A build, with all its attempts: https://github.com/acme/widget/actions/runs/1
     */
    run?: string
    signer?: string
    /**
     * Inclusive
     */
    signedFrom?: string
    /**
     * Exclusive
     */
    signedUntil?: string
    /**
     * pkg:npm/NAME@VERSION, or without a version for all of them
     */
    package?: string
    /**
     * sha256:HEX, sha384:HEX or sha512:HEX
     */
    digest?: string
    /**
     * Why
     */
    reason: string
  })[]]
  /**
   * Whose install scripts run: all, signed (proven identity), none, or these; absent: as npm does
   */
  scripts?: (("all" | "signed" | "none") | [string, ...(string)[]])
  commandLine?: {
    /**
     * Whether --audit is allowed
     */
    audit?: boolean
  }
}
