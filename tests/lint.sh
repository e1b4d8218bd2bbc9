#!/bin/sh
# lint.sh - what the eye should not have to look for: banned functions, lengths,
# columns, first lines, the spacing clang-format would give (if it is there).
# Prints TAP, a line a rule, with the places that break it.
cd "$(dirname "$0")/.." || exit 2
n=0 failed=0
program=$(ls ingest/*/*.[ch])
sources="$program $(ls tests/unit/*.[ch] tests/fuzz/*.c 2>/dev/null)"

rule() {	# what, the places that break it
	n=$((n + 1))
	if [ -z "$2" ]; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1"
		echo "$2" | head -40 | sed 's/^/# /'
		failed=1
	fi
}

rule 'no sprintf, strcpy, strcat, strtok, atoi, gets, system' "$(grep -nE \
    '(^|[^A-Za-z0-9_])(v?sprintf|strcpy|strcat|strtok|atoi|gets|system) ?\(' $sources)"

rule 'memory by the x functions outside base' "$(grep -nE \
    '(^|[^A-Za-z0-9_])(malloc|calloc|realloc|strn?dup|v?asprintf) ?\(' \
    $(ls ingest/*/*.[ch] | grep -v '^ingest/base/'))"

rule 'a .c has at most 500 lines, a header 120' "$(wc -l $program | awk '
	$2 ~ /\.c$/ && $1 > 500 { print $2 ": " $1 " lines" }
	$2 ~ /\.h$/ && $1 > 120 { print $2 ": " $1 " lines" }')"

rule 'a function has at most 60 lines' "$(awk '
	FNR == 1 { header = 0; open = 0 }
	!open && /^[A-Za-z_].*\(/ && !/;[ \t]*$/ && !/^(struct|enum|#|typedef)/ { header = FNR }
	/^\{/ { open = 1; if (!header) header = FNR }
	/^\}/ {
		if (open && FNR - header + 1 > 60)
			printf "%s:%d: %d lines\n", FILENAME, header, FNR - header + 1
		open = 0; header = 0
	}' $program)"

rule 'a return type stands on its own line' "$(awk '
	FNR == 1 { last = "" }
	/^\{/ && last ~ /^[a-z_].*[ *][a-z0-9_]+\(/ { print FILENAME ":" FNR - 1 ": " last }
	{ last = $0 }' $(ls ingest/*/*.c))"

# Columns are characters, a tab is eight.
rule 'no line of the program beyond column 90, none at all beyond 100' \
    "$(for f in $sources tests/*.sh tests/*/*.sh; do
	case $f in ingest/*|bench/*.c) most=90 ;; *) most=100 ;; esac
	[ -f "$f" ] && LC_ALL=C tr -d '\200-\277' <"$f" | expand |
	    awk -v f="$f" -v most=$most \
	    'length > most { printf "%s:%d: %d columns\n", f, FNR, length }'
done)"

rule 'no blanks at the end of a line' "$(grep -nE '[ 	]+$' $program)"

rule 'a file begins with its licence and what it is for' "$(for f in $sources; do
	head -2 "$f" | tr '\n' ' ' |
	    grep -q '^/\* SPDX-License-Identifier: Apache-2.0 \*/ /\*' || echo "$f"
done)"

# A warning says what waits, what happens by itself, or what a person can do. Those
# that begin with "%s: %s" pass on what somebody else says.
told='again|lost|until|wait|stay|see |set |raise|authorise|run one|goes on|look at'
rule 'every warning says what waits, goes again or is to be done' "$(awk -v told="$told" '
	FNR == 1 { text = "" }
	/log_warn\(/ && !/^log_warn|LOG_AT/ { text = FILENAME ":" FNR ": " }
	text != "" {
		text = text $0
		if ($0 !~ /;[ \t]*$/)
			next
		gsub(/"[ \t]+"/, "", text)
		if (text !~ "\"[^\"]*(" told ")" &&
		    text !~ /log_warn\("(github: )?(%s: )?%s"/)
			print substr(text, 1, 200)
		text = ""
	}' $(ls ingest/*/*.c | grep -v '^ingest/base/log.c'))"

page=ingest/web/page
rule 'the page makes no element of a text' "$(grep -nE 'innerHTML|outerHTML|AdjacentHTML' \
    $page/*.js; grep -nE 'ContextualFragment|document\.write|eval\(|Function\(' $page/*.js)"

rule 'a module of the page has at most 300 lines, but for its texts' "$(wc -l $page/*.js |
    awk '$2 !~ /texts|total/ && $1 > 300 { print $2 ": " $1 " lines" }')"

# Of those named in full; the rest of a name may be a kind or a state.
rule 'each text of the page is in its table' "$(grep -ohE "\bt\('[a-zA-Z_.]+'" $page/*.js |
    cut -d"'" -f2 | sort -u | while read -r key; do
	grep -qE "^	'?$key'?:" $page/texts_en.js || echo "$key"
done)"

# Where lines break and where columns begin is for people; the rest must agree.
flat() { tr -s ' \t\n' '\n\n\n' | sed 's/;)$/;/; /^)$/d; /^\\$/d'; }
spaces() {
	a=$(mktemp) b=$(mktemp)
	for f in $program; do
		flat <"$f" >"$a"
		clang-format --style=file:.ci/clang-format "$f" | flat >"$b"
		diff "$a" "$b" | sed -n "s|^\([<>]\)|$f: \1|p"
	done
	rm -f "$a" "$b"
}
if command -v clang-format >/dev/null; then
	rule 'spaces as clang-format sets them (< has, > wants)' "$(spaces)"
else
	n=$((n + 1))
	echo "ok $n - spaces # SKIP clang-format is not installed"
fi
echo "1..$n"
exit $failed
