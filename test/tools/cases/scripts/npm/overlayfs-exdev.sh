# node_modules came with a lower layer
for who in ours plain; do
  copy "$TMPDIR/$who/lower" && (cd "$TMPDIR/$who/lower" && npm ci > /dev/null 2>&1); want "npm ci in the lower layer" $? 0
  cd "$TMPDIR/$who" && mkdir upper work m && mount -t overlay overlay -o redirect_dir=off,lowerdir=lower,upperdir=upper,workdir=work m || fault "cannot mount here"
done
cd "$TMPDIR/ours/m" && si npm ci; want "npm ci" $? 0
(cd "$TMPDIR/plain/m" && npm ci > /dev/null 2>&1); want "plain npm ci" $? 0
same . "$TMPDIR/plain/m"
si npm install is-odd; want "npm install is-odd" $? 0
(cd "$TMPDIR/plain/m" && npm install is-odd > /dev/null 2>&1); want "plain npm install is-odd" $? 0
same . "$TMPDIR/plain/m"
cmp -s package-lock.json "$TMPDIR/plain/m/package-lock.json"; want "the same lock" $? 0
want "left beside" "$(ls -A | grep -c '^\.safe-install')" 0
