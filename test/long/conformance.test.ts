/**
 * Every case of sigstore-conformance, by file and by digest, against the root that comes with the program where a case has
 * none of its own. `SAFE_INSTALL_CONFORMANCE`: a checkout of that project.
 */
import { loadTrustRoot, publicGoodRoot } from "../../src/project/trust.ts";
import { type ConformanceCase, MODES, refusal } from "../verify/conformance.ts";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const CHECKOUT = process.env["SAFE_INSTALL_CONFORMANCE"] ?? "";
const FOLDER = join(CHECKOUT, "test/assets/bundle-verify");
if (CHECKOUT === "") console.warn("sigstore-conformance is skipped: SAFE_INSTALL_CONFORMANCE names no checkout of it");

const names =
  CHECKOUT === ""
    ? []
    : readdirSync(FOLDER, { withFileTypes: true }).flatMap((one) => (one.isDirectory() ? [one.name] : []));

describe.skipIf(CHECKOUT === "")("sigstore-conformance", () => {
  test("has its cases", () => expect(names.length).toBeGreaterThanOrEqual(70));

  test.each(names.flatMap((name) => MODES.map((mode) => [name, mode] as const)))("%s %s", async (name, mode) => {
    const refused = await refusal(caseOf(name), mode);
    if (name.endsWith("_fail")) expect(refused).not.toBeNull();
    else expect(refused).toBeNull();
  });
});

/** The folder's own README says which files there are, and what counts where one is missing. */
function caseOf(name: string): ConformanceCase {
  const has = (file: string) => (existsSync(join(FOLDER, name, file)) ? readFileSync(join(FOLDER, name, file)) : null);
  const key = has("key.pub");
  const root = has("trusted_root.json");
  return {
    bundle: jsonOf(has("bundle.sigstore.json")),
    artifact: has("artifact") ?? readFileSync(join(FOLDER, "a.txt")),
    identity:
      has("identity")?.toString("utf8").trim() ??
      "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main",
    issuer: has("issuer")?.toString("utf8").trim() ?? "https://token.actions.githubusercontent.com",
    key,
    root: () =>
      root === null
        ? publicGoodRoot()
        : loadTrustRoot(root, `${name}/trusted_root.json`, { tlog: 1, sct: 1, timestamps: 1 }),
  };
}

function jsonOf(bytes: Buffer | null): unknown {
  try {
    return JSON.parse(bytes?.toString("utf8") ?? "");
  } catch {
    return undefined;
  }
}
