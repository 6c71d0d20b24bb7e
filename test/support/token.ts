/** A PKCS#11 token of its own: SoftHSM's, and OpenSC's program to talk to it. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const MODULE = ["/usr/lib/softhsm/libsofthsm2.so", "/usr/local/lib/softhsm/libsofthsm2.so"].find((one) =>
  existsSync(one),
);
const PIN = "1234";

/** Whether both are installed (`.ci/run` does it). */
export function hasToken(): boolean {
  const folders = (process.env["PATH"] ?? "").split(":");
  const has = (name: string) => folders.some((folder) => existsSync(join(folder, name)));
  return MODULE !== undefined && has("pkcs11-tool") && has("softhsm2-util");
}

export interface Token {
  readonly env: { readonly SOFTHSM2_CONF: string; readonly MODULE: string };
  /** `pkcs11-tool` with the words that open the token. */
  readonly words: readonly string[];
  generate(type: string, id: string, label: string): void;
  /** @returns the file's name */
  publicKey(id: string): string;
}

export function tokenAt(folder: string, label: string): Token {
  const env = { SOFTHSM2_CONF: join(folder, "softhsm2.conf"), MODULE: MODULE ?? "" };
  const words = ["--module", env.MODULE, "--login", "--pin", PIN, "--token-label", label];
  const run = (program: string, ...more: readonly string[]) =>
    execFileSync(program, more, { cwd: folder, env: { ...process.env, ...env }, stdio: "pipe" });
  mkdirSync(join(folder, "tokens"));
  writeFileSync(env.SOFTHSM2_CONF, `directories.tokendir = ${join(folder, "tokens")}\nlog.level = ERROR\n`);
  run("softhsm2-util", "--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", PIN);
  return {
    env,
    words: ["pkcs11-tool", ...words],
    generate: (type, id, name) =>
      void run("pkcs11-tool", ...words, "--keypairgen", "--key-type", type, "--id", id, "--label", name),
    publicKey: (id) => {
      run("pkcs11-tool", ...words, "--read-object", "--type", "pubkey", "--id", id, "--output-file", `${id}.der`);
      return `${id}.der`;
    },
  };
}
