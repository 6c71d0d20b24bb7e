/** A key that never leaves a token: SoftHSM's, through OpenSC's own program. */
import { signingWorld, openssl } from "../../support/signing.ts";
import { hasToken, tokenAt } from "../../support/token.ts";
import { describe, expect, it } from "vitest";

const DER = ["-m", "ECDSA", "--signature-format", "openssl"];

describe.skipIf(!hasToken())("a key in a token", () => {
  it("signs; another one of the same label does not, and what a token does otherwise is said", async () => {
    const signed = scene();
    expect(await signed("01", "01.der", DER)).toBe(0);
    expect(await signed("01", "01.der", ["-m", "ECDSA"], ["--key-format", "p1363"])).toBe(0);
    expect(await signed("02", "01.der", DER)).toContain("another key than the label names");
    expect(await signed("01", "01.der", ["-m", "ECDSA"])).toContain("--key-format p1363");
    expect(await signed("03", "03.der", ["-m", "RSA-PKCS"], ["--key-input", "digestinfo"])).toBe(0);
    expect(await signed("03", "03.der", ["-m", "SHA256-RSA-PKCS"], ["--key-input", "message"])).toBe(0);
    expect(await signed("03", "03.der", ["-m", "SHA256-RSA-PKCS"])).toContain("hashed once more");
    expect(await signed("03", "03.der", ["-m", "RSA-PKCS"])).toContain("--key-input digestinfo");
  });
});

/** Two keys have one label: it chooses neither. */
function scene() {
  const made = signingWorld();
  const token = tokenAt(made.folder, "ours");
  for (const id of ["01", "02"]) token.generate("EC:prime256v1", id, "release");
  token.generate("rsa:2048", "03", "rsa");
  for (const id of ["01", "03"]) token.publicKey(id);
  let count = 0;
  return async (id: string, key: string, how: readonly string[], more: readonly string[] = []) => {
    const file = `widget-${++count}.bin`;
    made.put(file, Buffer.from("what was built\n"));
    const command = [...token.words, "--sign", "--id", id, ...how].join(" ");
    const words = ["sign", file, "--public-key", key, "--key-command", command, ...more];
    const { exit, stderr } = await made.run(words, { env: token.env });
    if (exit !== 0) return stderr;
    const { messageSignature } = made.bundle(file) as { messageSignature: { signature: string } };
    made.put("signature", Buffer.from(messageSignature.signature, "base64"));
    const verify = ["-sha256", "-verify", key, "-keyform", "DER", "-signature", "signature", file];
    expect(openssl(made.folder, "dgst", ...verify)).toContain("OK");
    return (await made.run(["verify", file, "--bundle", `${file}.sigstore.json`, "--key", key, "--tlog", "0"])).exit;
  };
}
