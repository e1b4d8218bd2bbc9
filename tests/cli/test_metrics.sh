# SPDX-License-Identifier: Apache-2.0
# /metrics of the program as it runs, and the alert rules that are made for it: no
# rule asks for a number that is not there. promtool has its say where there is one.
. tests/cli/tap.sh
rules=$(pwd)/samples/alerts.yml
mkfifo "$dir/in" "$dir/log"
exec 7<>"$dir/in"
echo 'input { stdin { } } output { stdout { id => "three.4" } null { } }' >"$dir/p.conf"
"$HUBSTASH" run -f "$dir/p.conf" --data "$dir/d" --listen 127.0.0.1:0 <&7 >/dev/null \
    2>"$dir/log" &
pid=$! address=
exec 8<"$dir/log"
while [ -z "$address" ] && read -r line <&8; do
	address=$(echo "$line" | sed -n 's|.*\(http://127[0-9.:]*\)/.*|\1|p')
done
if command -v node >/dev/null; then
	node -e "fetch('$address/metrics').then((r) => r.text())
	    .then((t) => process.stdout.write(t))" >"$dir/metrics"
	out=$("$HUBSTASH" check --explain metrics | while read -r name type _; do
		grep -q "^# TYPE $name $type\$" "$dir/metrics" && grep -q "^$name [0-9]" \
		    "$dir/metrics" || echo "$name"
	    done)
	silent 'each number that check --explain metrics tells of is there'
	grep -qF 'hubstash_instance_trouble{block="out.stdout#three.4"} 0' "$dir/metrics"
	ok $? 'a block by its name'
	grep -o '^[a-z][a-z_]*' "$dir/metrics" | sort -u >"$dir/names"
	echo up >>"$dir/names"
	out=$(sed 's/#.*//; /expr:/,/^  *\(for\|labels\):/!d' "$rules" |
	    grep -oE '(hubstash|process)_[a-z_]+|\bup\b' | sort -u |
	    grep -vxFf "$dir/names")
	silent 'each number that an alert rule asks for is there, too'
else
	ok 0 'numbers # SKIP node is not installed'
fi
kill "$pid"; wait "$pid"; status=$? out=
ends 0 'stopped as asked'
if command -v promtool >/dev/null; then
	out=$(promtool check metrics <"$dir/metrics" 2>&1)
	silent 'promtool finds no fault with the numbers'
	out=$(promtool check rules "$rules" 2>&1)
	[ $? -eq 0 ]; ok $? 'nor with the rules'
else
	ok 0 'promtool # SKIP it is not installed (a part of prometheus)'
fi
tap_done
