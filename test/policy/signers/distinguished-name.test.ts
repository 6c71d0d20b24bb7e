import { compareName, parseName } from "../../../src/policy/signers/distinguished-name.ts";
import { describe, expect, it } from "vitest";

const text = (name: string) => {
  const found = parseName(name);
  return typeof found === "string" ? found : found.map(({ type, value }) => `${type}|${value}`).join(" ");
};

describe("a name in an identity", () => {
  it.each([
    ["C=US, ST=WA, O=Contoso", "C|US ST|WA O|Contoso"],
    ["C=US,ST=WA,O=Contoso", "C|US ST|WA O|Contoso"],
    ["c=US, s=WA, o=Contoso", "C|US ST|WA O|Contoso"],
    ["O=Peers\\, Inc.", "O|Peers, Inc."],
    ["O=Peers\\+Sons", "O|Peers+Sons"],
    ["O=A\\\\B", "O|A\\B"],
    ["O=M\\c3\\bcller", "O|Müller"],
    ["O=a\\2cb", "O|a,b"],
    ["O=  Contoso  ", "O|Contoso"],
    ["O=Contoso\\ ", "O|Contoso "],
    ["O=Con toso+OU=ops", "O|Con toso OU|ops"],
    ["2.5.4.15=Private Organization, O=X", "2.5.4.15|Private Organization O|X"],
    ["E=a@b.example, O=X", "1.2.840.113549.1.9.1|a@b.example O|X"],
    ["O=a=b", "O|a=b"],
  ])("%s", (name, parts) => expect(text(name)).toBe(parts));

  it.each([
    ["", "is no attribute"],
    ["Contoso", "is no attribute"],
    ["X=Contoso", "is no attribute"],
    ["O=", "has no value"],
    ["O=*", "* is not allowed"],
    ["O=Con*", "* is not allowed"],
    ["O=A, O=B", "is there twice"],
    ["ST=A, S=B", "is there twice"],
    ["O=#0c0141", "cannot be read"],
    ['O="Contoso"', "cannot be read"],
    ["O=a\\xb", "cannot be read"],
    ["O=a\\ff", "cannot be read"],
    ["O=a, ", "is no attribute"],
  ])("%j is none", (name, why) => expect(text(name)).toContain(why));
});

describe("a subject", () => {
  const subject = [
    { type: "C", value: "US" },
    { type: "O", value: "Contoso" },
    { type: "OU", value: "one" },
    { type: "OU", value: "two" },
    { type: "CN", value: null },
  ];
  const compared = (name: string) => {
    const pattern = parseName(name);
    if (typeof pattern === "string") throw new Error(pattern);
    return compareName(pattern, subject).map(({ name: type, found }) => `${type}: ${found}`);
  };

  it("has what the name says, whatever else it has", () => {
    expect(compared("O=Contoso, C=US")).toEqual([]);
    expect(compared("O=Contoso")).toEqual([]);
  });

  it("is compared letter by letter, and says an attribute once", () => {
    expect(compared("O=contoso")).toEqual(["O: Contoso"]);
    expect(compared("O=Contoso Inc")).toEqual(["O: Contoso"]);
    expect(compared("OU=one")).toEqual(["OU: one and two (2 of them)"]);
    expect(compared("CN=x")).toEqual(["CN: (not readable)"]);
    expect(compared("ST=WA")).toEqual(["ST: (the subject has no such attribute)"]);
  });
});
