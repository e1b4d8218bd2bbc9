# SPDX-License-Identifier: Apache-2.0
# dry-run FILE...: recorded files to documents, and what is said of broken ones.
. tests/cli/tap.sh

event='{"id":"1","type":"PublicEvent","actor":{"id":7,"login":"sim-ann"},'
event=$event'"repo":{"id":42,"name":"acme/site"},"payload":{},"public":true,'
event=$event'"created_at":"2026-01-02T03:04:05Z"}'

docs() {	# COUNT WHAT: so many lines on stdout, each a document
	n=$(grep -c '^{"@timestamp":".*}$' "$dir/.out")
	[ "$n" -eq "$1" ] && [ "$(wc -l <"$dir/.out")" -eq "$1" ]
	ok $? "$2"
}
with() {	# ARG...: like run, with $dir/in as standard input
	timeout 60 "$HUBSTASH" "$@" >"$dir/.out" 2>"$dir/.err" <"$dir/in"
	status=$?
	out=$(cat "$dir/.out" | head -c 2000) err=$(cat "$dir/.err")
}

run dry-run samples/archive-2015-01-01-0.json.gz
ends 0 'an hour of an archive'
docs 453 'all its documents'
says '"id":"commit:117358:f53153de103b3ae4702e73c25062c22d69e55f78"' 'a commit'
run dry-run samples/feed-2025-11-01.json samples/feed-2026-01.json
ends 0 'two pages of feeds'
docs 52 'the documents of both'
zcat samples/archive-2021-07-21.json.gz >"$dir/in"
with dry-run -
ends 0 'standard input'
docs 267 'all its documents'
[ -z "$(find "$dir" -newer "$dir/in" -type f ! -name '.*')" ]
ok $? 'nothing was written'

printf '%s\nhello\n%s\n{"id":' "$event" "$event" >"$dir/x.json"
run dry-run "$dir/x.json"
ends 1 'a file with mistakes'
docs 2 'the rest of it is read'
warns "$dir/x.json:2: not JSON" 'the mistake has its line'
warns "$dir/x.json:4: not JSON: it ends too early" 'half a line at the end, too'

echo 'agent login sim-ann Ann' >"$dir/rules"
printf 'input { file { path => "%s" people => "%s" } } output { null { } }\n' "$dir/x.json" \
    "$dir/rules" >"$dir/rules.conf"
run dry-run -f "$dir/rules.conf"
says '"class":"agent"' 'rules of who is an agent count for files, too'
rm "$dir/rules"
run dry-run -f "$dir/rules.conf"
ends 2 'rules that are not there'
warns 'rules: No such file' 'say so'

evil=$(printf 'a\033[2Jb\302\233mc\303\251')
run dry-run "$dir/$evil"
ends 1 'a name that speaks to terminals'
warns 'a\x1b[2Jb\xc2\x9bmcé: No such file' 'is written down so that it does not'

head -c 40000 samples/archive-2015-01-01-0.json.gz >"$dir/cut.json.gz"
run dry-run "$dir/cut.json.gz" "$dir/absent.json" "$dir" "$dir/x.json"
ends 1 'a gzip file that is cut off, and others'
warns "$dir/cut.json.gz:" 'it is named'
warns 'the gzip data ends too early' 'and said of it what it is'
warns "$dir/absent.json: No such file or directory" 'what is missing'
warns "$dir: is a directory" 'what is no file'
n=$(grep -c '^{' "$dir/.out")
[ "$n" -gt 100 ]
ok $? "what there was is read ($n)"

printf '%s\n' "$event" >"$dir/plain.gz"
run dry-run "$dir/plain.gz"
ends 1 'called .gz, and plain'
docs 1 'is read as it is'
warns 'plain.gz:1: is not gzip' 'and said so'

{ echo "$event"; head -c 200000000 /dev/zero | tr '\0' x; echo; echo "$event"; } |
    gzip -1 >"$dir/long.gz"
run dry-run "$dir/long.gz"
ends 1 'a line of 200 MB'
docs 2 'what stands around it is read'
warns 'long.gz:2: a line of more than 33554432 bytes' 'it is passed over'

{ printf '%s\n{"a":"\0"}\n{"a":"\377"}\n' "$event"
  head -c 10000 /dev/zero | tr '\0' '['; printf '\n%s\n' "$event"; } >"$dir/odd.json"
run dry-run "$dir/odd.json"
ends 1 'NUL bytes, invalid UTF-8, deep nesting'
docs 2 'the rest is read'
warns 'odd.json:2: not JSON: a NUL byte' 'the NUL byte'
warns 'odd.json:3: not JSON: ' 'the invalid UTF-8'
warns 'odd.json:4: not JSON: nesting too deep' 'the brackets'

: >"$dir/empty.json"
run dry-run "$dir/empty.json"
ends 1 'an empty file'
warns 'empty.json:1: is empty' 'is said to be'
run dry-run samples/README.md
ends 1 'no JSON at all'
silent 'gives nothing'
warns 'README.md: ' 'and says how many mistakes were not listed'
warns 'more mistakes' 'in a line'
tap_done
