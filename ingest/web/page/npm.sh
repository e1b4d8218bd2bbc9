#!/bin/sh
# npm.sh - brings what package.json pins (ECharts, for the dashboard's charts) to
# build/npm, unless it is there as the lock file says. Without npm, or without a
# registry, it leaves none: the page is then built without charts, and says so.
# build/npm/.state changes only when what is there does.
cd "$(dirname "$0")" || exit 2
npm=../../../build/npm
mkdir -p "$npm" || exit 2
exec 9>"$npm/.lock"
flock 9
cmp -s package-lock.json "$npm/.state" && exit 0
rm -rf "$npm/node_modules"
if command -v npm >/dev/null && cp package.json package-lock.json "$npm"; then
	echo "  npm brings ECharts, about 15 MB (68 MB unpacked), to build/npm" >&2
	if (cd "$npm" && npm ci --no-audit --no-fund --no-progress --ignore-scripts \
	    --fetch-retries=1 --loglevel=error >&2); then
		cp package-lock.json "$npm/.state"
		exit 0
	fi
fi
[ -f "$npm/.state" ] && ! [ -s "$npm/.state" ] || : >"$npm/.state"
