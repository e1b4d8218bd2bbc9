# SPDX-License-Identifier: Apache-2.0
# dry-run: what it refuses. What it prints is in the tests of its inputs.
. tests/cli/tap.sh

run dry-run
ends 2 'of nothing'
warns 'Give files, --org ORG or -f PIPELINE' 'says what it takes'
run dry-run --org a x.json
ends 2 'of two things'
warns 'not several' 'says so'
run dry-run --org 'no such/name'
ends 2 'a name that cannot be one'
warns 'cannot be the name of an account' 'says so'
run dry-run --repo name
ends 2 'a repository without its owner'
warns 'OWNER/NAME' 'says what it takes'
run dry-run 'a"b'"'c"
ends 2 'a file name the language cannot write'
warns 'quotes' 'says why'
run dry-run -f "$dir/absent"
ends 2 'a pipeline that is not there'
warns 'No such file' 'says so'
silent 'nothing was printed'
HUBSTASH_CLOCK=tomorrow run dry-run -f "$dir/absent"
ends 2 'a clock that is none'
warns 'HUBSTASH_CLOCK' 'is named'
tap_done
