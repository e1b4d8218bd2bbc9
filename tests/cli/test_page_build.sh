#!/bin/sh
# test_page_build.sh - the dashboard is also built where esbuild or npm is missing:
# without charts, which is said, and each module names only files that are there.
cd "$(dirname "$0")/../.." || exit 2
n=0 failed=0
dir=build/test-page-$$
trap 'rm -rf "$dir"' EXIT

check() {	# what, whether
	n=$((n + 1))
	[ "$2" = 0 ] && echo "ok $n - $1" && return
	echo "not ok $n - $1"
	sed 's/^/# /' "$dir/said"
	failed=1
}

# Nothing but what the script itself uses is found.
mkdir -p "$dir/bin"
for c in sh cat sed od gzip sha256sum cut mkdir rm cp mv wc dirname; do
	ln -s "$(command -v $c)" "$dir/bin/$c"
done
PATH=$PWD/$dir/bin ingest/web/page/build.sh "$dir" >"$dir/said" 2>&1
check 'it is built without esbuild' $?
grep -q 'without charts: esbuild is missing' "$dir/said"
check 'and says that it has no charts' $?
missing=$(cd "$dir/page/out" && grep -ohE "'\./[a-z_0-9-]+\.js'" -- *.js | tr -d "'" | sort -u |
    while read -r f; do [ -f "$f" ] || echo "$f"; done)
[ -z "$missing" ] || echo "$missing" >>"$dir/said"
test -z "$missing"
check 'modules name each other as they are served' $?
grep -q 'kit = null;' "$dir"/page/out/kit-*.js
check 'no chart is drawn' $?
${CC:-cc} -std=c17 -Iingest -c "$dir/web_assets.c" -o "$dir/o" >>"$dir/said" 2>&1
check 'what is embedded compiles' $?
grep -q 'page: [0-9]* KB gzipped' "$dir/said"
check 'it says how large the page is' $?
echo "1..$n"
exit $failed
