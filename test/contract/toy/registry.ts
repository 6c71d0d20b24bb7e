import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { githubIdentity, type Instance } from "../../support/sigstore.ts";
import type { Locked } from "./plugin/locate.ts";

export interface ToyRegistry {
  /** `http://127.0.0.1:PORT/`. */
  readonly url: string;
  /** Paths that were asked for. */
  readonly requests: string[];
  /** Puts a package there, signed by the pipeline of `acme/NAME` unless `signed` is false. @returns its entry of a lock */
  publish(name: string, version: string, content: string, signed?: boolean): Promise<Locked>;
  close(): Promise<void>;
}

/** A registry of files on a loopback port: `/NAME-VERSION`, and its bundle at `.sigstore.json`. */
export async function startToyRegistry(instance: Instance): Promise<ToyRegistry> {
  const files = new Map<string, Buffer>();
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? "/";
    requests.push(path);
    const found = files.get(path);
    response.writeHead(found === undefined ? 404 : 200).end(found);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    requests,
    publish,
    close: () => new Promise((done) => server.close(() => done())),
  };

  async function publish(name: string, version: string, content: string, signed = true): Promise<Locked> {
    const bytes = Buffer.from(content);
    const sha512 = createHash("sha512").update(bytes).digest("hex");
    files.set(`/${name}-${version}`, bytes);
    if (signed) {
      const workflow = ".github/workflows/release.yml";
      const identity = githubIdentity({ repository: `acme/${name}`, workflow, ref: `refs/tags/v${version}` });
      const subjects = [{ name: `pkg:toy/${name}@${version}`, digest: { sha512 } }];
      const bundle = await instance.attest({ identity, subjects });
      files.set(`/${name}-${version}.sigstore.json`, Buffer.from(JSON.stringify(bundle)));
    }
    return { name, version, sha512 };
  }
}
