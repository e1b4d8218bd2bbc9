# SPDX-License-Identifier: Apache-2.0
# deps.sh: what it says of what is missing, with the right to install it and
# without. dpkg and apt-get are stand-ins here, which bring nothing.
. tests/cli/tap.sh
mkdir "$dir/bin" "$dir/tests"
cp tests/deps.sh "$dir/tests"
chmod 755 "$dir" "$dir/bin" "$dir/tests"

stand_in() {	# name, what it does
	printf '#!/bin/sh\n%s\n' "$2" >"$dir/bin/$1" && chmod 755 "$dir/bin/$1"
}
HUBSTASH=$dir/deps
deps() {	# as whom, argument...
	who=$1
	shift
	printf '#!/bin/sh\nPATH=%s:$PATH exec %s sh %s/tests/deps.sh "$@"\n' "$dir/bin" \
	    "$who" "$dir" >"$HUBSTASH" && chmod 755 "$HUBSTASH"
	run "$@"
}
nobody=
[ "$(id -u)" -eq 0 ] && nobody='setpriv --reuid 65534 --regid 65534 --clear-groups'

stand_in dpkg 'case $2 in libevent-dev | zlib1g-dev) exit 1 ;; esac
echo "Status: install ok installed"'
stand_in apt-get "echo \"\$*\" >>$dir/asked
case \$* in
*--assume-no*) echo 'Need to get 1234 kB of archives.'; exit 1 ;;
esac"
deps "$nobody"
ends 2 'without the right to install it stops'
says 'missing: libevent-dev zlib1g-dev' 'says what is missing'
says '    sudo apt-get install --no-install-recommends libevent-dev zlib1g-dev' \
    'and what brings it'
[ ! -e "$dir/asked" ]; ok $? 'and tries nothing'

if [ -n "$nobody" ]; then
	deps ''
	ends 0 'with the right it installs'
	says 'Need to get 1234 kB' 'having said how much that is'
	has "$(cat "$dir/asked")" 'install -q -y --no-install-recommends libevent-dev zlib1g-dev'
	ok $? 'just that'
	stand_in apt-get 'echo "E: no such package" >&2; exit 100'
	deps ''
	ends 2 'what cannot be installed stops it'
	warns 'E: no such package' 'with the words of apt-get'
fi
stand_in dpkg 'echo "Status: install ok installed"'
stand_in apt-get "echo asked >>$dir/again"
deps "$nobody"
ends 0 'nothing is missing'
silent 'nothing is said'
[ ! -e "$dir/again" ]; ok $? 'and nothing done'
tap_done
