#!/bin/sh
# npm.sh - brings the packages of tests/package.json (GitHub's official schemas, a
# validator, what drives a browser and looks at it: for make test alone), unless they
# are there as the lock file says.
cd "$(dirname "$0")" || exit 2
cmp -s package-lock.json node_modules/.hubstash-lock && exit 0
echo "npm brings about 35 MB (420 MB unpacked) to tests/node_modules:"
sed -n 's/^    "\(@\{0,1\}[a-z].*\)": "\([0-9.]*\)",\{0,1\}$/    \1 \2/p' package.json
npm ci --no-progress --loglevel=error && cp package-lock.json node_modules/.hubstash-lock
