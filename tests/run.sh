#!/bin/sh
# run.sh MODE DIR [NAME...] - runs the tests; what was built stands in DIR. MODE
# quick: unit and table tests, layers, lint, the command line, the simulator's
# own. MODE all: also a real Elasticsearch, what make run shows, the dashboard in a
# browser, the scenarios, and some of what make torture tries.
# NAME: only tests of that name.
# Each test prints TAP. Ends with "N passed, N failed".
cd "$(dirname "$0")/.." || exit 2
[ $# -ge 2 ] || { sed -n '2,8s/^# //p' "$0"; exit 2; }
mode=$1 dir=$2 passed=0 failed=0
shift 2
only=" $* "
out=$(mktemp) || exit 2
trap 'rm -f "$out"' EXIT
trap 'exit 130' INT TERM
[ -x "$dir/hubstash" ] && HUBSTASH=$(cd "$dir" && pwd)/hubstash && export HUBSTASH

tap() {		# name, command...: counts its TAP, shows what failed
	name=$1
	shift
	case $only in "  "|*" $name "*) ;; *) return ;; esac
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
		grep -A12 '^not ok ' "$out" | grep -v '^ok '
	fi
	sed -n "s|^ok [0-9]* .*# SKIP |$name: skipped: |p" "$out"
	passed=$((passed + good)) failed=$((failed + bad))
	echo "$name: $good passed, $bad failed" >&2
}

for t in "$dir"/tests/unit/test_*; do
	case $t in *.d|*.o) continue ;; esac
	tap "$(basename "$t")" "$t"
done
tap layers tests/layers.sh
tap lint tests/lint.sh
if [ -n "$HUBSTASH" ]; then
	for t in tests/cli/test_*.sh; do
		tap "$(basename "$t" .sh)" sh "$t"
	done
fi
# The simulator is held against GitHub's official schemas, which npm brings.
official=
[ "$mode" = all ] && official="schema openapi" && tests/npm.sh
command -v node >/dev/null && for t in rest graphql world referee quirks $official; do
	tap "github/test_$t" node "tests/github/test_$t.js"
done
DRIVE=$(cd "$dir" && pwd)/tests/elastic/drive && export DRIVE
command -v node >/dev/null && tap web/test_api node tests/web/test_api.js
command -v node >/dev/null && tap elastic/test_scripted node tests/elastic/test_scripted.js
ASK=$(cd "$dir" && pwd)/tests/store/ask && export ASK
command -v node >/dev/null && for t in tables random; do
	tap "store/test_$t" node "tests/store/test_$t.js"
done
command -v node >/dev/null && for t in objects import; do
	tap "kibana/test_$t" node "tests/kibana/test_$t.js"
done
[ "$mode" = all ] && tap kibana/test_numbers node tests/kibana/test_numbers.js
[ "$mode" = all ] && tap kibana9/test_numbers env HUBSTASH_ES=9 node tests/kibana/test_numbers.js
[ "$mode" = all ] && for t in store faults secured pressure panels; do
	tap "elastic/test_$t" node "tests/elastic/test_$t.js"
done
[ "$mode" = all ] && for t in store faults secured; do	# what Java lets us, of 9.x
	tap "elastic9/test_$t" env HUBSTASH_ES=9 node "tests/elastic/test_$t.js"
done
[ "$mode" = all ] && for t in store faults panels; do
	tap "opensearch/test_$t" env HUBSTASH_ES=opensearch node "tests/elastic/test_$t.js"
done
[ "$mode" = all ] && tap demo node tests/demo/test_demo.js
[ "$mode" = all ] && tap page node tests/page/test_page.js
[ "$mode" = all ] && tap scenarios node tests/scenario/run.js
# Each day others: it says how they are had again.
[ "$mode" = all ] && TORTURE_PROGRAM=$dir/tests/torture/hubstash &&
    export TORTURE_PROGRAM && tap torture node tests/torture/run.js
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
