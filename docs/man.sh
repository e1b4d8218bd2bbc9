#!/bin/sh
# man.sh PROGRAM 1|5 - prints hubstash(1) or hubstash-pipeline(5): what the program
# says of its commands, numbers and plugins, as pages for man. `make man` writes them.
program=${1:?is the program}
version=$("$program" --version) || exit 2

roff() {	# plain text: nothing in it is a request or an escape
	sed 's/\\/\\e/g; s/^[.'\'']/\\\&&/'
}

usages() {	# a line a command: how it is called
	"$program" --help | sed -n 's/^  hubstash \([a-z-]* .*\)/\1/p' | tr -s ' '
}

flags() {	# COMMAND --help: the head of a flag ends in column 31, then what it is for
	awk '
	function text(s) { gsub(/\\/, "\\e", s); sub(/^[.\047]/, "\\\\\\&&", s); return s }
	NR == 1 || /^$/ { next }
	/^  / {
		head = substr($0, 1, 31); sub(/^ +/, "", head); sub(/ +$/, "", head)
		if (head != "") {
			gsub(/-/, "\\-", head); value = ""
			if (match(head, /  *[A-Z:\/]+$/)) {
				value = substr(head, RSTART); sub(/^ +/, "", value)
				head = substr(head, 1, RSTART - 1)
			}
			sub(/ +$/, "", head)
			print ".TP\n\\fB" head "\\fR" (value != "" ? " \\fI" value "\\fR" : "")
		}
		print text(substr($0, 32)); next
	}
	{ print text($0) }'
}

options() {	# check --explain NAME: an option and its type, then what it is for
	awk '
	function text(s) { gsub(/\\/, "\\e", s); sub(/^[.\047]/, "\\\\\\&&", s); return s }
	/^(input|filter|output) / {
		head = $1 " " $2; sub(/:$/, "", head); sub(/^[^:]*: /, "")
		print ".SS " head "\n" text($0); next
	}
	/^  [^ ]/ {
		name = $1; type = $2; sub(/^ *[^ ]+ +[^ ]+ +/, "")
		sub(/^optional(; )?/, "")
		print ".TP\n\\fB" name "\\fR (" type ($0 != "" ? ", " text($0) : "") ")"; next
	}
	/^ / { sub(/^ +/, ""); print text($0) }'
}

metrics() {
	"$program" check --explain metrics | awk '{
		name = $1; type = $2; sub(/^[^ ]+ +[^ ]+ +/, "")
		print ".TP\n\\fB" name "\\fR (" type ")\n" $0
	}'
}

plugins() {	# names, each once
	"$program" check --explain | awk '!seen[$2]++ { print $2 }'
}

