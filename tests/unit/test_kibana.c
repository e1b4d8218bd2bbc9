/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_kibana.c - the compiler of dashboards: filters in both languages, what is
 * wrong in a description, where Kibana is, and whether its object is still ours.
 */
#include "base/str.h"
#include "data/json.h"
#include "store/es_index.h"
#include "store/kibana_door.h"
#include "store/kibana_in.h"
#include "tap.h"

#include <stdlib.h>

static struct json *
parse(const char *text)
{
	struct err e;
	struct json *j = json_parse(text, strlen(text), &e);

	if (j == NULL)
		printf("# %s: %s\n", text, e.text);
	return j;
}

static struct json *description, *template;

static struct kibana_conf
conf(const char *space)
{
	return (struct kibana_conf){ .index = "things", .space = space,
	    .description = description, .template = template };
}

static void
where(const char *text, const char *kql, const char *dsl)
{
	struct kibana_conf c = conf(NULL);
	struct kibana k = { .conf = &c };
	struct buf out = BUF(4096);
	struct json *w = parse(text), *want = parse(dsl), *got;

	kibana_kql(&k, w, &out);
	is_str(buf_str(&out), kql, text);
	buf_clear(&out);
	kibana_dsl(&k, w, &out);
	got = parse(buf_str(&out));
	if (!ok(json_equal(got, want), "  and as a query"))
		printf("# %s\n", buf_str(&out));
	is_str(k.wrong, "", "  which is well");
	is_int(k.depth, 0, "  and done");
	json_free(w);
	json_free(want);
	json_free(got);
	buf_fini(&out);
}

#define ACTION(v)	"{\"term\":{\"event.action\":\"" v "\"}}"

static void
filters(void)
{
	where("{\"event.action\":\"a \\\"b\\\" \\\\\"}",
	    "event.action : \"a \\\"b\\\" \\\\\"", "{\"bool\":{\"filter\":["
	    ACTION("a \\\"b\\\" \\\\") "]}}");
	where("{\"event.action\":[\"a\",\"b\"],\"hubstash.bot\":false}",
	    "event.action : (\"a\" or \"b\") and hubstash.bot : false",
	    "{\"bool\":{\"filter\":[{\"terms\":{\"event.action\":[\"a\",\"b\"]}},"
	    "{\"term\":{\"hubstash.bot\":false}}]}}");
	where("\"merged\"", "event.action : \"pull_request\" and "
	    "github.pull_request.state : \"merged\"", "{\"bool\":{\"filter\":["
	    ACTION("pull_request")
	    ",{\"term\":{\"github.pull_request.state\":\"merged\"}}]}}");
	where("{\"not\":{\"or\":[\"pull request\",\"issue\"]},\"hubstash.bot\":true}",
	    "not (event.action : \"pull_request\" or event.action : \"issue\") and "
	    "hubstash.bot : true",
	    "{\"bool\":{\"filter\":[{\"bool\":{\"must_not\":[{\"bool\":{\"filter\":["
	    "{\"bool\":{\"minimum_should_match\":1,\"should\":[{\"bool\":{\"filter\":["
	    ACTION("pull_request") "]}},{\"bool\":{\"filter\":[" ACTION("issue")
	    "]}}]}}]}}]}},{\"term\":{\"hubstash.bot\":true}}]}}");
	where("{\"or\":[\"issue\",\"release\"],\"hubstash.bot\":true}",
	    "(event.action : \"issue\" or event.action : \"release\") and "
	    "hubstash.bot : true",
	    "{\"bool\":{\"filter\":[{\"bool\":{\"minimum_should_match\":1,\"should\":["
	    "{\"bool\":{\"filter\":[" ACTION("issue") "]}},{\"bool\":{\"filter\":["
	    ACTION("release") "]}}]}},{\"term\":{\"hubstash.bot\":true}}]}}");
	where("{\"hubstash.credit_id\":{\"prefix\":\"mail:\"}}",
	    "hubstash.credit_id : mail\\:*",
	    "{\"bool\":{\"filter\":[{\"prefix\":{\"hubstash.credit_id\":\"mail:\"}}]}}");
	where("{\"@timestamp\":{\"gte\":\"now-365d\"}}", "@timestamp >= \"now-365d\"",
	    "{\"bool\":{\"filter\":[{\"range\":{\"@timestamp\":{\"gte\":\"now-365d\"}}}]}}");
}

static void
wrong(const char *description_text, const char *why)
{
	struct buf out = BUF(1 << 20), more = BUF(1 << 20);
	struct json *d = parse(description_text);
	struct kibana_conf c = { .index = "things", .description = d,
	    .template = template };
	struct err e = { 0 }, again = { 0 };

	ok(!kibana_objects(&c, &out, &e), "%s", why);
	ok(strstr(e.text, why) != NULL, "  is said");
	if (strstr(e.text, why) == NULL)
		printf("# %s\n", e.text);
	/* Whatever is wrong, the searches do not crash on it either. */
	ok(kibana_queries(&c, &more, &again) || again.text[0] != '\0', "  either way");
	json_free(d);
	buf_fini(&out);
	buf_fini(&more);
}

