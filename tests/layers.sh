#!/bin/sh
# layers.sh - who may include whom. A folder of ingest/ includes from itself and
# from those in its row, and sees the outside headers of its row; a plugin
# includes no other plugin. Prints TAP, a line a folder.
cd "$(dirname "$0")/.." || exit 2
n=0 bad=0

layer() {	# folder, folders it may include, outside headers it may see
	[ -d "ingest/$1" ] || return
	n=$((n + 1))
	wrong=$(grep -n '^#[ ]*include "' ingest/"$1"/*.[ch] |
	    grep -vE "include \"($(echo "$1 $2" | tr ' ' '|'))/[a-z0-9_]+\.h\"")
	foreign=$(grep -nE '^#[ ]*include <(curl|event2|json-c|openssl|sqlite3|zlib|onig|crypt)' \
	    ingest/"$1"/*.[ch] | grep -vE "include <(${3:-none})[/.]")
	others=
	[ "$1" = plugins ] && others=$(grep -n '^#[ ]*include "plugins/' ingest/plugins/*.[ch] |
	    awk -F'[/:"]' '{		# out_sqlite_x.c:3:#include "plugins/out_sqlite.h"
		split($3, by, /[_.]/); split($(NF - 1), of, /[_.]/)
		if (by[1] "_" by[2] != of[1] "_" of[2]) print
	    }')
	if [ -z "$wrong$foreign$others" ]; then
		echo "ok $n - ingest/$1"
		return
	fi
	echo "not ok $n - ingest/$1"
	printf '%s\n' "$wrong" "$foreign" "$others" | sed '/^ *$/d; s/^/# /'
	bad=1
}

layer base    ''                              ''
layer conf    'base'                          ''
layer data    'base'                          'json-c|onig.*'
layer io      'base'                          'event2|curl|zlib|openssl|crypt'
layer state   'base'                          'sqlite3'
layer github  'base data'                     'openssl'
layer core    'base conf data io state'       ''
layer sync    'base data io state github core' ''
layer store   'base data io'                  'sqlite3'
layer plugins 'base data io github core sync store' ''
layer web     'base data io core state store' ''
layer cmd     'base conf data io state github core sync store plugins web' ''
n=$((n + 1))
unknown=$(for d in ingest/*/; do basename "$d"; done | grep -vxE \
    'base|conf|data|io|state|github|core|sync|store|plugins|web|cmd')
if [ -z "$unknown" ]; then
	echo "ok $n - every folder has a row"
else
	echo "not ok $n - no row for:" $unknown
	bad=1
fi
echo "1..$n"
exit $bad
