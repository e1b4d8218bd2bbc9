# SPDX-License-Identifier: Apache-2.0
# setup: what it prints without asking anybody, and what it will not begin.
. tests/cli/tap.sh
pipelines=$PWD/pipelines
cd "$dir" || exit 2

run setup
ends 2 'neither a pipeline nor ELASTICSEARCH_URL'
warns 'nothing to set up: set ELASTICSEARCH_URL, or give -f PIPELINE' 'says what to do'
GITHUB_ORG=a run setup -f "$pipelines/github-sqlite.conf"
ends 2 'a pipeline into SQLite'
warns 'has no output elasticsearch' 'needs no setup'
run setup -f absent.conf
ends 2 'a pipeline that is not there'
warns 'absent.conf: error: No such file' 'is named'
printf 'output { elasticsearch { hosts => "http://es" index => "Upper" } }' >wrong.conf
run setup -f wrong.conf
ends 2 'an index that is none'
warns 'wrong.conf:1:10: error: elasticsearch: index "Upper" is no name' 'is a mistake'
run setup --dry-run --remove
ends 2 'two wishes at once'
run setup --kibana-password x
ends 2 'a password on the command line'
warns 'KIBANA_PASSWORD' 'belongs into the environment'

# Nobody listens at port 1: what asks fails.
ELASTICSEARCH_URL=http://127.0.0.1:1
export ELASTICSEARCH_URL
run setup
ends 75 'a cluster that is away'
warns 'http://127.0.0.1:1' 'is named'
silent 'and nothing is said to be done'
run setup --dry-run
ends 0 'a dry run asks nobody'
says '{"index_template":{"name":"hubstash-activity","body":{"index_patterns":["hubstash-' \
    'the template as it would be put'
[ "$(grep -c . "$dir/.out")" -eq 11 ]
ok $? 'and ten objects, a line each'
[ "$(grep -c '"type":"index-pattern"' "$dir/.out")" -ge 4 ]
ok $? 'four data views among them'
cp .out first
run setup --dry-run
cmp -s .out first
ok $? 'the same each time'
KIBANA_SPACE=team run setup --dry-run
says '"id":"hubstash-activity.team.contributors"' 'in a space ids carry its name'
run setup --dry-run --space team
cp .out second
KIBANA_URL=http://127.0.0.1:1/kibana/s/team run setup --dry-run
cmp -s .out second
ok $? 'wherever it is given'
run setup --dry-run --kibana-url http://k/s/a --space b
ends 2 'two spaces'
warns 'which space is meant: a, which stands in KIBANA_URL, or b?' 'are asked about'
run setup --dry-run --kibana-url 'ht tp://k'
ends 2 'an address that is none'
warns 'is no address: write it as https://kibana.example.org:5601' 'says how it is written'
KIBANA_URL=http://k KIBANA_API_KEY=a:b KIBANA_USERNAME=u run setup
ends 2 'two ways to be let in'
warns 'which one is meant?' 'are asked about'

printf 'output { elasticsearch { hosts => "http://127.0.0.1:1" index => "mine"
  template_name => "ours" } }' >mine.conf
run setup -f mine.conf --dry-run
ends 0 'another index'
says '{"index_template":{"name":"ours","body":{"index_patterns":["mine"]' 'its template'
says '"id":"mine.contributors"' 'its dashboards'
says '"title":"mine"' 'its data views'
run setup -f mine.conf --queries
ends 0 'what panels ask'
says '"panel":"people"' 'by name'
says '"time_field":"github.pull_request.merged_at"' 'and by which time'
tap_done
