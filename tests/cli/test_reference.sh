# SPDX-License-Identifier: Apache-2.0
# docs/reference.md is what the program says of itself.
. tests/cli/tap.sh
docs/reference.sh "$HUBSTASH" >"$dir/reference.md"
status=$? out=$(diff docs/reference.md "$dir/reference.md") err='make docs writes it anew'
[ "$status" -eq 0 ] && [ -z "$out" ]; ok $? 'docs/reference.md is of this program'
for p in github elasticsearch sqlite; do
	for o in $("$HUBSTASH" check --explain $p | sed -n 's/^  \([a-z_]*\) .*/\1/p'); do
		grep -q "^| \`$o\` | .* | .* | .* |$" "$dir/reference.md"; ok $? "$p: $o"
	done
done
tap_done
