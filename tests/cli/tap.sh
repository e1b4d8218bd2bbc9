# SPDX-License-Identifier: Apache-2.0
# tap.sh - for tests of the command line: runs the program and prints TAP.
#   run ARG...          $out, $err, $status of hubstash ARG...
#   ends STATUS WHAT    the status was that
#   says TEXT WHAT      stdout holds TEXT        warns TEXT WHAT: stderr does
#   silent WHAT         nothing on stdout
# Each script ends with tap_done. $dir is an empty folder that goes at the end.
: "${HUBSTASH:?is the program}"
tap_n=0 tap_bad=0
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT
unset HUBSTASH_CLOCK GITHUB_TOKEN GITHUB_API_URL STATE_DIRECTORY XDG_STATE_HOME
unset ELASTICSEARCH_URL ELASTICSEARCH_API_KEY ELASTICSEARCH_USERNAME
unset KIBANA_URL KIBANA_SPACE KIBANA_API_KEY KIBANA_USERNAME KIBANA_PASSWORD KIBANA_CA
unset CREDENTIALS_DIRECTORY NOTIFY_SOCKET WATCHDOG_USEC WATCHDOG_PID JOURNAL_STREAM

ok() {		# 0 or 1, what
	tap_n=$((tap_n + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $tap_n - $2"
		return
	fi
	tap_bad=1
	echo "not ok $tap_n - $2"
	printf 'status %s\nstdout %s\nstderr %s\n' "$status" "$out" "$err" | sed 's/^/# /'
}
run() {
	timeout 60 "$HUBSTASH" "$@" >"$dir/.out" 2>"$dir/.err" </dev/null
	status=$?
	out=$(cat "$dir/.out") err=$(cat "$dir/.err")
}
has() { case $1 in *"$2"*) return 0 ;; *) return 1 ;; esac; }
ends() { [ "$status" -eq "$1" ]; ok $? "$2"; }
says() { has "$out" "$1"; ok $? "$2"; }
warns() { has "$err" "$1"; ok $? "$2"; }
silent() { [ -z "$out" ]; ok $? "$1"; }
tap_done() {
	echo "1..$tap_n"
	exit $tap_bad
}
