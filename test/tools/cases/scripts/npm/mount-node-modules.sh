# node_modules is a mount point with an installation in it
mkdir node_modules && mount -t tmpfs -o size=200m tmpfs node_modules || fault "cannot mount here"
mkdir node_modules/stale && echo old > node_modules/stale/index.js
si npm ci; want "npm ci" $? 0
copy "$TMPDIR/plain" && (cd "$TMPDIR/plain" && npm ci > /dev/null 2>&1); want "plain npm ci" $? 0
same . "$TMPDIR/plain"
want "left in the mount" "$(ls -A node_modules | grep -c safe-install)" 0
si npm ci; want "npm ci again" $? 0
same . "$TMPDIR/plain"
mountpoint -q node_modules; want "still a mount point" $? 0
