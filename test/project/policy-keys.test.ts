import { loadLayers } from "../../src/project/policy-file.ts";
import { readKeys } from "../../src/project/policy-keys.ts";
import { loadTrustRoot } from "../../src/project/trust.ts";
import { putInto, temporaryFolder } from "../support/folder.ts";
import { createInstance, newKey, pem } from "../support/sigstore.ts";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const { trustedRoot } = await createInstance({ curve: "P-256" });

async function load(signer: object, trust: object = {}) {
  const root = temporaryFolder();
  putInto(root, ".signing-policy.json", { version: 1, signers: { release: signer }, ...trust });
  putInto(root, "corp.json", trustedRoot);
  writeFileSync(join(root, "key.pem"), pem("PUBLIC KEY", newKey().spki));
  const { layers, keys } = await loadLayers({ project: root, loadTrustRoot });
  return { layer: layers[0]!, keys };
}

const publicKey = { files: ["key.pem"] };
const corp = (thresholds: object) => ({ trust: { corp: { trustedRoot: "corp.json", ...thresholds } } });

it("a signer's keys are held, and found again by its name", async () => {
  const { layer, keys } = await load({ publicKey });
  expect(keys).toHaveLength(1);
  expect(layer.keys?.["release"]).toEqual([{ file: "key.pem", id: keys[0]!.id, fingerprint: keys[0]!.fingerprint }]);
});

it("signers without keys have none, and a key under no root that is known rests on none", async () => {
  const keyless = { githubActions: { repository: "acme/widget" } };
  const root = temporaryFolder();
  putInto(root, ".signing-policy.json", { version: 1, signers: { release: { publicKey }, other: keyless } });
  writeFileSync(join(root, "key.pem"), pem("PUBLIC KEY", newKey().spki));
  const { layers, keys } = await loadLayers({ project: root, loadTrustRoot });
  expect(Object.keys(layers[0]?.keys ?? {})).toEqual(["release"]);
  expect(keys.map(({ roots }) => roots)).toEqual([["public-good"]]);
  const place = { file: join(root, "p.json"), name: "p.json", folder: root, boundary: root, seen: new Map() };
  const { held } = await readKeys(place, { version: 1, signers: { release: { publicKey } } } as never, {});
  expect(held.map(({ roots }) => roots)).toEqual([[]]);
});

it("what is no public key is said with the policy that names it, and how one is made", async () => {
  const root = temporaryFolder();
  putInto(root, ".signing-policy.json", { version: 1, signers: { release: { publicKey } } });
  for (const text of ["rubbish", pem("CERTIFICATE", newKey().spki)]) {
    writeFileSync(join(root, "key.pem"), text);
    await expect(loadLayers({ project: root, loadTrustRoot })).rejects.toMatchObject({
      kind: "policy",
      message: expect.stringContaining(".signing-policy.json names key.pem: ") as string,
      hint: expect.stringMatching(/./) as string,
    });
  }
});

it("a key rests on the root that its signer names, and asks for no less than it", async () => {
  const { layer, keys } = await load({ publicKey, trust: "corp" }, corp({ tlog: 2, timestamps: 2 }));
  expect(keys[0]).toMatchObject({
    thresholds: { tlog: 2, sct: 0, timestamps: 2 },
    roots: [layer.roots["corp"]],
  });
});

it("a key may ask for more logs than its root, or for none where the policy says nothing of the root's", async () => {
  const more = await load({ publicKey: { ...publicKey, tlog: 2 }, trust: "corp" }, corp({ tlog: 1 }));
  expect(more.keys[0]?.thresholds).toMatchObject({ tlog: 2, timestamps: 1 });
  const none = await load({ publicKey: { ...publicKey, tlog: 0 } });
  expect(none.keys[0]?.thresholds).toEqual({ tlog: 0, sct: 0, timestamps: 0 });
});
