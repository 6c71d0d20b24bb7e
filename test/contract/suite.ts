/** What every plugin promises (src/plugin.ts), asked of each in the same words. */
import { handOff } from "../../src/gate/handoff.ts";
import { createHost } from "../../src/io/host.ts";
import type { Digest, Handoff, Host, Part, Plugin, Project, Proven, Request, Source } from "../../src/plugin.ts";
import { compareDigests, SafeInstallError, SourceUnavailable } from "../../src/plugin.ts";
import { temporaryFolder } from "../support/folder.ts";
import { createHash } from "node:crypto";
import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";

/** One installer, and how a small project of it is laid. */
export interface Subject<P extends Project> {
  readonly plugin: Plugin<P>;
  /** A folder with the locked project, whose registry answers. */
  readonly lay: () => Promise<Laid>;
}

export interface Laid {
  readonly folder: string;
  /** Names in it that make it a locked project. */
  readonly names: readonly string[];
  /** What the installer's own words are preceded by, where its name on PATH is not meant. */
  readonly program?: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** How many requests the registry has seen. */
  readonly requests: () => number;
  /** What else an installation changes, as it lies there now (pip: the environment). Absolute. */
  readonly beside?: () => readonly string[];
  /** A file that is there once it is installed. */
  readonly installed: () => string;
  /** Makes what is installed something else than was proven. */
  readonly meddle: () => void;
}

