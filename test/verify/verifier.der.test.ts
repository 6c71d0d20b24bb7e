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
    pick: (bundle: any) => bundle.verificationMaterial.certificate,
    member: "rawBytes",
    oneIn: 4,
    codes: ["CERTIFICATE_INVALID", "SIGNER_AMBIGUOUS"],
  },
  {
    of: "the timestamp",
    pick: (bundle: any) => bundle.verificationMaterial.timestampVerificationData.rfc3161Timestamps[0],
    member: "signedTimestamp",
    oneIn: 2,
    codes: ["TIME_INVALID"],
  },
] as const;

test.each(places)("an element of $of that is otherwise has a code of its own", ({ pick, member, codes, ...how }) => {
  const der = Buffer.from(pick(good)[member], "base64");
  const mutants = derMutants(der).filter(({ der: changed }) => changed.length > 0);
  const found = mutants.filter(oneIn(how.oneIn)).map(({ name, der: changed }) => {
    const bundle = edited(good, (copy) => (pick(copy)[member] = changed.toString("base64")));
    const verdict = verifier.verify({ source: "file", location: "here", bundle }, locked);
    return { name, code: verdict.status === "broken" ? verdict.code : verdict.status };
  });
  expect(found.length).toBeGreaterThan(100);
  expect(found.filter(({ code }) => code !== "verified" && !(codes as readonly string[]).includes(code))).toEqual([]);
});
