/* SPDX-License-Identifier: Apache-2.0 */
/* test_es_host.c - addresses of servers, who we say we are, names of indices. */
#include "store/es_host.h"
#include "tap.h"

#include <stdlib.h>

static void
good(const char *text, bool tls, const char *base, bool loopback)
{
	struct es_host h = { 0 };
	struct err e = { 0 };

	ok(es_host_parse(&h, text, tls, &e), "%s is an address", text);
	is_str(h.base, base, "  and means that");
	ok(h.loopback == loopback, "  on this machine: %d", loopback);
	ok(h.tls == (strncmp(base, "https", 5) == 0), "  its scheme is known");
	es_host_fini(&h);
}

static void
bad(const char *text)
{
	struct es_host h = { 0 };
	struct err e = { 0 };

	ok(!es_host_parse(&h, text, false, &e), "%.*s is none",
	    (int)(strcspn(text, "\r\n") < 40 ? strcspn(text, "\r\n") : 40), text);
	ok(e.kind == ERR_CONFIG && strstr(e.text, "secret") == NULL,
	    "  said without a secret");
	ok(h.base == NULL && h.user == NULL && h.password == NULL, "  nothing is left");
}

static void
addresses(void)
{
	char longest[4000];

	good("127.0.0.1", false, "http://127.0.0.1:9200", true);
	good("localhost:1", false, "http://localhost:1", true);
	good("es1.example.org", true, "https://es1.example.org:9200", false);
	good("HTTPS://es1/", false, "https://es1:9200", false);
	good("http://es1:80/a/b//", true, "http://es1:80/a/b", false);
	good("https://[::1]:9201", false, "https://[::1]:9201", true);
	good("[2001:db8::1]", false, "http://[2001:db8::1]:9200", false);
	good("http://127.evil.example", false, "http://127.evil.example:9200", false);
	bad("");
	bad("http://");
	bad("ftp://es1");
	bad("http://es1:0");
	bad("http://es1:65536");
	bad("http://es1:92 00");
	bad("http://es1:");
	bad("http://es1?x=secret");
	bad("http://es1/\r\nX: y");
	bad("http://u:secret%zz@es1");
	bad("http://u:secret%00@es1");
	bad("http://u:secret%4@es1");
	bad("http://:secret@es1");
	bad("http://u:secret@");
	bad("http://[::1");
	memset(longest, 'a', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	bad(longest);
}

static void
identity(void)
{
	struct es_host h = { 0 };
	struct err e;
	char *line;

	ok(es_host_parse(&h, "http://el%40stic:p%3Aw@d@es1", false, &e),
	    "a user in an address");
	is_str(h.user, "el@stic", "its name is decoded");
	is_str(h.password, "p:w@d", "its password too");
	is_str(h.base, "http://es1:9200", "and it is gone from what is logged");
	es_host_fini(&h);
	line = es_authorization("Aladdin", "open sesame", NULL);
	is_str(line, "Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
	    "basic, as in RFC 7617");
	free(line);
	line = es_authorization("a", "", "");
	is_str(line, "Authorization: Basic YTo=", "an empty password");
	free(line);
	line = es_authorization("test", "123\xc2\xa3", NULL);
	is_str(line, "Authorization: Basic dGVzdDoxMjPCow==", "bytes above 127");
	free(line);
	line = es_authorization(NULL, NULL, "VuaCfGcBCdbkQm-e5aOx:ui2lp2axTNmsyakw9tvNnw");
	is_str(line, "Authorization: ApiKey "
	    "VnVhQ2ZHY0JDZGJrUW0tZTVhT3g6dWkybHAyYXhUTm1zeWFrdzl0dk5udw==",
	    "an API key as id:key");
	free(line);
	line = es_authorization(NULL, NULL, "VnVhQ2Z=");
	is_str(line, "Authorization: ApiKey VnVhQ2Z=", "an API key in base64");
	free(line);
	ok(es_authorization("", "x", "") == NULL, "nobody");
}

int
main(void)
{
	addresses();
	identity();
	ok(es_index_name_ok("hubstash-activity"), "a name of an index");
	ok(es_index_name_ok("a.b_c-1"), "dots, lines, digits");
	ok(!es_index_name_ok(""), "no name");
	ok(!es_index_name_ok("Activity"), "upper case");
	ok(!es_index_name_ok("a b") && !es_index_name_ok("a/b") &&
	    !es_index_name_ok("a*") && !es_index_name_ok("a,b") &&
	    !es_index_name_ok("a\xc3\xa4"), "bytes an index cannot have");
	ok(!es_index_name_ok("-a") && !es_index_name_ok("_a") &&
	    !es_index_name_ok(".."), "what it cannot begin with");
	ok(!es_index_name_ok("hubstash-%{+YYYY}"), "one index, no pattern of names");
	return done();
}
