import type { ErrorFacts } from "./facts.ts";

/** Exit 78: the policy, or a file that it names. */
export const POLICY = {
  FILE_TOO_LARGE: {
    meaning: "a file that the policy names is larger than the bound",
    todo: "Check that the policy names the right file.",
  },
  FILE_UNREADABLE: {
    meaning: "a file that the policy names cannot be read",
    todo: "Check its permissions, and that it is a file.",
  },
  KEY_UNREADABLE: {
    meaning: "a file under publicKey is not one public key",
    todo: "Write the public key alone, as PEM: openssl ec -in private.pem -pubout, or cosign public-key.",
  },
  KEY_UNUSABLE: {
    meaning: "a public key is of a kind that signs nothing here",
    todo: "Use ECDSA on P-256, P-384 or P-521, RSA of 2048, 3072 or 4096 bits, or Ed25519.",
  },
  TRUST_STORE_UNUSABLE: {
    meaning: "a trust store holds no certificates of its kind, or admits whatever an authority issues",
    todo: "Name the authority's certificate with identities, or the signer's own self-signed certificate.",
  },
  NO_POLICY: {
    meaning: "there is no policy for this project",
    todo: "safe-install init writes a first one from the evidence that is there.",
  },
  NO_SUCH_SIGNER: {
    meaning: "verify --signer names a signer that the policy does not have",
    todo: "Name one of its signers, or give the identity with --certificate-identity and --certificate-oidc-issuer.",
  },
  POLICY_CHANGED: {
    meaning: "the policy changed while a command was about to write it",
    todo: "Nothing was written. Run the command again.",
  },
  POLICY_FILE_MISSING: {
    meaning: "the policy names a file that does not exist",
    todo: "Paths are relative to the policy. Add the file, or take its name out.",
  },
  POLICY_INVALID: {
    meaning: "the policy has an unknown key, a wrong type, or rules that contradict each other",
    todo: "The message names line, column and what was expected. safe-install policy lint finds more.",
  },
  POLICY_LAYERS: {
    meaning: "more policies apply to the project than the bound allows",
    todo: "Join some of the policies between the project and the root of the repository.",
  },
  POLICY_LINK: {
    meaning: "a policy of a revision or of the index is a link, or something converts it",
    todo: "Commit the policy itself as a plain file.",
  },
  POLICY_PATH_OUTSIDE: {
    meaning: "the policy names a path that leads out of its repository",
    todo: "Keep the file in the repository. Paths are relative to the policy.",
  },
  POLICY_SYNTAX: {
    meaning: "the policy is not strict JSON in UTF-8",
    todo: "The message names line and column. Comments, trailing commas and duplicate keys are errors.",
  },
  POLICY_UNREADABLE: {
    meaning: "the policy cannot be read",
    todo: "Check its permissions.",
  },
  RECORDED_UNNAMED: {
    meaning: "a recorded file lies there, and no policy names it",
    todo: 'Nothing was written. Name it under "recorded" in the policy, or move it away.',
  },
  TRUST_ROOT_INVALID: {
    meaning: "a file under trust is not a trusted root",
    todo: "Give the trusted_root.json of the Sigstore instance.",
  },
} as const satisfies Record<string, ErrorFacts>;

/** Exit 127: the installer, or a program that it needs, is not there or must not be used. */
export const INSTALLER = {
  DOTNET_NOT_FOUND: {
    meaning: "dotnet is not on PATH outside of the project",
    todo: "Install the .NET SDK, or put its folder on PATH.",
  },
  GIT_NOT_FOUND: {
    meaning: "git is not on PATH outside of the repository",
    todo: "Install git. A git inside the repository is not started.",
  },
  INDEX_UNREADABLE: {
    meaning: "git's index cannot be read, so nobody can say whether a virtual environment came with the repository",
    todo: "Use an environment outside of the repository.",
  },
  INSTALLER_NOT_STARTED: {
    meaning: "the installer could not be started",
    todo: "The message is the operating system's. Check the program and its permissions.",
  },
  NPM_NOT_FOUND: {
    meaning: "npm is not on PATH outside of the project",
    todo: "Install Node.js with npm, or put its folder on PATH.",
  },
  NPM_TOO_OLD: {
    meaning: "npm is older than the oldest version that is supported",
    todo: "npm install -g npm@11",
  },
  PIP_NOT_FOUND: {
    meaning: "pip was not found outside of the project",
    todo: "Activate the virtual environment, or name its pip by path: safe-install .venv/bin/pip install.",
  },
  PIP_NOT_UNDERSTOOD: {
    meaning: "pip did not answer as a pip that is known does",
    todo: "Use a pip from 23.0 to 26.2.",
  },
  PIP_TOO_OLD: {
    meaning: "pip is older than 23.0",
    todo: "Use a virtual environment with a newer pip.",
  },
  PROGRAM_TRACKED: {
    meaning: "the program came with the repository: git tracks it",
    todo: "Make a virtual environment that git does not track. This one would run before any verdict.",
  },
  PYTHON_TOO_OLD: {
    meaning: "this Python is older than 3.8: it has no audit hooks, by which pip is held to what it may do",
    todo: "Use an environment with a newer Python.",
  },
  SDK_IN_PROJECT: {
    meaning: "global.json names a .NET SDK inside the project",
    todo: "Install the SDK outside of the project.",
  },
  SHELL_NOT_FOUND: {
    meaning: "the shell for install scripts is not on PATH outside of the project",
    todo: "Let npm_config_script_shell name a shell by its path.",
  },
} as const satisfies Record<string, ErrorFacts>;
