import { BUILT_IN } from "../../model/trust.ts";
import { isAllowedUrl } from "../../url.ts";
import { nearest } from "../../nearest.ts";
import type { Problem } from "../read/problem.ts";
import type { Policy, Signer } from "../schema/index.ts";
import { notaryProblems, nugetProblems } from "./notary.ts";

const KINDS = [
  "githubActions",
  "gitlab",
  "azurePipelines",
  "certificate",
  "publicKey",
  "npmRegistry",
  "nugetSignature",
  "notary",
] as const;

export function signerProblems(policy: Policy): readonly Problem[] {
  return Object.entries(policy.signers ?? {}).flatMap(([name, signer]) =>
    [
      ...kindProblems(signer),
      ...trustProblems(policy, signer),
      ...patternProblems(signer),
      ...azureProblems(signer),
      ...certificateProblems(signer),
      ...urlProblems(signer),
      ...notaryProblems(signer),
      ...nugetProblems(signer),
    ].map(({ path, message }) => ({ path: ["signers", name, ...path], message })),
  );
}

function kindProblems(signer: Signer): readonly Problem[] {
  const kinds = KINDS.filter((kind) => signer[kind] !== undefined);
  if (kinds.length === 1) return [];
  const found = kinds.length === 0 ? "none" : kinds.join(" and ");
  return [{ path: [], message: `a signer is exactly one of ${KINDS.join(", ")}; found ${found}` }];
}

function trustProblems({ trust = {} }: Policy, signer: Signer): readonly Problem[] {
  const path = ["trust"];
  if (signer.trust === undefined) return [];
  if (signer.npmRegistry !== undefined || signer.nugetSignature !== undefined || signer.notary !== undefined) {
    return [{ path, message: "this kind of signer has no Sigstore trust root" }];
  }
  if (Object.hasOwn(BUILT_IN, signer.trust) || Object.hasOwn(trust, signer.trust)) return [];
  return [{ path, message: `there is no trust root "${signer.trust}"${nearest(signer.trust, Object.keys(trust))}` }];
}

/** `**` looks as if it went past a `/`; it would not. */
function patternProblems({ githubActions, gitlab, azurePipelines }: Signer): readonly Problem[] {
  const all = { githubActions, gitlab, azurePipelines };
  return Object.entries(all).flatMap(([kind, is]) =>
    Object.entries(is ?? {})
      .filter(([, value]) => typeof value === "string" && value.includes("**"))
      .map(([key]) => ({ path: [kind, key], message: "* never goes past a /, and ** does not either: write one *" })),
  );
}

function azureProblems({ azurePipelines: is }: Signer): readonly Problem[] {
  if (is === undefined) return [];
  const pipeline = [is.projectId, is.definitionId].filter((value) => value !== undefined).length;
  const connection = [is.tenantId, is.serviceConnectionId].filter((value) => value !== undefined).length;
  if (pipeline === 2 && connection === 0) return [];
  if (pipeline === 0 && connection === 2) {
    const message = "a service connection's token does not carry the ref: leave it out";
    return is.ref === undefined ? [] : [{ path: ["azurePipelines", "ref"], message }];
  }
  const message =
    "organizationId goes either with projectId and definitionId, or with tenantId and serviceConnectionId";
  return [{ path: ["azurePipelines"], message }];
}

/** SANs that name the source itself; others (a reusable workflow's) name only the builder. */
const SOURCE_SANS: readonly RegExp[] = [
  /^[^\s@/]+@[^\s@/]+\.[^\s@/]+$/,
  /^spiffe:\/\/[^/]+\/.+/,
  /^https:\/\/kubernetes\.io\/namespaces\/[^/]+\/serviceaccounts\/[^/]+$/,
  /^https:\/\/buildkite\.com\/[^/]+\/[^/]+$/,
  /^https:\/\/circleci\.com\/api\/v2\/projects\/[^/]+\/pipeline-definitions\/[^/]+$/,
  /^https:\/\/dev\.azure\.com\/[^/]+\/[^/]+\/_build\?definitionId=\d+(?:@.+)?$/,
];
const SHARED_BUILDERS =
  /^https:\/\/(?:token\.actions\.githubusercontent\.com(?:\/.*)?|token\.actions\.[^/]+|gitlab\.[^/]+)$/;

/** "Signed by anybody" cannot be written: besides the issuer something must name the source. */
function certificateProblems({ certificate: is }: Signer): readonly Problem[] {
  if (is === undefined) return [];
  const path = ["certificate"];
  if (is.sourceRepositoryURI !== undefined || is.sourceRepositoryIdentifier !== undefined) return [];
  if (SHARED_BUILDERS.test(is.issuer)) {
    return [
      { path, message: "this issuer signs for everybody: sourceRepositoryURI or sourceRepositoryIdentifier is needed" },
    ];
  }
  if (is.buildConfigURI !== undefined || is.tokenSubject !== undefined) return [];
  const san = is.subjectAlternativeName;
  if (san !== undefined && SOURCE_SANS.some((form) => form.test(san))) return [];
  const message =
    "names nobody in particular: besides the issuer it needs sourceRepositoryURI, sourceRepositoryIdentifier, buildConfigURI or tokenSubject, or the subjectAlternativeName of a person (e-mail) or workload (SPIFFE)";
  return [{ path, message }];
}

function urlProblems({ npmRegistry }: Signer): readonly Problem[] {
  if (npmRegistry === undefined || isAllowedUrl(npmRegistry)) return [];
  return [{ path: ["npmRegistry"], message: "expected an https address (http on loopback only)" }];
}
