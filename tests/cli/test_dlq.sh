# SPDX-License-Identifier: Apache-2.0
# Dead letters at the command line: listed, filtered, explained in the words of real
# servers, sent again.
. tests/cli/tap.sh
cd "$dir" || exit 2
run dlq
ends 2 'dlq of what?'
warns 'dlq list, dlq explain ID or dlq replay' '  says what there is'
run dlq list --data d
ends 2 'nothing ran there'
warns 'd: nothing has run there yet' '  says so'
[ ! -e d ]; ok $? '  and makes nothing'
run dlq replay --data d
ends 2 'nothing to replay there either'
warns 'd: nothing has run there yet' '  says so'

printf '{"id":"1","type":"WatchEvent","actor":{"id":5,"login":"sim-a"},%s}\n' \
    '"repo":{"id":7,"name":"o/r"},"payload":{},"created_at":"2026-01-01T00:00:00Z"' >e.json
echo "input { file { path => \"$dir/e.json\" } } output { sqlite { } }" >p.conf
run run -f p.conf --data d --listen off
run dlq list --data d
ends 0 'none'
says 'no dead letters' '  says so'
run dlq list --json --data d
silent 'none, as JSON lines'
run dlq explain 3 --data d
ends 2 'explain one of none'
warns 'there are no dead letters' '  says so'
run dlq replay --data d
ends 0 'replay none'
says 'no dead letters to send again' '  says so'

n=0
letter() {	# REASON [JSON]: one more
	n=$((n + 1))
	sqlite3 d/state.db "insert into dead (output, target, doc_id, action, reason, json,
	    version, at_ms, times, again) values ('out.elasticsearch#0', 'hubstash-activity',
	    'commit:7:$n', 'commit', '$(printf %s "$1" | sed "s/'/''/g")',
	    '${2:-null}', 5, 1767225600000, 2, 0)"
}
explains() {	# REASON JSON FIELD VALUE ADVICE
	letter "$1" "$2"
	run dlq explain $n --data d
	ends 0 "explain: $1"
	says "$3" '  the field'
	says "$4" '  the value'
	says "$5" '  what to change'
}
explains "document_parsing_exception: [1:467] failed to parse field \
[github.commit.additions] of type [long] in document with id 'commit:7:1'. Preview of \
field's value: 'many'" \
    '{"github":{"commit":{"additions":"many"}}}' \
    'field     github.commit.additions, in the index of type long' \
    'value     "many"' 'change    The index maps the field as another type'
explains "mapper_parsing_exception: failed to parse field [user.id] of type [integer] in \
document with id 'x'. Preview of field's value: '9007199254740993'" \
    'null' 'field     user.id, in the index of type integer' \
    'value     9007199254740993' 'another type'
explains "document_parsing_exception: [1:5] object mapping for [user] tried to parse \
field [user] as object, but found a concrete value" \
    '{"user":7}' 'field     user' 'value     7' 'a single value'
explains "strict_dynamic_mapping_exception: [1:2] mapping set to strict, dynamic \
introduction of [hubstash] within [_doc] is not allowed" \
    '{"hubstash":{"bot":true}}' 'field     hubstash' 'value     {"bot":true}' \
    'Add the field to the mapping'
explains "illegal_argument_exception: Document contains at least one immense term in \
field=\"github.commit.headline\" (whose UTF8 encoding is longer than the max length 32766)" \
    "{\"github\":{\"commit\":{\"headline\":\"$(printf %0300d 7)\"}}}" \
    'field     github.commit.headline' '… (302 bytes)' 'ignore_above'
explains "illegal_argument_exception: Limit of total fields [1000] has been exceeded \
while adding new fields [1]" \
    null 'reason    illegal' 'letter    6' 'total_fields.limit'
explains 'it is too large' null 'reason    it is' 'letter    7' 'http.max_content_length'
explains 'something new' '{"a":1}' 'reason    something new' '"a": 1' 'all there is'

run dlq list --data d
ends 0 'list'
says '8 of 8 dead letters' '  counts them'
says '     1  2026-01-01T00:00:00Z  2 times  hubstash-activity  commit:7:1' '  each with its place'
run dlq list --reason 'too large' --data d
says '1 of 8' '--reason'
run dlq list --action pull_request --data d
says '0 of 8' '--action'
run dlq list --output out.sqlite#0 --data d
says '0 of 8' '--output'
run dlq list --json --data d
[ "$(printf '%s\n' "$out" | wc -l)" -eq 8 ]; ok $? '--json: a line each'
says '{"id":8,"output":"out.elasticsearch#0","index":"hubstash-activity",'\
'"action":"commit","document":"commit:7:8","version":5,"reason":"something new",'\
'"refused":"2026-01-01T00:00:00Z","times":2,"again":false}' \
    '  with all of it'
run dlq explain commit:7:8 --json --data d
says '"source": {' 'explain --json, by the id of the document'
run dlq explain 99 --data d
ends 2 'one that is not there'
warns 'there is no dead letter 99; hubstash dlq list shows the 8' '  says what there is'

run dlq replay 99 --data d
ends 2 'replay one that is not there'
run dlq replay 1 --data d
ends 1 'an output that the pipeline lacks'
warns 'the pipeline has no output out.elasticsearch#0' '  is named'
says '0 stored, 1 refused again' '  and it stays'
sqlite3 d/state.db "update dead set output = 'out.sqlite#0', json =
    '{\"@timestamp\":\"2026-01-01T00:00:00Z\",\"event\":{\"id\":\"commit:7:8\",
    \"action\":\"commit\"}}' where id = 8"
run dlq replay 8 --data d
ends 0 'one that can be stored now'
says '1 stored, 0 refused again' '  is'
[ "$(sqlite3 d/activity.db "select count(*) from documents where id = 'commit:7:8'")" = 1 ]
ok $? '  in its store'
run dlq list --data d
says '7 of 7' '  and is a dead letter no more'
tap_done
