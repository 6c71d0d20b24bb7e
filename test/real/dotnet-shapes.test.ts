/**
 * Shapes of public repositories, cold and warm: what was resolved is what plain `dotnet restore` resolves, project by project, and a
 * refusal is a failure. One of them: `npm run test:real -- test/real/dotnet-shapes -t NAME`. `SAFE_INSTALL_FEED_CACHE` names a
 * folder that keeps the feed's answers between runs.
 */
import { type Outcome, safeInstall } from "../support/cli.ts";
import { type FeedProxy, startFeedProxy } from "../support/dotnet-shapes/feed.ts";
import { readShape, type Shape, SOURCE } from "../support/dotnet-shapes/shape.ts";
import { type PublicShape, SHAPES } from "../support/dotnet-shapes/table.ts";
import { available, repaired } from "../support/dotnet-shapes/versions.ts";
import { temporaryFolder } from "../support/folder.ts";
import { setsOf } from "../support/nuget/assets.ts";
import { dotnetEnvironment, hasDotnet, nugetConfig, plainDotnet, writeFiles } from "../support/nuget/project.ts";
import { FINGERPRINTS } from "../support/nuget/registry.ts";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const TIMEOUT_MS = 3_600_000;

const POLICY = JSON.stringify({
  version: 1,
  signers: { registry: { nugetSignature: { kind: "repository", fingerprints: FINGERPRINTS } } },
  rules: [
    // The SDK brings one itself, which no registry has signed.
    { packages: ["nuget:FSharp.Core"], unsigned: "allow", reason: "the SDK's own", expires: "2099-01-01" },
    { packages: ["nuget:*"], baseline: ["registry"] },
  ],
});

/** A feed that is not whole warns, and the proxy knows of no vulnerabilities. */
const WORDS = ["-p:TreatWarningsAsErrors=false", "-p:NuGetAudit=false", "-v:q"];

const KEPT = process.env["SAFE_INSTALL_FEED_CACHE"];
let folder: string;
let feed: FeedProxy;
beforeAll(async () => {
  folder = KEPT ?? mkdtempSync(join(tmpdir(), "safe-install-feed-"));
  feed = await startFeedProxy(folder);
});
afterAll(async () => {
  await feed.close();
  if (KEPT === undefined) rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(!hasDotnet)("dotnet restore of the shape of", () => {
  it.each(SHAPES.map((one) => [one.repository, one] as const))(
    "%s",
    async (_, one) => {
      const started = Date.now();
      const { shape, plain, replaced, anew } = await restorable(one);
      const seconds = [Math.round((Date.now() - started) / 1000)];
      const locks = Object.keys(shape).filter((path) => LOCK.test(path));
      // Locks of versions that are not to be had were written anew, for both.
      const written = Object.fromEntries(
        locks.flatMap((path) => {
          const file = join(plain.project, path);
          return existsSync(file) ? [[path, readFileSync(file, "utf8")]] : [];
        }),
      );
      const ours = placed({ ...shape, ...written, ".signing-policy.json": POLICY });
      const expected = setsOf(plain.project);
      feed.asked();
      for (const state of ["cold", "warm"]) {
        const from = Date.now();
        await passes(() =>
          safeInstall(["dotnet", "restore", one.target, ...WORDS], {
            cwd: ours.project,
            home: ours.home,
            env: dotnetEnvironment(ours.home),
          }),
        );
        seconds.push(Math.round((Date.now() - from) / 1000));
        const asked = feed.asked().filter((path) => path.endsWith(".nupkg"));
        const found = setsOf(ours.project);
        expect({ state, projects: [...found.keys()] }).toEqual({ state, projects: [...expected.keys()] });
        for (const [project, set] of expected)
          expect({ state, project, set: found.get(project) }).toEqual({ state, project, set });
        expect({ state, twice: state === "cold" ? doubled(asked) : asked }).toEqual({ state, twice: [] });
        for (const path of expected.keys()) rmSync(join(ours.project, path, ".."), { recursive: true });
      }
      console.log(summary(one, expected, plain.home, seconds, replaced, anew));
    },
    TIMEOUT_MS,
  );
});

const LOCK = /packages\.lock\.json$/i;
/** A feed that is not whole says so bit by bit. */
const ROUNDS = 8;

/** Plain dotnet restores it, once what the feed lacks is replaced or left out. */
async function restorable({ name, target }: PublicShape) {
  const first = await available(readShape(name), feed);
  const replaced = [...first.replaced];
  let { shape } = first;
  for (let round = 0; ; round++) {
    const anew = replaced.length > 0 && Object.keys(shape).some((path) => LOCK.test(path));
    const plain = placed(shape);
    const words = ["restore", target, ...(anew ? ["--force-evaluate"] : []), ...WORDS];
    const { exit, stdout, stderr } = await plainDotnet(words, { cwd: plain.project, home: plain.home });
    if (exit === 0) return { shape, plain, replaced, anew };
    const next = await repaired(shape, stdout, feed);
    expect({ said: next.replaced.length > 0 && round < ROUNDS ? "" : stdout + stderr }).toEqual({ said: "" });
    shape = next.shape;
    replaced.push(...next.replaced);
  }
}

interface Placed {
  readonly project: string;
  readonly home: string;
}

function placed(shape: Shape): Placed {
  const folder = temporaryFolder();
  const [project, home] = [join(folder, "app"), join(folder, "home")];
  const texts = Object.entries(shape).map(([path, text]) => [
    path,
    text.replaceAll(`value="${SOURCE}"`, `value="${feed.index}" allowInsecureConnections="true"`),
  ]);
  writeFiles(project, { ".git/HEAD": "ref: refs/heads/main\n", ...Object.fromEntries(texts) });
  writeFiles(project, { ".git/objects/.keep": "", ".git/refs/.keep": "" });
  writeFiles(home, { ".nuget/NuGet/NuGet.Config": nugetConfig({ "nuget.org": feed.index }) });
  return { project, home };
}

async function passes(run: () => Promise<Outcome>): Promise<void> {
  const { exit, stdout, stderr } = await run();
  expect({ exit, said: exit === 0 ? "" : `${stdout}\n${stderr}`.slice(-6_000) }).toEqual({ exit: 0, said: "" });
}

function doubled(paths: readonly string[]): readonly string[] {
  return paths.filter((path, at) => paths.indexOf(path) !== at);
}

function summary(
  { repository }: PublicShape,
  sets: ReadonlyMap<string, unknown>,
  home: string,
  seconds: readonly number[],
  replaced: readonly string[],
  anew: boolean,
): string {
  const folder = join(home, ".nuget", "packages");
  const packages = readdirSync(folder).flatMap((id) => readdirSync(join(folder, id))).length;
  return `${repository}: ${sets.size} projects, ${packages} packages; seconds of plain, cold, warm: ${seconds.join(", ")}; ${replaced.length} versions replaced or left out${anew ? ", locks written anew" : ""}`;
}
