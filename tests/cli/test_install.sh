# SPDX-License-Identifier: Apache-2.0
# What make install brings: man pages that are whole, units that systemd takes.
. tests/cli/tap.sh
top=$dir/top built=$(dirname "$HUBSTASH")
# -o: the program is there, and of this test's build.
make -s -o build/hubstash install B="$built" DESTDIR="$top" PREFIX=/opt/h \
    >"$dir/.out" 2>"$dir/.err"
status=$? out=$(cat "$dir/.out") err=$(cat "$dir/.err")
ends 0 'make install'
for f in bin/hubstash share/hubstash/pipelines/github-elasticsearch.conf \
    share/hubstash/pipelines/index-template.json share/man/man1/hubstash.1 \
    share/man/man5/hubstash-pipeline.5 lib/systemd/system/hubstash.service \
    lib/systemd/system/hubstash@.service; do
	[ -s "$top/opt/h/$f" ]; ok $? "$f"
done
[ "$("$top/opt/h/bin/hubstash" --version)" = "$("$HUBSTASH" --version)" ]
ok $? 'the program runs from there'

# The pages hold every command, flag, plugin and option, and groff finds no fault.
cd "$top/opt/h/share/man" || exit 2
plain() { sed 's/\\-/-/g; s/\\f.//g' "$1"; }
plain man1/hubstash.1 >"$dir/1"
plain man5/hubstash-pipeline.5 >"$dir/5"
for c in $("$HUBSTASH" --help | sed -n 's/^  hubstash \([a-z-]*\).*/\1/p'); do
	grep -qx ".SS $c" "$dir/1"; ok $? "hubstash(1): $c"
	out=$("$HUBSTASH" "$c" --help | sed -n 's/^ .*\(--[a-z-]*\) .*/\1/p' | sort -u |
	    while read -r flag; do
		sed "1,/^.SS $c\$/d; /^.S[SH]/,\$d" "$dir/1" >"$dir/.part"
		grep -qE -e "$flag( |\$)" "$dir/.part" || echo "$flag"
	    done)
	silent "hubstash(1): all flags of $c"
done
for p in $("$HUBSTASH" check --explain | awk '{ print $2 }' | sort -u); do
	grep -qE "^.SS (input|filter|output) $p\$" "$dir/5"; ok $? "hubstash-pipeline(5): $p"
	out=$("$HUBSTASH" check --explain "$p" | sed -n 's/^  \([a-z_]*\) .*/\1/p' |
	    while read -r o; do grep -q "^$o (" "$dir/5" || echo "$o"; done)
	silent "hubstash-pipeline(5): all options of $p"
done
for page in man1/hubstash.1 man5/hubstash-pipeline.5; do
	if command -v groff >/dev/null; then
		out=$(groff -k -ww -man -Tutf8 -z "$page" 2>&1)
		silent "$page: groff warns of nothing"
	else
		ok 0 "$page # SKIP groff is not installed"
	fi
done

# Units: the same fences for both; those systemd knows, it takes and counts.
cd "$top/opt/h/lib/systemd/system" || exit 2
for u in hubstash.service hubstash@.service; do
	grep -q '^ExecStart=/opt/h/bin/hubstash run ' $u; ok $? "$u starts the program"
	sed '1,/^# From here on/d' $u >"$dir/$u"
done
out=$(diff "$dir/hubstash.service" "$dir/hubstash@.service")
silent 'both units have the same fences'
if systemd-analyze security --help 2>/dev/null | grep -q -e --offline; then
	for u in hubstash.service hubstash@.service; do
		out=$(systemd-analyze security --offline=yes --threshold=15 --no-pager $u 2>&1)
		status=$?
		ends 0 "$u: exposed by 1.5 at most"
	done
	mkdir -p "$top/etc/systemd/system" && cp -- * "$top/etc/systemd/system"
	out=$(systemd-analyze verify --man=no --root="$top" hubstash.service \
	    hubstash@.service 2>&1 | grep -i hubstash |
	    grep -v 'Unit sysinit.target not found')
	silent 'systemd finds no fault with them'
else
	ok 0 'units # SKIP there is no systemd-analyze that reads them offline'
fi
tap_done
