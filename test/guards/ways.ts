/** Ways round the policy that were found from outside. */
import { inFile } from "./guard.ts";

const revocations = inFile("src/policy/compared.ts", "test/attack/revocations.test.ts");

export const WAYS = [
  revocations({
    name: "a revoked version is met in every spelling",
    code: "REVOKED",
    file: "src/policy/revoked.ts",
    remove: "normalVersion(ecosystem, revoked.version) === normalVersion(ecosystem, version)",
    put: "revoked.version === version",
    named: "pkg:pypi/widget@1.0.0 meets pypi:widget@1.0",
  }),
  revocations({
    name: "a revoked digest makes us fetch what the lock knows by another",
    code: "REVOKED",
    file: "src/gate/judge.ts",
    remove: "artifact.digests.length === 0 || lacks(artifact.digests, compared)",
    put: "artifact.digests.length === 0",
    named: "by sha256, whichever digest the lock knows",
  }),
  revocations({
    name: "bytes are hashed as a revocation names them",
    code: "REVOKED",
    file: "src/gate/judge.ts",
    remove: "part.obtain(artifact).then((obtained) => hashedIn(compared, obtained))",
    put: "part.obtain(artifact)",
    named: "by sha384, whichever digest the lock knows",
  }),
  revocations({
    name: "a revoked digest may be of another form of the package",
    code: "REVOKED",
    file: "src/policy/revoked.ts",
    remove: "isOneOf(entry, [...digests, ...otherDigests])",
    put: "isOneOf(entry, digests)",
    named: "in another form of the package",
  }),
  revocations({
    name: "bytes that are admitted are compared in the policy's algorithm",
    remove: "return [...new Set([...revoked, ...admitted])];",
    put: "return revoked;",
    named: "recorded digests: the same",
  }),
];