#define PANEL(p)	"{\"views\":{\"activity\":{\"name\":\"v\",\"time\":\"@timestamp\"}}," \
	"\"panels\":{\"p\":" p "},\"dashboards\":{\"d\":{\"title\":\"D\","	\
	"\"panels\":{\"p\":[0,0,1,1]}}}}"

static void
mistakes(void)
{
	wrong("{\"views\":{\"v\":{\"name\":\"v\",\"time\":\"event.id\"}}}",
	    "view v: event.id is no date");
	wrong("{\"views\":{\"v\":{\"name\":\"v\",\"time\":\"github.nothing\"}}}",
	    "no field \"github.nothing\" is mapped");
	wrong("{\"formats\":{\"github.what\":\"link\"},\"views\":{}}",
	    "no field \"github.what\"");
	wrong(PANEL("{\"type\":\"pie\"}"), "no type \"pie\"");
	wrong(PANEL("{\"type\":\"metric\"}"), "a column is missing");
	wrong(PANEL("{\"type\":\"metric\",\"value\":{\"label\":\"x\"}}"),
	    "a value that is none");
	wrong(PANEL("{\"type\":\"metric\",\"view\":\"no\",\"value\":{\"count\":true}}"),
	    "views has no \"no\"");
	wrong(PANEL("{\"type\":\"metric\",\"where\":\"no\",\"value\":{\"count\":true}}"),
	    "filters has no \"no\"");
	wrong(PANEL("{\"type\":\"metric\",\"value\":{\"sum\":\"user.nothing\"}}"),
	    "no field \"user.nothing\"");
	wrong(PANEL("{\"type\":\"table\",\"rows\":[{\"terms\":\"event.id\",\"size\":0}],"
	    "\"values\":[{\"count\":true}]}"), "a size is 1 to 1000");
	wrong(PANEL("{\"type\":\"table\",\"rows\":[{\"terms\":\"event.id\",\"size\":9,"
	    "\"by\":\"x\"}],\"values\":[{\"count\":true}]}"), "no value \"x\" to go by");
	wrong(PANEL("{\"type\":\"table\",\"rows\":[{}],\"values\":[{\"count\":true}]}"),
	    "a bucket that is none");
	wrong(PANEL("{\"type\":\"xy\",\"layers\":[{\"draw\":\"cake\",\"x\":{\"time\":\"1w\"},"
	    "\"values\":[{\"count\":true}]}]}"), "cannot be drawn as \"cake\"");
	wrong("{\"filters\":{\"a\":{\"and\":[\"a\"]}},\"views\":{\"activity\":{}},"
	    "\"panels\":{\"p\":{\"type\":\"metric\",\"where\":\"a\",\"value\":{"
	    "\"count\":true}}},\"dashboards\":{\"d\":{\"panels\":{\"p\":[0,0,1,1]}}}}",
	    "filters too deep");
	wrong("{\"dashboards\":{\"d\":{\"panels\":{\"p\":[0,0,1,1]}}}}",
	    "panels has no \"p\"");
	wrong("{\"dashboards\":{\"d\":{\"controls\":[\"c\"]}}}", "controls has no \"c\"");
	wrong("{\"panels\":{\"p\":{\"type\":\"text\",\"text\":\"{{x}}\"}},"
	    "\"dashboards\":{\"d\":{\"panels\":{\"p\":[0,0,1,1]}}}}",
	    "dashboards has no \"x\"");
	wrong("{\"panels\":{\"p\":{\"type\":\"text\"}},"
	    "\"dashboards\":{\"d\":{\"panels\":{\"p\":[0,0,1]}}}}", "a place is x, y, w, h");
}

/* Everything built in compiles; ids carry index and space. */
static void
built_in(void)
{
	struct kibana_conf c = conf(NULL), in_space = conf("team-a");
	struct buf a = BUF(4 << 20), b = BUF(4 << 20), q = BUF(4 << 20);
	struct err e = { 0 };

	ok(kibana_objects(&c, &a, &e), "the description built in is good");
	is_str(e.text, "", "  and nothing is said of it");
	ok(strstr(buf_str(&a), "\"id\":\"things.contributors\"") != NULL, "ids begin with "
	    "the index");
	ok(kibana_objects(&in_space, &b, &e), "in a space");
	ok(strstr(buf_str(&b), "\"id\":\"things.team-a.contributors\"") != NULL,
	    "  they have its name");
	ok(strstr(buf_str(&b), "things.contributors") == NULL &&
	    strstr(buf_str(&b), "things.activity") == NULL, "  links and references, too");
	ok(kibana_queries(&c, &q, &e), "and its searches");
	buf_fini(&a);
	buf_fini(&b);
	buf_fini(&q);
}

static void
address(const char *url, const char *space, const char *base, const char *in)
{
	struct kibana_address a;
	struct err e = { 0 };
	bool good = kibana_address(&a, url, space, &e);

	is_str(good ? a.host.base : e.text, base, url);
	is_str(good ? str_or(a.space, "") : "", in, "  in which space");
	if (good)
		kibana_address_fini(&a);
}

