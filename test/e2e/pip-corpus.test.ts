import { CORPUS, corpusText, hasCorpus } from "../support/corpus.ts";
import { type Index, startIndex } from "../support/pypi.ts";
import { hasPip } from "../support/pypi/pythons.ts";
import { provenanceOf } from "../support/pypi/signed.ts";
import { setStage } from "../support/pypi/stage.ts";
import { createInstance, type Instance } from "../support/sigstore.ts";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";

let instance: Instance;
let index: Index;

beforeAll(async () => {
  instance = await createInstance();
  index = await startIndex();
});
afterAll(() => index.close());

const ABI3INFO = {
  repository: "woodruffw/abi3info",
  workflow: ".github/workflows/release.yml",
  ref: "refs/tags/v2024.10.08",
  runner: "github-hosted",
  trigger: "release",
  repositoryId: "538293197",
  ownerId: "3059210",
};
const SIGSTORE = {
  repository: "sigstore/sigstore-python",
  workflow: ".github/workflows/release.yml",
  ref: "refs/tags/v{version}",
  runner: "github-hosted",
  trigger: "release",
};
const GITLAB = { project: "facutuesca/gitlab-oidc-project", configPath: ".gitlab-ci.yml", ref: "refs/heads/main" };

const wheel = (folder: string, filename: string) => ({
  filename,
  bytes: readFileSync(join(CORPUS, "pypi", folder, filename)),
  metadata: "",
  statedMetadata: false as const,
});

function policy(name: string, signer: unknown) {
  return { version: 1, signers: { pinned: signer }, rules: [{ packages: [`pypi:${name}`], signedBy: ["pinned"] }] };
}

describe.skipIf(!hasCorpus || !hasPip)("the corpus' real files", () => {
  it("a real wheel with its real provenance is installed under its real pipeline", async () => {
    const file = wheel("abi3info-2024.10.8", "abi3info-2024.10.8-py3-none-any.whl");
    index.publish({ ...file, provenance: corpusText(`pypi/abi3info-2024.10.8/${file.filename}.provenance.json`) });
    const here = setStage({ instance, policy: policy("abi3info", { githubActions: ABI3INFO }) });
    const { exit, stderr, stdout } = await here.pip("install", "-i", index.url, "abi3info");
    expect(exit, `${stderr}${stdout}`).toBe(0);
    expect(here.environment.installed()).toEqual(["abi3info==2024.10.8"]);
  });

  it("a wheel with a newer certificate too (without its dependencies)", async () => {
    const file = wheel("sigstore-4.5.0", "sigstore-4.5.0-py3-none-any.whl");
    index.publish({ ...file, provenance: corpusText(`pypi/sigstore-4.5.0/${file.filename}.provenance.json`) });
    const here = setStage({ instance, policy: policy("sigstore", { githubActions: SIGSTORE }) });
    const { exit, stderr } = await here.pip("install", "--no-deps", "-i", index.url, "sigstore");
    expect(exit, stderr).toBe(0);
    expect(here.environment.installed()).toEqual(["sigstore==4.5.0"]);
  });

  const changed = Object.entries({
    repository: "woodruffw/abi3infos",
    workflow: ".github/workflows/release.yaml",
    ref: "refs/tags/v{version}",
    runner: "self-hosted",
    trigger: "push",
    repositoryId: "1",
    ownerId: "2",
    environment: "release",
  });
  it("each of its pipeline's claims counts: with any one of them other it is refused", async () => {
    const file = wheel("abi3info-2024.10.8", "abi3info-2024.10.8-py3-none-any.whl");
    index.publish({ ...file, provenance: corpusText(`pypi/abi3info-2024.10.8/${file.filename}.provenance.json`) });
    // Any one of the signers would do: one claim that did not count would let it in.
    const signers = changed.map(([claim, value]) => [
      `other-${claim}`,
      { githubActions: { ...ABI3INFO, [claim]: value } },
    ]);
    const here = setStage({
      instance,
      policy: {
        version: 1,
        signers: Object.fromEntries(signers),
        rules: [{ packages: ["pypi:abi3info"], signedBy: signers.map(([name]) => name) }],
      },
      untouched: true,
    });
    const words = ["--report", "json=report.json", here.environment.pip, "install", "-i", index.url, "abi3info"];
    const { exit, stderr } = await here.run(words);
    expect(exit, stderr).toBe(65);
    expect(stderr).toContain("UNTRUSTED_SIGNER");
    const report = readFileSync(join(here.project, "report.json"), "utf8");
    for (const [claim] of changed) expect(report).toContain(`other-${claim}`);
    expect(here.environment.installed()).toEqual([]);
  });

  describe("a source distribution signed by GitLab", () => {
    const file = () => wheel("gitlab_oidc_project-0.0.3", "gitlab_oidc_project-0.0.3.tar.gz");
    const publish = () => {
      const text = corpusText(
        "pypi/gitlab_oidc_project-0.0.3/gitlab_oidc_project-0.0.3.tar.gz.publish.attestation.json",
      );
      const publisher = {
        kind: "GitLab",
        repository: "facutuesca/gitlab-oidc-project",
        workflow_filepath: ".gitlab-ci.yml",
      };
      return index.publish({ ...file(), provenance: provenanceOf([JSON.parse(text)], publisher) });
    };

    it("its evidence verifies, and its installation is refused", async () => {
      const { bytes } = publish();
      const here = setStage({ instance, policy: policy("gitlab-oidc-project", { gitlab: GITLAB }), untouched: true });
      const install = await here.pip("install", "-i", index.url, "gitlab_oidc_project");
      expect(install.exit, install.stderr).toBe(66);
      expect(install.stderr).toContain("SOURCE_DISTRIBUTION");
      expect(install.stderr).toContain("build the wheel in your own pipeline");
      here.write("pylock.toml", pylock("gitlab-oidc-project", "0.0.3", "gitlab_oidc_project-0.0.3.tar.gz", bytes));
      const report = await checkReport(here);
      expect(report.exit).toBe(66);
      expect(report.evidence.map(({ status }) => status)).toEqual(["verified"]);
      expect(report.denials).toEqual([]);
      expect(report.unbound).toEqual(["SOURCE_DISTRIBUTION"]);
    });
  });

  const mutations = [
    ["flipped-payload-byte", "LOG_MISMATCH"],
    ["forged-merkle-path", "LOG_INVALID"],
    ["integrated-time-out-of-window", "CERTIFICATE_INVALID"],
    ["no-inclusion-proof", "BUNDLE_MALFORMED"],
    ["roothash-vs-checkpoint-mismatch", "LOG_INVALID"],
  ] as const;
  it.each(mutations)("the mutation %s is refused as what does not hold", async (mutation, code) => {
    const file = wheel("sigstore-4.5.0", "sigstore-4.5.0-py3-none-any.whl");
    const bundle = JSON.parse(corpusText(`pypi/negative/${mutation}/${file.filename}.sigstore.json`)) as never;
    const other = await startIndex();
    onTestFinished(() => other.close());
    other.publish({ ...file, provenance: provenanceOf([pep740(bundle)]) });
    const here = setStage({ instance, policy: policy("sigstore", { githubActions: SIGSTORE }), untouched: true });
    const { exit, stderr } = await here.pip("install", "--no-deps", "-i", other.url, "sigstore");
    expect(exit, stderr).toBe(66);
    expect(stderr).toContain(code);
    expect(here.environment.installed()).toEqual([]);
  });

  it("an attestation in the shape of an early draft is malformed", async () => {
    const text = corpusText("pypi/negative/draft-attestation-shape/rfc8785-0.0.2-py3-none-any.whl.attestation.json");
    const { makeWheel } = await import("../support/pypi.ts");
    index.publish({
      ...makeWheel({ name: "rfc8785", version: "0.0.2" }),
      provenance: provenanceOf([JSON.parse(text)]),
    });
    const here = setStage({ instance, policy: policy("rfc8785", { githubActions: SIGSTORE }), untouched: true });
    const { exit, stderr } = await here.pip("install", "-i", index.url, "rfc8785");
    expect(exit, stderr).toBe(66);
  });
});

