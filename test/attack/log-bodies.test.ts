/**
 * The body of a log entry in another spelling than the canonical one. What the log signed is the bytes: white space and
 * the order of members can be chosen by the log alone, and say nothing. They are let be: a body is refused where two
 * readers could find two meanings in it, or where nobody but the sender spelt it.
 */
import { createInstance } from "../support/sigstore.ts";
import { edited, identity, outcome, rootOf, subjects } from "../verify/judging.ts";
import { describe, expect, it } from "vitest";

const instance = await createInstance();
const roots = [rootOf(instance)];
const versions = [
  ["Rekor v1", { log: [{ version: 1 }] }],
  ["Rekor v2", { log: [{ version: 2 }], timestamps: 1 }],
] as const;
const spelt = (how: { readonly log: readonly object[] }, spell: (body: string) => string) =>
  instance.attest({ subjects, identity, ...how, log: how.log.map((one) => ({ ...one, kind: "dsse", spell })) });

const spaced = (body: string) => ` ${JSON.stringify(JSON.parse(body), null, 2)}\n`;
const backwards = (body: string) =>
  JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(body) as object).toReversed()));

describe.each(versions)("%s", (_, how) => {
  it.each([
    ["white space", spaced],
    ["another order of members", backwards],
  ])("%s that the log signed changes nothing", async (_name, spell) => {
    expect(outcome(await spelt(how, String), { roots })).toBe("verified");
    expect(outcome(await spelt(how, spell), { roots })).toBe("verified");
  });

  it.each([
    ["white space", spaced],
    ["another order of members", backwards],
  ])("%s that it did not sign does not hold", async (_name, spell) => {
    const bundle = edited(await spelt(how, String), ({ verificationMaterial: { tlogEntries } }) => {
      for (const entry of tlogEntries) entry.canonicalizedBody = inBase64(entry.canonicalizedBody, spell);
    });
    expect(outcome(bundle, { roots })).toBe("LOG_INVALID");
  });

  it.each([
    ["a member twice", (body: string) => body.replace("{", '{"kind":"dsse",')],
    ["a member in escapes beside it", (body: string) => body.replace("{", '{"k\\u0069nd":"dsse",')],
    ["something after it", (body: string) => `${body}{}`],
  ])("%s could be read in two ways: refused, whoever signed it", async (_name, spell) => {
    expect(outcome(await spelt(how, spell), { roots })).toBe("LOG_INVALID");
  });
});

function inBase64(body: string, spell: (body: string) => string): string {
  return Buffer.from(spell(Buffer.from(body, "base64").toString("utf8"))).toString("base64");
}
