#!/bin/sh
# deps.sh - installs what building and testing need, having said what.
want="gcc make pkg-config libcurl4-openssl-dev libjson-c-dev libevent-dev
libsqlite3-dev zlib1g-dev libssl-dev libonig-dev"
missing=
for p in $want; do
	dpkg -s "$p" 2>/dev/null | grep -q '^Status: install ok' || missing="$missing $p"
done
[ -z "$missing" ] && exit 0
echo "missing Debian packages:$missing"
if [ "$(id -u)" -ne 0 ]; then
	echo "no right to install; run: sudo apt-get install --no-install-recommends$missing"
	exit 2
fi
apt-get update -q && DEBIAN_FRONTEND=noninteractive \
    apt-get install -q -y --no-install-recommends $missing
