/** Keyless signing against an instance over HTTP, each identity by its real environment and protocol. */
import { bundleFromJSON } from "@sigstore/bundle";
import { TrustedRoot } from "@sigstore/protobuf-specs";
import { toSignedEntity, toTrustMaterial, Verifier } from "@sigstore/verify";
import { type ServerKnobs, listen, serveSigstore, type SigstoreServer } from "../../support/sigstore/services.ts";
import { publicGoodRoot } from "../../../src/project/trust.ts";
import { githubIdentity } from "../../support/sigstore/identity.ts";
import { signingWorld, type SigningWorld } from "../../support/signing.ts";
import { createInstance } from "../../support/sigstore.ts";
import { makeTarball } from "../../support/tarball.ts";
import {
  AZURE_CLAIMS,
  AZURE_ENV,
  CONNECTION,
  ENTRA_CLAIMS,
  GITHUB_CLAIMS,
  GITHUB_ENV,
  GITLAB_CLAIMS,
  GITLAB_ENV,
  ORGANIZATION,
  PROJECT,
  SHA,
  TENANT,
  tokenOf,
} from "../../support/tokens.ts";
import { createServer, type IncomingMessage } from "node:http";
import { readFileSync, renameSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const instance = await createInstance({ curve: "P-256" });
const SIGN = ["sign", "dist/widget-1.0.0.tgz", "--signing-config", "instance.json", "--trusted-root", "root.json"];

interface Scene extends SigningWorld {
  readonly server: SigstoreServer;
}

async function scene(
  knobs: ServerKnobs = {},
  config: Parameters<SigstoreServer["signingConfig"]>[0] = {},
): Promise<Scene> {
  const made = signingWorld();
  const server = await serveSigstore(instance, knobs);
  made.put("dist/widget-1.0.0.tgz", makeTarball({ name: "widget", version: "1.0.0" }));
  made.put("root.json", instance.trustedRoot);
  made.put("instance.json", server.signingConfig(config));
  return { ...made, server };
}

/** GitHub's own service for tokens. */
async function githubEnv(token: string, asked: IncomingMessage[] = []) {
  const server = createServer((request, response) => {
    asked.push(request);
    response.end(JSON.stringify({ count: token.length, value: token }));
  });
  const url = await listen(server);
  return {
    ...GITHUB_ENV,
    ACTIONS_ID_TOKEN_REQUEST_URL: `${url}/token?api-version=2.0`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: "bearer-of-github",
  };
}

/** Azure's: a POST alone is answered. */
async function azureEnv(token: string, asked: string[] = []) {
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers["authorization"]}`);
    response.statusCode = request.method === "POST" ? 200 : 405;
    response.end(JSON.stringify({ oidcToken: token }));
  });
  const url = await listen(server);
  return {
    ...AZURE_ENV,
    SYSTEM_OIDCREQUESTURI: `${url}/contoso/_apis/distributedtask/oidctoken`,
    SYSTEM_ACCESSTOKEN: "bearer-of-azure",
  };
}

const POLICY = (signer: object) => ({
  version: 1,
  trust: { ours: { trustedRoot: "root.json" } },
  signers: { ours: { ...signer, trust: "ours" } },
  rules: [{ packages: ["npm:widget"], signedBy: ["ours"] }],
});

const GITHUB_SIGNER = {
  githubActions: {
    repository: "acme/widget",
    workflow: ".github/workflows/release.yml",
    ref: "refs/tags/v{version}",
    trigger: "push",
  },
};

/** By the consumer's policy, as `check` judges what was built. */
async function judged(made: Scene, signer: object): Promise<number> {
  made.put(".signing-policy.json", POLICY(signer));
  return (await made.run(["--offline", "check", "dist/widget-1.0.0.tgz"])).exit;
}

/** By the library that other tools use. */
function verifiedByLibrary(made: Scene) {
  const material = toTrustMaterial(TrustedRoot.fromJSON(instance.trustedRoot));
  const verifier = new Verifier(material, { tlogThreshold: 1, ctlogThreshold: 1, timestampThreshold: 1 });
  const artifact = readFileSync(join(made.folder, "dist/widget-1.0.0.tgz"));
  return verifier.verify(toSignedEntity(bundleFromJSON(made.bundle("dist/widget-1.0.0.tgz")), artifact)).identity;
}

const secretsIn = (
  ran: { readonly stdout: string; readonly stderr: string },
  made: Scene,
  secrets: readonly string[],
) => {
  const texts = [
    ran.stdout,
    ran.stderr,
    ...made
      .files()
      .filter((one) => /\.jsonl?$/.test(one))
      .map((one) => readFileSync(join(made.folder, one), "utf8")),
  ];
  return secrets.filter((secret) => texts.some((text) => text.includes(secret)));
};

describe("each identity by its own protocol", () => {
  it("GitHub Actions: the token is asked once, for sigstore, and is in nothing that is written", async () => {
    const made = await scene();
    const asked: IncomingMessage[] = [];
    const token = tokenOf(GITHUB_CLAIMS);
    const ran = await made.run([...SIGN, "--audit-log", "audit.jsonl"], { env: await githubEnv(token, asked) });
    expect(ran).toMatchObject({ exit: 0, stderr: "" });
    expect(asked.map(({ method, url, headers }) => [method, url, headers.authorization])).toEqual([
      ["GET", "/token?api-version=2.0&audience=sigstore", "Bearer bearer-of-github"],
    ]);
    expect(secretsIn(ran, made, [token, token.split(".")[1] ?? "", "bearer-of-github"])).toEqual([]);
    expect(await judged(made, GITHUB_SIGNER)).toBe(0);
    expect(verifiedByLibrary(made)?.subjectAlternativeName).toContain("acme/widget/.github/workflows/release.yml");
    expect(made.audited().map(({ event, caller, logIndexes }) => [event, caller, logIndexes])).toEqual([
      ["intent", { issuer: GITHUB_CLAIMS.iss, subject: GITHUB_CLAIMS.sub }, undefined],
      ["outcome", { issuer: GITHUB_CLAIMS.iss, subject: GITHUB_CLAIMS.sub }, [expect.stringMatching(/^\d+$/)]],
    ]);
  });

  it("GitLab: the token of the environment", async () => {
    const made = await scene();
    const env = { ...GITLAB_ENV, SIGSTORE_ID_TOKEN: tokenOf(GITLAB_CLAIMS) };
    expect(await made.run(SIGN, { env })).toMatchObject({ exit: 0 });
    const gitlab = { project: "group/project", configPath: ".gitlab-ci.yml", ref: "refs/heads/main" };
    expect(await judged(made, { gitlab })).toBe(0);
  });

  it("Azure Pipelines: a POST, for the pipeline's own token", async () => {
    const made = await scene();
    const asked: string[] = [];
    expect(await made.run(SIGN, { env: await azureEnv(tokenOf(AZURE_CLAIMS), asked) })).toMatchObject({ exit: 0 });
    expect(asked).toEqual(["POST /contoso/_apis/distributedtask/oidctoken?api-version=7.1 Bearer bearer-of-azure"]);
    const azurePipelines = { organizationId: ORGANIZATION, projectId: PROJECT, definitionId: "42" };
    expect(await judged(made, { azurePipelines })).toBe(0);
  });

  it("Azure Pipelines: for a service connection's, by an option or by the task's variable", async () => {
    const azurePipelines = { tenantId: TENANT, organizationId: ORGANIZATION, serviceConnectionId: CONNECTION };
    for (const way of ["option", "variable"] as const) {
      const made = await scene();
      const asked: string[] = [];
      const env = await azureEnv(tokenOf(ENTRA_CLAIMS), asked);
      const more = way === "variable" ? { AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: CONNECTION } : {};
      const words = way === "option" ? ["--service-connection", CONNECTION] : [];
      expect(await made.run([...SIGN, ...words], { env: { ...env, ...more } })).toMatchObject({ exit: 0 });
      expect(asked[0]).toContain(`?api-version=7.1&serviceConnectionId=${CONNECTION} `);
      expect(await judged(made, { azurePipelines })).toBe(0);
    }
  });

  it("a file that holds a token", async () => {
    const made = await scene();
    made.put("token", `${tokenOf(GITHUB_CLAIMS)}\n`);
    expect(await made.run([...SIGN, "--identity-token", "token", "--blob"])).toMatchObject({ exit: 0 });
    expect(await judged(made, GITHUB_SIGNER)).toBe(0);
  });

  it.each([
    ["nothing", {}, 64, "NO_IDENTITY"],
    ["GitHub, where the job may not ask", { GITHUB_ACTIONS: "true" }, 64, "id-token: write"],
    ["GitLab, where the job has none", { GITLAB_CI: "true" }, 64, "id_tokens"],
    [
      "Azure, without the step's own token",
      { ...AZURE_ENV, SYSTEM_OIDCREQUESTURI: "https://dev.azure.com/x" },
      64,
      "SYSTEM_ACCESSTOKEN",
    ],
    ["something else than a token", { SIGSTORE_ID_TOKEN: "hunter2hunter2" }, 69, "no identity token"],
    ["a token that ended", { SIGSTORE_ID_TOKEN: tokenOf(GITHUB_CLAIMS, { exp: -5 }) }, 69, "WINDOW_CLOSED"],
  ] as const)("%s: said, and nothing is asked for", async (_, env, exit, words) => {
    const made = await scene();
    const ran = await made.run([...SIGN, "--blob"], { env });
    expect([ran.exit, ran.stderr.includes(words)]).toEqual([exit, true]);
    expect(ran.stderr).not.toContain("hunter2");
    expect([made.server.asked, made.files().includes("dist/widget-1.0.0.tgz.sigstore.json")]).toEqual([[], false]);
  });
});

describe("each kind of log", () => {
  it.each([
    ["Rekor v1, a statement", { log: 1 }, []],
    ["Rekor v1, a file's bytes", { log: 1 }, ["--blob"]],
    ["Rekor v1 and a timestamp", { log: 1, stamps: true }, []],
    ["Rekor v2 and a timestamp, a statement", { log: 2, stamps: true }, []],
    ["Rekor v2 and a timestamp, a file's bytes", { log: 2, stamps: true }, ["--blob"]],
  ] as const)("%s", async (_, config, words) => {
    const made = await scene({}, config);
    const ran = await made.run([...SIGN, ...words], {
      env: { ...GITHUB_ENV, SIGSTORE_ID_TOKEN: tokenOf(GITHUB_CLAIMS) },
    });
    expect(ran).toMatchObject({ exit: 0, stderr: "" });
    expect(await judged(made, GITHUB_SIGNER)).toBe(0);
    expect(verifiedByLibrary(made)).toBeDefined();
  });

  it("timestamps and no log, as a private instance may have it", async () => {
    const made = await scene({}, { log: null, stamps: true });
    const env = { ...GITHUB_ENV, SIGSTORE_ID_TOKEN: tokenOf(GITHUB_CLAIMS) };
    expect(await made.run(SIGN, { env })).toMatchObject({ exit: 0 });
    expect(made.server.asked).toEqual(["POST /api/v2/signingCert", "POST /api/v1/timestamp"]);
  });
});

const GITHUB = { ...GITHUB_ENV, SIGSTORE_ID_TOKEN: tokenOf(GITHUB_CLAIMS) };
const isSigned = (made: Scene) => made.files().includes("dist/widget-1.0.0.tgz.sigstore.json");

describe("compared with who is pinned, before a certificate is asked for", () => {
  it.each([
    ["another repository", { repository: "acme/other" }],
    ["another workflow", { workflow: ".github/workflows/other.yml" }],
    ["another ref", { ref: "refs/heads/main" }],
    ["an environment that the job has not", { environment: "release" }],
    ["another event", { trigger: "pull_request_target" }],
  ])("%s: stopped, with what was expected and found", async (_, other) => {
    const made = await scene();
    made.put(".signing-policy.json", POLICY({ githubActions: { ...GITHUB_SIGNER.githubActions, ...other } }));
    const { exit, stdout } = await made.run([...SIGN, "--audit-log", "audit.jsonl"], { env: GITHUB });
    expect([exit, isSigned(made), made.server.asked]).toEqual([65, false, []]);
    expect(stdout).toMatch(/UNTRUSTED_SIGNER/);
    expect(stdout).toContain(Object.values(other)[0]);
  });

  it("the right one signs, by --policy and --signer too, and its trust root judges", async () => {
    const made = await scene();
    made.put("consumers/policy.json", { ...POLICY(GITHUB_SIGNER), rules: [] });
    made.put("consumers/root.json", instance.trustedRoot);
    const words = [
      "sign",
      "dist/widget-1.0.0.tgz",
      "--signing-config",
      "instance.json",
      "--policy",
      "consumers/policy.json",
    ];
    expect(await made.run([...words, "--signer", "ours"], { env: GITHUB })).toMatchObject({ exit: 0, stderr: "" });
    const bare = await made.run([...words, "--append"], { env: GITHUB });
    expect([bare.exit, bare.stderr.includes("SIGNING_CONFIG")]).toEqual([64, true]);
  });

  it("a certificate that names somebody else is found before anything is logged", async () => {
    const other = githubIdentity({
      repository: "acme/other",
      workflow: ".github/workflows/release.yml",
      ref: "refs/tags/v1.0.0",
    });
    const made = await scene({ identity: other });
    made.put(".signing-policy.json", POLICY(GITHUB_SIGNER));
    const { exit } = await made.run([...SIGN, "--audit-log", "audit.jsonl"], { env: GITHUB });
    expect([exit, isSigned(made), made.server.asked]).toEqual([65, false, ["POST /api/v2/signingCert"]]);
    expect(made.audited().map(({ outcome, code }) => [outcome, code])).toEqual([
      [undefined, undefined],
      ["failed", "UNTRUSTED_SIGNER"],
    ]);
  });

  it("a link to the package is the package", async () => {
    const made = await scene();
    made.put(
      ".signing-policy.json",
      POLICY({ githubActions: { ...GITHUB_SIGNER.githubActions, repository: "acme/no" } }),
    );
    renameSync(join(made.folder, "dist/widget-1.0.0.tgz"), join(made.folder, "dist/built.tgz"));
    symlinkSync("built.tgz", join(made.folder, "dist/widget-1.0.0.tgz"));
    const { exit } = await made.run(SIGN, { env: GITHUB });
    expect([exit, made.server.asked]).toEqual([65, []]);
  });

  it.each([
    ["commit", { GITHUB_SHA: SHA.replaceAll("0", "f") }],
    ["repository", { GITHUB_REPOSITORY: "acme/other" }],
    ["ref", { GITHUB_REF: "refs/heads/main" }],
    ["entryPoint", { GITHUB_WORKFLOW_REF: "acme/widget/.github/workflows/other.yml@refs/tags/v1.0.0" }],
    ["builder", { RUNNER_ENVIRONMENT: "self-hosted" }],
    ["run", { GITHUB_RUN_ID: "8" }],
  ])("provenance that names another %s than the token is not stated", async (name, other) => {
    const made = await scene();
    const { exit, stdout } = await made.run(SIGN, { env: { ...GITHUB, ...other } });
    expect([exit, stdout.includes("PROVENANCE_MISMATCH"), made.server.asked]).toEqual([65, true, []]);
    expect(stdout).toContain(name);
  });
});

describe("what cannot be", () => {
  it("a repository that is not known to be public, and the public log: shown, refused, nothing sent", async () => {
    const made = await scene();
    const { exit, stderr } = await made.run(["sign", "dist/widget-1.0.0.tgz"], { env: GITHUB });
    expect([exit, isSigned(made)]).toEqual([64, false]);
    for (const shown of [
      "PUBLIC_LOG",
      "https://github.com/acme/widget",
      "refs/tags/v1.0.0",
      SHA,
      "sha256:",
      "release.yml",
    ])
      expect(stderr).toContain(shown);
  });

  it("addresses of one's own before the public instance: the trust root tells", async () => {
    const made = await scene();
    made.put("root.json", publicGoodRoot().json as Record<string, unknown>);
    const { exit, stderr } = await made.run(SIGN, { env: GITHUB });
    expect([exit, stderr.includes("PUBLIC_LOG"), made.server.asked]).toEqual([64, true, []]);
  });

  it("a token of Azure DevOps and the public instance: said before it is asked for, and by its words", async () => {
    const made = await scene();
    const asked: string[] = [];
    const ran = await made.run(["sign", "dist/widget-1.0.0.tgz"], {
      env: await azureEnv(tokenOf(AZURE_CLAIMS), asked),
    });
    expect([ran.exit, ran.stderr.includes("ISSUER_NOT_TAKEN"), asked]).toEqual([64, true, []]);
    for (const claims of [AZURE_CLAIMS, ENTRA_CLAIMS]) {
      const by = await made.run(["sign", "dist/widget-1.0.0.tgz", "--blob"], {
        env: { SIGSTORE_ID_TOKEN: tokenOf(claims) },
      });
      expect([by.exit, by.stderr.includes("--signing-config")]).toEqual([64, true]);
    }
  });

  it.each([
    [
      "an authority that refuses",
      "/api/v2/signingCert",
      { status: 400, body: '{"message":"no such issuer"}' },
      "SIGNING_UNAVAILABLE",
      "no such issuer",
    ],
    ["a log that refuses", "/api/v1/log/entries", { status: 403 }, "SIGNING_UNAVAILABLE", "the log http://127.0.0.1"],
    ["a clock that refuses", "/api/v1/timestamp", { status: 400 }, "SIGNING_UNAVAILABLE", "the timestamp authority"],
  ] as const)("%s: said, nothing written", async (_, path, instead, code, words) => {
    const made = await scene({ instead: (asked) => (asked === path ? instead : null) }, { stamps: true });
    const { exit, stderr } = await made.run([...SIGN, "--audit-log", "audit.jsonl"], { env: GITHUB });
    expect([exit, isSigned(made)]).toEqual([69, false]);
    expect(stderr).toContain(code);
    expect(stderr).toContain(words);
    expect(made.audited().at(-1)).toMatchObject({ outcome: "failed", code });
  });

  it("an authority that repeats the token is not repeated", async () => {
    const token = GITHUB.SIGSTORE_ID_TOKEN;
    const body = JSON.stringify({ message: `bad token ${token}` });
    const made = await scene({ instead: () => ({ status: 400, body }) });
    const ran = await made.run([...SIGN, "--audit-log", "audit.jsonl"], { env: GITHUB });
    expect(ran.stderr).toContain("bad token (the token)");
    expect(secretsIn(ran, made, [token, token.slice(-40)])).toEqual([]);
  });

  it("a log that fails once is asked again, with the same signature", async () => {
    const made = await scene({
      instead: (path, count) => (path.includes("log") && count === 1 ? { status: 503 } : null),
    });
    expect(await made.run(SIGN, { env: GITHUB })).toMatchObject({ exit: 0 });
    const [, first, second] = made.server.bodies;
    expect([made.server.asked.length, first === second]).toEqual([3, true]);
  });

  it("a late certificate: the window that closed is said, and nothing is logged", async () => {
    const past = new Date(Date.now() - 1000);
    const made = await scene({ leaf: { notBefore: new Date(past.getTime() - 600_000), notAfter: past } });
    const { exit, stderr } = await made.run(SIGN, { env: GITHUB });
    expect([exit, isSigned(made), made.server.asked]).toEqual([69, false, ["POST /api/v2/signingCert"]]);
    expect(stderr).toMatch(/WINDOW_CLOSED {2}the certificate ended at /);
  });

  it("another instance's root: what nobody would accept is not written", async () => {
    const made = await scene();
    made.put("root.json", (await createInstance({ curve: "P-256", name: "other.test" })).trustedRoot);
    const { exit, stderr } = await made.run(SIGN, { env: GITHUB });
    expect([exit, isSigned(made), stderr.includes("SIGNATURE_INVALID")]).toEqual([66, false, true]);
  });

  it("on a full disk no certificate is asked for", async () => {
    const made = await scene();
    const { exit } = await made.run([...SIGN, "--audit-log", "/dev/full"], { env: GITHUB });
    expect([exit, made.server.asked, isSigned(made)]).toEqual([69, [], false]);
  });

  it("several files have one token, one certificate, and a bundle each", async () => {
    const made = await scene();
    made.put("more.bin", "more");
    const words = [...SIGN];
    words.splice(1, 0, "more.bin");
    expect(await made.run(words, { env: GITHUB })).toMatchObject({ exit: 0 });
    expect(made.server.asked.filter((one) => one.includes("signingCert"))).toHaveLength(1);
    expect(made.files().filter((one) => one.endsWith(".sigstore.json"))).toHaveLength(2);
  });

  it.each([
    ["an identity's option with a key", ["sign", "a", "--key", "k", "--public-log"]],
    ["a key's option with an identity", ["sign", "a", "--padding", "pss"]],
  ])("%s is refused", async (_, words) => expect((await (await scene()).run(words)).exit).toBe(64));
});

describe("provenance, by the pipeline's own variables", () => {
  it.each([
    [
      "GitHub Actions",
      GITHUB,
      "https://github.com/acme/widget",
      "https://github.com/acme/widget/actions/runs/7/attempts/1",
    ],
    [
      "GitLab",
      { ...GITLAB_ENV, SIGSTORE_ID_TOKEN: tokenOf(GITLAB_CLAIMS) },
      "https://gitlab.com/group/project",
      GITLAB_ENV.CI_JOB_URL,
    ],
    [
      "a merge request in GitLab",
      {
        ...GITLAB_ENV,
        CI_COMMIT_BRANCH: undefined,
        CI_MERGE_REQUEST_REF_PATH: "refs/merge-requests/1/head",
        CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: "main",
        SIGSTORE_ID_TOKEN: tokenOf(GITLAB_CLAIMS),
      },
      "https://gitlab.com/group/project",
      GITLAB_ENV.CI_JOB_URL,
    ],
    [
      "Azure Pipelines",
      { ...AZURE_ENV, SIGSTORE_ID_TOKEN: tokenOf(AZURE_CLAIMS) },
      AZURE_CLAIMS.rpo_uri,
      "https://dev.azure.com/contoso/widgets/_build/results?buildId=9",
    ],
  ])("%s: builder, run, repository, ref and commit, about the package's own name", async (_, env, repository, run) => {
    const made = await scene();
    expect(await made.run(SIGN, { env })).toMatchObject({ exit: 0 });
    const { dsseEnvelope } = made.bundle("dist/widget-1.0.0.tgz") as { dsseEnvelope: { payload: string } };
    const ref = env === GITHUB ? "refs/tags/v1.0.0" : "refs/heads/main";
    expect(JSON.parse(Buffer.from(dsseEnvelope.payload, "base64").toString())).toMatchObject({
      subject: [{ name: "pkg:npm/widget@1.0.0", digest: { sha256: expect.anything(), sha512: expect.anything() } }],
      predicateType: "https://slsa.dev/provenance/v1",
      predicate: {
        buildDefinition: {
          externalParameters: { workflow: { repository, ref } },
          resolvedDependencies: [{ uri: `git+${repository}@${ref}`, digest: { gitCommit: SHA } }],
        },
        runDetails: { builder: { id: expect.stringMatching(/^https:/) }, metadata: { invocationId: run } },
      },
    });
  });

  it("elsewhere there is none to state", async () => {
    const made = await scene();
    const { exit, stderr } = await made.run(SIGN, { env: { SIGSTORE_ID_TOKEN: tokenOf(GITHUB_CLAIMS) } });
    expect([exit, stderr.includes("NO_PROVENANCE"), made.server.asked]).toEqual([64, true, []]);
  });
});
