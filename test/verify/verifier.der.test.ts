import { expect, test } from "vitest";
import { createVerifier } from "../../src/verify/verifier.ts";
import { derMutants } from "../support/der-mutants.ts";
import { createInstance } from "../support/sigstore.ts";
import { edited, identity, locked, rootOf, subjects } from "./judging.ts";

const instance = await createInstance();
const verifier = createVerifier([rootOf(instance)], [], new Date());
const good = await instance.attest({ subjects, identity, log: [{ version: 2, kind: "dsse" }], timestamps: 1 });
/** With the counts of changes and elements below, every change and every place has its turn. */
const oneIn = (count: number) => (_: unknown, n: number) => n % count === 0;

const places = [
  {
    of: "the certificate",
    path: ["verificationMaterial", "certificate", "rawBytes"],
    every: 4,
    codes: ["CERTIFICATE_INVALID", "SIGNER_AMBIGUOUS"],
  },
  {
    of: "the timestamp",
    path: ["verificationMaterial", "timestampVerificationData", "rfc3161Timestamps", 0, "signedTimestamp"],
    every: 2,
    codes: ["TIME_INVALID"],
  },
];

test.each(places)("an element of $of that is otherwise has a code of its own", ({ path, every, codes }) => {
  const mutants = derMutants(Buffer.from(at(good, path) as string, "base64")).filter(({ der }) => der.length > 0);
  const found = mutants.filter(oneIn(every)).map(({ name, der }) => ({ name, outcome: outcomeOf(path, der) }));
  expect(found.length).toBeGreaterThan(100);
  expect(found.filter(({ outcome }) => outcome !== "verified" && !codes.includes(outcome))).toEqual([]);
});

type Path = readonly (string | number)[];
type Json = Record<string | number, unknown>;

function outcomeOf(path: Path, der: Buffer): string {
  const bundle = edited(good, (copy) => {
    (at(copy, path.slice(0, -1)) as Json)[path.at(-1)!] = der.toString("base64");
  });
  const verdict = verifier.verify({ source: "file", location: "here", bundle }, locked);
  return verdict.status === "broken" ? verdict.code : verdict.status;
}

function at(value: unknown, path: Path): unknown {
  return path.reduce((found, name) => (found as Json)[name], value);
}
