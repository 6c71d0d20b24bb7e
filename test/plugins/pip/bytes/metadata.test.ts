import { nameAndVersion } from "../../../../plugins/pip/bytes/metadata.ts";
import { expect, it } from "vitest";

const WIDGET = { name: "widget", version: "1.0" };

it.each([
  ["plain", "Metadata-Version: 2.1\nName: widget\nVersion: 1.0\n\n"],
  ["Windows' line ends, a byte order mark, odd letters", "\uFEFFname:widget\r\nVERSION:  1.0 \r\n\r\n"],
  ["a description that names another", "Name: widget\nVersion: 1.0\n\nName: other\nVersion: 2\n"],
  ["one behind a line that is no header", "Name: widget\nVersion: 1.0\nMIT License\nName: other\n"],
  ["a line separator in a header", "Summary: of\u2028lines\nName: widget\nVersion: 1.0\n"],
  ["a folded header that is called as what every object has", "Constructor: x\n y\nName: widget\nVersion: 1.0\n"],
  ["a folded header", "Name: widget\nVersion: 1.0\nLicense: MIT\n  Name: other\n"],
])("%s", (_, text) => expect(nameAndVersion(text)).toEqual(WIDGET));

it.each([
  ["no name", "Version: 1.0\n"],
  ["no version", "Name: widget\n"],
  ["two names", "Name: widget\nname: other\nVersion: 1.0\n"],
  ["two versions", "Name: widget\nVersion: 1.0\nVersion: 2.0\n"],
  ["a name that goes on", "Name: widget\n x\nVersion: 1.0\n"],
  ["a name behind the headers' end", "Version: 1.0\n\nName: widget\n"],
  ["an old Mac's line ends that hide one", "Name: widget\rName: other\rVersion: 1.0\n"],
  ["a second name behind a line separator", "Name: widget\nVersion: 1.0\nSummary: a\u2028b\nName: other\n"],
  ["a second name behind a header without one", "Name: widget\nVersion: 1.0\n:\nName: other\n"],
  ["nothing", ""],
])("%s: nobody can say", (_, text) => expect(nameAndVersion(text)).toBeTypeOf("string"));
