/** A folder with what a build has left in `dist/`, a policy above it, and `safe-install check` in this process. */
import { check } from "../../src/commands/check.ts";
import type { CheckCommand } from "../../src/options.ts";
import { putInto, temporaryFolder } from "./folder.ts";
import { makePackage } from "./nuget/package.ts";
import { makeWheel } from "./pypi.ts";
import { createInstance, pipelineOf, policyFor } from "./signed.ts";
import type { Statement } from "./sigstore.ts";
import { hexOf, makeTarball } from "./tarball.ts";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** One for all: what is signed differs. */
export const instance = await createInstance({ curve: "P-256" });

export interface Made {
  readonly filename: string;
  readonly bytes: Buffer;
}

/** A package of each kind, as its tool builds it, and the name by which it would be another one. */
export const KINDS = [
  {
    ecosystem: "npm",
    make: (name: string, version = "1.0.0"): Made => ({
      filename: `${name}-${version}.tgz`,
      bytes: makeTarball({ name, version }),
    }),
  },
  { ecosystem: "pypi", make: (name: string, version = "1.0.0"): Made => makeWheel({ name, version }) },
  {
    ecosystem: "nuget",
    make: (name: string, version = "1.0.0"): Made => ({
      filename: `${name}.${version}.nupkg`,
      bytes: makePackage({ id: name, version }),
    }),
  },
] as const;

export interface World {
  /** Absolute. */
  readonly folder: string;
  readonly put: (path: string, content: string | Buffer | Record<string, unknown>) => void;
  /** Signs a file by the pipeline of a package, and lays the bundle beside it. */
  readonly sign: (file: Made, name: string, what?: Partial<Statement>, folder?: string) => Promise<void>;
  readonly check: (
    words: readonly string[],
    part?: Partial<Omit<CheckCommand, "options">> & { readonly options?: Partial<CheckCommand["options"]> },
    cwd?: string,
  ) => Promise<{ readonly exit: number; readonly shown: string; readonly report: Report }>;
}

interface Report {
  readonly projects: readonly {
    readonly packages: readonly {
      readonly purl: string;
      readonly ground: string;
      readonly built?: readonly string[];
      readonly denials: readonly { readonly code: string }[];
    }[];
    readonly unbound: readonly { readonly location: string; readonly denial: { readonly code: string } }[];
  }[];
}

/** By a policy that pins each of the names to its pipeline. */
export function promotionWorld(
  ecosystem: string,
  names: readonly string[] = ["widget"],
  part: Readonly<Record<string, unknown>> = {},
): World {
  const folder = temporaryFolder();
  const put: World["put"] = (path, content) =>
    Buffer.isBuffer(content)
      ? (putInto(folder, path, ""), writeFileSync(join(folder, path), content))
      : putInto(folder, path, content);
  put(".signing-policy.json", policyFor(names, part, ecosystem));
  put("trust/root.json", instance.trustedRoot);
  return {
    folder,
    put,
    sign: async ({ filename, bytes }, name, what = {}, into = "dist") => {
      const subjects = [{ name: filename, digest: { sha256: hexOf(bytes, "sha256") } }];
      const bundle = await instance.attest({ identity: pipelineOf(name, "1.0.0"), subjects, ...what });
      put(`${into}/${filename}.sigstore.json`, bundle);
    },
    check: async (words, { options, ...given } = {}, cwd = folder) => {
      let [stdout, stderr] = ["", ""];
      const reports = [{ format: "json", file: "report.json" }] as const;
      const command: CheckCommand = {
        name: "check",
        lockfiles: words,
        changedSince: null,
        staged: false,
        allowsBaseline: false,
        again: null,
        ...given,
        options: {
          policy: null,
          policyFrom: null,
          offline: true,
          mode: null,
          quiet: false,
          log: null,
          reports,
          ...options,
        },
      };
      const home = temporaryFolder();
      const exit = await check(command, {
        cwd,
        home,
        env: { PATH: process.env["PATH"], SAFE_INSTALL_CACHE: join(home, "cache"), SAFE_INSTALL_TRUST_MIRROR: "off" },
        signal: new AbortController().signal,
        stdout: { write: (text: string) => void (stdout += text) },
        stderr: { write: (text: string) => void (stderr += text) },
      } as unknown as Parameters<typeof check>[1]);
      const { readFileSync } = await import("node:fs");
      return { exit, shown: stdout + stderr, report: JSON.parse(readFileSync(join(cwd, "report.json"), "utf8")) };
    },
  };
}
