# SPDX-License-Identifier: Apache-2.0
# The filter contributor: its files checked, mistakes at their places; documents of
# recorded files with it; .mailmap held against git's own reading.
. tests/cli/tap.sh
cd "$dir" || exit 2

pipeline() {	# OPTIONS: x.conf, with the filter
	cat >x.conf <<END
input { file { path => "feed.json" } }
filter { contributor { $1 } }
output { null { } }
END
}
push() {	# NAME MAIL...: feed.json, an event with a commit of each
	{
		printf '[{"id":"1","type":"PushEvent","actor":{"id":7,"login":"sim-ann"},'
		printf '"repo":{"id":42,"name":"acme/site"},"public":true,'
		printf '"created_at":"2026-01-02T03:04:05Z","payload":{"ref":"refs/heads/main",'
		printf '"before":"%040d","head":"%040d","commits":[' 1 2
		n=0
		while [ $# -gt 0 ]; do
			n=$((n + 1))
			[ $n -gt 1 ] && printf ,
			printf '{"sha":"%040d","message":"x","author":{"name":"%s","email":"%s"}}' \
			    $n "$1" "$2"
			shift 2
		done
		printf ']}}]'
	} >feed.json
}

push Ada ada@example.org 'A. L.' old@example.org
cat >people.map <<'END'
[Ada Example]
id: 4217
mail: ada@example.org
mail: old@example.org
team: Storage
END
pipeline 'mapping => "people.map"'
run check -f x.conf
ends 0 'a pipeline with the filter'
run dry-run -f x.conf
ends 0 'a dry run with it'
n=$(grep -c '"person":"Ada Example","person_id":"4217"' .out)
[ "$n" -eq 2 ]
ok $? 'two names, one person'
says '"team":["Storage"]' 'of a team'

sed 's/"name":"Ada","email":"ada/"username":"sim-ada","name":"Ada","email":"4711+sim-ada/' \
    feed.json | sed 's/@example.org/@users.noreply.github.com/' >linked.json
mv linked.json feed.json
printf '[Ada Example]\nmail: 4711+sim-ada@users.noreply.github.com\n' >linked.map
pipeline 'mapping => "linked.map"'
run dry-run -f x.conf
says '"person":"Ada Example","person_id":"4711"' 'an address that tells the number'
push Ada ada@example.org 'A. L.' old@example.org
pipeline 'mapping => "people.map"'

printf '[Bo]\n  mail: OLD@example.org\nid: nine\n' >>people.map
run check -f x.conf
ends 2 'a mapping with mistakes'
warns 'people.map:7:9: error: Bo and Ada Example both claim this; see people.map:4
  mail: OLD@example.org
        ^~~~~~~~~~~~~~~' 'both places, the line and a caret'
warns 'people.map:8:5: error: id takes the number of an account' 'the second mistake too'
run run -f x.conf --data state --listen off
ends 2 'nothing runs with it'
warns 'people.map:7:9' 'for the same reason'
[ ! -e state ]
ok $? 'and nothing was made'

printf '<a@x> <b@x>\n<b@x> <a@x>\n' >round
printf 'nonsense login x\n' >rules
printf 'what is this\n' >out
pipeline 'mapping => "absent" mailmap => "round" rules => "rules" opt_out => ["./out", "a b"]'
run check -f x.conf
warns 'opt_out: "a b" is no login, account number, address or person id, and no file' \
    'what nobody can be'
pipeline 'mapping => "absent" mailmap => "round" rules => "rules" opt_out => ["./out", "7"]'
run check -f x.conf
ends 2 'mistakes in four files'
warns 'absent: error: No such file' 'one that is absent'
warns 'round:2:1: error: the addresses go round in a circle' 'a circle'
warns 'rules:1:1: error: a rule begins with human, bot or agent' 'a rule'
warns 'out:1:1: error: this is no account' 'an identity'

pipeline 'pseudonyms => true'
unset HUBSTASH_PSEUDONYM_KEY
run check -f x.conf
ends 0 'a check needs no key'
run dry-run -f x.conf
ends 2 'pseudonyms do'
warns 'HUBSTASH_PSEUDONYM_KEY' 'it says which'
export HUBSTASH_PSEUDONYM_KEY=short
run check -f x.conf
ends 2 'a short key'
has "$err" '"short"'; [ $? -eq 1 ]; ok $? 'which is not told'
export HUBSTASH_PSEUDONYM_KEY=0123456789abcdef
run dry-run -f x.conf
ends 0 'with a key'
says '"person":"person-' 'they have other names'
has "$out" 'sim-ann'; [ $? -eq 1 ]; ok $? 'the login is nowhere'
has "$out" 'A. L.'; [ $? -eq 1 ]; ok $? 'nor the name'

if ! command -v git >/dev/null; then
	ok 0 'git reads a .mailmap alike # SKIP git is not installed'
	tap_done
fi
cat >.mailmap <<'END'
# four forms, blanks, cases, nothing
Ada Example <ada@x>
Ada Example <ada@x>   <ada@old>
	Bo Proper  <bo@x> <BO@old> and more
Carl <carl@x> CC <shared@x>
Dora <dora@x>  d d <SHARED@x>

Shared <shared@x>
Only Name <shared2@x>
<new@x> Old Name <shared2@x>
Self <self@x> <self@x>
END
set -- ada ada@x 'A' ADA@old bo bo@old b bo@x cc shared@x CC Shared@x 'D D' shared@x \
    nobody shared@x any shared2@x 'old name' shared2@x me self@x other other@x
push "$@"
git init -q . 2>/dev/null
git config mailmap.file .mailmap
while [ $# -gt 0 ]; do
	git check-mailmap "$1 <$2>" | sed 's/ *<.*//'
	shift 2
done >git.names
pipeline 'mailmap => ".mailmap"'
run dry-run -f x.conf
grep '"action":"commit"' .out | sed 's/"person":"\([^"]*\)".*/@\1/; s/.*@//' >our.names
cmp -s git.names our.names
ok $? 'names as git has them'
diff git.names our.names | sed 's/^/# /'
tap_done
