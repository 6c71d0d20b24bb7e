import { CONTENT, jws, NOW, outcomeOf, questionsOf } from "../../../support/notary/judged.ts";
import {
  crlOf,
  crlPoint,
  extension,
  keyUsage,
  newAuthority,
  newKey,
  newLeaf,
  newUnit,
  SIGNED_AT,
  tokenOf,
} from "../../../support/notary/mint.ts";
import * as der from "../../../support/sigstore/der.ts";
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { describe, expect, it } from "vitest";

const ROOT = newAuthority("root");
const URL = "http://crl.example/list.crl";
const LEAF = newLeaf("leaf", { issuer: ROOT, serial: 77, extensions: { points: crlPoint(URL) } });
const envelope = jws({ by: LEAF, above: [ROOT], content: CONTENT });
const outcome = (answers?: ReadonlyMap<string, Buffer | string>) =>
  outcomeOf(envelope, { stores: [["ca", ROOT]], ...(answers === undefined ? {} : { answers }) });
const listed = (list: Buffer | string) => outcome(new Map([[URL, list]]));

describe("a list of revoked certificates", () => {
  it("is of the authority and of now, and does not have the certificate", () => {
    expect(listed(crlOf(ROOT))).toBe("verified");
    expect(listed(crlOf(ROOT, { revoked: [76, 78] }))).toBe("verified");
    expect(listed(crlOf(ROOT, { revoked: [76, 77] }))).toBe(
      `CERTIFICATE_REVOKED: the certificate is revoked since 2026-06-01T00:00:00.000Z (${URL})`,
    );
  });

  it("is needed at the strict level, and nobody else asks for it", () => {
    expect(outcome()).toBe("REVOCATION_NOT_CHECKED: revocation not checked: nobody is asked offline");
    expect(outcome(new Map())).toBe("REVOCATION_NOT_CHECKED: revocation not checked: there is no answer yet");
    expect(outcomeOf(envelope, { stores: [["ca", ROOT]], level: "permissive" })).toBe("verified");
  });

  const point = (value: Buffer) => extension("2.5.29.28", true, der.sequence(value));
  const addressed = (url: string) => der.context(0, der.context(0, der.context(6, Buffer.from(url), false)));

  it.each([
    ["there is none", "answered 503", "answered 503"],
    ["it is none", Buffer.from("<html>"), "not well-formed"],
    ["it is of last year", crlOf(ROOT, { to: new Date("2026-11-01") }), "not of now"],
    ["it is of next year", crlOf(ROOT, { from: new Date("2027-01-01") }), "not of now"],
    ["another authority's", crlOf(newAuthority("other")), "another authority's"],
    ["signed by another key", crlOf(ROOT, { key: LEAF.key }), "not signed by the authority"],
    [
      "it has a critical extension",
      crlOf(ROOT, { extensions: [extension("1.2.3", true, der.sequence())] }),
      "not known",
    ],
    ["it is a difference", crlOf(ROOT, { extensions: [extension("2.5.29.27", true, der.integer(1))] }), "difference"],
    [
      "it is of another address",
      crlOf(ROOT, { extensions: [point(addressed("http://crl.example/other.crl"))] }),
      "other",
    ],
    ["of an address that begins alike", crlOf(ROOT, { extensions: [point(addressed(`${URL}2`))] }), "other"],
    [
      "it is a difference that does not say so critically",
      crlOf(ROOT, { extensions: [extension("2.5.29.27", false, der.integer(1))] }),
      "difference",
    ],
    ["it is of authorities", crlOf(ROOT, { extensions: [point(der.context(2, Buffer.from([255]), false))] }), "other"],
    ["it is indirect", crlOf(ROOT, { extensions: [point(der.context(4, Buffer.from([255]), false))] }), "other"],
  ])("says nothing where %s", (_, list, why) => {
    const found = listed(list);
    expect(found).toMatch(/^REVOCATION_NOT_CHECKED: revocation not checked: http:\/\/crl\.example\/list\.crl: /);
    expect(found).toContain(why);
  });

  it("may be one of several, where it says of which it is", () => {
    expect(listed(crlOf(ROOT, { extensions: [point(addressed(URL))] }))).toBe("verified");
    expect(listed(crlOf(ROOT, { extensions: [point(der.context(1, Buffer.from([255]), false))] }))).toBe("verified");
  });

  it.each([
    ["in a directory alone", crlPoint("ldap://ad.example/cn=list")],
    ["at an address that is none", crlPoint("list.crl")],
    [
      "of somebody else alone",
      extension("2.5.29.31", false, der.sequence(der.sequence(der.context(2, der.sequence())))),
    ],
  ])("is missing where the certificate names it %s", (_, points) => {
    const by = newLeaf("leaf", { issuer: ROOT, extensions: { points } });
    const found = outcomeOf(jws({ by, above: [ROOT], content: CONTENT }), {
      stores: [["ca", ROOT]],
      answers: new Map(),
    });
    expect(found).toBe(
      "REVOCATION_NOT_CHECKED: revocation not checked: the certificate names nobody who is asked by http",
    );
  });

  it("is signed as certificates are, with RSASSA-PSS as well", () => {
    const root = newAuthority("root", { key: generateKeyPairSync("rsa", { modulusLength: 2048 }) });
    const by = newLeaf("leaf", { issuer: root, serial: 78, extensions: { points: crlPoint(URL) } });
    const judge = (list: Buffer) =>
      outcomeOf(jws({ by, above: [root], content: CONTENT }), {
        stores: [["ca", root]],
        answers: new Map([[URL, list]]),
      });
    expect(judge(crlOf(root))).toBe("verified");
    expect(judge(crlOf(root, { revoked: [78] }))).toMatch(/^CERTIFICATE_REVOKED/);
  });

  it("is asked of those that the trust store vouches for, whatever stands above them", () => {
    const [key, asked, elsewhere] = [newKey(), "http://crl.example/issuer.crl", "http://10.0.0.1/shutdown"];
    const [above, stranger] = [newAuthority("above", { key }), newAuthority("stranger")];
    const issuer = newAuthority("issuer", { issuer: above, serial: 12, extensions: { points: crlPoint(asked) } });
    const by = newLeaf("leaf", { issuer });
    // Anybody can certify the key above: with addresses of his own.
    const crossed = newAuthority("above", { key, issuer: stranger, extensions: { points: crlPoint(elsewhere) } });
    const notary = jws({ by, above: [issuer, crossed, stranger], content: CONTENT });
    const judge = (list: Buffer) => outcomeOf(notary, { stores: [["ca", issuer]], answers: new Map([[asked, list]]) });
    expect(questionsOf(notary, { stores: [["ca", issuer]] })).toEqual([asked]);
    expect(judge(crlOf(above))).toBe("verified");
    expect(judge(crlOf(above, { revoked: [12] }))).toMatch(/^CERTIFICATE_REVOKED/);
  });

  it("is not one of an authority that may not sign lists", () => {
    const root = newAuthority("root", { extensions: { usage: keyUsage(0x04) } });
    const by = newLeaf("leaf", { issuer: root, extensions: { points: crlPoint(URL) } });
    const answers = new Map([[URL, crlOf(root)]]);
    const found = outcomeOf(jws({ by, above: [root], content: CONTENT }), { stores: [["ca", root]], answers });
    expect(found).toContain("not signed by the authority");
  });

  it("counts for the timestamp's authority as well", () => {
    const tsa = newAuthority("tsa");
    const unit = newUnit("unit", { issuer: tsa, serial: 5, extensions: { points: crlPoint(URL) } });
    const own = newLeaf("own");
    const timestamp = (signature: Buffer) => tokenOf(signature, { by: unit });
    const signed = jws({ by: own, above: [], content: CONTENT, timestamp });
    const judge = (list: Buffer) =>
      outcomeOf(signed, {
        stores: [
          ["ca", own],
          ["tsa", tsa],
        ],
        answers: new Map([[URL, list]]),
      });
    expect(judge(crlOf(tsa))).toBe("verified");
    expect(judge(crlOf(tsa, { revoked: [5] }))).toMatch(/^CERTIFICATE_REVOKED/);
  });
});

