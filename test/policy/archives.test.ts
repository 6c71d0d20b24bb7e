import type { ArchivePlace } from "../../src/model/artifact.ts";
import { decide } from "../../src/policy/decide.ts";
import { comparedIn } from "../../src/policy/compared.ts";
import { endingsOf } from "../../src/policy/expiry.ts";
import type { Layer } from "../../src/policy/layer.ts";
import { wanted } from "../../src/policy/wanted.ts";
import { artifact, facts, layer, NOW, OTHER_SHA512, SHA512 } from "../support/policy.ts";
import { describe, expect, it } from "vitest";

const NAME = "npm:tool@1.0.0";
const URL = "https://acme.example/tool.tgz";
const WHEN = { reason: "r", expires: "2027-01-01" };
const HEX = SHA512.slice("sha512:".length);
const ALL = { packages: ["npm:*"], unsigned: "allow", ...WHEN };
const EXCEPTED = { package: "pkg:npm/tool@1.0.0", digests: [SHA512], excuses: ["NO_RULE"], ...WHEN };

const listing = (place: object, more: Partial<Layer> = {}) =>
  layer({ archives: [{ ...place, sha512: HEX, ...WHEN }] }, more);
const at = (archive: ArchivePlace) => ({ ...artifact(NAME), archive });
const said = (layers: readonly Layer[], archive: ArchivePlace, sha = [SHA512]) =>
  decide(layers, facts(NAME, { artifact: at(archive), sha }), NOW);
const codes = (...of: Parameters<typeof said>) => said(...of).denials.map(({ code }) => code);

describe("an archive that comes from no registry", () => {
  it("is let in by its exact address and digest, on a ground of its own", () => {
    expect(said([listing({ url: URL })], { url: URL })).toMatchObject({
      outcome: "allowed",
      layers: [{ rule: `archives[0] ${URL}`, ground: { kind: "archive", ...WHEN } }],
    });
  });

  it.each([
    ["vendor/tool.tgz", ".signing-policy.json"],
    ["../vendor/tool.tgz", "packages/.signing-policy.json"],
  ])("by its path, relative to the policy: %s of %s", (path, name) => {
    expect(codes([listing({ path }, { name })], { path: "vendor/tool.tgz" })).toEqual([]);
  });

  it.each<[string, Layer, ArchivePlace, string[], string]>([
    ["no rule for a name", layer({ rules: [ALL] }), { url: URL }, [SHA512], "REMOTE_DEPENDENCY"],
    ["no audit", layer({ mode: "audit" }), { path: "a.tgz" }, [SHA512], "FILE_DEPENDENCY"],
    ["no exception", layer({ exceptions: [EXCEPTED] }), { url: URL }, [SHA512], "REMOTE_DEPENDENCY"],
    ["no other address", listing({ url: URL }), { url: `${URL}?x` }, [SHA512], "REMOTE_DEPENDENCY"],
    ["no path for an address", listing({ path: "a.tgz" }), { url: "a.tgz" }, [SHA512], "REMOTE_DEPENDENCY"],
    ["no path that leads out", listing({ path: "../a.tgz" }), { path: "a.tgz" }, [SHA512], "FILE_DEPENDENCY"],
    ["no other bytes", listing({ url: URL }), { url: URL }, [OTHER_SHA512], "ARCHIVE_MISMATCH"],
    ["no two bytes", listing({ url: URL }), { url: URL }, [SHA512, OTHER_SHA512], "ARCHIVE_MISMATCH"],
    ["no bytes at all", listing({ url: URL }), { url: URL }, [], "ARCHIVE_MISMATCH"],
  ])("%s lets it in", (_, one, place, sha, code) => {
    expect(said([one], place, sha).outcome).toBe("denied");
    expect(codes([one], place, sha)).toEqual([code]);
  });

  it("ends when its entry does, which is warned about", () => {
    const one = layer({ archives: [{ url: URL, sha512: HEX, ...WHEN, expires: "2026-11-21" }] });
    expect(codes([one], { url: URL })).toEqual(["RULE_EXPIRED"]);
    expect(endingsOf(one)).toMatchObject([{ what: `archives[0] ${URL}` }]);
  });

  it("is denied by an inner layer that has a rule for its name and does not list it, and by no other", () => {
    const inner = { name: "inner/.signing-policy.json" };
    expect(codes([listing({ url: URL }), layer({ rules: [ALL] }, inner)], { url: URL })).toEqual(["REMOTE_DEPENDENCY"]);
    expect(codes([listing({ url: URL }), layer({}, inner)], { url: URL })).toEqual([]);
    expect(codes([layer({}), listing({ url: URL }, inner)], { url: URL })).toEqual(["REMOTE_DEPENDENCY"]);
  });

  it("runs its scripts by no pattern for a name", () => {
    const scripts = (value: unknown) =>
      said([layer({ archives: [{ url: URL, sha512: HEX, ...WHEN }], scripts: value })], { url: URL }).scripts;
    expect([scripts(["npm:tool"]), scripts("signed"), scripts("all")]).toEqual(["skip", "skip", "run"]);
  });

  it("is asked about nowhere, and compared with nothing that is said of its name", () => {
    const rules = [{ packages: ["npm:tool"], signedBy: ["w"] }];
    const signers = { w: { publicKey: { files: ["k.pem"] } } };
    const layers = [layer({ rules, signers, exceptions: [{ ...EXCEPTED, digests: [`sha256:${"c".repeat(64)}`] }] })];
    expect(wanted(layers, at({ url: URL }), NOW)).toMatchObject({ evidence: false, baseline: false });
    expect(comparedIn(layers, at({ url: URL }))).toEqual([]);
    expect(wanted(layers, artifact(NAME), NOW)).toMatchObject({ evidence: true });
  });
});
