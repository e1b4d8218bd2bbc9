# SPDX-License-Identifier: Apache-2.0
# Running a pipeline file: mistakes before anything is made, then the data directory.
. tests/cli/tap.sh
cd "$dir" || exit 2

echo 'input { file { paths => "x" } } output { nul { } }' >bad.conf
run run -f bad.conf --data d --listen off
ends 2 'a pipeline with mistakes'
warns 'bad.conf:1:16: error: file has no option "paths"' 'tells the first'
warns 'did you mean "null"' 'and the second'
[ ! -e d ]; ok $? 'before the data directory is made'
: >empty.conf
run run -f empty.conf --data d --listen off
ends 2 'an empty one'
warns 'the pipeline is empty' 'says so'

printf '{"id":"1","type":"WatchEvent","actor":{"id":5,"login":"sim-a"},%s}\n' \
    '"repo":{"id":7,"name":"o/r"},"payload":{},"created_at":"2026-01-01T00:00:00Z"' >e.json
echo 'input { file { path => "e.json" } } output { sqlite { } }' >good.conf
run run -f good.conf --data d --listen off
ends 0 'a recorded file into SQLite, to its end'
[ "$(ls d | tr '\n' ' ')" = 'activity.db lock state.db ' ]; ok $? 'makes the data directory'
: >file
run run -f good.conf --data file --listen off
ends 2 'a data directory that is a file'
warns 'file: is not a folder' 'is named'
echo garbage-garbage-garbage-garbage-garbage-garbage-garbage-garbage >d/state.db
run run -f good.conf --data d --listen off
ends 2 'a state that is damaged'
warns 'd: state.db is damaged' 'is named'
tap_done