describe("an OCSP answer", () => {
  const RESPONDER = "http://ocsp.example";
  const access = extension(
    "1.3.6.1.5.5.7.1.1",
    false,
    der.sequence(der.sequence(der.oid("1.3.6.1.5.5.7.48.1"), der.context(6, Buffer.from(RESPONDER), false))),
  );
  const leaf = newLeaf("leaf", { issuer: ROOT, serial: 9, extensions: { access } });
  const both = newLeaf("leaf", { issuer: ROOT, serial: 9, extensions: { access, points: crlPoint(URL) } });
  const judge = (by: typeof leaf, ocsp: Buffer | string, crl?: Buffer) => {
    const answers = {
      get: (url: string) => (url.startsWith(`${RESPONDER}/`) ? ocsp : crl),
    } as unknown as ReadonlyMap<string, Buffer | string>;
    return outcomeOf(jws({ by, above: [ROOT], content: CONTENT }), { stores: [["ca", ROOT]], answers });
  };

  interface Answering {
    readonly status?: Buffer;
    readonly serial?: number;
    readonly from?: Date;
    readonly to?: Date | null;
    readonly key?: typeof ROOT.key;
    readonly certificates?: readonly Buffer[];
  }

  function answerOf(how: Answering = {}): Buffer {
    const sha1 = (bytes: Buffer) => createHash("sha1").update(bytes).digest();
    const name = subjectOf(ROOT.certificate);
    const point = publicPoint();
    const single = der.sequence(
      der.sequence(
        der.sequence(der.oid("1.3.14.3.2.26")),
        der.octets(sha1(name)),
        der.octets(sha1(point)),
        der.integer(how.serial ?? 9),
      ),
      how.status ?? der.context(0, Buffer.alloc(0), false),
      der.generalizedTime(how.from ?? SIGNED_AT),
      ...(how.to === null ? [] : [der.context(0, der.generalizedTime(how.to ?? new Date("2036-01-01")))]),
    );
    const data = der.sequence(der.context(2, der.octets(sha1(point))), der.generalizedTime(NOW), der.sequence(single));
    const basic = der.sequence(
      data,
      der.sequence(der.oid("1.2.840.10045.4.3.2")),
      der.bits(sign("sha256", data, how.key ?? ROOT.key)),
      ...(how.certificates === undefined ? [] : [der.context(0, der.sequence(...how.certificates))]),
    );
    const body = der.sequence(der.oid("1.3.6.1.5.5.7.48.1.1"), der.octets(basic));
    return der.sequence(der.tlv(0x0a, Buffer.from([0])), der.context(0, body));
  }

  it("is the authority's own, or of one that it lets answer", () => {
    expect(judge(leaf, answerOf())).toBe("verified");
    const delegate = newLeaf("ocsp", { issuer: ROOT, extensions: { purposes: ocspSigning() } });
    expect(judge(leaf, answerOf({ key: delegate.key, certificates: [delegate.certificate] }))).toBe("verified");
    const stranger = newLeaf("ocsp", { extensions: { purposes: ocspSigning() } });
    const other = newLeaf("ocsp", { issuer: ROOT });
    for (const one of [stranger, other])
      expect(judge(leaf, answerOf({ key: one.key, certificates: [one.certificate] }))).toContain("not signed by");
  });

  it("says that a certificate is revoked, or that nobody knows it", () => {
    expect(judge(leaf, answerOf({ status: der.context(1, der.generalizedTime(SIGNED_AT)) }))).toBe(
      "CERTIFICATE_REVOKED: the certificate is revoked since 2026-06-01T00:00:00.000Z, its authority says",
    );
    const unknown = answerOf({ status: der.context(2, Buffer.alloc(0), false) });
    expect(judge(leaf, unknown)).toContain("the responder does not know the certificate");
    expect(judge(both, unknown, crlOf(ROOT))).toContain("the responder does not know the certificate");
  });

  it.each([
    ["about another certificate", answerOf({ serial: 10 }), "about another certificate"],
    ["of another time", answerOf({ to: new Date("2026-11-01") }), "not of now"],
    ["of tomorrow", answerOf({ from: new Date("2027-01-01") }), "not of now"],
    ["without an end", answerOf({ to: null }), "not of now"],
    ["that says: try later", der.sequence(der.tlv(0x0a, Buffer.from([3]))), "gave no answer"],
    ["that is none", Buffer.from("<html>"), "not well-formed"],
    ["that does not come", "answered 502", "answered 502"],
  ])("says nothing %s, and then the list is asked", (_, answer, why) => {
    expect(judge(leaf, answer)).toContain(why);
    expect(judge(leaf, answer)).toMatch(/^REVOCATION_NOT_CHECKED/);
    expect(judge(both, answer, crlOf(ROOT))).toBe("verified");
    expect(judge(both, answer, crlOf(ROOT, { revoked: [9] }))).toMatch(/^CERTIFICATE_REVOKED/);
  });

  const ocspSigning = () => extension("2.5.29.37", false, der.sequence(der.oid("1.3.6.1.5.5.7.3.9")));

  function subjectOf(certificate: Buffer): Buffer {
    const at = certificate.indexOf(der.oid("2.5.4.3"), certificate.indexOf(der.oid("2.5.4.3")) + 1);
    const start = certificate.lastIndexOf(
      Buffer.from("30", "hex"),
      certificate.lastIndexOf(der.oid("2.5.4.6"), at) - 6,
    );
    return certificate.subarray(start, start + 2 + certificate[start + 1]!);
  }

  function publicPoint(): Buffer {
    const spki = ROOT.certificate;
    const at = spki.indexOf(Buffer.from("034200", "hex"));
    return spki.subarray(at + 3, at + 3 + 65);
  }
});
