import {
  conventionalUrl,
  effectiveUrl,
  isAdmitted,
  registryOf,
  registriesOf,
  urlVariants,
} from "../../../plugins/npm/origin.ts";
import fetch from "npm-registry-fetch";
import { describe, expect, test } from "vitest";

const flat = {
  omit: [],
  cache: "",
  registry: "https://mirror.example/feed/npm/",
  "@acme:registry": "https://acme.example",
};
const registries = registriesOf(flat, "npm.example", ["https://third.example"]);

test("the registry is the scope's", () => {
  expect(registryOf("@acme/w", registries)).toBe("https://acme.example/");
  expect(registryOf("@other/w", registries)).toBe("https://mirror.example/feed/npm/");
  expect(conventionalUrl("@acme/w", "1.0.0", registries)).toBe("https://acme.example/@acme/w/-/w-1.0.0.tgz");
});

test("a scope's registry that is no address stands in the way of that scope only", () => {
  const some = registriesOf({ ...flat, "@acme:registry": "${ACME_REGISTRY}" }, "never", []);
  expect(registryOf("w", some)).toBe("https://mirror.example/feed/npm/");
  expect(() => registryOf("@acme/w", some)).toThrow(expect.objectContaining({ code: "NPM_CONFIG" }));
});

test("of npm's own choice for every kind of name", () => {
  const settings = [flat, { ...flat, scope: "@acme" }, { ...flat, "@acme:registry": "" }, { ...flat, scope: "other" }];
  const names = ["w", "@acme/w", "@other/w"];
  const chosen = settings.map((one) => names.map((name) => fetch.pickRegistry(name, one).replace(/\/*$/, "/")));
  const ours = settings.map((one) => names.map((name) => registryOf(name, registriesOf(one, "never", []))));
  expect(ours).toEqual(chosen);
});

test("origins are those of every registry that is configured", () => {
  expect([...registries.origins].toSorted()).toEqual(["https://acme.example", "https://mirror.example"]);
  expect([...registriesOf({ ...flat, "@bad:registry": "none" }, "never", []).origins]).toHaveLength(2);
});

describe("effectiveUrl replaces hosts as npm does", () => {
  test.each([
    ["npm.example", "https://npm.example/a/-/a-1.0.0.tgz", "https://mirror.example/feed/npm/a/-/a-1.0.0.tgz"],
    ["npm.example", "http://npm.example:81/a.tgz", "https://mirror.example/feed/npm/a.tgz"],
    ["npm.example", "https://npm.example/feed/npm/a.tgz", "https://mirror.example/feed/npm/a.tgz"],
    ["npm.example", "https://else.example/a.tgz", "https://else.example/a.tgz"],
    ["always", "https://else.example/a.tgz", "https://mirror.example/feed/npm/a.tgz"],
    ["never", "https://npm.example/a.tgz", "https://npm.example/a.tgz"],
    ["https://npm.example/old", "https://npm.example/old/a.tgz", "https://mirror.example/feed/npm/a.tgz"],
    ["https://npm.example/old", "https://npm.example/other/a.tgz", "https://npm.example/other/a.tgz"],
    ["npm.example", "rubbish", null],
  ])("%s: %s -> %s", (replaceRegistryHost, resolved, expected) => {
    expect(effectiveUrl(resolved, { ...registries, replaceRegistryHost })).toBe(expected);
  });
});

test("a package may come from its registry's origin or one that the policy names", () => {
  expect(isAdmitted("https://acme.example/x.tgz", "@acme/w", registries)).toBe(true);
  expect(isAdmitted("https://third.example/x.tgz", "@acme/w", registries)).toBe(true);
  expect(isAdmitted("https://mirror.example/x.tgz", "@acme/w", registries)).toBe(false);
  expect(isAdmitted("https://third.example.evil.example/x.tgz", "@acme/w", registries)).toBe(false);
  expect(isAdmitted("http://acme.example/x.tgz", "@acme/w", registries)).toBe(false);
  expect(isAdmitted("https://acme.example:444/x.tgz", "@acme/w", registries)).toBe(false);
  expect(isAdmitted("https://acme.example.evil.example/x.tgz", "@acme/w", registries)).toBe(false);
});

test("the hand-off answers under each address that npm may make of it", () => {
  expect(urlVariants("https://npm.example/a.tgz", registries)).toEqual([
    "https://mirror.example/feed/npm/a.tgz",
    "https://npm.example/a.tgz",
  ]);
  expect(urlVariants("https://e.example/a.tgz", { ...registries, replaceRegistryHost: "always" })).toContain(
    "https://mirror.example/feed/npm/a.tgz",
  );
  expect(urlVariants("https://npm.example/feed/npm/a.tgz", registries)).toContain(
    "https://mirror.example/feed/npm/feed/npm/a.tgz",
  );
  expect(urlVariants("rubbish", registries)).toEqual([]);
});
