# SPDX-License-Identifier: Apache-2.0
# The web door from the command line: who may be let in, and by which name.
. tests/cli/tap.sh
cd "$dir" || exit 2
printf '{"id":"1","type":"WatchEvent","actor":{"id":5,"login":"sim-a"},%s}\n' \
    '"repo":{"id":7,"name":"o/r"},"payload":{},"created_at":"2026-01-01T00:00:00Z"' >e.json
echo 'input { file { path => "e.json" } } output { sqlite { } }' >p.conf

run run -f p.conf --data d --listen 0.0.0.0:0
ends 2 'a door that other machines reach'
warns 'other machines reach 0.0.0.0:0: say who may read with --auth-file FILE, or with --insecure' \
    'needs a word about who may'
run run -f p.conf --data d --listen '[::]:0'
ends 2 'by IPv6, too'
run run -f p.conf --data d --listen 0.0.0.0:0 --auth-file users
ends 2 'a file there is not'
warns 'users: No such file' 'is named'
echo 'sim-ada:sesame' >users
chmod 600 users
run run -f p.conf --data d --auth-file users
ends 2 'a password as it is, on loopback'
warns '`openssl passwd -6` makes one' 'says what to do'
printf 'sim-ada:%s\n' "$(openssl passwd -6 -salt salt sesame)" >users
chmod 644 users
run run -f p.conf --data d --auth-file users
ends 2 'a file that others may read'
warns 'chmod 640 or 600' 'likewise'
chmod 600 users
run run -f p.conf --data d --listen 0.0.0.0:0 --auth-file users
ends 0 'that is right'
run run -f p.conf --data d --listen 0.0.0.0:0 --insecure
ends 0 'and open to all, when that is said'
run run -f p.conf --data d --name a.example.org --name b.example.org
ends 0 'further names'

# A real one: asked with what openssl made, by a name of its own.
if command -v curl >/dev/null; then
	echo 'input { stdin { } } output { sqlite { } }' >in.conf
	mkfifo in log
	exec 7<>in
	"$HUBSTASH" run -f in.conf --data e --listen 127.0.0.1:0 --auth-file users \
	    --name a.example.org <in >/dev/null 2>log &
	pid=$!
	exec 8<log
	while read -r line <&8; do
		case $line in *http://*) break ;; esac
	done
	url=${line##* }
	code() { curl -s -o /dev/null -w '%{http_code}' "$@"; }
	out=$(code "$url") status=0
	says 401 'nobody is let in'
	out=$(code "${url}healthz")
	says 401 'no monitor either'
	out=$(code -u sim-ada:sesame "${url}healthz")
	says 200 'but who knows the password'
	out=$(code -u sim-ada:sesame -H 'Host: a.example.org' "${url}api/v1/status")
	says 200 'by that name'
	out=$(code -u sim-ada:sesame -H 'Host: c.example.org' "${url}api/v1/status")
	says 421 'by no other'
	kill "$pid"
	wait "$pid"
	status=$? out='' err=''
	[ "$status" -le 1 ]; ok $? 'and it ends'
fi
tap_done
