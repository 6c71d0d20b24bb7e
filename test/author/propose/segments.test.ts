import { matches, piecesOf } from "../../../src/policy/signers/pattern.ts";
import { generaliseName, generaliseRef, paddedForm, showsPadding } from "../../../src/author/propose/segments.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

describe("generaliseRef: only what the evidence supports", () => {
  it.each([
    ["refs/tags/v1.2.3", "1.2.3", "refs/tags/v{version}"],
    ["refs/tags/1.2.3", "1.2.3", "refs/tags/{version}"],
    ["refs/tags/release/1.2.3", "1.2.3", "refs/tags/release/{version}"],
    ["refs/tags/@acme/widget@1.2.3", "1.2.3", "refs/tags/@acme/widget@{version}"],
    ["refs/tags/v1.2.3-rc.1", "1.2.3-rc.1", "refs/tags/v{version}"],
    // other versions
    ["refs/tags/v11.2.3", "1.2.3", "refs/tags/v11.2.3"],
    ["refs/tags/v0.1.2.3", "1.2.3", "refs/tags/v0.1.2.3"],
    ["refs/tags/v1.2.31", "1.2.3", "refs/tags/v1.2.31"],
    ["refs/tags/v1.2.3-rc.1", "1.2.3", "refs/tags/v1.2.3-rc.1"],
    ["refs/tags/v1.2.3.4", "1.2.3", "refs/tags/v1.2.3.4"],
    ["refs/tags/1.2.3-1.2.3", "1.2.3", "refs/tags/1.2.3-1.2.3"],
    // no tag
    ["refs/heads/1.2.3", "1.2.3", "refs/heads/1.2.3"],
    ["refs/heads/main", "1.2.3", "refs/heads/main"],
    ["refs/pull/1/merge", "1.2.3", "refs/pull/1/merge"],
  ])("%s of %s", (ref, version, expected) => {
    expect(generaliseRef(ref, version)).toBe(expected);
  });

  it("always matches the ref that it was made from", () => {
    const part = fc.stringMatching(/^[a-z0-9@._-]{0,6}$/);
    const version = fc.stringMatching(/^[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{1,2}$/);
    fc.assert(
      fc.property(part, version, part, (before, of, after) => {
        const ref = `refs/tags/${before}${of}${after}`;
        expect(generaliseRef(ref, of).replaceAll("{version}", of)).toBe(ref);
      }),
    );
  });
});

describe("tags with leading zeros", () => {
  const FORM = "refs/tags/v{version:padded}";
  it.each([
    ["refs/tags/v2024.10.03", "2024.10.3", FORM],
    ["refs/tags/v2024.10.03rc1", "2024.10.3rc1", FORM],
    ["refs/tags/v{version}", "2024.10.3", FORM],
    ["refs/tags/2024.01.03", "2024.1.3", "refs/tags/{version:padded}"],
    ["refs/tags/pkg-2024.01.03", "2024.1.3", "refs/tags/pkg-{version:padded}"],
    ["refs/tags/v12024.10.03", "2024.10.3", null],
    ["refs/tags/v2024.10.031", "2024.10.3", null],
    ["refs/tags/v2024.10.03-rc1", "2024.10.3", null],
    ["refs/tags/v1.2024.10.03", "2024.10.3", null],
    ["refs/heads/2024.10.03", "2024.10.3", null],
    ["refs/tags/v1!02.0", "1!2.0", null],
  ])("%s of %s", (ref, version, expected) => {
    expect(paddedForm(ref, version)).toBe(expected);
  });

  it.each([
    ["refs/tags/v2024.10.03", FORM, true],
    ["refs/tags/v2024.10.13", FORM, false],
    ["refs/tags/v{version}", FORM, false],
    ["refs/tags/w2024.10.03", FORM, false],
    ["refs/tags/v", FORM, false],
  ])("%s shows %s: %s", (ref, form, expected) => {
    expect(showsPadding(ref, form)).toBe(expected);
  });
});

describe("generaliseName: tags of monorepos", () => {
  it.each([
    ["refs/tags/widget@{version}", "widget", "refs/tags/*@{version}"],
    ["refs/tags/@acme/widget@{version}", "@acme/widget", "refs/tags/@acme/*@{version}"],
    ["refs/tags/widgets@{version}", "widget", "refs/tags/widgets@{version}"],
    ["refs/tags/v{version}", "widget", "refs/tags/v{version}"],
    ["refs/tags/widget", "widget", "refs/tags/widget"],
    ["refs/heads/widget-{version}", "widget", "refs/heads/widget-{version}"],
  ])("%s of %s", (ref, name, expected) => {
    expect(generaliseName(ref, name)).toBe(expected);
    const own = ref.replace("{version}", "1.0.0");
    expect(matches(piecesOf(expected.replace("{version}", "1.0.0")), own)).toBe(true);
  });
});
