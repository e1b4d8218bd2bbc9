# SPDX-License-Identifier: Apache-2.0
# Data directories that cannot be used: each is refused with its reason, exit 2, by
# run and by status alike.
. tests/cli/tap.sh
cd "$dir" || exit 2
chmod 755 .
printf '{"id":"1","type":"WatchEvent","actor":{"id":5,"login":"sim-a"},%s}\n' \
    '"repo":{"id":7,"name":"o/r"},"payload":{},"created_at":"2026-01-01T00:00:00Z"' >e.json
echo "input { file { path => \"$dir/e.json\" } } output { sqlite { } }" >good.conf
run run -f good.conf --data good --listen off
ends 0 'a good one'

fresh() { rm -rf d && cp -R good d; }
both() {	# TEXT WHAT
	run run -f good.conf --data d --listen off
	ends 2 "$2: run"
	warns "$1" '  says why'
	[ "$(printf '%s\n' "$err" | grep -cF "$1")" -eq 1 ]; ok $? '  once'
	run status --data d
	ends 2 "$2: status"
	warns "$1" '  says why'
}

fresh
sqlite3 d/state.db 'pragma user_version = 99'
both 'd: state.db is of a newer hubstash: its version is 99' 'a newer state.db'
fresh
sqlite3 d/activity.db 'pragma user_version = 99'
both 'd/activity.db was written by a newer version of hubstash' 'a newer activity.db'
says 'people: unknown, d/activity.db was written' '  the rest is told'
fresh
echo garbage-garbage-garbage-garbage-garbage-garbage-garbage-garbage >d/state.db
both 'd: state.db is damaged (file is not a database): move it away' 'no state.db at all'
fresh
dd if=/dev/zero of=d/state.db bs=4096 seek=1 count=6 conv=notrunc 2>/dev/null
both 'd: state.db is damaged (' 'pages of state.db are gone'
silent '  half a status is none'
fresh
dd if=/dev/zero of=d/activity.db bs=4096 seek=1 count=6 conv=notrunc 2>/dev/null
both 'd/activity.db is damaged' 'pages of activity.db are gone'
fresh
echo garbage-garbage-garbage-garbage-garbage-garbage-garbage-garbage >d/activity.db
both 'd/activity.db is damaged, or no SQLite database' 'no activity.db at all'
fresh
sqlite3 d/x.db 'create table other(a)' && mv d/x.db d/activity.db
both 'd/activity.db is a database of another program' "somebody else's"

rm -rf d
: >d
run run -f good.conf --data d --listen off
ends 2 'a file: run'
warns 'd: is not a folder' '  says why'
run status --data d
ends 2 'a file: status'
warns 'd: is not a folder' '  says why'
rm d
run status --data d
ends 2 'nothing there: status'
warns 'd: nothing has run there yet' '  says so'
[ ! -e d ]; ok $? '  and makes nothing'

# A backfill by files that ask GitHub nothing would do nothing.
run backfill -f good.conf --org sim-o --data good
ends 2 'a backfill by a pipeline without github'
warns 'the pipeline has no input github' '  says so'

# Another GitHub than before.
fresh
sqlite3 d/state.db "insert into meta values('api_host', 'https://github.sim.example/api/v3')"
for c in 'run --listen off' backfill; do
	GITHUB_TOKEN=sim run $c --org sim-works --data d --github-url http://127.0.0.1:1
	ends 2 "of another API host: ${c%% *}"
	warns 'belongs to https://github.sim.example/api/v3, not to http://127.0.0.1:1' \
	    '  names both'
done

# An engine is there. It reads a pipe that nobody fills.
fresh
mkfifo pipe
echo 'input { stdin { } } output { sqlite { } }' >wait.conf
"$HUBSTASH" run -f wait.conf --data d --listen off <pipe 2>engine.err &
engine=$!
exec 3>pipe
until grep -qx "$engine" d/lock 2>/dev/null || ! kill -0 $engine; do sleep 0.05; done
run run -f good.conf --data d --listen off
ends 2 'locked: run'
warns "d: another hubstash runs there, pid $engine" '  names the process'
run status --data d
ends 0 'locked: status may look'
says 'people in order of activity' '  and sees'
cat e.json >&3
exec 3>&-
wait $engine
status=$? out= err=$(cat engine.err)
ends 0 'the engine was not disturbed'

# Read-only, for somebody who is not root.
as=
if [ "$(id -u)" -eq 0 ]; then
	as='setpriv --reuid 65534 --regid 65534 --clear-groups'
	$as test -x "$HUBSTASH" 2>/dev/null || as=none
fi
refused() {	# TEXT WHAT
	$as timeout 60 "$HUBSTASH" run -f good.conf --data d --listen off >.out 2>.err
	status=$? out=$(cat .out) err=$(cat .err)
	ends 2 "$2: run"
	warns "$1" '  says why'
}
looks() {
	$as timeout 60 "$HUBSTASH" status --data d >.out 2>.err
	status=$? out=$(cat .out) err=$(cat .err)
	ends 0 '  status may look'
	says 'people in order of activity' '  and sees'
}
if [ "$as" != none ]; then
	fresh
	chmod -R a+rX,a-w d
	refused 'd: cannot be written: Permission denied' 'a folder that is read-only'
	looks
	chmod 777 d
	chmod 666 d/*
	chmod 444 d/activity.db
	refused 'd/activity.db cannot be written: it may only be read' 'a read-only activity.db'
	looks
	chmod 666 d/activity.db
	chmod 444 d/state.db
	refused 'd: state.db: Permission denied' 'a read-only state.db'
	looks
	chmod 700 d
	rm -rf d
	mkdir -m 555 d
	refused 'd: cannot be written: Permission denied' 'an empty folder that is read-only'
fi
tap_done
