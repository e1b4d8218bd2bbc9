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

# In a shell of its own, whose environment has not what the service's has.
printf 'input { file { path => "e.json" } } output { sqlite { path => "${NAME}" } }' >e.conf
NAME=named.db run run -f e.conf --data e --listen off
ends 0 'a pipeline with a variable'
run status --data e
says 'its pipeline cannot be read here: ' 'status without it'
says 'e.conf:1:64: error: the environment variable NAME is not set' 'names it'
NAME=named.db run status --data e
says 'people in order of activity' 'and with it answers'

# A terminal that closes ends it as SIGTERM does; under nohup it goes on.
echo 'input { stdin { } } output { stdout { } }' >in.conf
mkfifo in log
exec 7<>in
env --default-signal=HUP "$HUBSTASH" run -f in.conf --data h --listen 127.0.0.1:0 \
    <in >/dev/null 2>log &
pid=$!
read -r line <log
kill -HUP "$pid"; wait "$pid"; status=$? out='' err=$line
ends 0 'SIGHUP: stopped as asked'
(trap '' HUP; exec "$HUBSTASH" run -f in.conf --data h --listen 127.0.0.1:0 \
    <in >/dev/null 2>log) &
pid=$!
exec 8<log
read -r line <&8
kill -HUP "$pid"; kill -TERM "$pid"; wait "$pid"; status=$? err=$line
ends 0 'SIGHUP that is ignored is not one of two signals'
exec 7<&- 8<&-
(ulimit -f 8; run run -f good.conf --data small --listen off
    ends 75 'a limit on the size of files is as a full disk'
    warns "File too large" "and told as what it is"
    echo "$tap_n $tap_bad" >limit)
read -r tap_n tap_bad <limit

# What systemd's journal is told has its priority. (A file stands for it here.)
: >"$dir/.err"
JOURNAL_STREAM=$(stat -c %d:%i "$dir/.err") run run -f good.conf --data file --listen off
warns '<3>hubstash: file: is not a folder' 'the journal knows that it is an error'
JOURNAL_STREAM=$(stat -c %d:%i "$dir/.err") run run -f good.conf --data j --listen off
warns '<6>in.file#0: all read' 'and what is none'
echo garbage-garbage-garbage-garbage-garbage-garbage-garbage-garbage >d/state.db
run run -f good.conf --data d --listen off
ends 2 'a state that is damaged'
warns 'd: state.db is damaged' 'is named'
tap_done
