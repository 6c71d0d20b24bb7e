/** Every hostile file of the corpus, each in a process of its own: none costs more than half a gigabyte. */
import { BIN } from "../support/cli.ts";
import { CORPUS, hasCorpus } from "../support/corpus.ts";
import { temporaryFolder } from "../support/folder.ts";
import { MOST_BYTES, peakOf } from "../support/peak.ts";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import pMap from "p-map";
import { expect, it } from "vitest";

interface Listed {
  readonly path: string;
  readonly expected?: string;
}

const EXPECTED = ["--certificate-identity", "a", "--certificate-oidc-issuer", "https://b"];

it.skipIf(!hasCorpus)("no file that claims to be evidence", async () => {
  const files = hostile();
  const peaks = await pMap(files, (file) => taken([BIN, "verify", DIGEST, "--bundle", file, ...EXPECTED]), IN_TWOS);
  expect(files.length).toBeGreaterThan(300);
  expect(peaks.filter(({ exit }) => exit === 0 || exit > 78)).toEqual([]);
  expect(Math.max(...peaks.map(({ peakBytes }) => peakBytes))).toBeLessThan(MOST_BYTES);
});

it.skipIf(!hasCorpus)("no archive", async () => {
  const archives = hostile().filter((file) => /\.(?:zip|nupkg|whl|tgz|gz)$/.test(file));
  const peaks = await pMap(archives, (file) => taken(["--input-type=module", "-e", OPENED, "x", file]), IN_TWOS);
  expect(archives.length).toBeGreaterThan(5);
  expect(peaks.map(({ exit, stderr }) => ({ exit, stderr }))).toEqual(peaks.map(() => ({ exit: 0, stderr: "" })));
  expect(Math.max(...peaks.map(({ peakBytes }) => peakBytes))).toBeLessThan(MOST_BYTES);
});

const DIGEST = `sha256:${"0".repeat(64)}`;
const IN_TWOS = { concurrency: 2 };

function taken(args: readonly string[]) {
  return peakOf(args, { cwd: CORPUS, home: temporaryFolder() });
}

/** All of the main part, whatever it is meant to show, and of the further one what is to be refused. */
function hostile(): readonly string[] {
  const listed = (folder: string, name: "files" | "cases") =>
    (JSON.parse(readFileSync(join(CORPUS, folder, "manifest.json"), "utf8")) as Record<typeof name, Listed[]>)[
      name
    ].map((one) => ({ ...one, path: join(CORPUS, folder, one.path) }));
  const bad = [...listed("further", "files"), ...listed("further/cosign-made", "cases")].filter(({ expected = "" }) =>
    /^(?:reject|refuse|revoked|unusable|policy invalid|either)/.test(expected),
  );
  return [...listed(".", "files"), ...bad].map(({ path }) => path);
}

/** As npm's and NuGet's archives are opened; that they are refused is shown elsewhere. */
const built = (path: string) => JSON.stringify(pathToFileURL(join(BIN, "../..", path)).href);
const OPENED = `
import { readFileSync } from "node:fs";
import { readArchive } from ${built("plugins/npm/bytes/archive.js")};
import { openPackage } from ${built("plugins/dotnet/bytes/package.js")};
const file = process.argv[2];
const ref = { ecosystem: "nuget", name: "a", version: "1.0.0", purl: "pkg:nuget/a@1.0.0" };
const refused = (error) => { if (error.name !== "ArtifactError" && error.denial === undefined) throw error; };
await readArchive(file).catch(refused);
try { openPackage(readFileSync(file), ref, [], file); } catch (error) { refused(error); }
`;
