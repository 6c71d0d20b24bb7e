# killed after npm has ended, while the old node_modules goes; the next run sweeps
copy "$PWD/p"; cp "$CASES/npm/mount-node-modules/package.json" "$CASES/npm/mount-node-modules/package-lock.json" "$CASES/npm/mount-node-modules/.signing-policy.json" p/ && cd p || fault "no project"
echo node_modules > .gitignore; git add -A && git -c user.name=t -c user.email=t@example.com commit -qm case
old() { for folder in $(seq 1 200); do mkdir -p "node_modules/old/$folder"; for file in $(seq 1 200); do : > "node_modules/old/$folder/$file"; done; done; }
committed() { grep -q '^added' "$TMPDIR/out" && [ -n "$(find . -maxdepth 1 -name '.safe-install-*' -print -quit)" ]; }
killed=0
for try in 1 2 3; do
  old; : > "$TMPDIR/out"
  setsid node "$SAFE_INSTALL" npm ci > "$TMPDIR/out" 2>&1 & run=$!
  while kill -0 $run 2> /dev/null; do
    if committed; then kill -9 -- -$run 2> /dev/null; break; fi
    sleep 0.002
  done
  wait $run 2> /dev/null; [ $? = 137 ] && { killed=1; break; }
done
want "killed after the commit point" $killed 1
[ -f node_modules/is-number/package.json ]; want "the new packages stay" $? 0
si npm ci; want "npm ci afterwards" $? 0
want "folders of ours" "$(find . -maxdepth 1 -name '.safe-install-*' | wc -l)" 0
want "git status" "$(git status --porcelain | wc -l)" 0
want "temporary folders of ours" "$(find "$TMPDIR" -maxdepth 1 -name 'safe-install-*' | wc -l)" 0