interface Bundle {
  readonly verificationMaterial: { certificate: { rawBytes: string }; tlogEntries: unknown };
  readonly dsseEnvelope: { payload: string; signatures: { sig: string }[] };
}

/** Back from a bundle to what an index carries. */
function pep740({ verificationMaterial, dsseEnvelope }: Bundle): unknown {
  return {
    version: 1,
    verification_material: {
      certificate: verificationMaterial.certificate.rawBytes,
      transparency_entries: verificationMaterial.tlogEntries,
    },
    envelope: { statement: dsseEnvelope.payload, signature: dsseEnvelope.signatures[0]?.sig },
  };
}

function pylock(name: string, version: string, filename: string, bytes: Buffer): string {
  const { createHash } = process.getBuiltinModule("node:crypto");
  const hash = createHash("sha256").update(bytes).digest("hex");
  return `lock-version = "1.0"
created-by = "test"
[[packages]]
name = "${name}"
version = "${version}"
[packages.sdist]
name = "${filename}"
url = "${index.origin}/files/${filename}"
hashes = { sha256 = "${hash}" }
`;
}

async function checkReport(here: ReturnType<typeof setStage>) {
  const env = {
    PIP_INDEX_URL: index.url,
    PATH: `${join(here.environment.folder, "bin")}:${process.env["PATH"] ?? ""}`,
  };
  const { exit, stdout, stderr } = await here.run(["check", "--report", "json", "pylock.toml"], env);
  expect(stdout, stderr).toContain("{");
  const report = JSON.parse(stdout) as {
    projects: {
      packages: { denials: { code: string }[]; evidence: { status: string }[] }[];
      unbound?: { denial: { code: string } }[];
    }[];
  };
  const [project] = report.projects;
  return {
    exit,
    evidence: project?.packages.flatMap(({ evidence }) => evidence) ?? [],
    denials: project?.packages.flatMap(({ denials }) => denials.map(({ code }) => code)),
    unbound: (project?.unbound ?? []).map((one) => one.denial?.code ?? (one as unknown as { code: string }).code),
  };
}
