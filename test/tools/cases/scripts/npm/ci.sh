# npm ci, and the same tree as plain npm's
si npm ci; want "npm ci" $? 0
copy "$TMPDIR/plain" && (cd "$TMPDIR/plain" && npm ci > /dev/null 2>&1); want "plain npm ci" $? 0
same . "$TMPDIR/plain"
