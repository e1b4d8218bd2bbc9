# SPDX-License-Identifier: Apache-2.0
# check: all mistakes at once, each with file, line, column and a caret.
. tests/cli/tap.sh
cd "$dir" || exit 2

cat >good.conf <<'END'
# read and print
input { null_input_is_not_one { } }
END
run check -f good.conf
ends 2 'an unknown input'
warns 'good.conf:2:9: error: there is no input "null_input_is_not_one"' 'at its place'
warns 'the pipeline has no output' 'and what is missing'

cat >bad.conf <<'END'
input { stdout { } }
output {
  stdout { codec => "xml" }
  if [type] == "a" { nul { } }
  stdoutt { }
  null { id => "x" } null { id => "x" foo => 1 }
  null { id => "a b" }
}
END
run check -f bad.conf
ends 2 'seven mistakes'
silent 'nothing on stdout'
warns 'bad.conf:1:9: error: there is no input "stdout"; there is an output of that name' \
    'a plugin of another section'
warns 'bad.conf:3:21: error: "codec" takes one of json_lines, rubydebug, not "xml"' \
    'a value that is none of the choices'
warns '  stdout { codec => "xml" }
                    ^~~~~' 'the line and a caret'
warns 'bad.conf:4:3: error: conditions are not available yet' 'a condition'
warns 'bad.conf:4:22: error: there is no output "nul"; did you mean "null"?' \
    'a mistake inside the condition'
warns 'did you mean "stdout"?' 'what was meant'
warns 'bad.conf:6:35: error: another null has the id "x"' 'an id twice'
warns 'null has no option "foo"' 'an unknown option'
warns 'bad.conf:7:16: error: "id" takes' 'an id with a blank'

printf 'input { stdout {\noutput { null { } }\n' >cut.conf
run check -f cut.conf
ends 2 'a file that is cut off'
has "$err" 'no output'; [ $? -eq 1 ]; ok $? 'is not said to have no output'
: >empty.conf
run check -f empty.conf
ends 2 'an empty file'
warns 'empty.conf: the pipeline is empty' 'says so'
run check -f absent.conf
ends 2 'a file that is not there'
warns 'absent.conf: error: No such file' 'says so'
run check -f bad.conf -f absent.conf
warns 'absent.conf' 'two files: both are looked at'
warns 'bad.conf:4:3' 'and both told'
run check good.conf
ends 2 'a file without -f'
warns 'without -f' 'says so'
run check
ends 2 'nothing to check'
printf 'input { stdout { } }\noutput { stdout { codec => "${NOT_SET_XYZ}" } }\n' >env.conf
run check -f env.conf
warns 'NOT_SET_XYZ' 'a variable that is not set'
NOT_SET_XYZ=rubydebug run check -f env.conf
has "$err" NOT_SET_XYZ; [ $? -eq 1 ]; ok $? 'and one that is set'

cat >wrong.conf <<'END'
input {
  github { org => ["a b"] }
  github { org => "a" quota => 7 }
}
output {
  elasticsearch { hosts => "htp://x y" }
  elasticsearch { hosts => "http://es:9200" index => "Upper" }
  elasticsearch { hosts => "http://es:9200" template => "absent.json" }
  elasticsearch { hosts => "http://es:9200" api_key => "a:b" }
}
END
run check -f wrong.conf
ends 2 'values that no row of an option rules out'
warns 'wrong.conf:2:3: error: github: org takes the login' 'a name that is none'
warns 'wrong.conf:3:3: error: github: a pipeline has one at most' 'two of what is one'
warns 'wrong.conf:3:3: error: github: quota is a share' 'a number that is too large'
warns 'wrong.conf:6:3: error: elasticsearch: "htp://x y" is no address' 'an address'
warns 'wrong.conf:7:3: error: elasticsearch: index "Upper" is no name' 'an index'
warns 'wrong.conf:8:3: error: elasticsearch: template absent.json: No such' 'a file'
warns 'wrong.conf:9:3: error: elasticsearch: an API key goes over https' 'what does not go together'
printf 'input { github { org => "a" people => "absent" } } output { null { } }' >rules.conf
run check -f rules.conf
warns 'rules.conf:1:9: error: github: absent: No such file' 'rules that are not there'
printf 'input { file { path => [] } } output { sqlite { path => "" } }' >empty.conf
run check -f empty.conf
warns 'empty.conf:1:9: error: file: path names no file' 'no file to read'
warns 'empty.conf:1:40: error: sqlite: path is empty' 'nor one to write'
printf 'input { github { org => "a" } } output { null { } }' >token.conf
run check -f token.conf
ends 0 'a token is not wanted for a check'

mkdir cred
printf 'rubydebug\n' >cred/NOT_SET_XYZ
CREDENTIALS_DIRECTORY=$dir/cred run check -f env.conf
has "$err" NOT_SET_XYZ; [ $? -eq 1 ]; ok $? 'one that is a credential of systemd'
NOT_SET_XYZ=xml CREDENTIALS_DIRECTORY=$dir/cred run check -f env.conf
warns 'takes one of json_lines, rubydebug' 'the environment comes first'
rm cred/NOT_SET_XYZ
mkdir cred/NOT_SET_XYZ
CREDENTIALS_DIRECTORY=$dir/cred run check -f env.conf
warns 'NOT_SET_XYZ is not set' 'a folder is none'
head -c 1100000 /dev/zero | tr '\0' x >cred/NOT_SET_XYZ2
printf 'input { stdin { } } output { stdout { codec => "${NOT_SET_XYZ2}" } }' >env2.conf
CREDENTIALS_DIRECTORY=$dir/cred run check -f env2.conf
warns 'NOT_SET_XYZ2 is not set' 'nor is one that is too long'

run check --explain
ends 0 'the list of plugins'
says 'output  stdout' 'has a line each'
run check --explain stdout
ends 0 'one plugin'
says 'codec' 'with its options'
says 'default json_lines; one of json_lines, rubydebug' 'defaults and choices'
run check --explain metrics
ends 0 'what is counted'
says 'hubstash_documents_in_total' 'by name'
run check --explain stout
ends 2 'a plugin that is none'
warns 'did you mean "stdout"' 'what was meant'
run check --explain stdout null
ends 2 'one at a time'
tap_done
