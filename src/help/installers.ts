/** Help for what is typed before an installer's own words. */
export const NPM = `safe-install npm: judge, then let npm install exactly what was proven

Usage
  safe-install [options] npm ci [npm's options]
  safe-install [options] npm install [-g] [PACKAGE...]
  safe-install [options] npm update|uninstall|dedupe|audit fix|link|exec|create

Judged: every package of the lock that npm would write or read, before any of
it is unpacked and before a script of any of it runs. What does not install
(npm test, npm view, ...) passes straight through; what installs in a way that
cannot be judged is refused.

Examples
  safe-install npm ci
  safe-install npm ci --omit=dev
  safe-install --report sarif=out.sarif npm ci
  safe-install npm install chalk

npm's own help: safe-install npm --help. More in docs/npm.md.
`;

export const NPX = `safe-install npx: run a tool that was proven

Usage
  safe-install [options] npx PACKAGE[@VERSION] [words]
  safe-install [options] npm exec PACKAGE [-- words]

The tool and all that it needs are judged like an installation; the policy is
the one of the folder, or of --policy. More in docs/npm.md.
`;

export const PIP = `safe-install pip: judge, then let pip install exactly what was proven

Usage
  safe-install [options] pip install [pip's options]
  safe-install [options] python -m pip install ...
  safe-install [options] .venv/bin/pip install ...

Wheels only: building a source distribution runs its code. pip resolves, every
wheel is judged, and pip installs them from a folder of ours.

Examples
  safe-install pip install -r requirements.txt
  safe-install pip install --require-hashes -r requirements.txt
  safe-install pip install -r pylock.toml
  safe-install pip install -e .

pip's own help: safe-install pip --help. More in docs/pip.md.
`;

export const DOTNET = `safe-install dotnet: judge, then let dotnet restore exactly what was proven

Usage
  safe-install [options] dotnet restore [PROJECT] [its options]
  safe-install [options] dotnet build|test|run|publish|pack [its options]
  safe-install [options] dotnet add package NAME
  safe-install [options] dotnet tool restore

Judged: every package of every project, project SDKs first, before a target of
any of them runs. In locked mode where each project has its lock.

Examples
  safe-install dotnet restore
  safe-install dotnet restore --locked-mode
  safe-install dotnet build -c Release

dotnet's own help: safe-install dotnet --help. More in docs/dotnet.md.
`;
