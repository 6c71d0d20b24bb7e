/** A lock of a public repository, kept in `test/real/locks/NAME.br` by `test/tools/public-lock.ts`. */
export interface PublicLock {
  readonly name: string;
  readonly repository: string;
  /** Where in it; its root where nothing is said. */
  readonly folder?: string;
  readonly commit: string;
  /** Entries that are archives; a package that lies in two places is two of them. */
  readonly packages: number;
}

export const LOCKS: readonly PublicLock[] = [
  {
    name: "actions+attest",
    repository: "actions/attest",
    commit: "1e69f48acb82d1966a394da916b4c1698aa569d6",
    packages: 747,
  },
  {
    name: "actions+cache",
    repository: "actions/cache",
    commit: "27d5ce7f107fe9357f9df03efb73ab90386fccae",
    packages: 542,
  },
  {
    name: "actions+checkout",
    repository: "actions/checkout",
    commit: "f548e57e544e1ff5a4c46bf1e1b8685f8e4a348a",
    packages: 586,
  },
  {
    name: "actions+configure-pages",
    repository: "actions/configure-pages",
    commit: "d5606572c479bee637007364c6b4800ac4fc8573",
    packages: 538,
  },
  {
    name: "actions+create-github-app-token",
    repository: "actions/create-github-app-token",
    commit: "7989d206df2ffdd9fc88b0eb6d2f0eebee835fd6",
    packages: 152,
  },
  {
    name: "actions+dependency-review-action",
    repository: "actions/dependency-review-action",
    commit: "f5b971718edcbb31275a1db40004592335c0e031",
    packages: 761,
  },
  {
    name: "actions+deploy-pages",
    repository: "actions/deploy-pages",
    commit: "cd2ce8fcbc39b97be8ca5fce6e763baed58fa128",
    packages: 675,
  },
  {
    name: "actions+first-interaction",
    repository: "actions/first-interaction",
    commit: "a1db7729b356323c7988c20ed6f0d33fe31297be",
    packages: 1154,
  },
  {
    name: "actions+javascript-action",
    repository: "actions/javascript-action",
    commit: "834979bfe767f36613c0c18bffe72611ace76e2c",
    packages: 896,
  },
  {
    name: "actions+setup-node",
    repository: "actions/setup-node",
    commit: "ae0d4ed08881f17d1511386f5be3e62356acd4a6",
    packages: 482,
  },
  {
    name: "actions+setup-python",
    repository: "actions/setup-python",
    commit: "5fda3b95a4ea91299a34e894583c3862153e4b97",
    packages: 468,
  },
  {
    name: "actions+stale",
    repository: "actions/stale",
    commit: "9461cb10066d1553762bac6a02599ab8c26b14dd",
    packages: 616,
  },
  {
    name: "actions+toolkit",
    repository: "actions/toolkit",
    commit: "4b9afa4c890de9d1a84c75bb617ee4d96207823a",
    packages: 1173,
  },
  {
    name: "actions+toolkit+packages+artifact",
    repository: "actions/toolkit",
    folder: "packages/artifact",
    commit: "4b9afa4c890de9d1a84c75bb617ee4d96207823a",
    packages: 176,
  },
  {
    name: "actions+toolkit+packages+attest",
    repository: "actions/toolkit",
    folder: "packages/attest",
    commit: "4b9afa4c890de9d1a84c75bb617ee4d96207823a",
    packages: 149,
  },
  {
    name: "actions+typescript-action",
    repository: "actions/typescript-action",
    commit: "dab346a2233b2b9e10b31ca3909acb659a493f65",
    packages: 778,
  },
  {
    name: "apollographql+apollo-server",
    repository: "apollographql/apollo-server",
    commit: "4f154060bbe57d3bd612cb09ab63467f319d4ba5",
    packages: 1255,
  },
  {
    name: "eclipse-theia+theia",
    repository: "eclipse-theia/theia",
    commit: "c66a38110467826d2eb718fccd88eb2692d28969",
    packages: 2424,
  },
  {
    name: "firebase+firebase-tools",
    repository: "firebase/firebase-tools",
    commit: "a786bda73b48196fce1df22fe2b1cbc9e463b2d0",
    packages: 1858,
  },
  {
    name: "firebase+firebase-tools+scripts+publish+firebase-docker-image",
    repository: "firebase/firebase-tools",
    folder: "scripts/publish/firebase-docker-image",
    commit: "a786bda73b48196fce1df22fe2b1cbc9e463b2d0",
    packages: 707,
  },
  {
    name: "firebase+firebase-tools+scripts+webframeworks-deploy-tests+angular",
    repository: "firebase/firebase-tools",
    folder: "scripts/webframeworks-deploy-tests/angular",
    commit: "a786bda73b48196fce1df22fe2b1cbc9e463b2d0",
    packages: 1042,
  },
  {
    name: "firebase+firebase-tools+scripts+webframeworks-deploy-tests+nextjs",
    repository: "firebase/firebase-tools",
    folder: "scripts/webframeworks-deploy-tests/nextjs",
    commit: "a786bda73b48196fce1df22fe2b1cbc9e463b2d0",
    packages: 375,
  },
  {
    name: "firebase+firebase-tools+standalone",
    repository: "firebase/firebase-tools",
    folder: "standalone",
    commit: "a786bda73b48196fce1df22fe2b1cbc9e463b2d0",
    packages: 341,
  },
  {
    name: "google-gemini+gemini-cli",
    repository: "google-gemini/gemini-cli",
    commit: "5411f113cafae26161b4969b0237b8e1e024e2c2",
    packages: 1490,
  },
  {
    name: "google-gemini+gemini-cli+tools+caretaker-agent+cloudrun+egress-service",
    repository: "google-gemini/gemini-cli",
    folder: "tools/caretaker-agent/cloudrun/egress-service",
    commit: "5411f113cafae26161b4969b0237b8e1e024e2c2",
    packages: 271,
  },
  {
    name: "jashkenas+backbone",
    repository: "jashkenas/backbone",
    commit: "e8bc45acb0a8b035fe5a0d7338e1b2757681564f",
    packages: 348,
  },
  { name: "lit+lit", repository: "lit/lit", commit: "6c051d517bd92761787897b2c8c060ed419126e2", packages: 2549 },
  {
    name: "microsoft+fast",
    repository: "microsoft/fast",
    commit: "b661b9eb3c88fb54c61f13b05db90cef75cb7de2",
    packages: 476,
  },
  {
    name: "microsoft+playwright",
    repository: "microsoft/playwright",
    commit: "d4e1023f6c03a8dced50eb3db88c2217e7c1a86a",
    packages: 666,
  },
  {
    name: "netlify+cli",
    repository: "netlify/cli",
    commit: "88ece2915554fbb121d69143fa4799b7559d2cdd",
    packages: 1842,
  },
  {
    name: "netlify+cli+site",
    repository: "netlify/cli",
    folder: "site",
    commit: "88ece2915554fbb121d69143fa4799b7559d2cdd",
    packages: 762,
  },
  { name: "npm+cli", repository: "npm/cli", commit: "780afc50e3a345feb1871a28e33fa48235bc3bd5", packages: 1241 },
  {
    name: "open-telemetry+opentelemetry-js-contrib",
    repository: "open-telemetry/opentelemetry-js-contrib",
    commit: "fd4d8ae8ffbbb21616baa036948b2fb70d289892",
    packages: 2618,
  },
  {
    name: "redis+node-redis",
    repository: "redis/node-redis",
    commit: "2a92b2e51aea18b31776ede15e022217e7ea9b37",
    packages: 748,
  },
  {
    name: "sigstore+sigstore-js",
    repository: "sigstore/sigstore-js",
    commit: "769a53d8713248a8bf49edfc2a5d1955b0dcc24d",
    packages: 1034,
  },
];