static void
addresses(void)
{
	address("http://127.0.0.1:5601", NULL, "http://127.0.0.1:5601", "");
	address("kibana", NULL, "http://kibana:5601", "");
	address("https://kb.example.org", NULL, "https://kb.example.org:443", "");
	address("http://kb.example.org/", "", "http://kb.example.org:80", "");
	address("https://u:p@kb.example.org/base", "x", "https://kb.example.org:443/base",
	    "x");
	address("https://[::1]/s/team_1/", NULL, "https://[::1]:443", "team_1");
	address("https://[::1]:5601/a/s/team-1", "team-1", "https://[::1]:5601/a", "team-1");
	address("http://k:1/s/default", NULL, "http://k:1", "");
	address("http://k:1/s/a", "b", "which space is meant: a, which stands in "
	    "KIBANA_URL, or b?", "");
	address("http://k:1", "No Space", "\"No Space\" is no name of a space: lower case "
	    "letters, digits, - and _, as in its address /s/NAME", "");
	address("http://k:1/s/..%2f", NULL, "\"..%2f\" is no name of a space: lower case "
	    "letters, digits, - and _, as in its address /s/NAME", "");
	address("ftp://k", NULL, "KIBANA_URL \"ftp://k\" is no address: write it as "
	    "https://kibana.example.org:5601", "");
	address("http://u:secret@k:port", NULL, "KIBANA_URL \"k:port\" is no address: write "
	    "it as https://kibana.example.org:5601", "");
	address("", NULL, "KIBANA_URL \"\" is no address: write it as "
	    "https://kibana.example.org:5601", "");
}

static void
same(const char *theirs, bool want, const char *what)
{
	struct json *a = parse("{\"type\":\"dashboard\",\"id\":\"i\",\"attributes\":{"
	    "\"title\":\"t\",\"panelsJSON\":\"[{\\\"a\\\":1,\\\"b\\\":{}}]\",\"sort\":[["
	    "\"x\",\"asc\"]]},\"references\":[{\"id\":\"r\"},{\"id\":\"q\"}],"
	    "\"typeMigrationVersion\":\"8.9.0\"}"), *b = parse(theirs);

	ok(kibana_same(a, b) == want, "%s", what);
	json_free(a);
	json_free(b);
}

#define THEIRS(title, panels, more, references)	"{\"id\":\"i\",\"type\":\"dashboard\"," \
	"\"managed\":false,\"typeMigrationVersion\":\"10.3.0\",\"attributes\":{"	\
	"\"title\":\"" title "\",\"panelsJSON\":\"" panels "\"" more "},"		\
	"\"references\":[" references "]}"
#define SORT	",\"sort\":[[\"x\",\"asc\"]]"
#define BOTH	"{\"id\":\"q\",\"name\":\"n\"},{\"id\":\"r\"}"

static void
sameness(void)
{
	same(THEIRS("t", "[{\\\"b\\\":{},\\\"a\\\":1}]", SORT ",\"version\":2", BOTH), true,
	    "more members, another order, another version: the same");
	same(THEIRS("t", "[{\\\"a\\\":1,\\\"b\\\":{\\\"c\\\":3}}]", SORT, BOTH), true,
	    "more in the text of a member");
	same(THEIRS("u", "[{\\\"a\\\":1,\\\"b\\\":{}}]", SORT, BOTH), false, "a title");
	same(THEIRS("t", "[{\\\"a\\\":2,\\\"b\\\":{}}]", SORT, BOTH), false, "a number in it");
	same(THEIRS("t", "[{\\\"a\\\":1,\\\"b\\\":{}},{}]", SORT, BOTH), false,
	    "one panel more");
	same(THEIRS("t", "[{\\\"a\\\":1", SORT, BOTH), false, "text that is no JSON");
	same(THEIRS("t", "[{\\\"a\\\":1,\\\"b\\\":{}}]", "", BOTH), false, "a member less");
	same(THEIRS("t", "[{\\\"a\\\":1,\\\"b\\\":{}}]", SORT, "{\"id\":\"q\"}"), false,
	    "a reference less");
	same("{\"type\":\"search\",\"id\":\"i\"}", false, "another type");
	same("[]", false, "no object at all");
	same("{\"type\":\"dashboard\",\"id\":\"i\",\"attributes\":{\"tabs\":[{\"attributes\":"
	    "{\"panelsJSON\":\"[{\\\"a\\\":1,\\\"b\\\":{}}]\"" SORT "}}],\"title\":\"t\"},"
	    "\"references\":[" BOTH "]}", true, "members that moved into the first tab");
}

int
main(void)
{
	struct err e;

	description = json_parse(kibana_dashboards, kibana_dashboards_len, &e);
	template = json_parse(es_template, es_template_len, &e);
	filters();
	mistakes();
	built_in();
	addresses();
	sameness();
	json_free(description);
	json_free(template);
	return done();
}
