# SPDX-License-Identifier: Apache-2.0
# dry-run: what it refuses, and that it writes to standard output alone.
. tests/cli/tap.sh
cd "$dir" || exit 2
export HOME="$dir/home" TMPDIR="$dir"

run dry-run
ends 2 'of nothing'
warns 'Give files, --org ORG or -f PIPELINE' 'says what it takes'
run dry-run --org a x.json
ends 2 'of two things'
warns 'not several' 'says so'
run dry-run --org 'no such/name'
ends 2 'a name that cannot be one'
warns 'cannot be the name of an account' 'says so'
run dry-run --org sim-org
ends 2 'an organisation without a token'
warns 'GITHUB_TOKEN' 'the variable is named'
has "$err" '(flags)'; [ $? -eq 1 ]; ok $? 'and no file that is none'
mkdir cred
echo token >cred/GITHUB_TOKEN
CREDENTIALS_DIRECTORY=$dir/cred run dry-run --org sim-org --github-url http://127.0.0.1:1
ends 75 'a token among the credentials of systemd'
warns 'does not answer at http://127.0.0.1:1' 'is one'
rm -r cred
run dry-run --repo name
ends 2 'a repository without its owner'
warns 'OWNER/NAME' 'says what it takes'
GITHUB_TOKEN=x run dry-run --repo 'sim-o/a b'
ends 2 'a repository whose name cannot be one'
warns 'repos takes owner/name, not "sim-o/a b"' 'says so'
run dry-run 'a"b'"'c"
ends 2 'a file name the language cannot write'
warns 'quotes' 'says why'
run dry-run -f absent.conf
ends 2 'a pipeline that is not there'
warns 'No such file' 'says so'
silent 'nothing was printed'
HUBSTASH_CLOCK=tomorrow run dry-run x
ends 2 'a clock that is none'
warns 'HUBSTASH_CLOCK' 'is named'

event() {
	printf '{"id":"%s","type":"WatchEvent","actor":{"id":5,"login":"sim-a"},' "$1"
	printf '"repo":{"id":%s,"name":"o/r"},"payload":{"action":"started"},' "$1"
	printf '"public":true,"created_at":"2026-01-01T00:00:00Z"}\n'
}
event 1 >'a [1]".json'
{ event 2; event 3; } | gzip >b.json.gz
run dry-run 'a [1]".json' b.json.gz
ends 0 'two files'
[ "$(echo "$out" | wc -l)" -eq 3 ]; ok $? 'are three documents, a line each'
says '"id":"star:3:5"' 'the last one too'
"$HUBSTASH" dry-run - <b.json.gz >out 2>err
[ $? -eq 0 ] && [ "$(wc -l <out)" -eq 2 ]; ok $? '- is standard input'
run dry-run --pretty b.json.gz
says '  "@timestamp"' '--pretty indents'
run dry-run b.json.gz absent.json
ends 1 'a file that is not there'
warns 'absent.json' 'is named'
says 'star:2:5' 'the other one is read'
cat >p.conf <<'END'
input { file { path => "b.json.gz" } }
output { sqlite { } null { } stdout { codec => rubydebug } }
END
run dry-run -f p.conf
ends 0 'a pipeline file'
[ "$(echo "$out" | wc -l)" -eq 2 ]; ok $? 'prints each document once, a line each'
i=0
while [ $i -lt 3000 ]; do event $i; i=$((i + 1)); done >many.json
{ "$HUBSTASH" dry-run many.json 2>err; echo $? >code; } | head -1 >out
[ "$(cat code)" -eq 0 ] && [ "$(wc -l <out)" -eq 1 ]; ok $? '| head is no failure'
rm -f out err code
[ "$(ls | tr '\n' ' ')" = 'a [1]".json b.json.gz many.json p.conf ' ]
ok $? 'and nothing was written anywhere'
tap_done
