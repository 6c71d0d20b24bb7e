import { askDirectory } from "../../src/evidence/directory.ts";
import { askBeside } from "../../src/evidence/beside.ts";
import { readSidecar } from "../../src/evidence/sidecar.ts";
import { coseOf, jwsOf, newLeaf } from "../support/notary/mint.ts";
import { expect, it } from "vitest";

const signing = { by: newLeaf("own"), above: [], content: Buffer.from("a") };
const [JWS, COSE] = [jwsOf(signing), coseOf(signing)];

it.each([
  ["https://a.example/a.tgz.jws.sig", Buffer.from("{}"), "jws"],
  ["https://a.example/a.tgz.cose.sig?sig=x", Buffer.from("{}"), "cose"],
  ["https://a.example/sig", JWS, "jws"],
  ["https://a.example/sig", COSE, "cose"],
  ["feed#a.jws.sig", JWS, "jws"],
])("an envelope is known by its name or its form: %s", (location, body, format) =>
  expect(readSidecar(body, "url", location)).toEqual([{ source: "url", location, notary: { format, envelope: body } }]),
);

it.each([
  ["a bundle", Buffer.from('{"mediaType":"x"}'), [{ source: "url", location: "a", bundle: { mediaType: "x" } }]],
  [
    "what speaks of it",
    Buffer.from('{"note":"\\"protected\\""}'),
    [expect.objectContaining({ bundle: expect.anything() })],
  ],
  ["what is cut", JWS.subarray(0, -1), [expect.objectContaining({ malformed: expect.any(String) })]],
])("%s is none", (_, body, found) => expect(readSidecar(body, "url", "a")).toEqual(found));

it("lies in a directory under the artifact's digest", async () => {
  const asked: string[] = [];
  const read = async (path: string) => (asked.push(path), path.endsWith("-ab.cose.sig") ? COSE : null);
  const found = await askDirectory("/evidence", [{ algorithm: "sha256", hex: "ab" }], { read });
  expect(found).toMatchObject([{ location: "/evidence/sha256-ab.cose.sig", notary: { format: "cose" } }]);
  expect(asked).toContain("/evidence/sha256-ab.jws.sig");
});

it("lies beside a file, and is asked for where a signer of the rule makes such ones", async () => {
  const asked: string[] = [];
  const get = async (url: string) => (asked.push(url), { status: url.endsWith(".jws.sig") ? 200 : 404, body: JWS });
  const read = async () => null;
  expect(await askBeside("https://a.example/a.tgz", get, { read })).toEqual([]);
  expect(asked).toEqual(["https://a.example/a.tgz.sigstore.json"]);
  const found = await askBeside("https://a.example/a.tgz", get, { read }, true);
  expect(found).toMatchObject([{ location: "https://a.example/a.tgz.jws.sig", notary: { format: "jws" } }]);
  expect(asked).toContain("https://a.example/a.tgz.cose.sig");
});
