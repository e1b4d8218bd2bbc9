# SPDX-License-Identifier: Apache-2.0
# What the program says about itself, and about what it does not understand.
. tests/cli/tap.sh

run
ends 2 'without a command: usage'
warns 'hubstash check' 'which is on stderr'
silent 'and not on stdout'
run --help
ends 0 '--help is no mistake'
says 'hubstash dry-run' 'it lists the commands'
run --version
ends 0 '--version'
says 'hubstash 0.' 'names the version'
for c in $("$HUBSTASH" --help | sed -n 's/^  hubstash \([a-z-]*\).*/\1/p'); do
	run "$c" --help
	ends 0 "$c --help"
	says '--log-level' "$c --help lists its flags"
	says "hubstash $c" "$c --help begins with how it is called"
	[ -z "$(awk 'length > 80' "$dir/.out")" ]
	ok $? "$c --help fits a terminal"
	run help "$c"
	ends 0 "help $c is the same"
	run "$c" --frobnicate
	ends 2 "$c --frobnicate"
	warns "$c takes no --frobnicate" 'is named'
done
run rnu
ends 2 'two letters swapped'
warns 'did you mean "run"' 'and the one that was meant'
run chekc
ends 2 'an unknown command'
warns 'did you mean "check"' 'and the one that was meant'
run check --explian
ends 2 'an unknown flag'
warns 'did you mean --explain' 'and the one that was meant'
for c in run backfill status; do
	run $c --data "$dir/data" sim-works
	ends 2 "$c and a word that is nothing to it"
	warns 'what is "sim-works"' 'is asked about it'
done
run check -x
warns 'takes no -x' 'an unknown letter'
run check --pipeline
ends 2 'a flag without its value'
warns 'takes a value: PIPELINE' 'says what it takes'
run check --explain=yes
ends 2 'a value where none belongs'
run dry-run --token ghp_secret
ends 2 'a token on the command line'
warns 'GITHUB_TOKEN' 'belongs into the environment'
has "$err" ghp_secret; [ $? -eq 1 ]; ok $? 'and is not repeated'
run check --log-level loud -f x
ends 2 'a level that is none'
warns 'error, warn, info or debug' 'says which there are'
run check --log-format xml -f x
ends 2 'a format that is none'
"$HUBSTASH" --help >/dev/full 2>&1
[ $? -eq 75 ]; ok $? 'help that cannot be written is a failure'
tap_done