page_1() {
	cat <<END_OF_HEAD
.TH HUBSTASH 1 "" "$version" "User commands"
.SH NAME
hubstash \\- follow an organisation on GitHub and store what people do there
.SH SYNOPSIS
END_OF_HEAD
	usages | while read -r name rest; do
		printf '.B hubstash %s\n' "$name"
		printf '%s\n' "$rest" | roff
		echo .br
	done
	cat <<'END_OF_TEXT'
.SH DESCRIPTION
One process follows organisations on GitHub, turns commits, pull requests, reviews,
issues, comments and releases into documents, one per real thing, credited to real
people, and writes them to Elasticsearch or into a SQLite file.
An event of GitHub's feed, and a list of the repositories each minute, only tell it
where to look; what it has not read yet is written down as a gap.
.PP
One engine runs per data directory. The other commands look at the directory, or leave
in it what they want done.
.PP
With a pipeline file,
.BR hubstash\-pipeline (5),
the file says whom to follow and where documents go.
.SH COMMANDS
END_OF_TEXT
	usages | while read -r name rest; do
		printf '.SS %s\n' "$name"
		"$program" "$name" --help | flags
	done
	cat <<'END_OF_TEXT'
.SH EXIT STATUS
.TP
.B 0
Done, or stopped as asked.
.TP
.B 1
The work found something wrong, and went on.
.TP
.B 2
Usage or configuration: something must be changed.
.TP
.B 3
The other side refused: a wrong token, an unknown organisation.
.TP
.B 75
Could not be done now: a full disk, a backfill that was stopped.
.TP
.B 130
A second signal ended it at once; nothing is lost, it is read again.
.SH ENVIRONMENT
Each may be a file of that name in systemd's credentials instead
.RI ( $CREDENTIALS_DIRECTORY ).
.TP
.B GITHUB_TOKEN
The token. Secrets are never taken from the command line, nor printed.
.TP
.B GITHUB_API_URL
The API, by default https://api.github.com.
.TP
.B ELASTICSEARCH_URL
Where documents go without a pipeline file; by default into activity.db.
.TP
.BR ELASTICSEARCH_API_KEY ", " ELASTICSEARCH_USERNAME ", " ELASTICSEARCH_PASSWORD
How it lets us in.
.TP
.BR KIBANA_URL ", " KIBANA_SPACE
Where
.B hubstash setup
puts data views and dashboards; without an address nowhere.
.TP
.BR KIBANA_API_KEY ", " KIBANA_USERNAME ", " KIBANA_PASSWORD ", " KIBANA_CA
How Kibana lets us in, and the file of authorities to trust; by default as Elasticsearch
does.
.TP
.BR STATE_DIRECTORY ", " XDG_STATE_HOME
Where the data directory is, without
.BR \-\-data .
.TP
.BR https_proxy ", " http_proxy ", " no_proxy
By way of whom GitHub and Elasticsearch are asked.
.TP
.BR NOTIFY_SOCKET ", " WATCHDOG_USEC ", " WATCHDOG_PID ", " JOURNAL_STREAM
Set by systemd. A unit of Type=notify hears of start, end and state; in the journal lines
have their priority.
.SH FILES
In the data directory:
.TP
.I state.db
How far each stream is read, gaps, dead letters.
.TP
.I activity.db
The documents, unless another output is chosen; any SQLite tool opens it.
.TP
.I lock
Held by the engine; its text is the pid.
.SH METRICS
At
.I /metrics
of the web door, in Prometheus' text format:
END_OF_TEXT
	metrics
	cat <<'END_OF_TEXT'
.SH SEE ALSO
.BR hubstash\-pipeline (5)
END_OF_TEXT
}

page_5() {
	cat <<END_OF_HEAD
.TH HUBSTASH-PIPELINE 5 "" "$version" "File formats"
.SH NAME
hubstash\\-pipeline \\- whom hubstash follows and where documents go
END_OF_HEAD
	cat <<'END_OF_TEXT'
.SH SYNOPSIS
.nf
input  { PLUGIN { OPTION => VALUE ... } ... }
output { PLUGIN { OPTION => VALUE ... } ... }
.fi
.SH DESCRIPTION
Logstash's configuration language.
Several files, and a folder of them, are one pipeline.
.B hubstash check \-f
.I FILE
tells all mistakes at once, each with its place; an unknown plugin, an unknown option or
a wrong value is one.
.SS Values
A word, a number, a string in \(dq or ', an array [\fIa\fR, \fIb\fR] or a hash
{ \fIname\fR => \fIvalue\fR }.
A list may be one value. A duration is seconds, or a number with s, m, h, d, w or y.
# begins a comment.
.SS Variables
.BI ${ NAME }
and
.BI ${ NAME : DEFAULT }
stand for variables of the environment, else for the file of that name in
.IR $CREDENTIALS_DIRECTORY ,
which systemd makes of LoadCredential=. One that is not set and has no default is a
mistake. Secrets belong there.
.SS Names of blocks
Every block may have an
.BR id ,
by which log, status and metrics call it.
.SH PLUGINS
END_OF_TEXT
	plugins | while read -r name; do
		"$program" check --explain "$name" | options
	done
	printf '.SH EXAMPLE\n.nf\n'
	sed '1,/^$/d' "$(dirname "$0")/../pipelines/github-elasticsearch.conf" | roff
	printf '.fi\n.SH SEE ALSO\n.BR hubstash (1)\n'
}

case $2 in
1|5) "page_$2" ;;
*) sed -n '2,3s/^# //p' "$0"; exit 2 ;;
esac
