import { packageRef } from "../../../../plugins/pip/distribution.ts";
import { onlySources, passedOver } from "../../../../plugins/pip/resolve/sources.ts";
import type { IndexPage } from "../../../../plugins/pip/simple.ts";
import { describe, expect, it } from "vitest";

const FILES = [
  "idna-3.9.tar.gz",
  "idna-3.10-py3-none-any.whl",
  "idna-3.10.tar.gz",
  "Jinja2-2.7.3.tar.gz",
  "Jinja2-2.10.tar.gz",
  "jinja2-3.1.6-py3-none-any.whl",
  "jinja2-3.1.6.tar.gz",
  "hydra_core-0.11.3-py3-none-any.whl",
  "hydra-core-1.3.8.tar.gz",
  "hydra-core-1.4.0rc1.tar.gz",
];
const PAGES = [
  { url: "https://i.example/simple/", files: FILES.map((filename) => ({ filename })) },
] as unknown as readonly IndexPage[];

describe("what there is only as source", () => {
  const found = (message: string) =>
    onlySources({ refused: [], failure: { message } }, PAGES).map((one) => [one.package?.purl, one.denial.details]);

  // On f4fe81c each of these was called a source distribution, of the last version on the page.
  it.each(["idna==99", "six>=99", "idna<3.9", "Jinja2!=2.7.3,>=4 (from x)", "jinja2[i18n]~=9.0"])(
    "%s fits no version: that is no source distribution",
    (wanted) => expect(found(`No matching distribution found for ${wanted}`)).toEqual([]),
  );

  it.each([
    ["Jinja2==2.7.3", "2.7.3", "Jinja2-2.7.3.tar.gz"],
    ["jinja2[i18n]<3", "2.10", "Jinja2-2.10.tar.gz"],
    ["jinja2>2.7.3,<3; python_version > '3'", "2.10", "Jinja2-2.10.tar.gz"],
    ["jinja2", "3.1.6", "jinja2-3.1.6.tar.gz"],
  ])("%s is of version %s", (wanted, version, file) =>
    expect(found(`No matching distribution found for ${wanted}`)).toEqual([
      [`pkg:pypi/jinja2@${version}`, [{ name: "file", expected: "a wheel", found: file }]],
    ]),
  );

  it("is what pip wanted to build", () => {
    const refused = [{ name: "any", url: "https://i.example/any-1.0.tar.gz?token=secret" }];
    const [only] = onlySources({ refused, failure: null }, PAGES);
    expect([only?.package?.purl, only?.denial.location]).toEqual(["pkg:pypi/any@1.0", undefined]);
  });
});

describe("a newer release that is passed over", () => {
  const chosen = (name: string, version: string) => ({ package: packageRef(name, version) }) as never;
  const newer = (name: string, version: string, lines: readonly string[], requires: readonly string[] = []) =>
    passedOver([chosen(name, version)], PAGES, lines, [{ requires, extras: [], python: [], is: [] }]);

  // On f4fe81c 0.11.3 came without a word.
  it("is named with the reason", () => {
    expect(newer("hydra-core", "0.11.3", ["hydra-core"])).toEqual([
      {
        kind: "passed-over",
        name: "hydra-core@1.3.8",
        detail: "of 1.3.8 there is only a source distribution, and those are not built: 0.11.3 in its place",
      },
    ]);
    expect(newer("hydra-core", "0.11.3", ["Hydra_Core[x]>=1.0 --hash=sha256:aa"])).toHaveLength(1);
  });

  it.each([
    ["who states another", ["hydra-core==0.11.3"], []],
    ["what needs it states another", [], ["hydra-core (<1) ; extra == 'x'"]],
  ])("is not where %s", (_, lines, requires) => expect(newer("hydra-core", "0.11.3", lines, requires)).toEqual([]));

  it("is not where there is a wheel of it", () => expect(newer("idna", "3.9", ["idna"])).toEqual([]));
});
