/** The Notary Project's own samples, and openssl as a second judge of its timestamps. */
import { hasNotaryCorpus, notaryCases, notaryFile, notationFile } from "../../support/notary/corpus.ts";
import { judged, NOTARY_NOW } from "../../support/notary/table.ts";
import { requireSignature } from "../../../src/verify/notary/algorithm.ts";
import { keyOf, readChain } from "../../../src/verify/notary/chain.ts";
import { readEnvelope } from "../../../src/verify/notary/read.ts";
import { isValidIn, verifyStamp } from "../../../src/verify/notary/timestamp.ts";
import { readStoreFile } from "../../../src/verify/notary/trust.ts";
import { readToken } from "../../../src/verify/cms/timestamp-token.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const GLOBALSIGN = "trust-store/notation-go/tsa/test-timestamp/globalsignRoot.cer";
const certificatesOf = (bytes: Buffer, type: "ca" | "tsa") => {
  const read = readStoreFile(bytes, type);
  if (typeof read === "string") throw new Error(read);
  return read.map(({ certificate }) => certificate);
};

describe.skipIf(!hasNotaryCorpus)("the project's own samples", () => {
  it("a blob with a SHA-384 digest holds by its own certificate, and by no other", () => {
    const evidence = (path: string) => ({
      source: "file",
      location: path,
      notary: { format: "jws" as const, envelope: notationFile(path) },
    });
    const policy = (file: string, level: "strict" | "permissive" = "strict") => ({
      level,
      trustStores: [{ type: "ca" as const, file }],
      trustedIdentities: ["*"],
      verifyTimestamp: "always" as const,
    });
    const blob = notationFile("blob-sha384/example-blob.txt");
    const one = evidence("blob-sha384/example-blob.jws.sig");
    const own = policy("blob-sha384/NotationBlobExample.pem");
    expect(judged(one, blob, own, notationFile)).toMatchObject({ verdict: "accept" });
    expect(judged(one, blob, policy("trust-store/notation-e2e/e2e.crt"), notationFile)).toMatchObject({
      verdict: "reject",
    });
    expect(judged(one, Buffer.from("other"), own, notationFile).why).toMatch(/^SUBJECT_MISMATCH/);
    expect(judged(evidence("blob/malformed.jws.sig"), blob, own, notationFile).why).toMatch(/^BUNDLE_MALFORMED/);
  });

  it.each([
    ["ca_compatible_pluginver_sig_env_0.0.9.json", /verification plugin/],
    ["ca_compatible_pluginver_sig_env_1.0.0-alpha.beta.json", /verification plugin/],
    ["ca_incompatible_pluginver_sig_env_1.0.1.json", /verification plugin/],
    ["ca_plugin_sig_env.json", /verification plugin/],
  ])("%s asks for a plugin", (name, why) =>
    expect(() => readEnvelope(notationFile(`envelopes/${name}`), "jws")).toThrow(why),
  );

  const open = (path: string, format: "jws" | "cose") => {
    const envelope = readEnvelope(notationFile(path), format);
    const chain = readChain(envelope.chain);
    requireSignature(envelope, keyOf(chain[0]));
    return { envelope, chain };
  };

  it("an envelope that was altered does not hold, and one that expired says so", () => {
    expect(() => open("envelopes/sa_invalid_sig_env.json", "jws")).toThrow(/not base64url/);
    const { envelope } = open("envelopes/sa_expired_sig_env.json", "jws");
    expect(envelope.headers).toMatchObject({ scheme: "notary.x509.signingAuthority" });
    expect(envelope.headers.expiry!.getUTCFullYear()).toBe(2022);
    expect(open("envelopes/sig_env_with_metadata.json", "jws").chain).toHaveLength(1);
    for (const format of ["jws", "cose"] as const)
      expect(open(`blob/blob.${format}.sig`, format).chain).toHaveLength(1);
  });

  it("a real authority's timestamp outlives a certificate of minutes, and does not save one that had ended", () => {
    const roots = certificatesOf(notationFile(GLOBALSIGN), "tsa");
    const stampOf = (path: string) => {
      const { envelope, chain } = open(path, "cose");
      const stamp = verifyStamp(envelope.timestamp!, envelope.signature, roots);
      return chain.every((one) => isValidIn(one, stamp.from, stamp.to));
    };
    expect(stampOf("timestamped/coseExpiredWithTimestamp.sig")).toBe(true);
    expect(stampOf("timestamped/timestampAfterNotAfter.sig")).toBe(false);
  });

  it.each([
    "timestamped/tokens/TimeStampTokenWithInvalidTSTInfo.p7s",
    "timestamped/tokens/TimeStampTokenWithInvalideContentType.p7s",
    "timestamped/tspclient-cms/TimeStampTokenWithoutSigner.p7s",
    "timestamped/tspclient/TimeStampTokenWithTSTInfoVersion2.p7s",
    "timestamped/tspclient/TimeStampTokenWithValidAndInvalidSignerInfos.p7s",
    "timestamped/tspclient/rejection.tsq",
    "timestamped/tspclient/malformed.tsq",
  ])("%s is no token", (path) => expect(() => readToken(notationFile(path))).toThrow());
});

const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;

describe.skipIf(!hasNotaryCorpus || !hasOpenssl)("openssl ts judges the same timestamps", () => {
  /** One a kind: the two formats have the same tokens. */
  const cases = (hasNotaryCorpus ? notaryCases() : []).filter(
    ({ format, policy, kind }) =>
      format === "jws" && kind !== "level" && policy.trustStores.some(({ type }) => type === "tsa"),
  );

  it("and whatever it refuses is refused here", () => {
    const folder = temporaryFolder();
    const both: Record<string, string> = {};
    for (const { id, path, policy } of cases) {
      const envelope = readEnvelope(notaryFile(path), "jws");
      if (envelope.timestamp === null) continue;
      const store = notaryFile(policy.trustStores.find(({ type }) => type === "tsa")!.file);
      const ours = accepts(() => verifyStamp(envelope.timestamp!, envelope.signature, certificatesOf(store, "tsa")));
      both[id] = `${theirs(folder, envelope.timestamp, envelope.signature, store)} ${ours}`;
    }
    expect(Object.keys(both).length).toBeGreaterThan(20);
    expect(Object.entries(both).filter(([, one]) => one === "false true")).toEqual([]);
    expect(Object.values(both).filter((one) => one === "true true").length).toBeGreaterThan(4);
  });

  function theirs(folder: string, token: Buffer, signature: Buffer, store: Buffer): boolean {
    const put = (name: string, bytes: Buffer) => (writeFileSync(join(folder, name), bytes), join(folder, name));
    const [tokenFile, data, roots] = [put("token", token), put("data", signature), put("roots.pem", store)];
    const at = accepts(() => readToken(token)) ? readToken(token).at : NOTARY_NOW;
    const words = ["ts", "-verify", "-token_in", "-in", tokenFile, "-data", data, "-CAfile", roots];
    return accepts(() =>
      execFileSync("openssl", [...words, "-attime", String(Math.floor(at.getTime() / 1000))], { stdio: "ignore" }),
    );
  }

  function accepts(work: () => unknown): boolean {
    try {
      work();
      return true;
    } catch {
      return false;
    }
  }
});
