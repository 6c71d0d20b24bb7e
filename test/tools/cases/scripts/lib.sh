# Sourced by the scripts beside it, which the runner starts in a private copy of the case.
# Prints `ok` or `FAULT` a line. SAFE_INSTALL: bin.js; CASE: the case's own folder.
si() { node "$SAFE_INSTALL" "$@"; }
ok() { echo "ok    $1"; }
fault() { echo "FAULT $1"; }
# want WHAT FOUND EXPECTED
want() { if [ "$2" = "$3" ]; then ok "$1: $2"; else fault "$1: expected $3, found $2"; fi; }
# copy FOLDER: the case once more, as a repository
copy() { mkdir -p "$1" && cp -R "$CASE/." "$1/" && chmod -R u+w "$1" && git init -q "$1"; }
# tree FOLDER: every file and link of its node_modules with its content
tree() { (cd "$1" && find node_modules -type f -print0 | sort -z | xargs -0 -r sha256sum && find node_modules -type l -printf '%p -> %l\n' | sort); }
# same OURS PLAIN: what was installed is what plain npm installs
same() {
  tree "$1" > "$TMPDIR/ours.tree"; tree "$2" > "$TMPDIR/plain.tree"
  if [ ! -s "$TMPDIR/plain.tree" ]; then fault "plain npm installed nothing"
  elif cmp -s "$TMPDIR/ours.tree" "$TMPDIR/plain.tree"; then ok "the same tree, $(wc -l < "$TMPDIR/plain.tree") files"
  else fault "another tree: $(diff "$TMPDIR/plain.tree" "$TMPDIR/ours.tree" | grep -m1 '^[<>]')"; fi
}