export function keepsTheContract<P extends Project>({ plugin, lay }: Subject<P>): void {
  const { table } = plugin;
  describe("its table", () => {
    it("knows its own words and nobody else's", () => {
      expect(table.typed([])).toBe(0);
      expect(table.typed(["unheard-of", "install"])).toBe(0);
      expect(table.lockedInstall([])).toBeNull();
    });

    it("names locks and manifests whole", () => {
      for (const { source, flags } of [...table.locks.map(({ name }) => name), ...table.manifests]) {
        expect(source).toMatch(/^\^.*\$$/s);
        expect(flags.replace("i", "")).toBe("");
      }
      for (const name of table.lockfiles)
        expect(
          table.locks.some((lock) => lock.name.test(name)),
          name,
        ).toBe(true);
    });

    it("can ask its own place", () => {
      expect(table.sources).toContain("own");
      expect(new Set(table.sources).size).toBe(table.sources.length);
    });
  });

  describe("its words", () => {
    it("what installs a locked project is gated", async () => {
      const { names, program } = await lay();
      const words = table.lockedInstall(names);
      expect(words).not.toBeNull();
      expect(plugin.classify(words ?? [], program)).toEqual({ kind: "gate" });
    });

    it("what is not known is refused, with a way on", async () => {
      const { program } = await lay();
      const { kind, reason, hint } = plugin.classify(["unheard-of-command"], program) as {
        readonly kind: string;
        readonly reason: string;
        readonly hint: string;
      };
      expect(kind).toBe("refuse");
      expect(reason).not.toBe("");
      expect(hint).not.toBe("");
    });
  });

  describe("opening", () => {
    it("says where the project is; starts nothing in it, and changes nothing", async () => {
      const { project, laid, before } = await begin("install");
      expect(isAbsolute(project.folder) && isAbsolute(project.root)).toBe(true);
      for (const path of [...project.found, ...project.replaces.map((place) => place.path)])
        expect(isAbsolute(path), path).toBe(true);
      expect(treeOf(laid)).toEqual(before);
    });

    it("of a folder without a project ends in words", async () => {
      const laid = await lay();
      const folder = temporaryFolder();
      const host = hostFor(laid);
      const opening = async () => {
        const project = await plugin.locate(requestFor("install", { ...laid, folder }), host);
        await plugin.stages(project, { repositoryRoot: folder, registries: [] }, host).next([]);
      };
      const error: unknown = await opening().then(
        () => null,
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(SafeInstallError);
      expect((error as SafeInstallError).code).toMatch(/^[A-Z_]+$/);
      expect(readdirSync(folder)).toEqual([]);
    });
  });

  describe("its parts", () => {
    it("a check sees each package once, and has nothing to hand off", async () => {
      const { stages, laid, before } = await begin("check");
      const { parts, handoff } = await drive(stages);
      const artifacts = parts.flatMap((part) => part.artifacts);
      expect(artifacts.length).toBeGreaterThan(0);
      expect(new Set(artifacts.map((one) => one.package.purl)).size).toBe(artifacts.length);
      for (const { package: ref, locations } of artifacts) {
        expect(ref.ecosystem).toBe(table.ecosystem);
        expect(ref.purl.startsWith(`pkg:${table.ecosystem}/`)).toBe(true);
        expect(locations).not.toEqual([]);
      }
      expect(handoff).toBeNull();
      expect(treeOf(laid)).toEqual(before);
    });

    it("bytes are fetched once, are hashed by us, and agree with what the lock states", async () => {
      const { stages, laid } = await begin("install");
      const part = await first(stages);
      const [artifact] = part.artifacts;
      const one = await part.obtain(artifact!);
      const requests = laid.requests();
      const other = await part.obtain(artifact!);
      expect(laid.requests()).toBe(requests);
      const bytes = await other.read();
      expect(bytes.equals(await one.read())).toBe(true);
      for (const algorithm of ["sha256", "sha512"] as const) expect(one.digests).toContainEqual(hash(algorithm, bytes));
      const stated = compareDigests(one.digests, artifact!.digests);
      if (artifact!.form === undefined) expect(stated).not.toBe("different");
    });

    it("ended after one of them, it asks for nothing more and leaves everything as it was", async () => {
      const { stages, laid, before } = await begin("install");
      await first(stages);
      const requests = laid.requests();
      expect(await stages.return(null)).toEqual({ done: true, value: null });
      expect(laid.requests()).toBe(requests);
      expect(treeOf(laid)).toEqual(before);
    });

    it("a source that its table does not name is none", async () => {
      const { stages } = await begin("install");
      const part = await first(stages);
      const foreign = SOURCES.filter(({ kind }) => !table.sources.includes(kind));
      for (const source of foreign)
        await expect(part.collect(part.artifacts[0]!, source, false), source.kind).rejects.toBeInstanceOf(
          SourceUnavailable,
        );
    });
  });

  describe("its hand-off", () => {
    it("changes nothing before the transaction, then installs what was proven", async () => {
      const { stages, host, laid, project, before } = await begin("install");
      const { handoff } = await drive(stages);
      expect(treeOf(laid)).toEqual(before);
      // What is looked for before the next run leads to this one's journal.
      const known = new Set([project.root, ...project.found]);
      expect([handoff!.root, ...handoff!.found].some((path) => known.has(path))).toBe(true);
      expect(await handOff(handoff, table, host)).toBe(0);
      expect(readFileSync(laid.installed(), "utf8")).not.toBe("");
    });

    it("prepares without touching the project", async () => {
      const { stages, laid, before } = await begin("install");
      const { handoff } = await drive(stages);
      await handoff!.prepare();
      expect(treeOf(laid)).toEqual(before);
    });

    it("replaces what its table names, and nothing else", async () => {
      const laid = await lay();
      mkdirSync(join(laid.folder, "somebodys"));
      writeFileSync(join(laid.folder, "somebodys/own"), "");
      const { stages, host, before } = await begin("install", laid);
      const { handoff } = await drive(stages);
      const strange = { ...handoff!, root: laid.folder, replaces: [{ path: join(laid.folder, "somebodys") }] };
      await expect(handOff(strange, table, host)).rejects.toMatchObject({ code: "OUTSIDE_PROJECT" });
      if (!table.changesInPlace) {
        const inPlace = { ...strange, replaces: [{ path: laid.folder, touches: ["somebodys"] }] };
        await expect(handOff(inPlace, table, host)).rejects.toMatchObject({ code: "OUTSIDE_PROJECT" });
      }
      expect(treeOf(laid)).toEqual(before);
    });

    it("sees what is not as it was proven, and then everything is as it was", async () => {
      const { stages, host, laid, before } = await begin("install");
      const { handoff } = await drive(stages);
      const meddled: Handoff = {
        ...handoff!,
        install: async () => {
          const exit = await handoff!.install();
          laid.meddle();
          return exit;
        },
      };
      await expect(handOff(meddled, table, host)).rejects.toMatchObject({
        kind: "unbound",
        code: "INSTALLED_MISMATCH",
      });
      expect(treeOf(laid)).toEqual(before);
    });

    it("where the installer fails, its exit is ours and everything is as it was", async () => {
      const { stages, host, laid, before } = await begin("install");
      const { handoff } = await drive(stages);
      expect(await handOff({ ...handoff!, install: async () => (await handoff!.install()) + 7 }, table, host)).toBe(7);
      expect(treeOf(laid)).toEqual(before);
    });
  });

  async function begin(purpose: Request["purpose"], place?: Laid) {
    const laid = place ?? (await lay());
    const before = treeOf(laid);
    const host = hostFor(laid);
    const project = await plugin.locate(requestFor(purpose, laid), host);
    const stages = plugin.stages(project, { repositoryRoot: project.folder, registries: [] }, host);
    return { laid, before, host, project, stages };
  }

  function requestFor(purpose: Request["purpose"], { folder, names, program }: Laid): Request {
    const args = purpose === "check" ? [] : (table.lockedInstall(names) ?? []);
    return { purpose, args, cwd: folder, ...(program === undefined || purpose === "check" ? {} : { program }) };
  }
}

type Stages = ReturnType<Plugin["stages"]>;

/** As the gate does where everything is let through. */
async function drive(stages: Stages): Promise<{ readonly parts: readonly Part[]; readonly handoff: Handoff | null }> {
  const parts: Part[] = [];
  let stage = await stages.next([]);
  while (stage.done !== true) {
    parts.push(stage.value);
    stage = await stages.next(await prove(stage.value));
  }
  return { parts, handoff: stage.value };
}

async function first(stages: Stages): Promise<Part> {
  const { done, value } = await stages.next([]);
  if (done === true) throw new TypeError("a plugin without a part");
  return value;
}

async function prove(part: Part): Promise<readonly Proven[]> {
  return Promise.all(part.artifacts.map(async (artifact) => ({ artifact, bytes: await part.obtain(artifact) })));
}

function hostFor({ env, home }: Laid): Host & { readonly close: () => Promise<void> } {
  const host = createHost({
    env,
    home,
    signal: new AbortController().signal,
    offline: false,
    cacheFolder: join(home, "cache"),
    stateFolder: join(home, "state"),
    notice: () => {},
  });
  onTestFinished(() => host.close());
  return host;
}

/** Every file and link with its mode and content, but for the journal's own. */
function treeOf({ folder, beside }: Laid): Readonly<Record<string, string>> {
  return Object.fromEntries([folder, ...(beside?.() ?? [])].flatMap((one) => entriesIn(one)));
}

function entriesIn(path: string): readonly (readonly [string, string])[] {
  const stats = lstatSync(path);
  if (stats.isSymbolicLink()) return [[path, `-> ${readlinkSync(path)}`]];
  if (stats.isDirectory())
    return [[path, "folder"], ...readdirSync(path).flatMap((name) => entriesIn(join(path, name)))];
  return [[path, `${stats.mode.toString(8)} ${createHash("sha256").update(readFileSync(path)).digest("hex")}`]];
}

function hash(algorithm: "sha256" | "sha512", bytes: Buffer): Digest {
  return { algorithm, hex: createHash(algorithm).update(bytes).digest("hex") };
}

/** One of each kind. */
const SOURCES: readonly Source[] = [
  { kind: "attestations", url: "http://127.0.0.1:9/" },
  { kind: "companion", template: "{id}.Sigstore" },
  { kind: "integrity", url: "http://127.0.0.1:9/" },
  { kind: "beside" },
  { kind: "registrySignature" },
  { kind: "github", repositories: ["acme/widget"] },
  { kind: "directory", path: "/nowhere" },
  { kind: "url", template: "http://127.0.0.1:9/{name}" },
];
