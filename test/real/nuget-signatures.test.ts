import { publicGoodRoot } from "../../src/project/trust.ts";
/** Real packages from the feeds that this machine's dotnet is configured with: their own signatures, as `dotnet nuget verify` sees them. */
import { verifyCommand } from "../../src/commands/verify/verify.ts";
import { hasDotnet, writeFiles } from "../support/nuget/project.ts";
import { packageReferences } from "../tools/nuget-packages.ts";
import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** One signature: its kind, the certificate, and the time that is vouched for. */
interface Said {
  readonly kind: string;
  readonly certificate: string;
  readonly time: string;
}

interface Judged {
  readonly verified: boolean;
  readonly signatures: readonly Said[];
}

/**
 * What `dotnet nuget verify -v normal` says of each package, by `id.version`. No revocation list is reached here: that it asks
 * for one in vain is a warning, and set aside.
 */
function dotnetSays(files: readonly string[]): ReadonlyMap<string, Judged> {
  const { stdout } = spawnSync("dotnet", ["nuget", "verify", "--all", ...files, "-v", "normal"], {
    encoding: "utf8",
    maxBuffer: 100_000_000,
    env: { ...process.env, TZ: "UTC", NUGET_CERT_REVOCATION_MODE: "offline" },
  });
  const packages = stdout.split(/^Verifying (?=\S+$)/m).slice(1);
  return new Map(packages.map((text) => [(text.split("\n", 1)[0] ?? "").trim().toLowerCase(), judgedIn(text)]));
}

function judgedIn(text: string): Judged {
  const signatures = text.split(/^Signature type: /m).slice(1);
  return {
    verified: /^Successfully verified package/m.test(text),
    signatures: signatures.map((block): Said => {
      const [, certificate = ""] = /SHA256 hash: ([0-9A-F]{64})/.exec(block) ?? [];
      const [, month, day, year, time] = /^Timestamp: (\d\d)\/(\d\d)\/(\d{4}) (\S+)/m.exec(block) ?? [];
      const kind = block.split("\n", 1)[0]?.trim().toLowerCase() ?? "";
      return { kind, certificate: `sha256:${certificate.toLowerCase()}`, time: `${year}-${month}-${day}T${time}` };
    }),
  };
}

/** `safe-install verify FILE` in this process: hundreds of starts would be all that is measured. */
async function verify(file: string): Promise<{ readonly exit: number; readonly stdout: string }> {
  let stdout = "";
  const exit = await verifyCommand([file], {
    cwd: "/",
    host: { read: async (path) => readFileSync(path), now: () => new Date() },
    write: (text) => void (stdout += text),
    paint: (_, text) => text,
    columns: 100,
    publicGood: async () => publicGoodRoot(),
    signerNamed: () => Promise.reject(new Error("not asked")),
  });
  return { exit, stdout };
}

function weSay(stdout: string): readonly Said[] {
  const field = (block: string, name: string) => new RegExp(`^ +${name} +(.*)$`, "m").exec(block)?.[1] ?? "";
  return stdout
    .split(/^✓ /m)
    .slice(1)
    .map((block) => ({
      kind: field(block, "signature").replace("NuGet's, of the ", ""),
      certificate: field(block, "certificate"),
      time: field(block, "timestamp").slice(0, 19),
    }));
}

describe.skipIf(!hasDotnet)("the signatures of more than 100 real packages", () => {
  const project = realpathSync(mkdtempSync(join(tmpdir(), "safe-install-real-")));
  afterAll(() => rmSync(project, { recursive: true, force: true }));
  const packages = join(project, "packages");
  let files: readonly string[] = [];

  beforeAll(() => {
    const [text = ""] = packageReferences();
    writeFiles(project, { "many.csproj": text });
    execFileSync("dotnet", ["restore", "--packages", packages], { cwd: project, stdio: "ignore" });
    files = readdirSync(packages, { recursive: true, encoding: "utf8" }).filter((one) => one.endsWith(".nupkg"));
  }, 600_000);

  it("hold, by the same certificates and times, where dotnet nuget verify says so", async () => {
    expect(files.length).toBeGreaterThanOrEqual(100);
    const theirs = dotnetSays(files.map((file) => join(packages, file)));
    const compared: (Judged & { readonly name: string })[] = [];
    for (const file of files) {
      const { exit, stdout } = await verify(join(packages, file));
      compared.push({ name: basename(file, ".nupkg"), verified: exit === 0, signatures: weSay(stdout) });
    }
    for (const { name, ...ours } of compared) expect({ name, ...ours }).toEqual({ name, ...theirs.get(name) });
    const kinds = compared.flatMap(({ signatures }) => signatures.map(({ kind }) => kind));
    console.log(
      `${compared.length} packages, ${kinds.filter((kind) => kind === "author").length} signatures of authors, ${kinds.filter((kind) => kind === "repository").length} of the repository: the same verdicts, fingerprints and times`,
    );
    expect(new Set(kinds)).toEqual(new Set(["author", "repository"]));
  }, 900_000);

  it("a package of which one byte changed is refused by both", async () => {
    const changed = join(project, "changed.nupkg");
    copyFileSync(join(packages, files[0] ?? ""), changed);
    const bytes = readFileSync(changed);
    bytes.writeUInt8((bytes.readUInt8(60) + 1) % 256, 60);
    writeFileSync(changed, bytes);
    expect(await verify(changed)).toMatchObject({ exit: 66 });
    expect([...dotnetSays([changed]).values()].map(({ verified }) => verified)).not.toContain(true);
  });
});
