#!/bin/sh
# run.sh MODE DIR - runs the tests that were built into DIR. MODE quick: unit
# and table tests. MODE all: everything. Ends with "N passed, N failed".
cd "$(dirname "$0")/.." || exit 2
mode=$1 dir=$2 passed=0 failed=0
out=$(mktemp) || exit 2
trap 'rm -f "$out"' EXIT

tap() {		# name, command...: counts its TAP, shows what failed
	name=$1
	shift
	"$@" >"$out" 2>&1
	status=$?
	good=$(grep -c '^ok ' "$out")
	bad=$(grep -c '^not ok ' "$out")
	plan=$(sed -n 's/^1\.\.//p' "$out" | tail -1)
	if [ "$plan" != "$((good + bad))" ] || { [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; }; then
		bad=$((bad + 1))
		echo "$name: died (status $status, plan ${plan:-none})"
		tail -40 "$out"
	elif [ "$bad" -gt 0 ]; then
		echo "$name:"
		grep -A6 '^not ok ' "$out"
	fi
	passed=$((passed + good)) failed=$((failed + bad))
	echo "$name: $good passed, $bad failed" >&2
}

for t in "$dir"/tests/unit/test_*; do
	case $t in *.d|*.o) continue ;; esac
	tap "$(basename "$t")" "$t"
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
