import { temporaryFolder } from "./folder.ts";
import { execa } from "execa";
import { fork } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** The program that is run; nothing else of its family. */
const VERDACCIO = {
  version: "6.8.0",
  integrity: "sha512-fGKQZnFQVuLiRYbTDnyOaQDtAs+SgnoK2gQSztM3MIMXMa5MfiRQ+Ub/+8OMFygoroZU21d05d+JJJr4f2TnEQ==",
};

/**
 * Installs Verdaccio into an empty folder with this machine's npm, without scripts. @returns the file to run; null where
 * the registry cannot be reached. @throws where it is not the one that is pinned
 */
export async function installVerdaccio(folder: string): Promise<string | null> {
  // One of its dependencies asks for a tag that not every mirror has.
  writeFileSync(join(folder, "package.json"), JSON.stringify({ overrides: { "node-fetch": "2.7.0" } }));
  const args = ["install", `verdaccio@${VERDACCIO.version}`, "--ignore-scripts", "--no-audit", "--no-fund"];
  const { exitCode, stderr } = await execa("npm", args, { cwd: folder, reject: false });
  if (exitCode !== 0) {
    console.log(
      `Verdaccio cannot be had, so its tests are left out: ${stderr.split("\n").find((line) => line.includes("npm error")) ?? ""}`,
    );
    return null;
  }
  const lock = JSON.parse(readFileSync(join(folder, "package-lock.json"), "utf8")) as Lock;
  const { integrity } = lock.packages["node_modules/verdaccio"] ?? {};
  if (integrity !== VERDACCIO.integrity) throw new Error(`verdaccio is ${integrity}, not the one that is pinned`);
  return join(folder, "node_modules", "verdaccio", "bin", "verdaccio");
}

interface Lock {
  readonly packages: Readonly<Record<string, { readonly integrity?: string }>>;
}

export interface Verdaccio {
  /** With a slash at the end. */
  readonly url: string;
  readonly storage: string;
  /** The line of an npmrc that lets its user in. */
  readonly npmrc: string;
}

/** A proxy in front of `upstream`, for one user only. */
export async function startVerdaccio(program: string, upstream: string): Promise<Verdaccio> {
  const folder = temporaryFolder();
  const storage = join(folder, "storage");
  mkdirSync(storage);
  const port = await freePort();
  const sha1 = createHash("sha1").update("s3cret").digest("base64");
  writeFileSync(join(folder, "htpasswd"), `user:{SHA}${sha1}:autocreated 2026-01-01T00:00:00.000Z\n`);
  const config = {
    storage,
    auth: { htpasswd: { file: join(folder, "htpasswd"), max_users: -1 } },
    uplinks: { up: { url: upstream, cache: true } },
    packages: { "**": { access: "$authenticated", proxy: "up" } },
    web: { enable: false },
    log: { type: "file", path: join(folder, "log"), level: "warn" },
  };
  // YAML is a superset of JSON.
  writeFileSync(join(folder, "config.yaml"), JSON.stringify(config));
  const listen = `127.0.0.1:${port}`;
  const child = fork(program, ["--config", join(folder, "config.yaml"), "--listen", listen], { silent: true });
  onTestFinished(() => void child.kill());
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (text) => (said += String(text)));
  await new Promise<void>((ready, failed) => {
    child.once("message", () => ready());
    child.once("exit", (code) => failed(new Error(`Verdaccio ended with ${code}: ${said}`)));
  });
  const npmrc = `//${listen}/:_auth=${Buffer.from("user:s3cret").toString("base64")}\n`;
  return { url: `http://${listen}/`, storage, npmrc };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => void server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}
