# SPDX-License-Identifier: Apache-2.0
# reidentify: new rules for what is stored, of recorded files, in SQLite.
. tests/cli/tap.sh
cd "$dir" || exit 2

event() {	# ID TYPE NUMBER LOGIN TIME PAYLOAD: an event of feed.json
	printf '{"id":"%s","type":"%s","actor":{"id":%s,"login":"%s"},' "$1" "$2" "$3" "$4"
	printf '"repo":{"id":42,"name":"acme/site"},"public":true,"created_at":"%s",' "$5"
	printf '"payload":%s}\n' "$6"
}
feed() {
	{
		printf '['
		sed '$!s/$/,/'
		printf ']'
	} >feed.json
}
pipeline() {	# FILE FILTER
	printf 'input { file { path => "feed.json" } }\n%s\noutput { sqlite { } }\n' "$2" >"$1"
}
people() {	# of all documents: "ID-OF-DOCUMENT PERSON PERSON-ID", in order
	sqlite3 st/activity.db "select substr(id, 1, 9), json_extract(body, '$.hubstash.person'),
	    json_extract(body, '$.hubstash.person_id') from documents order by id" | tr '|' ' '
}
holds() {	# WANTED WHAT
	got=$(people)
	[ "$got" = "$1" ]
	ok $? "$2"
	[ "$got" = "$1" ] || printf '%s\n' "$got" | sed 's/^/# /'
}

run reidentify --data st
ends 2 'no state'
warns 'nothing has run there yet' 'says so'
mkdir empty
run reidentify --data empty
ends 2 'an empty folder'

commit='{"ref":"refs/heads/main","before":"%040d","head":"%040d","commits":[{"sha":"%040d",'
commit=$commit'"message":"x","author":{"name":"Ada","email":"ada@example.org"}}]}'
{
	event 1 WatchEvent 7 sim-ann 2026-01-02T03:04:05Z '{"action":"started"}'
	event 2 PushEvent 8 sim-ann-work 2026-01-02T03:04:06Z \
	    "$(printf "$commit" 1 2 3)"
	event 3 PublicEvent 9 sim-old 2026-01-02T03:04:07Z '{}'
} | feed
pipeline plain.conf ''
run run -f plain.conf --data st --listen off
ends 0 'four documents of a recorded feed'
mail=mail:cfe00dde46ef942601ffafb9e2825e802858b460e586b8305b344c1eb826357d
before="commit:42 Ada $mail
event:Pub sim-old 9
push:42:f sim-ann-work 8
star:42:7 sim-ann 7"
holds "$before" 'as they came'
sqlite3 st/activity.db 'select id, version from documents order by id' >versions

printf '[Ann Example]\n7\n8\n%s\nteam: One\n' "$mail" >people.map
pipeline map.conf 'filter { contributor { mapping => "people.map" } }'
run reidentify -f map.conf --data st
ends 0 'with a mapping'
says '4 documents, 3 written anew' 'what differs is written'
holds "commit:42 Ann Example 7
event:Pub sim-old 9
push:42:f Ann Example 7
star:42:7 Ann Example 7" 'one person'
sqlite3 st/activity.db 'select id, version from documents order by id' | cmp -s - versions
ok $? 'versions are kept'
run reidentify -f map.conf --data st
says '4 documents, 0 written anew' 'once more: nothing to do'

printf '[Ann Other]\n8\nid: 7\n' >people.map
run reidentify -f map.conf --data st
holds "commit:42 Ada $mail
event:Pub sim-old 9
push:42:f Ann Other 8
star:42:7 Ann Other 8" 'another mapping: the address is nobody'"'"'s again'
printf '[Ann Other]\n[Ann Other]\n' >people.map
run reidentify -f map.conf --data st
ends 2 'a mapping with mistakes'
warns 'people.map:2:2: error: Ann Other stands twice' 'is told'
run reidentify --data st
ends 0 'the pipeline that ran there'
holds "$before" 'has no filter: all is undone'

event 4 PublicEvent 9 sim-new 2026-01-03T03:04:05Z '{}' | feed
pipeline plain.conf ''
run run -f plain.conf --data st --listen off
run reidentify --data st
says '5 documents, 1 written anew' 'a login that was renamed'
[ "$(people | grep -c 'sim-new 9')" -eq 2 ]
ok $? 'is followed'
sqlite3 st/activity.db "select count(*) from documents
    where json_extract(body, '$.user.name') = 'sim-old'" | grep -qx 1
ok $? 'what GitHub said stays'

mkfifo pipe
printf 'input { stdin { } }\noutput { sqlite { } }\n' >wait.conf
"$HUBSTASH" run -f wait.conf --data st --listen off <pipe >/dev/null 2>wait.err &
pid=$!
exec 7>pipe
until [ -e st/state.db-wal ]; do :; done
run reidentify -f plain.conf --data st
ends 75 'beside a running engine'
warns 'an engine runs there' 'says why'
warns 'stop it, run reidentify, start it again' 'and what to do'
exec 7>&-
wait $pid

pipeline out.conf 'filter { contributor { opt_out => "sim-ann" opt_out_mode => "drop" } }'
run reidentify -f out.conf --data st
says '1 deleted' 'who opted out'
[ "$(people | grep -c sim-ann)" -eq 1 ]
ok $? 'is not there any more'
export HUBSTASH_PSEUDONYM_KEY=0123456789abcdef
event 5 WatchEvent 70 sim-bea 2026-01-02T03:04:05Z '{"action":"started"}' | feed
run run -f plain.conf --data st --listen off
pipeline pseudo.conf 'filter { contributor { pseudonyms => true } }'
run reidentify -f pseudo.conf --data st
ends 0 'pseudonyms'
[ "$(people | grep -c 'person-[0-9a-f]* pseudonym:')" -eq 5 ]
ok $? 'all have one'
sqlite3 st/activity.db .dump | grep '^INSERT INTO documents' |
    grep -e sim- -e star:42:70 -e '"user":{"id":"[0-9]'
ok $(($? == 0)) 'no document names anybody'
run reidentify -f pseudo.conf --data st
says '5 documents, 0 written anew' 'once more: nothing to do'
tap_done
