/** Help for what is kept between runs, and what is trusted. */
export const CACHE = `safe-install cache: what is kept between runs

Usage
  safe-install cache                             folder, sizes, counts, ages
  safe-install cache prune [options]             remove some of it

  --older-than AGE  what was not used for so long: 12h, 30d, 4w (default 90d)
  --max-size SIZE   then the longest unused, until no more is left than this:
                    500MB, 2GB (default 5GB); 0 empties it

Packages by digest, and evidence. None of it is trusted for being there: bytes
are hashed again and evidence is verified again at each use, so that removing
it costs downloads and nothing else. Once a day a run prunes by the defaults.
It lies in SAFE_INSTALL_CACHE, else in the user's cache folder.
`;

export const TRUST = `safe-install trust: which roots, logs and registry keys count

Usage
  safe-install trust [show] [--json]
  safe-install trust update [--json]
  safe-install trust update --offline-bundle FILE [--digest sha256:HEX]
  safe-install trust pin FILE

show    every trust root here with its logs, authorities and registry keys:
        from where, how old, valid until when. Asks nobody
update  asks each root's repository now. A run does so by itself once a day,
        and where a bundle names somebody who is not known. What fails leaves
        what was held
        --offline-bundle  takes a file instead, by the chain of signatures
                          from a root that is held here, never an older one
        --digest          of that file: it counts because you say so
pin     writes what is held into FILE, to be carried over an air gap, and says
        its digest

SAFE_INSTALL_TRUST_MIRROR names a mirror of the public-good repository (and
SAFE_INSTALL_TRUST_MIRROR_GITHUB one of GitHub's); off: nobody is asked.

Exit codes: 0; 69 where a root was not refreshed; 64 usage.
`;
