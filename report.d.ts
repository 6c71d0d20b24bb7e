export interface Report {
  schemaVersion: 1
  tool: {
    name: "safe-install"
    version: string
  }
  /**
   * When it was judged, UTC
   */
  time: string
  command: string
  outcome: ("allowed" | "audited" | "denied")
  exit: number
  projects: {
    project: string
    lockfile: (string | null)
    policies: {
      name: string
      digest: string
      mode: ("enforce" | "audit")
    }[]
    outcome: ("allowed" | "audited" | "denied")
    exit: number
    notes: string[]
    summary: {
      /**
       * As the report for people says it
       */
      text: string
      packages: number
      unbound: number
      grounds: {
        [k: string]: number
      }
      shares: {
        [k: string]: number
      }
      denials: {
        [k: string]: number
      }
      exceptions: {
        policy: string
        package: string
        excuses: string[]
        approvedBy: (string | null)
        since: (string | null)
        ageDays: (number | null)
        expires: string
        daysLeft: number
        uses: number
      }[]
      endings: {
        policy: string
        what: string
        expires: string
        daysLeft: number
      }[]
      signers: {
        kind: ("certificate" | "key")
        /**
         * The workflow, person or key; of a workflow without its ref
         */
        signer: string
        issuer: (string | null)
        repository: (string | null)
        refs: string[]
        packages: string[]
        /**
         * What deserves a second look
         */
        looks: string[]
      }[]
      notGated: {
        [k: string]: number
      }
    }
    /**
     * With --log: the last whole run in it of the same command over the same lock; null: there is none
     */
    before?: ({
      time: string
      packages: number
      grounds: {
        [k: string]: number
      }
      denials: {
        [k: string]: number
      }
      unbound: number
    } | null)
    /**
     * Since that run, what rests on another ground, is new or is gone
     */
    changes?: {
      purl: string
      from: (("signed" | "baseline" | "recorded" | "archive" | "unsigned" | "excepted" | "audited" | "denied") | null)
      to: (("signed" | "baseline" | "recorded" | "archive" | "unsigned" | "excepted" | "audited" | "denied") | null)
    }[]
    packages: {
      purl: string
      /**
       * Where it lies, if it comes from no registry; the purl's name is then nobody's word
       */
      archive?: ({
        url: string
      } | {
        path: string
      })
      outcome: ("allowed" | "audited" | "denied")
      ground: ("signed" | "baseline" | "recorded" | "archive" | "unsigned" | "excepted" | "audited" | "denied")
      locations: string[]
      digests: string[]
      /**
       * Of the very file, where what was built is judged before it is promoted
       */
      built?: string[]
      runsScripts: boolean
      scripts?: ("run" | "skip")
      /**
       * In the package's own words. Unsigned
       */
      licence?: string
      /**
       * The packages that it needs, among those that were judged
       */
      dependsOn?: string[]
      layers: {
        policy: string
        /**
         * In a decision log only
         */
        policyDigest?: (string | null)
        rule: (string | null)
        outcome: ("allowed" | "audited" | "denied")
        ground?: {
          [k: string]: unknown
        }
        codes: string[]
      }[]
      denials: {
        code: string
        message: string
        details: {
          name: string
          expected: string
          found: string
        }[]
        location?: string
        hint?: string
        /**
         * Whoever was asked answered that it is not there: to ask again is of no use
         */
        absent?: true
      }[]
      evidence: {
        source: string
        location: string
        status: ("verified" | "broken" | "foreign")
        code?: string
        detail?: string
        bundle?: string
        predicateType?: (string | null)
        signer?: ({
          kind: "certificate"
          claims: {
            [k: string]: string
          }
        } | {
          kind: "key"
          fingerprint: string
          usage: string
          registry?: string
          /**
           * A signature of the Notary Project; passedOver: what its level does not enforce, and did not hold
           */
          notary?: {
            subject: string
            issuer: string
            scheme: string
            mediaType: string
            passedOver: string[]
          }
        })
        signedAt?: (string | null)
        /**
         * Who the index says published it. Unsigned: never compared
         */
        publisher?: string
        /**
         * Which form of the package the evidence is about
         */
        form?: string
      }[]
      unavailable: {
        location: string
        reason: string
      }[]
    }[]
    unbound: {
      purl: (string | null)
      location: string
      denial: {
        code: string
        message: string
        details: {
          name: string
          expected: string
          found: string
        }[]
        location?: string
        hint?: string
        /**
         * Whoever was asked answered that it is not there: to ask again is of no use
         */
        absent?: true
      }
    }[]
    notGated: {
      kind: string
      name: string
      detail?: string
    }[]
  }[]
}
