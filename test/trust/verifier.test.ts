/** Authorities are asked for every signer that would have to know, also where another one is content without. */
import { livingVerifier } from "../../src/trust/verifier.ts";
import { openTrust } from "../../src/trust/open.ts";
import { readCertificate } from "../../src/verify/certificate/certificate.ts";
import { notaryTrust } from "../../src/verify/notary/trust.ts";
import { temporaryFolder } from "../support/folder.ts";
import { CONTENT, jws, NOW } from "../support/notary/judged.ts";
import { crlOf, crlPoint, newAuthority, newLeaf } from "../support/notary/mint.ts";
import { testHost } from "../support/npm-session.ts";
import { digestsOf } from "../verify/corpus.ts";
import { expect, it } from "vitest";

const ROOT = newAuthority("root");
const URL = "http://crl.example/list.crl";
const LEAF = newLeaf("leaf", { issuer: ROOT, serial: 77, extensions: { points: crlPoint(URL) } });
const LEVELS = ["permissive", "strict"] as const;

it.each([
  ["has not taken it back", [], [...LEVELS]],
  ["has taken it back", [77], ["permissive"]],
])("an authority that %s is asked for whom it is to be asked", async (_, revoked, levels) => {
  const asked: string[] = [];
  const request = async (url: string) => {
    asked.push(url);
    return { status: 200, body: crlOf(ROOT, { revoked }), headers: {}, url };
  };
  const host = { ...testHost({ home: temporaryFolder() }), request, now: () => NOW } as never;
  const stores = [{ type: "ca" as const, certificate: readCertificate(ROOT.certificate) }];
  const notary = LEVELS.map((level) => notaryTrust(stores, level, "always"));
  const verify = livingVerifier({ named: [], keys: [], notary, trust: await openTrust([], host) }, host);
  const evidence = { source: "x", location: "x", notary: jws({ by: LEAF, above: [ROOT], content: CONTENT }) };
  const verdict = await verify(evidence, { names: [], digests: digestsOf(CONTENT), bytes: CONTENT });
  const signer = verdict.status === "verified" ? verdict.attestation.signer : null;
  const held = signer?.kind === "key" ? (signer.notary?.heldBy ?? []) : [];
  expect(held.map(({ trust }) => LEVELS[notary.findIndex(({ id }) => id === trust)])).toEqual(levels);
  expect(asked).toEqual([URL]);
});
