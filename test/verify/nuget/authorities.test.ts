import { wordsOf } from "../../../src/verify/nuget/authorities.ts";
import { checkPolicy } from "../../../src/policy/consistency/index.ts";
import { compareNugetSignature } from "../../../src/policy/signers/nuget.ts";
import type { Attestation } from "../../../src/model/attestation.ts";
import type { Signer } from "../../../src/policy/schema/index.ts";
import { attestation } from "../../support/attestation.ts";
import {
  extension,
  keyUsage,
  newAuthority,
  newLeaf,
  type Party,
  purposes,
  SIGNED_AT,
} from "../../support/notary/mint.ts";
import * as der from "../../support/sigstore/der.ts";
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";

const POLICY = "2.23.140.1.4.1";
const policies = extension("2.5.29.32", false, der.sequence(der.sequence(der.oid(POLICY))));
const ROOT = newAuthority("root");
const MIDDLE = newAuthority("middle", { issuer: ROOT });
const LEAF = newLeaf("author", { issuer: MIDDLE, extensions: { policies } });
const printOf = ({ certificate }: Party) => `sha256:${createHash("sha256").update(certificate).digest("hex")}`;
const words = (leaf: Party, ...held: readonly Party[]) =>
  wordsOf(
    leaf.certificate,
    held.map(({ certificate }) => certificate),
    SIGNED_AT,
  );

describe("what an author's certificate says", () => {
  it("is its subject, its policies and purposes, and who issued it, in whatever order they came", () => {
    const found = words(LEAF, ROOT, LEAF, MIDDLE);
    expect(found.subject.map(({ value }) => value)).toEqual(["US", "Contoso", "author"]);
    expect(found.policies).toEqual([POLICY, "1.3.6.1.5.5.7.3.3"]);
    expect(found.authorities.map(({ fingerprint }) => fingerprint)).toEqual([printOf(MIDDLE), printOf(ROOT)]);
  });

  it.each([
    ["that did not come along", [ROOT]],
    ["of the same name that did not sign it", [newAuthority("middle", { issuer: ROOT }), ROOT]],
    ["that was not valid then", [newAuthority("middle", { issuer: ROOT, to: new Date("2026-02-01") }), ROOT]],
  ])("names no authority %s", (_, held) => expect(words(LEAF, ...held).authorities).toEqual([]));

  it.each([
    ["that is none", { constraints: null }],
    ["that may not issue", { usage: keyUsage(0x80) }],
    ["for servers", { purposes: purposes(["1.3.6.1.5.5.7.3.1"]) }],
  ])("names no authority %s", (_, extensions) => {
    const middle = newAuthority("middle", { issuer: ROOT, extensions });
    expect(words(newLeaf("author", { issuer: middle }), middle, ROOT).authorities).toEqual([]);
  });

  it("is nothing where it cannot be read", () =>
    expect(wordsOf(Buffer.from("x"), [], SIGNED_AT)).toEqual({ subject: [], policies: [], authorities: [] }));
});

describe("a signer by subject and issuing authority", () => {
  const signed = (leaf: Party, ...held: readonly Party[]): Attestation =>
    attestation({
      signer: { kind: "key", fingerprint: printOf(leaf), usage: "nuget:author", words: words(leaf, ...held) },
    });
  const own = {
    kind: "author" as const,
    subject: "O=Contoso, CN=author",
    issuer: { subject: "CN=middle", fingerprints: [printOf(ROOT)] },
    policies: [POLICY],
  };
  const compared = (part: object, one = signed(LEAF, MIDDLE, ROOT)) =>
    compareNugetSignature("vendor", { ...own, ...part }, one).map(({ name }) => name);

  it("is met by a renewed certificate of the same subject and authority", () => {
    expect(compared({})).toEqual([]);
    const renewed = newLeaf("author", { issuer: MIDDLE, extensions: { policies } });
    expect(compared({}, signed(renewed, MIDDLE, ROOT))).toEqual([]);
    expect(compared({ issuer: { fingerprints: [printOf(MIDDLE)] } })).toEqual([]);
  });

  it.each([
    ["another subject", { subject: "O=Fabrikam" }, ["subject O"]],
    ["another issuing authority", { issuer: { subject: "CN=other", fingerprints: [printOf(ROOT)] } }, ["issuer CN"]],
    ["another authority above it", { issuer: { fingerprints: [printOf(newAuthority("root"))] } }, ["issuer"]],
    ["the leaf for its authority", { issuer: { fingerprints: [printOf(LEAF)] } }, ["issuer"]],
    ["a policy that it lacks", { policies: [POLICY, "1.2.3"] }, ["policies"]],
  ])("is not met with %s", (_, part, names) => expect(compared(part)).toEqual(names));

  it("is not met by who writes the same names into certificates of his own", () => {
    const root = newAuthority("root");
    const middle = newAuthority("middle", { issuer: root });
    const forged = newLeaf("author", { issuer: middle, extensions: { policies } });
    for (const held of [[middle, root], [middle, root, MIDDLE, ROOT], [MIDDLE, ROOT], []])
      expect(compared({}, signed(forged, ...held))).toContain("issuer");
  });

  it("is not met by another kind of signature", () => {
    expect(compared({}, attestation())).toEqual(["signer"]);
    const bare = attestation({ signer: { kind: "key", fingerprint: printOf(LEAF), usage: "nuget:author" } });
    expect(compared({}, bare)).toEqual(["subject"]);
  });

  it.each([
    ["neither certificate nor subject", { kind: "author" as const }, "either fingerprints"],
    ["a subject alone", { kind: "author" as const, subject: "O=Contoso" }, "either fingerprints"],
    ["a registry by subject", { ...own, kind: "repository" as const }, "either fingerprints"],
    ["both", { ...own, fingerprints: [printOf(LEAF)] }, "say nothing more"],
    ["a subject that is none", { ...own, subject: "X=1" }, "is no attribute"],
    ["a subject of everybody", { ...own, subject: "C=US, ST=Washington" }, "names nobody in particular"],
  ])("cannot be written with %s", (_, nugetSignature, message) => {
    const signers: Record<string, Signer> = { vendor: { nugetSignature } };
    expect(JSON.stringify(checkPolicy({ version: 1, signers }, { npm: [], pypi: [], nuget: [] }))).toContain(message);
  });
});
