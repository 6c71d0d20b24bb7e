/** The three certificates with which the default registry has signed since 2018 (reference: its RepositorySignatures resource). */
export const FINGERPRINTS = [
  "sha256:0e5f38f57dc1bcc806d8494f4f90fbcedd988b46760709cbeec6f4219aa6157d",
  "sha256:5a2901d6ada3d18260b9c6dfe2133c95d74b9eef6ae0e5dc334c8454d1477df4",
  "sha256:1f4b311d9acc115c8dc8018b5a49e00fce6da8e2855f9f014ca6f34570bc482d",
];
