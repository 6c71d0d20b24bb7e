import { readPage } from "../../../plugins/pip/simple.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const PAGE = "https://pypi.example/simple/widget/";
const HTML = "text/html";
const JSON_TYPE = "application/vnd.pypi.simple.v1+json";
const html = (text: string) => readPage(PAGE, HTML, text).files;
const json = (files: unknown) => readPage(PAGE, JSON_TYPE, JSON.stringify({ files })).files;

describe("index pages", () => {
  it("JSON: address, hashes and provenance", () => {
    const url = "../../files/widget-1.0-py3-none-any.whl";
    const provenance = "https://pypi.example/integrity/widget/1.0/widget-1.0-py3-none-any.whl/provenance";
    expect(json([{ filename: "lies.whl", url, hashes: { sha256: "aa", md5: 7 }, provenance }])).toEqual([
      {
        filename: "widget-1.0-py3-none-any.whl",
        url: "https://pypi.example/files/widget-1.0-py3-none-any.whl",
        hashes: { sha256: "aa" },
        provenance,
      },
    ]);
  });

  it("HTML: the same from anchors, with entities, base and fragments", () => {
    const page = `<!DOCTYPE html><base href="https://files.example/x/"><!-- <a href="comment-1.0.tar.gz">c</a> -->
      <a data-requires-python="&gt;=3.8" HREF='widget-1.0.tar.gz#egg=widget&amp;sha256=AB' data-provenance="https://pypi.example/p?a=1&#38;b=2">x</a>
      <a href=plain-1.0.tar.gz>y</a><a>nothing</a>`;
    expect(html(page)).toEqual([
      {
        filename: "widget-1.0.tar.gz",
        url: "https://files.example/x/widget-1.0.tar.gz",
        hashes: { sha256: "AB" },
        provenance: "https://pypi.example/p?a=1&b=2",
      },
      { filename: "plain-1.0.tar.gz", url: "https://files.example/x/plain-1.0.tar.gz", hashes: {}, provenance: null },
    ]);
  });

  it("a file's name is decoded once and only once, and never becomes a path", () => {
    expect(html('<a href="/f/a%252F-1.0.tar.gz">x</a>').map(({ filename }) => filename)).toEqual(["a%2F-1.0.tar.gz"]);
    expect(html('<a href="/f/..%2Fa-1.0.tar.gz">x</a>')).toEqual([]);
    expect(html('<a href="/f/..%5Ca-1.0.tar.gz">x</a>')).toEqual([]);
    expect(html('<a href="/f/%zz-1.0.tar.gz">x</a>')).toEqual([]);
  });

  it("the first of two equal attributes counts", () => {
    expect(html('<a href="/f/a-1.0.tar.gz" href="/f/b-1.0.tar.gz">x</a>').map(({ filename }) => filename)).toEqual([
      "a-1.0.tar.gz",
    ]);
  });

  it.each(["http://pypi.example/p", "javascript:alert(1)", "https://u:p@pypi.example/p", "file:///etc/passwd"])(
    "provenance at %s is none: not a secure origin",
    (provenance) => {
      expect(json([{ url: "a-1.0.tar.gz", provenance }])[0]?.provenance).toBeNull();
    },
  );

  it("only an index of this machine names provenance on this machine", () => {
    const provenance = "http://127.0.0.1:8080/p";
    const files = [{ url: "a-1.0.tar.gz", provenance }];
    expect(json(files)[0]?.provenance).toBeNull();
    expect(html(`<base href="http://127.0.0.1/"><a href="a-1.0.tar.gz" data-provenance="/p">x</a>`)[0]).toMatchObject({
      provenance: null,
    });
    const local = readPage("http://127.0.0.1/simple/a/", JSON_TYPE, JSON.stringify({ files })).files;
    expect(local[0]?.provenance).toBe(provenance);
  });

  it("nonsense is an empty page, never an error", () => {
    expect(readPage(PAGE, JSON_TYPE, "<html>").files).toEqual([]);
    expect(json([null, 7, { url: 7 }, { url: "http://[" }])).toEqual([]);
    fc.assert(fc.property(fc.string(), (text) => readPage(PAGE, HTML, `<a ${text}`).files.length >= 0));
  });

  it("a page full of open anchors costs little", () => {
    for (const one of ["<a ", "<!-- ", "<base ", '<a href="', "<a x='", "<"])
      expect(html(one.repeat(100_000))).toEqual([]);
    expect(html(`<a ${"x".repeat(19_000)}>`.repeat(50))).toEqual([]);
    expect(html(`<a href="${"x".repeat(200_000)}`)).toEqual([]);
  }, 5000);
});
