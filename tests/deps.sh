#!/bin/sh
# deps.sh [run|test] - installs what building (and running the simulator, and with
# test all tests) needs on Debian, having said what and how much. Without the right
# to install it prints the exact command and stops, unless what is missing are only
# the dashboard's charts.
what=${1:-run}
build="gcc libc6-dev make pkg-config libcurl4-openssl-dev libjson-c-dev libevent-dev
libsqlite3-dev zlib1g-dev libssl-dev libcrypt-dev tzdata libonig-dev ca-certificates"
# Programs, and the package that brings each: what is there by other means will do.
programs="node:nodejs"
charts="esbuild:esbuild npm:npm"
[ "$what" = test ] && programs="$programs sqlite3:sqlite3 mvn:maven
javac:openjdk-17-jdk-headless unzip:unzip openssl:openssl groff:groff-base chromium:chromium"

if ! command -v dpkg >/dev/null; then	# not Debian: whoever is here knows its names
	if pkg-config --exists libcurl libevent libevent_pthreads json-c sqlite3 zlib \
	    libcrypto oniguruma 2>/dev/null && command -v node >/dev/null; then
		exit 0
	fi
	echo "This is not Debian. What is needed goes by these names there:"
	echo "    $(echo $build) nodejs node-graphql; esbuild npm (charts)"
	exit 2
fi
missing=
have() {
	dpkg -s "$1" 2>/dev/null | grep -q '^Status: install ok'
}
for p in $build; do
	have "$p" || missing="$missing $p"
done
for row in $programs; do
	command -v "${row%%:*}" >/dev/null 2>&1 || missing="$missing ${row#*:}"
done
nice=
for row in $charts; do
	command -v "${row%%:*}" >/dev/null 2>&1 || nice="$nice ${row#*:}"
done
if ! have node-graphql && ! [ -d node_modules/graphql ]; then
	missing="$missing node-graphql"
fi
if [ -z "$missing" ] && [ -n "$nice" ] && [ "$what" != test ] && [ "$(id -u)" -ne 0 ]; then
	echo "Without these Debian packages the dashboard is built without charts:$nice"
	exit 0
fi
missing="$missing$nice"
[ -z "$missing" ] && exit 0

echo "Debian packages that are missing:$missing"
if [ "$(id -u)" -ne 0 ]; then
	echo "There is no right to install them here; this does it:"
	echo "    sudo apt-get install --no-install-recommends$missing"
	exit 2
fi
apt-get update -q >/dev/null || echo "the package lists could not be renewed"
# shellcheck disable=SC2086
LC_ALL=C apt-get install --no-install-recommends --assume-no $missing 2>/dev/null |
    grep -E '^(Need to get|After this)'
# shellcheck disable=SC2086
DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing \
    >/dev/null || {
	echo "apt-get could not install them: see its messages above"
	exit 2
}
