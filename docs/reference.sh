#!/bin/sh
# reference.sh PROGRAM - prints docs/reference.md: what the program says of its
# commands, plugins and numbers. `make docs` writes it, a test holds it to that.
program=${1:?is the program}

plugin() {	# check --explain NAME: an option's line, then what it is for
	awk '
	function cell(s) { gsub(/[*|]/, "\\\\&", s); return s }
	/^(input|filter|output) / {
		head = $1 " " $2; sub(/:$/, "", head)
		sub(/^[^:]*: /, ""); print "### " head "\n\n" $0 "\n"
		table = 0; next
	}
	/^  [^ ]/ {
		if (!table++) print "| option | type | default | |\n|---|---|---|---|"
		name = $1; type = $2; sub(/^ *[^ ]+ +[^ ]+ +/, "")
		if ($0 ~ /^default /) {
			sub(/^default /, ""); more = ""
			if (i = index($0, "; one of ")) {
				more = substr($0, i); $0 = substr($0, 1, i - 1)
			}
			$0 = "`" $0 "`" more
		}
		sub(/^optional$/, "")
		printf "| `%s` | %s | %s |", name, type, $0; next
	}
	/^ / { sub(/^ +/, ""); print " " cell($0) " |"; next }
	{ print }' | cat -s
}

cat <<'END'
# Reference

Written by `make docs` from what the program says itself: `hubstash COMMAND --help` and
`hubstash check --explain`.

## Commands
END
for c in $("$program" --help | sed -n 's/^  hubstash \([a-z-]*\).*/\1/p'); do
	printf '\n### hubstash %s\n\n```\n' "$c"
	"$program" "$c" --help
	echo '```'
done
cat <<'END'

Exit status: 0 done; 1 the work found something wrong; 2 usage or configuration; 3 the
other side refused; 75 could not be done now.

## Plugins

Every block of a pipeline may have an `id`, by which log, `status` and `/metrics` call it.
`${VAR}` and `${VAR:default}` are replaced from the environment.

END
"$program" check --explain | sed 's/^[a-z]* *\([a-z_]*\) .*/\1/' | awk '!seen[$0]++' |
    while read -r name; do
	"$program" check --explain "$name" | plugin
	echo
done
cat <<'END'
## Metrics

At `/metrics`, for Prometheus; `hubstash_instance_trouble{block="…"}` (1 for a block of the
pipeline that is in trouble), `hubstash_build_info{version="…"}` and what all clients of
Prometheus tell of their process (`process_resident_memory_bytes`, …) stand there too.
Alert rules to begin with: `samples/alerts.yml`.

| name | type | |
|---|---|---|
END
"$program" check --explain metrics | sed 's/^\([^ ]*\) *\([a-z]*\) *\(.*\)$/| `\1` | \2 | \3 |/'
